package diagnose

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/solve"
)

// searches are the remedies of a point that is not the best maximum: from there,
// unless it is one, and from anywhere.
func (s *subject) searches() []Remedy {
	if s.best == nil || s.verdict.Convergence == certify.Converged {
		return nil
	}
	var out []Remedy
	if s.local.Convergence != certify.Converged {
		from := solve.Minimize(s.m.Objective().Criterion, s.obj.Point, nil)
		r := Remedy{What: "Newton steps from this point", Formula: s.m.Formula(), Criterion: math.NaN(), Params: s.m.NPar(), NoTest: samePoint, Method: "trust-region Newton"}
		if m, err := s.m.AtPoint(from.Point); err != nil {
			r.Failed = err.Error()
		} else {
			r.fill(s, m)
		}
		out = append(out, r)
	}
	again := Remedy{What: "search from other starts", Formula: s.m.Formula(), Params: s.m.NPar(), NoTest: samePoint}
	again.fill(s, s.best)
	return append(out, again)
}

// otherMaximum names the fit at another maximum.
const otherMaximum = "the other maximum"

// samePoint says why there is no test.
const samePoint = "it is the same model at another point"

func (r *Remedy) fill(s *subject, m *lmm.Model) {
	v := m.Verdict()
	r.Verdict, r.Criterion = &v, m.Criterion()
	r.Fixed = shifts(s.effects, tested(m))
}

// elsewhere searches from other starts. Where one ends at a better maximum the
// verdict of the fit is taken back. A point that is no maximum has searches of
// its own.
func (s *subject) elsewhere(opt *Options) {
	n := opt.Starts
	switch {
	case s.verdict.Convergence != certify.Converged || s.verdict.Place == certify.NotIdentifiable || s.verdict.Place == certify.NoFiniteMaximum || n < 0 || s.m.Residual() != nil:
		return
	case n > 0:
	case s.m.Family() != nil && !opt.Try:
		return
	case !s.affordable():
		s.unsought = fmt.Sprintf("Other maxima were not sought, since the model has %s: AllFit seeks them.", plural(s.coefficients(), "random effect"))
		return
	case s.m.Family() != nil:
		n = generalStarts
	default:
		n = searchStarts
	}
	all, err := AllFit(s.m, &AllFitOptions{Optimizers: []string{"newton"}, Starts: n, Workers: opt.Workers})
	if err != nil {
		return
	}
	s.others = all
	if gap := all.Criterion - all.Best; gap > roundingBelow {
		s.gap = math.Max(s.gap, gap)
	}
	if s.gap > betterBy {
		if len(all.Maxima) > 0 && all.Maxima[0].Above < betterBy {
			s.best = all.first(0)
		}
		s.verdict.Convergence, s.verdict.Place = certify.NotConverged, certify.Unknown
	}
}

// rivals are C5: maxima that the data hardly tell from the one of the fit.
func (s *subject) rivals() []finding.Finding {
	if s.others == nil || s.verdict.Convergence != certify.Converged {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.others.Findings), func(f finding.Finding) bool { return f.Code != "C5" })
}

// searched is the evidence of the search from other starts.
func (s *subject) searched() []Check {
	if s.others == nil {
		return nil
	}
	n := len(s.others.Runs)
	out := []Check{{fmt.Sprintf("criterion above the best of %d other starts", n), s.gap, betterBy, s.gap <= betterBy}}
	if len(s.others.Maxima) == 0 {
		return out
	}
	rivals := s.others.rivals()
	return append(out, Check{fmt.Sprintf("other maxima less than %.2f above the best", rivalBelow), float64(rivals), 0, rivals == 0})
}

// affordable says that a model can be fitted some dozens of times, a generalised
// one a few times.
func (s *subject) affordable() bool {
	crossed := slices.ContainsFunc(s.d.Terms, func(t design.Term) bool { return t.Group != s.d.Terms[0].Group })
	switch general := s.m.Family() != nil; {
	case general && crossed:
		return s.coefficients() <= generalCrossed && len(s.d.Y) <= generalRows
	case general:
		return len(s.d.Y)*max(1, s.m.Nodes()) <= generalRows
	case crossed:
		return s.coefficients() <= crossedCost
	}
	return s.coefficients() <= searchCost
}

// multistart tells what the search from other starts found: the fit again, and
// the other maxima.
func (s *subject) multistart() []Remedy {
	if s.others == nil || s.verdict.Convergence != certify.Converged {
		return nil
	}
	var out []Remedy
	if s.others.At >= 0 && len(s.others.Maxima[s.others.At].Runs) > 0 {
		v := s.verdict
		out = append(out, Remedy{What: fmt.Sprintf("search from %d other starts", len(s.others.Runs)), Formula: s.m.Formula(), Criterion: s.m.Criterion(), Params: s.m.NPar(),
			NoTest: samePoint, Verdict: &v, Fixed: shifts(s.effects, s.effects), Again: true})
	}
	for i, x := range s.others.Maxima {
		if i == s.others.At || x.Above >= rivalBelow {
			continue
		}
		r := Remedy{What: otherMaximum, Formula: s.m.Formula(), Params: s.m.NPar(), NoTest: samePoint}
		r.fill(s, s.others.first(i))
		out = append(out, r)
	}
	return out
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
