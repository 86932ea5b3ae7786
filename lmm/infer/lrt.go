package infer

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
)

// LRTOptions of LRT and DropRandom. The zero value, or nil, is the default of
// every field.
type LRTOptions struct {
	// Draws from the exact distribution of the statistic where one variance is
	// tested; 0 is 10000, a negative number none.
	Draws int
	// Bootstrap is the number of parametric bootstrap replicates; 0 is none.
	Bootstrap int
	// Seed of all draws.
	Seed uint64
	// Workers is the number of goroutines; 0 is one for each processor. The
	// result does not depend on it.
	Workers int
}

func (o *LRTOptions) orDefault() LRTOptions {
	var out LRTOptions
	if o != nil {
		out = *o
	}
	if out.Draws == 0 {
		out.Draws = 10000
	}
	return out
}

// LRTest is a likelihood ratio test of one model within another.
type LRTest struct {
	Null, Alternative string // formulas
	REML              bool   // whether the statistic is one of restricted likelihoods
	// Refitted says that the fits were by REML, their fixed effects or criteria
	// differ, and so both were refitted by ML.
	Refitted  bool
	Statistic float64 // 2 (log L of the alternative - log L of the null)
	DF        int     // parameters more
	// Naive is the p value of chi-square with DF degrees of freedom, which
	// ignores that a variance cannot be negative; too large where it is tested. NaN
	// where parameters are not identified.
	Naive float64
	// Mixture is the asymptotic distribution under the null, MixtureP its p
	// value, NaN where there is no such theory, for which MixtureReason says why.
	Mixture       ChiBar
	MixtureP      float64
	MixtureReason string
	// Simulated is the test by draws, nil if there were none.
	Simulated *SimulatedTest
	// P is the p value to report: by draws where there are any, else MixtureP.
	P     float64
	Notes []string
}

// SimulatedTest is a p value from draws of the statistic under the null.
type SimulatedTest struct {
	Method string // exact, approximate or parametric bootstrap; the source
	Draws  int    // that have a statistic
	Failed int    // replicates of a bootstrap whose refits failed
	Seed   uint64
	// P is (1 + draws of at least the statistic) / (1 + Draws), SE its Monte
	// Carlo standard error (Davison and Hinkley 1997, sec. 4.2).
	P, SE float64
}

func newSimulatedTest(method string, draws []float64, statistic float64, seed uint64) *SimulatedTest {
	t := &SimulatedTest{Method: method, Seed: seed}
	at := 0
	for _, x := range draws {
		switch {
		case math.IsNaN(x):
			t.Failed++
			continue
		case x >= statistic:
			at++
		}
		t.Draws++
	}
	if t.Draws == 0 {
		t.P, t.SE = math.NaN(), math.NaN()
		return t
	}
	t.P = float64(at+1) / float64(t.Draws+1)
	t.SE = math.Sqrt(t.P * (1 - t.P) / float64(t.Draws))
	return t
}

// LRT tests the smaller of two nested models within the larger; their order does
// not matter. Fits whose fixed effects span different spaces are compared by
// maximum likelihood: a restricted likelihood depends on them. With a structure of
// the residuals the p value is that of chi-square or a bootstrap, and the structures
// must be known to be nested.
//
// Errors: *ComparisonError for different rows, responses, weights or offsets,
// for models that are not nested and fits without a maximum; those of
// lmm.FitDesign where a refit by ML fails.
func LRT(a, b *lmm.Model, opt *LRTOptions) (*LRTest, error) {
	if a.NPar() > b.NPar() {
		a, b = b, a
	}
	fail := func(msg string) (*LRTest, error) {
		return nil, &ComparisonError{First: a.Formula(), Second: b.Formula(), Msg: msg}
	}
	if msg := sameData(a.Frame(), b.Frame()); msg != "" {
		return fail(msg)
	}
	if a.NPar() == b.NPar() {
		return fail("they have the same number of parameters: neither is part of the other. AIC and BIC can rank them")
	}
	if a.Residual() != nil || b.Residual() != nil {
		return structuredLRT(a, b, opt.orDefault())
	}
	if msg := measured(a, b); msg != "" {
		return fail(msg)
	}
	if !sameFamily(a, b) {
		return shapeTest(a, b, opt.orDefault())
	}
	if !fixedNested(a.Frame(), b.Frame()) {
		return fail("the fixed effects of the first are not among those of the second. AIC and BIC can rank models that are not nested")
	}
	g, reason := nest(a.Frame(), b.Frame())
	if g == nil {
		return fail(reason + ". AIC and BIC can rank models that are not nested")
	}
	a, b, refit, err := likelihoods(a, b)
	if err != nil {
		return nil, err
	}
	t, err := test(newSide(a), b, g, reason, opt.orDefault())
	if err != nil {
		return nil, err
	}
	t.Refitted = refit
	return t, nil
}

// likelihoods are the models with criteria that compare: refitted by ML where their
// fixed effects or criteria differ. A fit without a maximum is a *ComparisonError.
func likelihoods(a, b *lmm.Model) (x, y *lmm.Model, refit bool, err error) {
	refit = (a.REML() || b.REML()) && (a.Frame().X.Cols != b.Frame().X.Cols || a.REML() != b.REML())
	if refit {
		if a, err = byML(a); err != nil {
			return nil, nil, true, err
		}
		if b, err = byML(b); err != nil {
			return nil, nil, true, err
		}
	}
	for _, m := range []*lmm.Model{a, b} {
		if msg := settled(m); msg != "" {
			return nil, nil, refit, &ComparisonError{First: described(a), Second: described(b),
				Msg: fmt.Sprintf("the fit of %q has no likelihood to compare: %s", described(m), msg)}
		}
	}
	return a, b, refit, nil
}

// byML is the same model fitted by maximum likelihood.
func byML(m *lmm.Model) (*lmm.Model, error) {
	if !m.REML() {
		return m, nil
	}
	return lmm.FitDesign(m.Frame(), likeIts(m, true))
}

// compare sets the statistic from the criteria of the smaller and the larger model.
// A difference within their rounding is 0, of which a mixture makes p = 1.
func (t *LRTest) compare(smaller, larger float64) {
	const absolute, relative = 1e-8, 1e-12
	t.Statistic = smaller - larger
	switch {
	case t.Statistic < -1e-5:
		t.Notes = append(t.Notes, fmt.Sprintf("The larger model fits worse, by %.2g in -2 log L: its fit did not find the best maximum. The test cannot be trusted.", -t.Statistic))
		t.Statistic = 0
	case t.Statistic < absolute+relative*math.Abs(smaller):
		t.Statistic = 0
	}
}

// test compares a null model with one that holds it, both by the same
// criterion.
func test(null side, alt *lmm.Model, g *geometry, reason string, opt LRTOptions) (*LRTest, error) {
	fixed := alt.Frame().X.Cols - null.design.X.Cols
	t := &LRTest{
		Null: null.name, Alternative: alt.Formula(), REML: alt.REML(), DF: g.df + fixed,
		MixtureP: math.NaN(),
	}
	t.compare(null.value, invariant(alt))
	t.Naive = chiSquareSurvival(t.DF, t.Statistic)
	if t.MixtureReason = unidentified(null, alt); t.MixtureReason != "" {
		t.Naive = math.NaN()
	} else {
		t.MixtureReason = reason
	}
	if t.MixtureReason == "" {
		if t.Mixture, t.MixtureReason = g.theory(null, alt, fixed); t.MixtureReason == "" {
			t.MixtureP = t.Mixture.Survival(t.Statistic)
		}
	}
	if null.model != nil && null.model.Verdict().Place == certify.Boundary {
		t.Notes = append(t.Notes, "A variance of the smaller model is estimated at its limit; the mixture takes the smaller model to be inside. A parametric bootstrap does not.")
	}
	if fixed > 0 && opt.Bootstrap == 0 && fewest(alt) < fewGroups {
		t.Notes = append(t.Notes, fmt.Sprintf("With %d groups a likelihood ratio test of fixed effects rejects too often (Pinheiro and Bates 2000, sec. 2.4.2); %s.", fewest(alt), withFewGroups(alt)))
	}
	t.P = t.MixtureP
	switch {
	case opt.Bootstrap > 0:
		draws, err := bootstrapStatistics(null, alt, opt)
		if err != nil {
			return nil, err
		}
		t.Simulated = newSimulatedTest("parametric bootstrap", draws, t.Statistic, opt.Seed)
	case opt.Draws > 0:
		t.Simulated = exactTest(t, null, alt, g, fixed, opt)
	}
	if t.Simulated != nil && !math.IsNaN(t.Simulated.P) {
		t.P = t.Simulated.P
	}
	return t, nil
}

// fewGroups is the number of groups below which asymptotic tests of fixed effects
// are said to be unsafe.
const fewGroups = 20

// fewest is the smallest number of levels of a grouping factor.
func fewest(m *lmm.Model) int {
	d := m.Frame()
	n := len(d.Terms[0].Levels)
	for _, t := range d.Terms {
		n = min(n, len(t.Levels))
	}
	return n
}

// unidentified says why the degrees of freedom of a test are not the parameters
// more, "" if they are.
func unidentified(null side, alt *lmm.Model) string {
	models := []*lmm.Model{alt}
	if null.model != nil {
		models = append(models, null.model)
	}
	for _, m := range models {
		if names := m.Verdict().NotIdentifiable; len(names) > 0 {
			return fmt.Sprintf("%q has parameters that the data cannot tell apart, %s: the degrees of freedom are fewer than the parameters", m.Formula(), list(names))
		}
	}
	return ""
}

// exactTest draws from the finite-sample distribution of the statistic, nil
// where there is none to draw from.
func exactTest(t *LRTest, null side, alt *lmm.Model, g *geometry, fixed int, opt LRTOptions) *SimulatedTest {
	if alt.Family() != nil {
		return nil // it is known for linear models
	}
	term, column, ok := g.scalar(alt.Frame())
	alone := varianceParams(alt.Frame()) == 1
	if !ok || fixed > 0 && !alone || math.IsNaN(partsOf(alt).sd(term, column)) {
		return nil
	}
	v, err := newVarianceNull(alt.Frame(), term, column, alt.REML(), fixed)
	if err != nil {
		t.Notes = append(t.Notes, capitalise(err.Error())+".")
		return nil
	}
	method := "exact distribution of the likelihood ratio (Crainiceanu and Ruppert 2004)"
	if !alone {
		method = "approximate distribution: the other variances taken as known (Greven et al. 2008)"
	}
	return newSimulatedTest(method, v.simulate(opt.Draws, opt.Seed, opt.Workers), t.Statistic, opt.Seed)
}
