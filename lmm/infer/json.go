package infer

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/finding"
)

func numberRows(x [][]float64) [][]number {
	out := make([][]number, len(x))
	for i, v := range x {
		out[i] = numbers(v)
	}
	return out
}

// MarshalJSON writes the keys name, estimate, se, df, t, p, lower, upper; null
// for what is not finite, with a reason.
func (e Estimate) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name     string `json:"name"`
		Estimate number `json:"estimate"`
		SE       number `json:"se"`
		DF       number `json:"df"`
		T        number `json:"t"`
		P        number `json:"p"`
		Lower    number `json:"lower"`
		Upper    number `json:"upper"`
		Reason   string `json:"reason,omitempty"`
	}{e.Name, number(e.Value), number(e.SE), number(e.DF), number(e.T), number(e.P), number(e.Lower), number(e.Upper), e.Reason})
}

// MarshalJSON writes the keys name, num_df, den_df, F, scaling, p.
func (f FTest) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name    string `json:"name"`
		NumDF   int    `json:"num_df"`
		DenDF   number `json:"den_df"`
		F       number `json:"F"`
		Scaling number `json:"scaling"`
		P       number `json:"p"`
		Reason  string `json:"reason,omitempty"`
	}{f.Name, f.NumDF, number(f.DenDF), number(f.F), number(f.Scaling), number(f.P), f.Reason})
}

// MarshalJSON writes the keys ddf, ddf_why, level, coefficients, ddf_findings
// and, with Kenward-Roger, vcov_adjusted.
func (e *Estimates) MarshalJSON() ([]byte, error) {
	out := struct {
		DDF      DF                `json:"ddf"`
		Why      string            `json:"ddf_why,omitempty"`
		Level    float64           `json:"level"`
		Rows     []Estimate        `json:"coefficients"`
		Adjusted [][]number        `json:"vcov_adjusted,omitempty"`
		Findings []finding.Finding `json:"ddf_findings,omitempty"`
	}{DDF: e.DF, Why: e.Why, Level: e.Level, Rows: append([]Estimate{}, e.Rows...), Findings: e.Findings}
	if e.DF == KenwardRoger {
		out.Adjusted = numberRows(e.Vcov)
	}
	return json.Marshal(out)
}

// MarshalJSON writes the keys anova_type, anova_ddf, anova,
// anova_findings.
func (a *AnovaTable) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Type     AnovaType         `json:"anova_type"`
		DDF      DF                `json:"anova_ddf"`
		Rows     []FTest           `json:"anova"`
		Findings []finding.Finding `json:"anova_findings,omitempty"`
	}{a.Type, a.DF, append([]FTest{}, a.Rows...), a.Findings})
}
