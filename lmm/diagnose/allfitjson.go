package diagnose

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
)

func numbers(x []float64) []number {
	out := make([]number, len(x))
	for i, v := range x {
		out[i] = number(v)
	}
	return out
}

// jsonVerdict is a verdict whose numbers may be missing.
type jsonVerdict struct {
	Convergence     certify.Convergence `json:"convergence"`
	Place           certify.Place       `json:"place"`
	Decrement       number              `json:"decrement"`
	EscapeDrop      number              `json:"escape_drop"`
	NotIdentifiable []string            `json:"not_identifiable"`
}

func verdictJSON(v certify.Verdict) jsonVerdict {
	return jsonVerdict{v.Convergence, v.Place, number(v.Decrement), number(v.EscapeDrop), append([]string{}, v.NotIdentifiable...)}
}

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
		Criterion  number            `json:"criterion"`
		Verdict    jsonVerdict       `json:"verdict"`
		Best       number            `json:"best"`
		Agreement  Agreement         `json:"agreement"`
		At         *int              `json:"at"`
		Sentence   string            `json:"sentence"`
		ThetaNames []string          `json:"theta_names"`
		FixedNames []string          `json:"fixed_names"`
		Seed       uint64            `json:"seed"`
		Maxima     []Maximum         `json:"maxima"`
		Runs       []OptimizerRun    `json:"runs"`
		Findings   []finding.Finding `json:"findings"`
	}{r.Formula, r.REML, number(r.Criterion), verdictJSON(r.Verdict), number(r.Best), r.Agreement, at, r.Sentence(), r.ThetaNames,
		append([]string{}, r.FixedNames...), r.Seed, append([]Maximum{}, r.Maxima...), r.Runs, append([]finding.Finding{}, r.Findings...)})
}

// MarshalJSON writes the keys optimizer, start, criterion, above, theta, fixed,
// evaluations, verdict, least_g, code, status, maximum, path.
func (r OptimizerRun) MarshalJSON() ([]byte, error) {
	type step struct {
		Criterion   number `json:"criterion"`
		Decrement   number `json:"decrement"`
		Evaluations int    `json:"evaluations"`
		Step        string `json:"step"`
	}
	path := make([]step, len(r.Path))
	for i, s := range r.Path {
		path[i] = step{number(s.Criterion), number(s.Decrement), s.Evaluations, s.Step}
	}
	var at *int
	if r.Maximum >= 0 {
		at = &r.Maximum
	}
	return json.Marshal(struct {
		Optimizer   string      `json:"optimizer"`
		Start       string      `json:"start"`
		Criterion   number      `json:"criterion"`
		Above       number      `json:"above"`
		Theta       []number    `json:"theta"`
		Fixed       []number    `json:"fixed"`
		Evaluations int         `json:"evaluations"`
		Verdict     jsonVerdict `json:"verdict"`
		LeastG      number      `json:"least_g"`
		Code        string      `json:"code"`
		Status      string      `json:"status"`
		Maximum     *int        `json:"maximum"`
		Path        []step      `json:"path"`
	}{r.Optimizer, r.Start, number(r.Criterion), number(r.Above), numbers(r.Theta), numbers(r.Fixed), r.Evaluations, verdictJSON(r.Verdict),
		number(r.LeastG), r.Code, r.Status, at, path})
}

// MarshalJSON writes the keys criterion, above, runs, theta, fixed, se, verdict,
// way.
func (x Maximum) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Criterion number      `json:"criterion"`
		Above     number      `json:"above"`
		Runs      []int       `json:"runs"`
		Theta     []number    `json:"theta"`
		Fixed     []number    `json:"fixed"`
		SE        []number    `json:"se"`
		Verdict   jsonVerdict `json:"verdict"`
		Way       *Way        `json:"way"`
	}{number(x.Criterion), number(x.Above), x.Runs, numbers(x.Theta), numbers(x.Fixed), numbers(x.SE), verdictJSON(x.Verdict), x.Way})
}

// MarshalJSON writes the keys t, criterion, barrier.
func (w Way) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		T         []float64 `json:"t"`
		Criterion []number  `json:"criterion"`
		Barrier   float64   `json:"barrier"`
	}{w.T, numbers(w.Criterion), w.Barrier})
}

// Steps is the path of a run for a figure: the evaluations made, and the criterion
// above the lowest of all runs then.
func (r *AllFitResult) Steps(run int) (evaluations []int, above []float64) {
	for _, s := range r.Runs[run].Path {
		evaluations, above = append(evaluations, s.Evaluations), append(above, s.Criterion-r.Best)
	}
	return evaluations, above
}
