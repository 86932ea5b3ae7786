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
