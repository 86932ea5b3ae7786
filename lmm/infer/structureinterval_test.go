package infer_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// Wald intervals on the scale without limits are those of nlme's intervals(); it
// takes its curvature by differences, good to about 1e-3 of the width.
func TestIntervalsOfStructuresAreThoseOfNLME(t *testing.T) {
	for _, c := range []struct {
		data, formula, residual string
		index                   int
		lower, upper            float64
	}{
		{"Orthodont", "distance ~ age * Sex", "cs(1 | Subject)", 0, 0.441572798725511, 0.776014918718088},
		{"sleepstudy", "Reaction ~ Days", "ar1(Days | Subject) * varexp(Days)", 0, 0.691284708479811, 0.86162159891656},
		{"sleepstudy", "Reaction ~ Days", "ar1(Days | Subject) * varexp(Days)", 1, 0.0520265081164987, 0.122092731044995},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(c.formula, tab, &lmm.Options{Residual: c.residual})
		if err != nil {
			t.Fatal(err)
		}
		wald, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: infer.ByWald})
		if err != nil {
			t.Fatal(err)
		}
		r := wald.Rows[c.index]
		if width := c.upper - c.lower; math.Abs(r.Lower.Value-c.lower) > 2e-3*width || math.Abs(r.Upper.Value-c.upper) > 2e-3*width {
			t.Errorf("%s: %.6f to %.6f, nlme has %.6f to %.6f", c.residual, r.Lower.Value, r.Upper.Value, c.lower, c.upper)
		}
		profile, err := infer.VarianceIntervals(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range profile.Rows {
			w := wald.Rows[i]
			if !(p.Lower.Value < p.Estimate && p.Estimate < p.Upper.Value) ||
				math.Abs(p.Lower.Value-w.Lower.Value) > 0.3*(w.Upper.Value-w.Lower.Value) || math.Abs(p.Upper.Value-w.Upper.Value) > 0.3*(w.Upper.Value-w.Lower.Value) {
				t.Errorf("%s %s: profile %+v, Wald %+v", c.residual, p.Name, p, w)
			}
		}
	}
}

// At the limits of a profile interval of the intraclass correlation the criterion
// is 3.84 above its minimum: that of a random intercept whose variance is fixed
// there, through another parametrisation.
func TestProfileOfAStructureIsThatOfTheIntercept(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	cs, err := lmm.Fit("Reaction ~ Days", tab, &lmm.Options{Residual: "cs(1 | Subject)"})
	if err != nil {
		t.Fatal(err)
	}
	ri, err := lmm.Fit("Reaction ~ Days + (1 | Subject)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := infer.VarianceIntervals(cs, nil)
	if err != nil {
		t.Fatal(err)
	}
	theta, err := infer.Profile(ri, &infer.ProfileOptions{Params: []string{"theta_(Intercept)|Subject"}})
	if err != nil {
		t.Fatal(err)
	}
	icc := func(theta float64) float64 { return theta * theta / (1 + theta*theta) }
	r, c := a.Rows[0], theta.Curves[0]
	if math.Abs(r.Lower.Value-icc(c.Lower.Value)) > 1e-5 || math.Abs(r.Upper.Value-icc(c.Upper.Value)) > 1e-5 {
		t.Errorf("%.7f to %.7f, by the random intercept %.7f to %.7f", r.Lower.Value, r.Upper.Value, icc(c.Lower.Value), icc(c.Upper.Value))
	}
}

// Unstructured correlations, a nugget, a variance function beside random effects.
func TestProfilesOfManyStructures(t *testing.T) {
	for _, c := range []struct{ data, formula, residual string }{
		{"Orthodont", "distance ~ age * Sex", "un(age | Subject)"},
		{"BodyWeight", "weight ~ Time * Diet", "gau(Time | Rat, nugget)"},
		{"Ovary", "follicles ~ sin(2 * pi * Time) + cos(2 * pi * Time) + (1 | Mare)", "arma(1 | Mare)"},
		{"Orthodont", "distance ~ age * Sex + (age | Subject)", "varident(Sex)"},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(c.formula, tab, &lmm.Options{Residual: c.residual})
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []infer.VarianceMethod{infer.ByProfile, infer.ByWald} {
			x, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: method})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range x.Rows {
				if !(r.Lower.Value < r.Estimate && r.Estimate < r.Upper.Value) {
					t.Errorf("%s, %s, %s: %+v", c.residual, method, r.Name, r)
				}
			}
		}
	}
}
