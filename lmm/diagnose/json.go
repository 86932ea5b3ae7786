package diagnose

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

// MarshalJSON writes the keys formula, reml, criterion, npar, verdict,
// healthy, findings, checks, tried, remedies, advice.
func (r *Report) MarshalJSON() ([]byte, error) {
	type advice struct {
		Text   string `json:"text"`
		Reason string `json:"reason"`
		Remedy *int   `json:"remedy"`
	}
	a := advice{Text: r.Advice.Text, Reason: r.Advice.Reason}
	if r.Advice.Remedy >= 0 {
		a.Remedy = &r.Advice.Remedy
	}
	return json.Marshal(struct {
		Formula   string            `json:"formula"`
		Residual  string            `json:"residual,omitempty"`
		Unfitted  bool              `json:"unfitted,omitempty"`
		REML      bool              `json:"reml"`
		Criterion jsonnum.Number    `json:"criterion"`
		AIC       jsonnum.Number    `json:"AIC"`
		Params    int               `json:"npar"`
		Verdict   certify.Verdict   `json:"verdict"`
		Healthy   bool              `json:"healthy"`
		Findings  []finding.Finding `json:"findings"`
		Checks    []Check           `json:"checks"`
		Unsought  string            `json:"unsought,omitempty"`
		Tried     bool              `json:"tried"`
		Remedies  []Remedy          `json:"remedies"`
		Advice    advice            `json:"advice"`
	}{r.Formula, r.Residual, r.Unfitted, r.REML, jsonnum.Number(r.Criterion), jsonnum.Number(r.AIC), r.Params, r.Verdict, r.Healthy(), append([]finding.Finding{}, r.Findings...), r.Checks, r.Unsought,
		r.Tried, append([]Remedy{}, r.Remedies...), a})
}

// MarshalJSON writes the keys name, found, limit, passed.
func (c Check) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name   string         `json:"name"`
		Found  jsonnum.Number `json:"found"`
		Limit  jsonnum.Number `json:"limit"`
		Passed bool           `json:"passed"`
	}{c.Name, jsonnum.Number(c.Found), jsonnum.Number(c.Limit), c.Passed})
}

// MarshalJSON writes the keys what, formula, same_estimand, estimand, criterion,
// AIC, npar, test, no_test, fixed, verdict, method, failed.
func (r Remedy) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		What      string           `json:"what"`
		Formula   string           `json:"formula"`
		Residual  string           `json:"residual,omitempty"`
		Same      bool             `json:"same_estimand"`
		Estimand  string           `json:"estimand,omitempty"`
		Criterion jsonnum.Number   `json:"criterion"`
		AIC       jsonnum.Number   `json:"AIC"`
		Params    int              `json:"npar"`
		Test      *infer.LRTest    `json:"test"`
		NoTest    string           `json:"no_test,omitempty"`
		Fixed     []Shift          `json:"fixed"`
		Verdict   *certify.Verdict `json:"verdict"`
		Method    string           `json:"method,omitempty"`
		Failed    string           `json:"failed,omitempty"`
	}{r.What, r.Formula, r.Residual, r.Estimand == "", r.Estimand, jsonnum.Number(r.Criterion), jsonnum.Number(r.AIC), r.Params, r.Test, r.NoTest,
		append([]Shift{}, r.Fixed...), r.Verdict, r.Method, r.Failed})
}

// MarshalJSON writes the keys name, before, before_se, before_p, before_ci and the
// same of after, in_se.
func (s Shift) MarshalJSON() ([]byte, error) {
	type ci [2]jsonnum.Number
	return json.Marshal(struct {
		Name     string         `json:"name"`
		Before   jsonnum.Number `json:"before"`
		BeforeSE jsonnum.Number `json:"before_se"`
		BeforeP  jsonnum.Number `json:"before_p"`
		BeforeDF jsonnum.Number `json:"before_df"`
		BeforeCI ci             `json:"before_ci"`
		After    jsonnum.Number `json:"after"`
		AfterSE  jsonnum.Number `json:"after_se"`
		AfterP   jsonnum.Number `json:"after_p"`
		AfterDF  jsonnum.Number `json:"after_df"`
		AfterCI  ci             `json:"after_ci"`
		InSE     jsonnum.Number `json:"in_se"`
	}{s.Name, jsonnum.Number(s.Before), jsonnum.Number(s.BeforeSE), jsonnum.Number(s.BeforeP), jsonnum.Number(s.BeforeDF), ci{jsonnum.Number(s.BeforeCI[0]), jsonnum.Number(s.BeforeCI[1])},
		jsonnum.Number(s.After), jsonnum.Number(s.AfterSE), jsonnum.Number(s.AfterP), jsonnum.Number(s.AfterDF), ci{jsonnum.Number(s.AfterCI[0]), jsonnum.Number(s.AfterCI[1])}, jsonnum.Number(s.InSE)})
}
