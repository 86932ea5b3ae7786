package infer

import (
	"math"
	"math/rand/v2"

	"github.com/golmm/golmm/lmm"
)

// withFewGroups says what is safe where there are few groups.
func withFewGroups(m *lmm.Model) string {
	if m.Family() != nil {
		return "a parametric bootstrap does not"
	}
	return "a parametric bootstrap or an F test with Kenward-Roger degrees of freedom does not"
}

// shapeTest tests a Poisson model within a negative binomial one with the same
// random terms: 1 / size is 0 there, at the end of its range, so that the
// asymptotic distribution is a mixture (Self and Liang 1987, case 5; Cameron and
// Trivedi 2013, sec. 3.4).
func shapeTest(a, b *lmm.Model, opt LRTOptions) (*LRTest, error) {
	fail := func(msg string) (*LRTest, error) {
		return nil, &ComparisonError{First: described(a), Second: described(b), Msg: msg}
	}
	x, y := a.Family(), b.Family()
	switch {
	case x == nil || y == nil || x.Name() != "poisson" || y.Name() != "negbinomial" || x.Link() != y.Link():
		return fail("no distribution is a special case of the other. AIC and BIC can rank them")
	case !sameTerms(a.Frame(), b.Frame()):
		return fail("both the distributions and the random terms differ: change one at a time. AIC and BIC can rank the models")
	case !fixedNested(a.Frame(), b.Frame()):
		return fail("the fixed effects of the first are not among those of the second. AIC and BIC can rank models that are not nested")
	}
	if _, _, _, err := likelihoods(a, b); err != nil {
		return nil, err
	}
	fixed := b.Frame().X.Cols - a.Frame().X.Cols
	t := &LRTest{Null: described(a), Alternative: described(b), DF: 1 + fixed}
	t.compare(a.Criterion(), b.Criterion())
	t.Naive = chiSquareSurvival(t.DF, t.Statistic)
	var ok bool
	if t.Mixture, ok = newChiBar(fixed, []int{1}, nil); !ok {
		return fail("the weights of the mixture could not be computed")
	}
	t.MixtureP = t.Mixture.Survival(t.Statistic)
	t.P = t.MixtureP
	if opt.Bootstrap > 0 {
		draws := make([]float64, opt.Bootstrap)
		each(opt.Workers, 0, len(draws), func(_, r int) {
			draws[r] = ratio(newSide(a), b, a.Draw(rand.New(rand.NewPCG(opt.Seed, uint64(r)))))
		})
		t.Simulated = newSimulatedTest("parametric bootstrap", draws, t.Statistic, opt.Seed)
		if !math.IsNaN(t.Simulated.P) {
			t.P = t.Simulated.P
		}
	}
	return t, nil
}
