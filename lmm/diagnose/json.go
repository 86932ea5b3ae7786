package diagnose

import (
	"encoding/json"
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/infer"
)

// number is null in JSON where it is not finite.
type number float64

func (x number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

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
		Unfitted  bool              `json:"unfitted,omitempty"`
		REML      bool              `json:"reml"`
		Criterion number            `json:"criterion"`
		Params    int               `json:"npar"`
		Verdict   certify.Verdict   `json:"verdict"`
		Healthy   bool              `json:"healthy"`
		Findings  []finding.Finding `json:"findings"`
		Checks    []Check           `json:"checks"`
		Tried     bool              `json:"tried"`
		Remedies  []Remedy          `json:"remedies"`
		Advice    advice            `json:"advice"`
	}{r.Formula, r.Unfitted, r.REML, number(r.Criterion), r.Params, r.Verdict, r.Healthy(), append([]finding.Finding{}, r.Findings...), r.Checks,
		r.Tried, append([]Remedy{}, r.Remedies...), a})
}

// MarshalJSON writes the keys name, found, limit, passed.
func (c Check) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name   string `json:"name"`
		Found  number `json:"found"`
		Limit  number `json:"limit"`
		Passed bool   `json:"passed"`
	}{c.Name, number(c.Found), number(c.Limit), c.Passed})
}

// MarshalJSON writes the keys what, formula, same_estimand, estimand, criterion,
// npar, test, no_test, fixed, verdict, method, failed.
func (r Remedy) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		What      string           `json:"what"`
		Formula   string           `json:"formula"`
		Same      bool             `json:"same_estimand"`
		Estimand  string           `json:"estimand,omitempty"`
		Criterion number           `json:"criterion"`
		Params    int              `json:"npar"`
		Test      *infer.LRTest    `json:"test"`
		NoTest    string           `json:"no_test,omitempty"`
		Fixed     []Shift          `json:"fixed"`
		Verdict   *certify.Verdict `json:"verdict"`
		Method    string           `json:"method,omitempty"`
		Failed    string           `json:"failed,omitempty"`
	}{r.What, r.Formula, r.Estimand == "", r.Estimand, number(r.Criterion), r.Params, r.Test, r.NoTest,
		append([]Shift{}, r.Fixed...), r.Verdict, r.Method, r.Failed})
}

// MarshalJSON writes the keys name, before, before_se, before_p, before_ci and the
// same of after, in_se.
func (s Shift) MarshalJSON() ([]byte, error) {
	type ci [2]number
	return json.Marshal(struct {
		Name     string `json:"name"`
		Before   number `json:"before"`
		BeforeSE number `json:"before_se"`
		BeforeP  number `json:"before_p"`
		BeforeCI ci     `json:"before_ci"`
		After    number `json:"after"`
		AfterSE  number `json:"after_se"`
		AfterP   number `json:"after_p"`
		AfterCI  ci     `json:"after_ci"`
		InSE     number `json:"in_se"`
	}{s.Name, number(s.Before), number(s.BeforeSE), number(s.BeforeP), ci{number(s.BeforeCI[0]), number(s.BeforeCI[1])},
		number(s.After), number(s.AfterSE), number(s.AfterP), ci{number(s.AfterCI[0]), number(s.AfterCI[1])}, number(s.InSE)})
}
