package diagnose

import (
	"fmt"
	"math"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/infer"
)

// LadderOptions of Climb. The zero value, or nil, is the default of every field.
type LadderOptions struct {
	// Up begins with an intercept for each grouping factor; the default begins
	// with the random effects of the model and takes one away at a time.
	Up bool
	// Alpha is the p value below which a random effect stays, or comes in; 0 is
	// 0.2 (Matuschek et al. 2017).
	Alpha float64
	// Contrasts are those that the model was fitted with.
	Contrasts map[string]string
	// Seed of the draws in the tests.
	Seed uint64
	// Workers is the number of goroutines; 0 is one for each processor.
	Workers int
	// Progress, if set, is called with the number of models that are fitted.
	Progress func(fits int)
}

// Ladder is a sequence of models with the same fixed effects, each a step simpler
// or richer in its random effects than the one before.
type Ladder struct {
	Up    bool
	Alpha float64
	Rungs []Rung
	// Choices say where each rule stops.
	Choices []Choice
	Fits    int
}

// Rung is a model of a ladder.
type Rung struct {
	What      string // the step that led here, "" for the first
	Formula   string
	Random    string // its random effects alone
	Criterion float64
	Params    int
	AIC       float64
	Verdict   certify.Verdict
	// Dimensions counts, a grouping factor, the principal components of the random
	// effects that vary, and all of them (Bates et al. 2015).
	Dimensions []Dimension
	// Test compares it with the rung before; nil for the first and where there is
	// none, for which NoTest says why.
	Test   *infer.LRTest
	NoTest string
	// Alternatives counts the steps that were tried from the rung before.
	Alternatives int

	model *lmm.Model // while the ladder is climbed
}

// Dimension says how many principal components of a factor's random effects vary.
type Dimension struct {
	Group   string `json:"group"`
	Varying int    `json:"varying"`
	Of      int    `json:"of"`
}

// Choice is the rung at which a rule stops, -1 for none.
type Choice struct {
	Rule   string `json:"rule"`
	Source string `json:"source"`
	Rung   int    `json:"rung"`
	Why    string `json:"why"`
}

// Climb fits the models between the random effects of m and an intercept for each
// grouping factor. Going down each step is the one that the likelihood ratio
// test regrets least: the correlations of a term, a slope that is part of no
// other, the whole term; going up the one that it welcomes most. Three rules choose from them: the
// largest model that the data identify (Barr et al. 2013), the largest without a
// combination of random effects that does not vary (Bates et al. 2015), and the
// one at which no step has a p value of alpha or more (Matuschek et al. 2017).
//
// Errors: a nil model.
func Climb(m *lmm.Model, opt *LadderOptions) (*Ladder, error) {
	if m == nil {
		return nil, errNoModel
	}
	c := &climber{s: survey(m), known: map[string]*lmm.Model{}}
	if opt != nil {
		c.opt = *opt
	}
	if c.opt.Alpha == 0 {
		c.opt.Alpha = simplerP
	}
	l := &Ladder{Up: c.opt.Up, Alpha: c.opt.Alpha}
	f := m.Frame().Formula
	if c.opt.Up {
		f = bottom(f)
	}
	at := c.fit(f)
	if at == nil {
		return nil, fmt.Errorf("the first rung, %q, cannot be fitted", f.Expanded())
	}
	l.Rungs = []Rung{c.rung(at, "")}
	for len(l.Rungs) < maxRungs {
		next, g, ok := c.step(f, at)
		if !ok {
			break
		}
		f, at, next.model = g, next.model, nil
		l.Rungs = append(l.Rungs, next)
	}
	l.Rungs[0].model = nil
	l.Fits = len(c.known)
	l.choose()
	return l, nil
}

// climber fits the models of a ladder, each once.
type climber struct {
	s     *subject
	opt   LadderOptions
	known map[string]*lmm.Model
}

// fit is nil for what cannot be fitted.
func (c *climber) fit(f *formula.Formula) *lmm.Model {
	key := f.Expanded()
	if m, ok := c.known[key]; ok {
		return m
	}
	m := c.s.m
	if key != c.s.d.Formula.Expanded() {
		m = nil
		if d, err := c.s.redesign(candidate{formula: f, same: true}, c.opt.Contrasts); err == nil {
			if fitted, err := lmm.FitDesign(d, &lmm.Options{ML: !c.s.m.REML()}); err == nil {
				m = fitted
			}
		}
	}
	c.known[key] = m
	if c.opt.Progress != nil {
		c.opt.Progress(len(c.known))
	}
	return m
}

func (c *climber) rung(m *lmm.Model, what string) Rung {
	r := Rung{What: what, Formula: m.Frame().Formula.Expanded(), Criterion: m.Criterion(), Params: m.NPar(), AIC: m.AIC(), Verdict: m.Verdict(), model: m}
	var terms []string
	for _, t := range m.Frame().Formula.Random {
		terms = append(terms, t.String())
	}
	r.Random = strings.Join(terms, " + ")
	for _, p := range infer.RandomPCA(m) {
		if p.Reason != "" {
			continue
		}
		d := Dimension{Group: p.Group, Of: len(p.SD)}
		for _, sd := range p.SD {
			if sd > directionCut*p.SD[0] {
				d.Varying++
			}
		}
		r.Dimensions = append(r.Dimensions, d)
	}
	return r
}

// step takes the best move from a model.
func (c *climber) step(f *formula.Formula, at *lmm.Model) (best Rung, next *formula.Formula, ok bool) {
	moves := c.s.simpler(f)
	if c.opt.Up {
		moves = c.s.richer(f, c.s.d.Formula)
	}
	found := math.Inf(-1)
	for _, mv := range moves {
		m := c.fit(mv.f)
		if m == nil {
			continue
		}
		r := c.rung(m, mv.what)
		var err error
		r.Test, err = infer.LRT(m, at, &infer.LRTOptions{Seed: c.opt.Seed, Workers: c.opt.Workers})
		r.NoTest = reason(err)
		// Without a p value: the step that costs least, after those that have one.
		merit := -1 - math.Abs(m.Criterion()-at.Criterion())/1e6
		if r.Test != nil {
			if math.IsNaN(r.Test.P) {
				r.NoTest = r.Test.MixtureReason
			} else if merit = r.Test.P; c.opt.Up {
				merit = 1 - r.Test.P
			}
		}
		if math.IsNaN(merit) {
			merit = -2
		}
		// Equal merits: going down the step that takes more away, going up less.
		if merit > found+1e-9 || ok && merit > found-1e-9 && (r.Params < best.Params) {
			best, next, found, ok = r, mv.f, math.Max(merit, found), true
		}
	}
	best.Alternatives = len(moves)
	return best, next, ok
}

// choose applies the rules.
func (l *Ladder) choose() {
	largest := func(good func(*Rung) bool) int {
		best := -1
		for i := range l.Rungs {
			if r := &l.Rungs[i]; good(r) && (best < 0 || r.Params > l.Rungs[best].Params) {
				best = i
			}
		}
		return best
	}
	sound := func(r *Rung) bool {
		return r.Verdict.Convergence == certify.Converged && (r.Verdict.Place == certify.Interior || r.Verdict.Place == certify.Boundary)
	}
	barr := largest(sound)
	bates := largest(func(r *Rung) bool { return r.Verdict.Place == certify.Interior })
	l.Choices = append(l.Choices,
		Choice{"the largest that the data identify", "Barr et al. 2013", barr, "all random effects of the design stay, at the boundary too"},
		Choice{"the largest in the interior", "Bates et al. 2015", bates, "every combination of its random effects varies"})
	at := 0
	for i := 1; i < len(l.Rungs); i++ {
		t := l.Rungs[i].Test
		known := t != nil && !math.IsNaN(t.P)
		if l.Up {
			if !known || t.P >= l.Alpha {
				break
			}
		} else if known && t.P < l.Alpha || !known && sound(&l.Rungs[i-1]) {
			break
		}
		at = i
	}
	why := "no step is left"
	switch {
	case at == len(l.Rungs)-1:
	case l.Up:
		why = fmt.Sprintf("no step up has a p value below %g", l.Alpha)
	default:
		why = fmt.Sprintf("the next step down has a p value below %g, or none", l.Alpha)
	}
	l.Choices = append(l.Choices, Choice{fmt.Sprintf("likelihood ratio tests with alpha %g", l.Alpha), "Matuschek et al. 2017", at, why})
}
