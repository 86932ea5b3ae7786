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
