package gee

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

// MarshalJSON writes the keys formula, family, link, correlation, subject,
// time, beta_names, aliased, beta, se, se_kind, df, statistic, p, lower, upper,
// se_robust, se_kauermann_carroll, se_mancl_derouen, se_model, vcov, terms,
// alpha, pulled, scale, nobs, rows_dropped, subjects, rows_per_subject,
// quasi_likelihood, cic, qic (at scale 1), converged, iterations, step,
// findings. df is null where it is infinite.
func (r *Result) MarshalJSON() ([]byte, error) {
	type term struct {
		Term string         `json:"term"`
		DF   int            `json:"df"`
		F    jsonnum.Number `json:"f"`
		P    jsonnum.Number `json:"p"`
	}
	column := func(of func(Coefficient) float64) []jsonnum.Number {
		out := make([]jsonnum.Number, len(r.Coefficients))
		for i, c := range r.Coefficients {
			out[i] = jsonnum.Number(of(c))
		}
		return out
	}
	var vcov [][]jsonnum.Number
	for _, row := range r.Vcov(r.SE) {
		vcov = append(vcov, jsonnum.List(row))
	}
	terms := []term{}
	for _, t := range r.Terms {
		terms = append(terms, term{t.Term, t.DF, jsonnum.Number(t.F), jsonnum.Number(t.P)})
	}
	return json.Marshal(struct {
		Formula     string             `json:"formula"`
		Family      string             `json:"family"`
		Link        string             `json:"link"`
		Correlation string             `json:"correlation"`
		Subject     string             `json:"subject"`
		Time        string             `json:"time"`
		Names       []string           `json:"beta_names"`
		Aliased     []string           `json:"aliased"`
		Beta        []jsonnum.Number   `json:"beta"`
		SE          []jsonnum.Number   `json:"se"`
		Kind        Covariance         `json:"se_kind"`
		DF          jsonnum.Number     `json:"df"`
		Statistic   []jsonnum.Number   `json:"statistic"`
		P           []jsonnum.Number   `json:"p"`
		Lower       []jsonnum.Number   `json:"lower"`
		Upper       []jsonnum.Number   `json:"upper"`
		Robust      []jsonnum.Number   `json:"se_robust"`
		KC          []jsonnum.Number   `json:"se_kauermann_carroll"`
		MD          []jsonnum.Number   `json:"se_mancl_derouen"`
		Model       []jsonnum.Number   `json:"se_model"`
		Vcov        [][]jsonnum.Number `json:"vcov"`
		Terms       []term             `json:"terms"`
		Alpha       []jsonnum.Number   `json:"alpha"`
		Pulled      jsonnum.Number     `json:"pulled"`
		Scale       jsonnum.Number     `json:"scale"`
		Rows        int                `json:"nobs"`
		Dropped     int                `json:"rows_dropped"`
		Subjects    int                `json:"subjects"`
		Sizes       [2]int             `json:"rows_per_subject"`
		Quasi       jsonnum.Number     `json:"quasi_likelihood"`
		CIC         jsonnum.Number     `json:"cic"`
		QIC         jsonnum.Number     `json:"qic"`
		Converged   bool               `json:"converged"`
		Iterations  int                `json:"iterations"`
		Step        jsonnum.Number     `json:"step"`
		Findings    []finding.Finding  `json:"findings"`
	}{r.Formula, r.Family, r.Link, r.Correlation, r.Subject, r.Time, r.names, append([]string{}, r.Aliased...),
		column(func(c Coefficient) float64 { return c.Estimate }), column(func(c Coefficient) float64 { return c.SE }), r.SE, jsonnum.Number(r.DF),
		column(func(c Coefficient) float64 { return c.Statistic }), column(func(c Coefficient) float64 { return c.P }),
		column(func(c Coefficient) float64 { return c.Lower }), column(func(c Coefficient) float64 { return c.Upper }),
		jsonnum.List(r.StandardErrors(Robust)), jsonnum.List(r.StandardErrors(KauermannCarroll)), jsonnum.List(r.StandardErrors(ManclDeRouen)), jsonnum.List(r.StandardErrors(ModelBased)),
		vcov, terms, jsonnum.List(r.Alpha), jsonnum.Number(r.Pulled), jsonnum.Number(r.Scale), r.Rows, r.RowsDropped, r.Subjects, [2]int{r.Smallest, r.Largest},
		jsonnum.Number(r.QuasiLik), jsonnum.Number(r.CIC), jsonnum.Number(r.QIC(1)), r.Converged, r.Iterations, jsonnum.Number(r.Step), append([]finding.Finding{}, r.Findings...)})
}
