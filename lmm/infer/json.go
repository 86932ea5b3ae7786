package infer

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

// MarshalJSON writes the keys name, estimate, se, df, t, p, lower, upper; null
// for what is not finite, with a reason.
func (e Estimate) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name     string         `json:"name"`
		Estimate jsonnum.Number `json:"estimate"`
		SE       jsonnum.Number `json:"se"`
		DF       jsonnum.Number `json:"df"`
		T        jsonnum.Number `json:"t"`
		P        jsonnum.Number `json:"p"`
		Lower    jsonnum.Number `json:"lower"`
		Upper    jsonnum.Number `json:"upper"`
		Reason   string         `json:"reason,omitempty"`
	}{e.Name, jsonnum.Number(e.Value), jsonnum.Number(e.SE), jsonnum.Number(e.DF), jsonnum.Number(e.T), jsonnum.Number(e.P), jsonnum.Number(e.Lower), jsonnum.Number(e.Upper), e.Reason})
}

// MarshalJSON writes the keys name, num_df, den_df, F, scaling, p.
func (f FTest) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name    string         `json:"name"`
		NumDF   int            `json:"num_df"`
		DenDF   jsonnum.Number `json:"den_df"`
		F       jsonnum.Number `json:"F"`
		Scaling jsonnum.Number `json:"scaling"`
		P       jsonnum.Number `json:"p"`
		Reason  string         `json:"reason,omitempty"`
	}{f.Name, f.NumDF, jsonnum.Number(f.DenDF), jsonnum.Number(f.F), jsonnum.Number(f.Scaling), jsonnum.Number(f.P), f.Reason})
}

// MarshalJSON writes the keys ddf, ddf_why, level, coefficients, ddf_findings
// and, with Kenward-Roger, vcov_adjusted.
func (e *Estimates) MarshalJSON() ([]byte, error) {
	out := struct {
		DDF      DF                 `json:"ddf"`
		Why      string             `json:"ddf_why,omitempty"`
		Level    float64            `json:"level"`
		Rows     []Estimate         `json:"coefficients"`
		Adjusted [][]jsonnum.Number `json:"vcov_adjusted,omitempty"`
		Findings []finding.Finding  `json:"ddf_findings,omitempty"`
	}{DDF: e.DF, Why: e.Why, Level: e.Level, Rows: append([]Estimate{}, e.Rows...), Findings: e.Findings}
	if e.DF == KenwardRoger {
		out.Adjusted = jsonnum.Rows(e.Vcov)
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
