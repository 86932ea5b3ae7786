package lmm

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
)

// number is a float64 that JSON writes as null where it is not finite: what is
// not identified has no value.
type number float64

func (x number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

func numbers(x []float64) []number {
	out := make([]number, len(x))
	for i, v := range x {
		out[i] = number(v)
	}
	return out
}

func numberRows(x [][]float64) [][]number {
	out := make([][]number, len(x))
	for i, v := range x {
		out[i] = numbers(v)
	}
	return out
}

type jsonModel struct {
	Formula     string            `json:"formula"`
	REML        bool              `json:"reml"`
	Family      string            `json:"family"`
	Link        string            `json:"link"`
	Criterion   number            `json:"criterion"`
	LogLik      number            `json:"logLik"`
	AIC         number            `json:"AIC"`
	BIC         number            `json:"BIC"`
	NPar        int               `json:"npar"`
	NObs        int               `json:"nobs"`
	NGroups     map[string]int    `json:"ngroups"`
	Theta       []number          `json:"theta"`
	ThetaNames  []string          `json:"theta_names"`
	Sigma       number            `json:"sigma"`
	Beta        []number          `json:"beta"`
	BetaNames   []string          `json:"beta_names"`
	BetaSE      []number          `json:"beta_se"`
	Vcov        [][]number        `json:"vcov"`
	Aliased     []string          `json:"aliased"`
	VarCorr     []jsonComponent   `json:"varcorr"`
	Ranef       []jsonModes       `json:"ranef"`
	Residual    *jsonResidual     `json:"residual,omitempty"`
	Verdict     jsonVerdict       `json:"verdict"`
	Findings    []finding.Finding `json:"findings"`
	Evaluations int               `json:"evaluations"`
}

type jsonComponent struct {
	Group string     `json:"group"`
	Terms []string   `json:"terms"`
	SD    []number   `json:"sd"`
	Var   []number   `json:"var"`
	Corr  [][]number `json:"corr"`
	Cov   [][]number `json:"cov"`
}

type jsonResidual struct {
	Structure  string         `json:"structure"`
	Subjects   int            `json:"subjects"`
	Parameters []jsonEstimate `json:"parameters"`
}

type jsonEstimate struct {
	Name  string `json:"name"`
	Value number `json:"value"`
	// The limits of the range, null where there is none.
	Lower number `json:"lower"`
	Upper number `json:"upper"`
}

type jsonModes struct {
	Group   string       `json:"group"`
	Terms   []string     `json:"terms"`
	Levels  []string     `json:"levels"`
	Modes   [][]number   `json:"modes"`
	CondVar [][][]number `json:"condvar"`
}

type jsonVerdict struct {
	Convergence     certify.Convergence `json:"convergence"`
	Place           certify.Place       `json:"place"`
	Decrement       number              `json:"decrement"`
	EscapeDrop      number              `json:"escape_drop"`
	NotIdentifiable []string            `json:"not_identifiable"`
}

// MarshalJSON writes the model with the keys of lme4's terms: criterion,
// theta, beta, vcov, varcorr, ranef, and beside them the structure of the residuals
// where there is one, the verdict, the findings
// and the number of evaluations. What is not identified is null. Two terms of
// one grouping factor g are the groups "g" and "g.1", as in lme4.
func (m *Model) MarshalJSON() ([]byte, error) {
	v := m.Verdict()
	theta, names := m.thetas()
	out := jsonModel{
		Formula: m.Formula(), REML: m.REML(), Family: "gaussian", Link: "identity",
		Criterion: number(m.Criterion()), LogLik: number(m.LogLik()), AIC: number(m.AIC()), BIC: number(m.BIC()),
		NPar: m.NPar(), NObs: m.NObs(), NGroups: map[string]int{},
		Theta: numbers(theta), ThetaNames: names, Sigma: number(m.Sigma()),
		Beta: numbers(m.beta), BetaNames: append([]string{}, m.design.XNames...), BetaSE: []number{},
		Vcov: numberRows(m.Vcov()), Aliased: append([]string{}, m.design.Aliased...),
		Verdict: jsonVerdict{v.Convergence, v.Place, number(v.Decrement), number(v.EscapeDrop), v.NotIdentifiable},
		// never null: an empty list of findings is a statement
		Findings:    append([]finding.Finding{}, m.findings...),
		Evaluations: m.log.Evaluations,
	}
	for _, c := range m.FixedEffects() {
		if !math.IsNaN(c.Estimate) {
			out.BetaSE = append(out.BetaSE, number(c.SE))
		}
	}
	if r := m.Residual(); r != nil {
		out.Residual = &jsonResidual{Structure: r.Structure, Subjects: r.Subjects, Parameters: []jsonEstimate{}}
		for _, p := range r.Params {
			out.Residual.Parameters = append(out.Residual.Parameters, jsonEstimate{p.Name, number(p.Value), number(p.Lower), number(p.Upper)})
		}
	}
	seen := map[string]int{}
	for _, c := range m.VarCorr() {
		out.NGroups[c.Group] = c.Levels
		jc := jsonComponent{Group: c.Group, Terms: c.Names, SD: numbers(c.SD), Corr: numberRows(c.Corr), Cov: numberRows(c.Cov)}
		if n := seen[c.Group]; n > 0 {
			jc.Group += "." + strconv.Itoa(n)
		}
		seen[c.Group]++
		for i := range c.SD {
			jc.Var = append(jc.Var, number(c.Cov[i][i]))
		}
		out.VarCorr = append(out.VarCorr, jc)
	}
	for _, r := range m.RandomEffects() {
		jm := jsonModes{Group: r.Group, Terms: r.Names, Levels: r.Levels, Modes: numberRows(r.Mode)}
		for _, cv := range r.CondVar {
			jm.CondVar = append(jm.CondVar, numberRows(cv))
		}
		out.Ranef = append(out.Ranef, jm)
	}
	return json.Marshal(out)
}
