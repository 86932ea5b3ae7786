package diagnose

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

// MarshalJSON writes the keys formula, reml, criterion, verdict, best, agreement,
// at (null where the fit is at no maximum), sentence, theta_names, fixed_names,
// seed, maxima, runs, findings.
func (r *AllFitResult) MarshalJSON() ([]byte, error) {
	var at *int
	if r.At >= 0 {
		at = &r.At
	}
	return json.Marshal(struct {
		Formula    string            `json:"formula"`
		REML       bool              `json:"reml"`
		Criterion  jsonnum.Number    `json:"criterion"`
		Verdict    certify.Verdict   `json:"verdict"`
		Best       jsonnum.Number    `json:"best"`
		Agreement  Agreement         `json:"agreement"`
		At         *int              `json:"at"`
		Sentence   string            `json:"sentence"`
		ThetaNames []string          `json:"theta_names"`
		FixedNames []string          `json:"fixed_names"`
		Seed       uint64            `json:"seed"`
		Maxima     []Maximum         `json:"maxima"`
		Runs       []OptimizerRun    `json:"runs"`
		Findings   []finding.Finding `json:"findings"`
	}{r.Formula, r.REML, jsonnum.Number(r.Criterion), r.Verdict, jsonnum.Number(r.Best), r.Agreement, at, r.Sentence(), r.ThetaNames,
		append([]string{}, r.FixedNames...), r.Seed, append([]Maximum{}, r.Maxima...), r.Runs, append([]finding.Finding{}, r.Findings...)})
}

// MarshalJSON writes the keys optimizer, start, criterion, above, theta, fixed,
// evaluations, verdict, least_g, code, status, maximum, path.
func (r OptimizerRun) MarshalJSON() ([]byte, error) {
	type step struct {
		Criterion   jsonnum.Number `json:"criterion"`
		Decrement   jsonnum.Number `json:"decrement"`
		Evaluations int            `json:"evaluations"`
		Step        string         `json:"step"`
	}
	path := make([]step, len(r.Path))
	for i, s := range r.Path {
		path[i] = step{jsonnum.Number(s.Criterion), jsonnum.Number(s.Decrement), s.Evaluations, s.Step}
	}
	var at *int
	if r.Maximum >= 0 {
		at = &r.Maximum
	}
	return json.Marshal(struct {
		Optimizer   string           `json:"optimizer"`
		Start       string           `json:"start"`
		Criterion   jsonnum.Number   `json:"criterion"`
		Above       jsonnum.Number   `json:"above"`
		Theta       []jsonnum.Number `json:"theta"`
		Fixed       []jsonnum.Number `json:"fixed"`
		Evaluations int              `json:"evaluations"`
		Verdict     certify.Verdict  `json:"verdict"`
		LeastG      jsonnum.Number   `json:"least_g"`
		Code        string           `json:"code"`
		Status      string           `json:"status"`
		Maximum     *int             `json:"maximum"`
		Path        []step           `json:"path"`
	}{r.Optimizer, r.Start, jsonnum.Number(r.Criterion), jsonnum.Number(r.Above), jsonnum.List(r.Theta), jsonnum.List(r.Fixed), r.Evaluations, r.Verdict,
		jsonnum.Number(r.LeastG), r.Code, r.Status, at, path})
}

// MarshalJSON writes the keys criterion, above, runs, theta, fixed, se, verdict,
// way.
func (x Maximum) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Criterion jsonnum.Number   `json:"criterion"`
		Above     jsonnum.Number   `json:"above"`
		Runs      []int            `json:"runs"`
		Theta     []jsonnum.Number `json:"theta"`
		Fixed     []jsonnum.Number `json:"fixed"`
		SE        []jsonnum.Number `json:"se"`
		Verdict   certify.Verdict  `json:"verdict"`
		Way       *Way             `json:"way"`
	}{jsonnum.Number(x.Criterion), jsonnum.Number(x.Above), x.Runs, jsonnum.List(x.Theta), jsonnum.List(x.Fixed), jsonnum.List(x.SE), x.Verdict, x.Way})
}

// MarshalJSON writes the keys t, criterion, barrier.
func (w Way) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		T         []float64        `json:"t"`
		Criterion []jsonnum.Number `json:"criterion"`
		Barrier   float64          `json:"barrier"`
	}{w.T, jsonnum.List(w.Criterion), w.Barrier})
}

// Steps is the path of a run for a figure: the evaluations made, and the criterion
// above the lowest of all runs then.
func (r *AllFitResult) Steps(run int) (evaluations []int, above []float64) {
	for _, s := range r.Runs[run].Path {
		evaluations, above = append(evaluations, s.Evaluations), append(above, s.Criterion-r.Best)
	}
	return evaluations, above
}
