package plots

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
)

func TestResidualsQQGolden(t *testing.T) {
	goldenSVG(t, ResidualsQQ(fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy"), Options{Seed: 1}), "qq")
}

// The seed alone decides the band.
func TestEnvelopeOfSeed(t *testing.T) {
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff")
	lo, hi, refits := envelope(m, 30, envelopes, 7)
	if refits != envelopes || len(lo) != 30 || len(hi) != 30 {
		t.Fatalf("%d refits, %d and %d ranks", refits, len(lo), len(hi))
	}
	for i := range lo {
		if lo[i] > hi[i] || i > 0 && (lo[i] < lo[i-1] || hi[i] < hi[i-1]) {
			t.Errorf("rank %d: %v to %v", i, lo[i], hi[i])
		}
	}
	lo2, hi2, _ := envelope(m, 30, envelopes, 7)
	other, _, _ := envelope(m, 30, envelopes, 8)
	if !slices.Equal(lo, lo2) || !slices.Equal(hi, hi2) || slices.Equal(lo, other) {
		t.Error("the band does not follow from the seed")
	}
}

// Data simulated from a model are inside its band: of the residuals of one
// such set, 95 % at each rank. Ranks depend on each other, so that a set may
// have many outside; the mean over 40 sets has a standard error near 0.015.
func TestEnvelopeCovers(t *testing.T) {
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff")
	lo, hi, _ := envelope(m, 30, envelopes, 1)
	inside, n := 0, 0
	for _, y := range m.Simulate(40, 99) {
		re, err := m.Refit(y)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range ordered(re.Residuals(lmm.StandardisedResidual)) {
			n++
			if v >= lo[i] && v <= hi[i] {
				inside++
			}
		}
	}
	if share := float64(inside) / float64(n); math.Abs(share-0.95) > 0.05 {
		t.Errorf("%.3f of the residuals are inside", share)
	}
}

func TestNormalScores(t *testing.T) {
	q := normalScores(5)
	for i, v := range q {
		if p := distuv.UnitNormal.CDF(v); math.Abs(p-(float64(i)+0.5)/5) > 1e-12 || math.Abs(q[4-i]+v) > 1e-12 {
			t.Errorf("%v", q)
		}
	}
}

func TestResidualsQQWords(t *testing.T) {
	f := ResidualsQQ(fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2"), Options{Seed: 3})
	svgOf(t, f)
	for _, want := range []string{"30 ordered", "in 199 fits", "seed 3", "rank  residual"} {
		if !strings.Contains(f.Text(), want) {
			t.Errorf("the text lacks %q:\n%s", want, f.Text())
		}
	}
}

// Crossed factors make a generalised model slow; it is fitted to fewer simulated responses.
func TestSlowModels(t *testing.T) {
	if slow(herds(t)) || slow(fitted(t, "diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin")) {
		t.Error("a small or a linear model is slow")
	}
	tab, err := datasets.Load("cbpp")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("incidence/size ~ 1 + (1 | herd) + (1 | period)", tab, &lmm.Options{Family: "binomial", Weights: "size"})
	if err != nil {
		t.Fatal(err)
	}
	if c := ResidualsQQ(m).Caption(); !slow(m) || !strings.Contains(c, "in 39 fits to data simulated") || !strings.Contains(c, "binomial, link logit") {
		t.Error(c)
	}
	if got := spreads(m); !slices.Equal(got, []string{"sd_(Intercept)|herd", "sd_(Intercept)|period"}) {
		t.Error(got)
	}
}
