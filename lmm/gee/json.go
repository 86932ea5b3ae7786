package gee

import (
	"encoding/json"
	"math"

	"github.com/golmm/golmm/lmm/finding"
)

// number is null in JSON where it is not finite.
type number float64

func (x number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

func numbers(xs []float64) []number {
	out := make([]number, len(xs))
	for i, x := range xs {
		out[i] = number(x)
	}
	return out
}

// MarshalJSON writes the keys formula, family, link, correlation, subject,
// time, beta_names, aliased, beta, se, se_kind, df, statistic, p, lower, upper,
// se_robust, se_kauermann_carroll, se_mancl_derouen, se_model, vcov, terms,
// alpha, pulled, scale, nobs, rows_dropped, subjects, rows_per_subject,
// quasi_likelihood, cic, qic (at scale 1), converged, iterations, step,
// findings. df is null where it is infinite.
func (r *Result) MarshalJSON() ([]byte, error) {
	type term struct {
		Term string `json:"term"`
		DF   int    `json:"df"`
		F    number `json:"f"`
		P    number `json:"p"`
	}
	column := func(of func(Coefficient) float64) []number {
		out := make([]number, len(r.Coefficients))
		for i, c := range r.Coefficients {
			out[i] = number(of(c))
		}
		return out
	}
	var vcov [][]number
	for _, row := range r.Vcov(r.SE) {
		vcov = append(vcov, numbers(row))
	}
	terms := []term{}
	for _, t := range r.Terms {
		terms = append(terms, term{t.Term, t.DF, number(t.F), number(t.P)})
	}
	return json.Marshal(struct {
		Formula     string            `json:"formula"`
		Family      string            `json:"family"`
		Link        string            `json:"link"`
		Correlation string            `json:"correlation"`
		Subject     string            `json:"subject"`
		Time        string            `json:"time"`
		Names       []string          `json:"beta_names"`
		Aliased     []string          `json:"aliased"`
		Beta        []number          `json:"beta"`
		SE          []number          `json:"se"`
		Kind        Covariance        `json:"se_kind"`
		DF          number            `json:"df"`
		Statistic   []number          `json:"statistic"`
		P           []number          `json:"p"`
		Lower       []number          `json:"lower"`
		Upper       []number          `json:"upper"`
		Robust      []number          `json:"se_robust"`
		KC          []number          `json:"se_kauermann_carroll"`
		MD          []number          `json:"se_mancl_derouen"`
		Model       []number          `json:"se_model"`
		Vcov        [][]number        `json:"vcov"`
		Terms       []term            `json:"terms"`
		Alpha       []number          `json:"alpha"`
		Pulled      number            `json:"pulled"`
		Scale       number            `json:"scale"`
		Rows        int               `json:"nobs"`
		Dropped     int               `json:"rows_dropped"`
		Subjects    int               `json:"subjects"`
		Sizes       [2]int            `json:"rows_per_subject"`
		Quasi       number            `json:"quasi_likelihood"`
		CIC         number            `json:"cic"`
		QIC         number            `json:"qic"`
		Converged   bool              `json:"converged"`
		Iterations  int               `json:"iterations"`
		Step        number            `json:"step"`
		Findings    []finding.Finding `json:"findings"`
	}{r.Formula, r.Family, r.Link, r.Correlation, r.Subject, r.Time, r.names, append([]string{}, r.Aliased...),
		column(func(c Coefficient) float64 { return c.Estimate }), column(func(c Coefficient) float64 { return c.SE }), r.SE, number(r.DF),
		column(func(c Coefficient) float64 { return c.Statistic }), column(func(c Coefficient) float64 { return c.P }),
		column(func(c Coefficient) float64 { return c.Lower }), column(func(c Coefficient) float64 { return c.Upper }),
		numbers(r.StandardErrors(Robust)), numbers(r.StandardErrors(KauermannCarroll)), numbers(r.StandardErrors(ManclDeRouen)), numbers(r.StandardErrors(ModelBased)),
		vcov, terms, numbers(r.Alpha), number(r.Pulled), number(r.Scale), r.Rows, r.RowsDropped, r.Subjects, [2]int{r.Smallest, r.Largest},
		number(r.QuasiLik), number(r.CIC), number(r.QIC(1)), r.Converged, r.Iterations, number(r.Step), append([]finding.Finding{}, r.Findings...)})
}
