package infer_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// Independent residuals written as a structure have the profiles of the model
// without one, at the boundary too.
func TestProfilesOfAStructureThatIsNone(t *testing.T) {
	for _, c := range []struct{ data, formula string }{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)"},
		{"fm13_growth_dropout", "score ~ aged + (aged | id)"},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		var both []*infer.ProfileResult
		for _, residual := range []string{"", "id"} {
			m, err := lmm.Fit(c.formula, tab, &lmm.Options{Residual: residual})
			if err != nil {
				t.Fatal(err)
			}
			p, err := infer.Profile(m, nil)
			if err != nil {
				t.Fatal(err)
			}
			both = append(both, p)
		}
		for i, x := range both[0].Curves {
			y := both[1].Curves[i]
			width := x.Upper.Value - x.Lower.Value
			// Both end where zeta is its quantile within 1e-8; the minima agree to
			// 1e-8 in the criterion, 1e-4 of a standard error.
			if x.Name != y.Name || !(math.Abs(x.Lower.Value-y.Lower.Value) <= 1e-4*width) || !(math.Abs(x.Upper.Value-y.Upper.Value) <= 1e-4*width) || x.Lower.Boundary != y.Lower.Boundary {
				t.Errorf("%s: %s %+v to %+v, with a structure %s %+v to %+v", c.formula, x.Name, x.Lower, x.Upper, y.Name, y.Lower, y.Upper)
			}
		}
	}
}

// The genetic correlation of fm15 is estimated at 1, and its profile is that of the
// model with both covariance matrices as random effects and no residual: at a
// correlation held there, the criterion by ProfileAt is no less than that of any fit
// with it, and 3.84 above the minimum at the lower limit.
func TestProfileOfTheGeneticCorrelation(t *testing.T) {
	tab, err := reference.Table("fm15_genetic")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ trait - 1 + (trait - 1 | family)", tab, &lmm.Options{Residual: "un(trait | ind)"})
	if err != nil {
		t.Fatal(err)
	}
	name := "cor_traitt2.traitt1|family"
	p, err := infer.Profile(m, &infer.ProfileOptions{Params: []string{name}})
	if err != nil {
		t.Fatal(err)
	}
	c := p.Curves[0]
	if math.Abs(c.Estimate-1) > 1e-6 || !c.Upper.Boundary || !(c.Lower.Value > 0.4 && c.Lower.Value < 0.7) {
		t.Errorf("%v, %+v to %+v", c.Estimate, c.Lower, c.Upper)
	}
	at, err := infer.ProfileAt(m, name, []float64{c.Lower.Value, 0.969704282163485})
	if err != nil {
		t.Fatal(err)
	}
	if rise := at[0].Criterion - m.Criterion(); math.Abs(rise-3.841458820694124) > 1e-5 {
		t.Errorf("the criterion rises by %.8f to the lower limit", rise)
	}
	// nlme stops at this correlation with 1178.82510612639, its other parameters
	// not at their conditional optimum.
	if at[1].Criterion > 1178.82510612639 || at[1].Criterion < m.Criterion() {
		t.Errorf("criterion %.6f at the correlation of nlme", at[1].Criterion)
	}
}

// The profile of the sd of the reference, here the first sex, in closed form.
func TestProfileOfTheReferenceSD(t *testing.T) {
	tab, err := reference.Table("Orthodont")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("distance ~ age * Sex", tab, &lmm.Options{Residual: "varident(Sex)"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := infer.Profile(m, &infer.ProfileOptions{Params: []string{"sigma"}})
	if err != nil {
		t.Fatal(err)
	}
	// Independent rows with a variance of each sex are two regressions: REML gives
	// each its own n - 2 degrees of freedom, (n - 2) s^2 / sigma^2 a chi-square
	// profile, d(v) = nu (log(v / s2) + s2 / v - 1).
	c := p.Curves[0]
	nu := float64(rowsWith(tab.Column("Sex").AsFactor().Levels(), func(i int) string { return tab.Column("Sex").Text(i) }, tab.Rows()) - 2)
	rise := func(s float64) float64 {
		r := c.Estimate * c.Estimate / (s * s)
		return nu * (r - 1 - math.Log(r))
	}
	for _, l := range []infer.Limit{c.Lower, c.Upper} {
		if d := rise(l.Value); math.Abs(d-3.841458820694124) > 1e-5 {
			t.Errorf("at %v the criterion rises by %.7f", l.Value, d)
		}
	}
}

// rowsWith counts the rows of the first level.
func rowsWith(levels []string, text func(int) string, n int) int {
	count := 0
	for i := range n {
		if text(i) == levels[0] {
			count++
		}
	}
	return count
}

// A variance without its bound has an interval of its own: in the interior that of
// the random intercept, squared, and where it is negative one whose ends are where
// the criterion has risen by the quantile, with 0 outside as the drop of 34.4 says.
func TestIntervalOfAFreeVariance(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	const f = "Reaction ~ Days + (1 | Subject)"
	free, err := lmm.Fit(f, tab, &lmm.Options{Unbounded: true})
	if err != nil {
		t.Fatal(err)
	}
	bounded, err := lmm.Fit(f, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	x, err := infer.Profile(free, &infer.ProfileOptions{Params: []string{"variance of (1 | Subject)", "sigma"}})
	if err != nil {
		t.Fatal(err)
	}
	y, err := infer.Profile(bounded, &infer.ProfileOptions{Params: []string{"sd_(Intercept)|Subject", "sigma"}})
	if err != nil {
		t.Fatal(err)
	}
	a, b := x.Curves[0], y.Curves[0]
	for _, c := range [][2]float64{{a.Estimate, b.Estimate * b.Estimate}, {a.Lower.Value, b.Lower.Value * b.Lower.Value}, {a.Upper.Value, b.Upper.Value * b.Upper.Value},
		{x.Curves[1].Lower.Value, y.Curves[1].Lower.Value}, {x.Curves[1].Upper.Value, y.Curves[1].Upper.Value}} {
		// the ends stand where zeta is its quantile within 1e-8; the minima differ by 1e-9
		if math.Abs(c[0]-c[1]) > 1e-5*c[1] {
			t.Errorf("%.8g without the bound, %.8g with it", c[0], c[1])
		}
	}
	if tab, err = reference.Table("fm02_negative_icc"); err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ t + (1 | pair)", tab, &lmm.Options{Unbounded: true})
	if err != nil {
		t.Fatal(err)
	}
	const name = "variance of (1 | pair)"
	for _, method := range []infer.VarianceMethod{infer.ByProfile, infer.ByWald} {
		v, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: method})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, r := range v.Rows {
			if r.Name != name {
				continue
			}
			found = true
			if !(r.Lower.Value < r.Estimate && r.Estimate < r.Upper.Value && r.Upper.Value < 0) || math.Abs(r.Estimate+1.19166826) > 1e-6 {
				t.Errorf("%s: %+v", method, r)
			}
			// the estimate is (MSB - MSW) / n with 39 and 119 degrees of freedom, one
			// of the latter for t: its variance is 2 (MSB^2 / 39 + MSW^2 / 119) / n^2
			if want := math.Sqrt(2*(0.921742395379884*0.921742395379884/39+5.68841539704056*5.68841539704056/119)) / 4; method == infer.ByWald && math.Abs(r.SE-want) > 0.01*want {
				t.Errorf("SE %.6f, want %.6f", r.SE, want)
			}
			if method == infer.ByWald {
				continue
			}
			at, err := infer.ProfileAt(m, name, []float64{r.Lower.Value, 0})
			if err != nil {
				t.Fatal(err)
			}
			if d := at[0].Criterion - m.Criterion(); math.Abs(d-3.841458820694124) > 1e-5 {
				t.Errorf("the criterion rises by %.7f", d)
			}
			// at 0 it is the fit with the bound
			if math.Abs(at[1].Criterion-696.817170240712) > 1e-5 {
				t.Errorf("at 0 the criterion is %.7f", at[1].Criterion)
			}
		}
		if !found {
			t.Errorf("%s: no %s in %+v", method, name, v.Rows)
		}
	}
}
