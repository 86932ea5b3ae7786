package diagnose

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/solve"
)

// searches are the remedies of a point that is no maximum: from there, and from
// anywhere.
func (s *subject) searches() []Remedy {
	if !s.given() || s.best == nil || s.verdict.Convergence == certify.Converged {
		return nil
	}
	var out []Remedy
	from := solve.Minimize(s.m.Objective().Criterion, s.obj.Point, nil)
	r := Remedy{What: "Newton steps from this point", Formula: s.m.Formula(), Criterion: math.NaN(), Params: s.m.NPar(), NoTest: samePoint, Method: "trust-region Newton"}
	if m, err := s.m.AtPoint(from.Point); err != nil {
		r.Failed = err.Error()
	} else {
		r.fill(s, m)
	}
	out = append(out, r)
	again := Remedy{What: "search from other starts", Formula: s.m.Formula(), Params: s.m.NPar(), NoTest: samePoint}
	again.fill(s, s.best)
	return append(out, again)
}

// samePoint says why there is no test.
const samePoint = "it is the same model at another point"

func (r *Remedy) fill(s *subject, m *lmm.Model) {
	v := m.Verdict()
	r.Verdict, r.Criterion = &v, m.Criterion()
	r.Fixed = shifts(s.effects, tested(m))
}

// maxima searches from many starts and returns how far above the best known the
// criteria of other maxima are, ascending, those below rivalBelow alone, and
// whether it was affordable. A maximum better than the fit's has a negative value.
func (s *subject) maxima() (above []float64, tried int) {
	if !s.affordable() || s.verdict.Place == certify.NotIdentifiable || s.verdict.Place == certify.NoFiniteMaximum {
		return nil, 0
	}
	obj := s.m.Objective().Criterion
	best := s.obj.Derivs.F
	if s.best != nil {
		best = s.best.Objective().Derivs.F
	}
	points := solve.Scattered(obj, searchStarts, 2)
	found := []float64{0}
	for _, p := range points {
		r := solve.Minimize(obj, p, nil)
		if r.Status != solve.Minimum || len(r.Local.Values) > 0 && r.Local.Values[0] < 0 {
			continue
		}
		r = solve.Settle(obj, r, nil)
		gap := r.Derivs.F - best
		if gap < rivalBelow && !slices.ContainsFunc(found, func(g float64) bool { return math.Abs(g-gap) < betterBy }) {
			found = append(found, gap)
		}
	}
	slices.Sort(found)
	return slices.DeleteFunc(found, func(g float64) bool { return g == 0 }), len(points)
}

// affordable says that a model can be fitted some dozens of times.
func (s *subject) affordable() bool {
	for t := range s.d.Terms {
		if s.d.Terms[t].Group != s.d.Terms[0].Group {
			return s.coefficients() <= crossedCost
		}
	}
	return s.coefficients() <= searchCost
}

// multistart tells what searching from other starts found.
func (s *subject) multistart() (r Remedy, above []float64, ok bool) {
	above, tried := s.maxima()
	if tried == 0 {
		return r, nil, false
	}
	v := s.verdict
	r = Remedy{What: fmt.Sprintf("search from %d other starts", tried), Formula: s.m.Formula(), Criterion: s.m.Criterion(), Params: s.m.NPar(),
		NoTest: samePoint, Verdict: &v, Fixed: shifts(s.effects, s.effects), Again: true}
	if len(above) > 0 {
		r.Criterion += math.Min(0, above[0])
	}
	return r, above, true
}

// optimisers is the best point of the other optimisers, with what their
// disagreement shows (C6).
func (s *subject) optimisers(opt *Options) (r Remedy, found []finding.Finding, ok bool) {
	params := 0
	for _, b := range s.obj.Blocks() {
		params += b.Params()
	}
	if params > otherParams || !s.affordable() || s.verdict.Place == certify.NotIdentifiable || s.verdict.Place == certify.NoFiniteMaximum {
		return r, nil, false
	}
	names := slices.DeleteFunc(slices.Clone(solve.Names()), func(n string) bool { return n == "newton" })
	all, err := AllFit(s.m, &AllFitOptions{Optimizers: names, Starts: otherStarts, MaxEvaluations: otherEvaluations, Workers: opt.Workers})
	if err != nil || len(all.Runs) == 0 {
		return r, nil, false
	}
	best := slices.MinFunc(all.Runs, func(a, b OptimizerRun) int { return compareFloats(a.Criterion, b.Criterion) })
	m, err := s.m.At(best.Theta)
	if err != nil {
		return r, nil, false
	}
	v := m.Verdict()
	r = Remedy{What: fmt.Sprintf("%d other optimisers", len(names)), Formula: s.m.Formula(), Criterion: m.Criterion(), Params: s.m.NPar(),
		NoTest: samePoint, Verdict: &v, Fixed: shifts(s.effects, tested(m)), Again: true}
	for _, f := range all.Findings {
		if f.Code == "C6" {
			found = append(found, f)
		}
	}
	return r, found, true
}
