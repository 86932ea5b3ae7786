package diagnose

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/solve"
)

// AllFitOptions of AllFit. The zero value, or nil, is the default of every
// field.
type AllFitOptions struct {
	// Optimizers are names of methods of package solve; nil is all of them.
	Optimizers []string
	// Starts is the number of points from which each sets out; 0 is 6. The
	// first are those that a fit would try, the others are drawn.
	Starts int
	// MaxEvaluations is the budget of a run; 0 is 20000.
	MaxEvaluations int
	Seed           uint64 // of the starts that are drawn
	// Workers is the number of goroutines; 0 is one for each processor. The
	// result does not depend on it.
	Workers int
	// Progress, if set, is called with the number of runs that are done, never
	// by two goroutines at once.
	Progress func(done, total int)
}

const (
	allFitStarts = 6 // default of AllFitOptions.Starts
	// startReach is the largest size of a start that is drawn, in units of its
	// block: from further out methods without derivatives rarely come back.
	startReach = 30
)

// OptimizerRun is one optimizer from one start, judged where it ended.
type OptimizerRun struct {
	Optimizer   string
	Start       string // "guess 1", "random 2"
	Criterion   float64
	Above       float64   // what it is above the lowest of all runs
	Theta       []float64 // as lmm.Model.Theta
	Fixed       []float64 // as lmm.Model.FixedEffects
	Evaluations int
	Verdict     certify.Verdict
	// LeastG is the least eigenvalue of G, the derivative of the criterion with
	// respect to Psi, times the square of the unit of its block (cone.Block), so
	// that no scale of a column matters: below 0 the criterion falls in some
	// direction. NaN where all terms are of reduced rank.
	LeastG float64
	// Code is C0, or the failure mode: C1, C2, C3, C4, C7, D7, D8.
	Code    string
	Status  string // why it stopped
	Maximum int    // in AllFitResult.Maxima; -1 where it is at none
	// Path is the log of the run: criterion, decrement, evaluations.
	Path []lmm.Iteration

	model *lmm.Model
}

// Maximum is a local maximum of the likelihood at which runs ended.
type Maximum struct {
	Criterion float64
	Above     float64 // the lowest criterion
	Runs      []int   // that ended here, the lowest first
	Theta     []float64
	Fixed     []float64
	SE        []float64
	Verdict   certify.Verdict
	// Way is the criterion on the way here from the first maximum; nil for that
	// one.
	Way *Way
}

// Agreement says what the runs have in common.
type Agreement int

const (
	NoMaximum       Agreement = iota // no run ended at a maximum
	OnePoint                         // all that did are at one point
	OtherParameters                  // one value of the criterion, with other parameters (I1, I2)
	SeveralMaxima                    // more than one maximum (C5)
)

func (a Agreement) String() string {
	switch a {
	case NoMaximum:
		return "no maximum"
	case OnePoint:
		return "one point"
	case OtherParameters:
		return "one value, other parameters"
	case SeveralMaxima:
		return "several maxima"
	}
	return fmt.Sprintf("Agreement(%d)", int(a))
}

// MarshalText writes the agreement in words.
func (a Agreement) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// AllFitResult is what all optimizers made of one model.
type AllFitResult struct {
	Formula string
	// Family and Link are those of a generalised model, "" for a linear one.
	Family, Link string
	REML         bool
	Criterion    float64 // of the fit that was given
	Verdict      certify.Verdict
	// Best is the lowest criterion of all runs and the fit.
	Best      float64
	Agreement Agreement
	Runs      []OptimizerRun // optimizer by optimizer, start by start
	Maxima    []Maximum      // the lowest criterion first
	// At is the maximum at which the fit stands, -1 for none.
	At         int
	Findings   []finding.Finding
	ThetaNames []string
	FixedNames []string
	Seed       uint64

	model *lmm.Model
}

// AllFit fits the model of m by every optimizer from several starts and
// compares where they end. opt may be nil.
//
// Errors: a nil model; *solve.UnknownError.
func AllFit(m *lmm.Model, opt *AllFitOptions) (*AllFitResult, error) {
	if m == nil {
		return nil, errors.New("there is no model to fit again: fit one with lmm.Fit")
	}
	if opt == nil {
		opt = &AllFitOptions{}
	}
	names := opt.Optimizers
	if names == nil {
		names = solve.Names()
	}
	for _, name := range names {
		if _, err := solve.ByName(name); err != nil {
			return nil, err
		}
	}
	r := &AllFitResult{Formula: m.Formula(), REML: m.REML(), Criterion: m.Criterion(), Verdict: m.Verdict(),
		ThetaNames: m.ThetaNames(), Seed: opt.Seed, model: m}
	if fam := m.Family(); fam != nil {
		r.Family, r.Link = fam.Name(), fam.Link()
	}
	for _, c := range m.FixedEffects() {
		r.FixedNames = append(r.FixedNames, c.Name)
	}
	starts := startsOf(m, opt)
	r.Runs = make([]OptimizerRun, len(names)*len(starts))
	var mu sync.Mutex
	done := 0
	spread(opt.Workers, len(r.Runs), func(i int) {
		s := starts[i%len(starts)]
		r.Runs[i] = runFrom(m, s, names[i/len(starts)], opt.MaxEvaluations)
		mu.Lock()
		defer mu.Unlock()
		if done++; opt.Progress != nil {
			opt.Progress(done, len(r.Runs))
		}
	})
	r.compare()
	return r, nil
}

// spread calls f with 0 ... n-1 on the given number of goroutines, 0 for one on
// each processor.
func spread(workers, n int, f func(i int)) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}

// startPoint is a start with its name.
type startPoint struct {
	name  string
	point cone.Point
}

func startsOf(m *lmm.Model, opt *AllFitOptions) []startPoint {
	obj := m.Objective()
	n := opt.Starts
	if n <= 0 {
		n = allFitStarts
	}
	var guesses []cone.Point
	if s, ok := obj.Criterion.(interface{ Starts() []cone.Point }); ok {
		guesses = s.Starts()
	} else {
		guesses, _ = solve.Starts(obj.Criterion, obj.Gram())
	}
	// Half of the starts are drawn, as far as there are so many guesses.
	guesses = guesses[:min(len(guesses), (n+1)/2)]
	var out []startPoint
	for i, p := range guesses {
		out = append(out, startPoint{fmt.Sprintf("guess %d", i+1), p})
	}
	for i, p := range solve.Scattered(obj.Criterion, n-len(out), opt.Seed, startReach) {
		out = append(out, startPoint{fmt.Sprintf("random %d", i+1), p})
	}
	return out
}

// runFrom is one run; the optimizer is known.
func runFrom(m *lmm.Model, s startPoint, optimizer string, limit int) OptimizerRun {
	r := OptimizerRun{Optimizer: optimizer, Start: s.name, Maximum: -1, Criterion: math.NaN(), LeastG: math.NaN()}
	fit, err := m.FitFrom(s.point, optimizer, limit)
	if err != nil {
		r.Code, r.Status = "C7", err.Error()
		return r
	}
	log := fit.Log()
	r.model, r.Criterion, r.Theta, r.Verdict = fit, fit.Criterion(), fit.Theta(), fit.Verdict()
	r.Evaluations, r.Status, r.Path = log.Evaluations, log.Status, log.Iterations
	for _, c := range fit.FixedEffects() {
		r.Fixed = append(r.Fixed, c.Estimate)
	}
	r.LeastG = leastSlope(fit.Objective())
	r.Code = standing(fit, fit.Verdict(), fit.Objective().Local)
	return r
}

// leastSlope is OptimizerRun.LeastG.
func leastSlope(obj *lmm.Objective) float64 {
	least := math.NaN()
	for b, blk := range obj.Blocks() {
		for _, v := range blk.Slopes(obj.Derivs.G[b]) {
			if v *= blk.Unit * blk.Unit; !(v >= least) {
				least = v
			}
		}
	}
	return least
}
