package infer

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/suffstat"
)

// BootstrapKind says where the responses of the replicates come from.
type BootstrapKind string

const (
	// Parametric draws random effects and errors from the fitted model: it is
	// as right as the model.
	Parametric BootstrapKind = "parametric"
	// Residual draws the conditional modes of whole levels and the residuals
	// with replacement, centred, and stretched to the covariance matrices
	// estimated, which their shrinkage had taken from them (Carpenter,
	// Goldstein and Rasbash 2003). It needs no normal distribution.
	Residual BootstrapKind = "residual"
	// Case draws whole clusters, the levels of the grouping factor in which all
	// others are nested, with replacement (Davison and Hinkley 1997, sec. 3.8).
	// It needs neither the distribution nor the covariance of the model, but
	// many clusters.
	Case BootstrapKind = "case"
)

// BootstrapOptions of Bootstrap. The zero value of a field is its default.
type BootstrapOptions struct {
	Replicates int           // at least 1
	Kind       BootstrapKind // "": Parametric
	Seed       uint64
	Workers    int // goroutines; 0 is one for each processor. No bit depends on it.
	// Statistic is computed from every refit, always the same number of values;
	// nil is all parameters. It is called from several goroutines. A replicate
	// in which it panics or has another number of values counts as failed; NaN
	// leaves the replicate out for that value alone.
	Statistic func(*lmm.Model) []float64
	Names     []string // of the values; nil: "1", "2" ...
	// Progress, if set, is called now and then with the number of replicates
	// that are done, never by two goroutines at once.
	Progress func(done, total int)
	// Continue is a result to go on from: its replicates are taken over, the
	// others run. Kind, Seed and the number of values must be the same.
	Continue *BootstrapResult
}

// BootstrapResult holds the values of a statistic in the replicates.
type BootstrapResult struct {
	Formula string
	// Family and Link are those of a generalised model, "" for a linear one.
	Family, Link string
	REML         bool
	Kind         BootstrapKind
	Seed         uint64
	Names        []string
	Estimate     []float64 // the statistic of the model itself
	// Values are those of replicate r at Values[r*len(Names):], NaN where it
	// failed. Nothing else is kept of a replicate.
	Values     []float64
	Replicates int
	// Failures counts the replicates without values by their reason: a code of
	// a failure mode with its meaning.
	Failures map[string]int
	// Singular is the number of replicates whose fit is on the boundary. They
	// are valid fits and are kept: to leave them out would bias every variance.
	Singular int

	model     *lmm.Model
	statistic func(*lmm.Model) []float64
	ranges    []ParameterKind // of the values, "" for those of a caller
}

// Bootstrap refits the model to replicates of its response. Replicate r draws
// from PCG(Seed, r).
//
// Errors: less than one replicate; a fit without a maximum; a statistic that
// fails for the model itself; a Case bootstrap without an outermost factor; a
// result to continue that is of another bootstrap.
func Bootstrap(m *lmm.Model, opt *BootstrapOptions) (*BootstrapResult, error) {
	if opt == nil || opt.Replicates < 1 {
		return nil, errors.New("a bootstrap needs replicates: set Replicates to 1000, say")
	}
	if msg := settled(m); msg != "" {
		return nil, fmt.Errorf("there is no fit of %q to draw from: %s", m.Formula(), msg)
	}
	r, err := newBootstrap(m, opt)
	if err != nil {
		return nil, err
	}
	replicate, err := replicator(m, r.Kind)
	if err != nil {
		return nil, err
	}
	from := 0
	if c := opt.Continue; c != nil {
		from = c.Replicates
	}
	if r.Replicates = max(opt.Replicates, from); r.Replicates > from {
		r.run(replicate, from, opt)
	}
	return r, nil
}

func newBootstrap(m *lmm.Model, opt *BootstrapOptions) (*BootstrapResult, error) {
	r := &BootstrapResult{Formula: m.Formula(), REML: m.REML(), Kind: opt.Kind, Seed: opt.Seed, Failures: map[string]int{},
		model: m, statistic: opt.Statistic, Names: opt.Names}
	if fam := m.Family(); fam != nil {
		r.Family, r.Link = fam.Name(), fam.Link()
	}
	if r.Kind == "" {
		r.Kind = Parametric
	}
	if r.statistic == nil {
		all := parametersOf(m)
		r.Names = nil
		for _, p := range all {
			r.Names, r.ranges = append(r.Names, p.name), append(r.ranges, p.kind)
		}
		r.statistic = func(m *lmm.Model) []float64 { return parameterValues(m, all) }
	}
	var failure string
	if r.Estimate, failure = safely(r.statistic, m, -1); failure != "" {
		return nil, fmt.Errorf("the statistic fails for the model itself: %s", failure)
	}
	k := len(r.Estimate)
	if k == 0 {
		return nil, errors.New("the statistic has no values")
	}
	if r.Names == nil {
		for i := range k {
			r.Names = append(r.Names, fmt.Sprint(i+1))
		}
	}
	if len(r.Names) != k {
		return nil, fmt.Errorf("the statistic has %d values and %d names", k, len(r.Names))
	}
	if r.ranges == nil {
		r.ranges = make([]ParameterKind, k)
	}
	c := opt.Continue
	if c == nil {
		return r, nil
	}
	if c.Kind != r.Kind || c.Seed != r.Seed || c.Formula != r.Formula || c.REML != r.REML || len(c.Names) != k || len(c.Values) != k*c.Replicates ||
		!slices.EqualFunc(c.Estimate, r.Estimate, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }) {
		return nil, fmt.Errorf("the result to continue is of another bootstrap: %s of %q with seed %d and %d values; this is %s of %q with seed %d and %d values",
			c.Kind, c.Formula, c.Seed, len(c.Names), r.Kind, r.Formula, r.Seed, k)
	}
	r.Values, r.Singular = slices.Clone(c.Values), c.Singular
	for code, n := range c.Failures {
		r.Failures[code] = n
	}
	return r, nil
}

// run fills in the replicates from the given one on.
func (r *BootstrapResult) run(replicate func(*rand.Rand) (*lmm.Model, error), from int, opt *BootstrapOptions) {
	k := len(r.Names)
	r.Values = append(r.Values, nans(k*(r.Replicates-from))...)
	var mu sync.Mutex
	done, every := from, max(1, (r.Replicates-from)/100)
	each(opt.Workers, from, r.Replicates, func(_, i int) {
		m, err := replicate(rand.New(rand.NewPCG(r.Seed, uint64(i))))
		failure, singular := "", false
		if err != nil {
			failure = failureCode(err)
		} else if failure = unusable(m); failure == "" {
			var values []float64
			if values, failure = safely(r.statistic, m, k); failure == "" {
				copy(r.Values[i*k:i*k+k], values)
			}
			singular = failure == "" && m.Verdict().Place == certify.Boundary
		}
		mu.Lock()
		defer mu.Unlock()
		if failure != "" {
			r.Failures[failure]++
		}
		if singular {
			r.Singular++
		}
		if done++; opt.Progress != nil && (done%every == 0 || done == r.Replicates) {
			opt.Progress(done, r.Replicates)
		}
	})
}

func nans(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}

// safely calls a statistic, which may panic; want < 0 takes any length.
func safely(statistic func(*lmm.Model) []float64, m *lmm.Model, want int) (values []float64, failure string) {
	defer func() {
		if p := recover(); p != nil {
			values, failure = nil, fmt.Sprintf("the statistic panicked: %v", p)
		}
	}()
	values = statistic(m)
	if want >= 0 && len(values) != want {
		return nil, fmt.Sprintf("the statistic has %d values instead of %d", len(values), want)
	}
	return values, ""
}

// failureCode names the reason why a refit failed.
func failureCode(err error) string {
	var data *design.Error
	var response *lmm.ResponseError
	var saturated *suffstat.SaturatedError
	switch {
	case errors.As(err, &saturated):
		return "D8 SATURATED: nothing is left to estimate an error from"
	case errors.As(err, &response) && response.Code != "":
		return response.Code + ": " + response.Msg
	case errors.As(err, &data) && data.Code != "":
		return data.Code + ": " + data.Msg
	}
	return err.Error()
}

// unusable names the reason why a fit has no estimates.
func unusable(m *lmm.Model) string {
	v := m.Verdict()
	switch {
	case v.Place == certify.NoFiniteMaximum && m.Family() != nil:
		return "D7 SEPARATION: the likelihood has no finite maximum"
	case v.Place == certify.NoFiniteMaximum:
		return "D8 SATURATED: the residual variance goes to 0"
	case v.Convergence == certify.NotConverged:
		return "C2 NOT_CONV: no maximum was found"
	}
	return ""
}
