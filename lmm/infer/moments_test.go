package infer_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// The moments of fm15 as computed in R from aov mean squares: the raw genetic
// correlation is beyond 1, that of the fit at 1.
func TestRawMomentsOfFM15(t *testing.T) {
	tab, err := reference.Table("fm15_genetic")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ trait - 1 + (trait - 1 | family)", tab, &lmm.Options{Residual: "un(trait | ind)"})
	if err != nil {
		t.Fatal(err)
	}
	x, err := infer.RawMoments(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want float64 }{
		{x.Cov[0][0], 0.235158614963089}, {x.Cov[1][1], 0.210598625664808}, {x.Cov[0][1], 0.231787376188632},
		{x.Within[0][0], 0.883902624748508}, {x.Within[1][1], 1.13049738602357}, {x.Within[0][1], 0.166446614675329},
		{x.Pairs[0].Raw, 1.04155346048798}, {x.N0, 4},
	} {
		if math.Abs(c.got-c.want) > 1e-10 {
			t.Errorf("%.15g, want %.15g", c.got, c.want)
		}
	}
	p := x.Pairs[0]
	if math.Abs(p.Fit-1) > 1e-6 || !p.Upper.Boundary || !(p.Lower.Value > 0.4 && p.Lower.Value < 0.7) {
		t.Errorf("%+v", p)
	}
	if text := x.Document().Text(); !strings.Contains(text, "beyond +1") || !strings.Contains(text, "1.042") {
		t.Error(text)
	}
	if b, err := json.Marshal(x); err != nil || !strings.Contains(string(b), `"raw":1.0415534604`) {
		t.Errorf("%s %v", b, err)
	}
	for _, opt := range []*infer.MomentsOptions{{Unit: "family"}, {Unit: "nobody"}, {Group: "ind"}} {
		if _, err := infer.RawMoments(m, opt); err == nil {
			t.Errorf("%+v was computed", opt)
		}
	}
}

// traits are k traits of n individuals a family, with a covariance matrix between
// families of rank 1 with equal loadings of 0.8 and unit errors correlated by 0.3.
func traits(t *testing.T, families, n, k int) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(17, 3))
	var family, ind, trait []string
	var y []float64
	for f := range families {
		g := 0.8 * rng.NormFloat64()
		for i := range n {
			e := math.Sqrt(0.3) * rng.NormFloat64()
			for j := range k {
				family, ind, trait = append(family, fmt.Sprint("f", f)), append(ind, fmt.Sprint("i", f, ".", i)), append(trait, fmt.Sprint("t", j+1))
				y = append(y, 10*float64(j)+g+e+math.Sqrt(0.7)*rng.NormFloat64())
			}
		}
	}
	tab, err := table.New(table.NewTexts("family", family), table.NewTexts("ind", ind), table.NewTexts("trait", trait), table.NewFloats("y", y))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// Reduced rank and factor-analytic covariance matrices of three traits beside an
// unstructured one of their residuals: each within the next, with its parameters
// counted, and the rank that the data have is enough.
func TestReducedRankOfThreeTraits(t *testing.T) {
	tab := traits(t, 40, 5, 3)
	fit := func(g string) *lmm.Model {
		m, err := lmm.Fit("y ~ 0 + trait + "+g, tab, &lmm.Options{Residual: "un(trait | ind)"})
		if err != nil {
			t.Fatal(err)
		}
		if m.Verdict().Convergence != certify.Converged {
			t.Errorf("%s: %v", g, m.Verdict())
		}
		return m
	}
	rank1, fa, full := fit("rr(0 + trait | family, 1)"), fit("rr(0 + trait | family, 1) + diag(0 + trait | family)"), fit("(0 + trait | family)")
	// means, un(3), G
	if rank1.NPar() != 3+6+3 || fa.NPar() != 3+6+6 || full.NPar() != 3+6+6 {
		t.Errorf("%d, %d and %d parameters", rank1.NPar(), fa.NPar(), full.NPar())
	}
	// A factor-analytic matrix of three traits is any that has one; both hold rank 1,
	// which is the truth: chi-square with 3 degrees of freedom is above 16.27 once in
	// 1000 data sets, the boundary makes it less.
	if a, b, c := rank1.Criterion(), fa.Criterion(), full.Criterion(); a < b-1e-6 || b < c-1e-6 || a-c > 16.26623619623813 {
		t.Errorf("criteria %.6f, %.6f and %.6f", a, b, c)
	}
	corr := rank1.VarCorr()[0].Corr
	if math.Abs(corr[0][1]-1) > 1e-9 || math.Abs(corr[0][2]-1) > 1e-9 {
		t.Errorf("%v", corr)
	}
	// The mean of the sds between families is 0.8 within four times its error of
	// about 0.8 / sqrt(80).
	var mean float64
	for _, sd := range rank1.VarCorr()[0].SD {
		mean += sd / 3
	}
	if math.Abs(mean-0.8) > 0.36 {
		t.Errorf("%v", rank1.VarCorr()[0].SD)
	}
	x, err := infer.RawMoments(full, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Pairs) != 3 || x.N0 != 5 || x.Groups != 40 {
		t.Errorf("%+v", x)
	}
	for _, p := range x.Pairs {
		if !(p.Raw > 0.5) || !(p.Lower.Value > 0) || !(p.Fit <= 1) {
			t.Errorf("%+v", p)
		}
	}
}
