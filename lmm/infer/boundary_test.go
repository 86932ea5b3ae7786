package infer_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

func coefficients(t *testing.T, m *lmm.Model, df infer.DF) *infer.Estimates {
	t.Helper()
	e, err := infer.Coefficients(m, &infer.Options{DF: df})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// On the boundary Satterthwaite is that of the model of the face: without the
// term whose variance is 0, or of the reduced rank that was found.
func TestSatterthwaiteOnTheBoundaryIsThatOfTheFace(t *testing.T) {
	for _, c := range []struct{ data, whole, face string }{
		{"Orthodont_x", "distance ~ age + (1 | Subject) + (0 + nsex | Subject) + (0 + nsexage | Subject)",
			"distance ~ age + (1 | Subject) + (0 + nsexage | Subject)"},
		{"fm08_rats", "cc ~ pair + (0 + pair | rat)", "cc ~ pair + rr(0 + pair | rat, 2)"},
	} {
		whole := fit(t, c.whole, c.data, nil)
		if whole.Verdict().Place != certify.Boundary {
			t.Fatalf("%s is %v", c.whole, whole.Verdict().Place)
		}
		a, b := coefficients(t, whole, infer.Satterthwaite), coefficients(t, fit(t, c.face, c.data, nil), infer.Satterthwaite)
		for i, r := range a.Rows {
			// Two searches; the Hessian of several factors has errors of 1e-7.
			matches(t, c.whole+", SE of "+r.Name, r.SE, b.Rows[i].SE, 1e-6)
			matches(t, c.whole+", df of "+r.Name, r.DF, b.Rows[i].DF, 1e-4)
		}
	}
}

// Weights are the same as rows multiplied by their root, columns of the
// intercept included.
func TestWeightsAreScaledRows(t *testing.T) {
	tab, err := reference.Table("sleepstudy_wo")
	if err != nil {
		t.Fatal(err)
	}
	weighted, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", tab, &lmm.Options{Weights: "w"})
	if err != nil {
		t.Fatal(err)
	}
	w, y, x := tab.Column("w").Floats(), tab.Column("Reaction").Floats(), tab.Column("Days").Floats()
	one := make([]float64, len(w))
	for i, v := range w {
		one[i] = math.Sqrt(v)
		y[i] *= one[i]
		x[i] *= one[i]
	}
	scaled, err := table.New(table.NewFloats("one", one), table.NewFloats("y", y), table.NewFloats("x", x), tab.Column("Subject").AsFactor())
	if err != nil {
		t.Fatal(err)
	}
	plain, err := lmm.Fit("y ~ 0 + one + x + (0 + one + x | Subject)", scaled, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, df := range []infer.DF{infer.Satterthwaite, infer.KenwardRoger} {
		a, b := coefficients(t, weighted, df), coefficients(t, plain, df)
		for i, r := range a.Rows {
			matches(t, df.String()+", SE of "+r.Name, r.SE, b.Rows[i].SE, 1e-7)
			matches(t, df.String()+", df of "+r.Name, r.DF, b.Rows[i].DF, 1e-7)
		}
	}
}

// Units and origins of covariates and the unit of the response change no df.
func TestDFDoNotDependOnUnits(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	days, y := tab.Column("Days").Floats(), tab.Column("Reaction").Floats()
	for i := range days {
		days[i] = days[i]*86400 + 1e6
		y[i] *= 1e-3
	}
	other, err := tab.With(table.NewFloats("Days", days))
	if err != nil {
		t.Fatal(err)
	}
	if other, err = other.With(table.NewFloats("Reaction", y)); err != nil {
		t.Fatal(err)
	}
	const formula = "Reaction ~ Days + (Days | Subject)"
	a, err := lmm.Fit(formula, tab.Take(first(150)), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := lmm.Fit(formula, other.Take(first(150)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, df := range []infer.DF{infer.Satterthwaite, infer.KenwardRoger} {
		x, y := coefficients(t, a, df).Rows[1], coefficients(t, b, df).Rows[1]
		matches(t, df.String()+", t", y.T, x.T, 1e-8)
		matches(t, df.String()+", df", y.DF, x.DF, 1e-7)
	}
}

func first(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Values of lmerTest 3.1-3 and pbkrtest 0.5.2 (R 4.2.2, lme4 1.1-31 at tight
// tolerances), which agree on the boundary where lme4's coordinates are those
// of the face; and with crossed factors.
func TestAgainstPbkrtestOnTheBoundary(t *testing.T) {
	rats := fit(t, "cc ~ pair + (0 + pair | rat)", "fm08_rats", nil)
	sat, kr := coefficients(t, rats, infer.Satterthwaite), coefficients(t, rats, infer.KenwardRoger)
	for i, want := range []struct{ se, df float64 }{{0.02318383914, 9.151032638}, {0.01859816196, 13.593142523}, {0.02984723254, 9.060517968},
		{0.01875668493, 13.101250404}, {0.01686264018, 18.300665913}, {0.02205008790, 10.058408097}} {
		// bobyqa to 1e-10 in theta leaves 1e-6.
		matches(t, "rats, SE", sat.Rows[i].SE, want.se, 1e-6)
		matches(t, "rats, Satterthwaite df", sat.Rows[i].DF, want.df, 1e-5)
		matches(t, "rats, Kenward-Roger SE", kr.Rows[i].SE, want.se, 1e-6)
		matches(t, "rats, Kenward-Roger df", kr.Rows[i].DF, 9, 1e-6)
	}
	m := fit(t, "distance ~ age + (1 | Subject) + (0 + nsex | Subject) + (0 + nsexage | Subject)", "Orthodont_x", nil)
	for i, want := range []struct{ se, df float64 }{{0.799047822, 72.1953616}, {0.063447857, 76.9035665}} {
		r := coefficients(t, m, infer.KenwardRoger).Rows[i]
		matches(t, "Orthodont, SE", r.SE, want.se, 1e-7)
		matches(t, "Orthodont, df", r.DF, want.df, 1e-7)
	}
	tab, err := reference.Table("ScotsSec")
	if err != nil {
		t.Fatal(err)
	}
	crossed, err := lmm.Fit("attain ~ verbal * sex + (1 | primary) + (1 | second)", tab.Take(first(900)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ se, df float64 }{{0.13929206628, 891.3073833}, {0.01009158285, 891.0239207}} {
		r := coefficients(t, crossed, infer.KenwardRoger).Rows[2+i]
		matches(t, "ScotsSec, SE of "+r.Name, r.SE, want.se, 1e-7)
		matches(t, "ScotsSec, df of "+r.Name, r.DF, want.df, 1e-7)
	}
}

// Where lmer stops at theta_11 = 0 the variance of the intercept is taken as
// known, and lmerTest gives the intercept of 10 groups 48.93 df. The optimum is
// elsewhere.
func TestFalseEdge(t *testing.T) {
	tab, err := table.ReadCSVFile("testdata/false_edge.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ x + (x | g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	if v := m.Verdict(); v.Place != certify.Interior || !(m.Criterion() < 204.5616-1e-3) {
		t.Errorf("%v at %.6f", v.Place, m.Criterion())
	}
	sat, kr := coefficients(t, m, infer.Satterthwaite).Rows[0], coefficients(t, m, infer.KenwardRoger).Rows[0]
	if !(sat.DF > 8 && sat.DF < 10 && kr.DF > 8 && kr.DF < 10) {
		t.Errorf("the intercept of 10 groups has %.2f and %.2f df", sat.DF, kr.DF)
	}
}
