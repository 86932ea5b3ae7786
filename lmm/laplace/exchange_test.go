package laplace_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/laplace"
	"github.com/golmm/golmm/lmm/table"
)

// The same response exchanged gives the same criterion, also where a predictor is
// far from the origin and has large units: the start is in the coordinates of the
// rows.
func TestExchangeFarFromTheOrigin(t *testing.T) {
	for _, name := range family.Names() {
		tab := simulated(t, name, "", 1)
		x := append([]float64(nil), tab.Column("x").Floats()...)
		for i := range x {
			x[i] = 4000 + 300*x[i]
		}
		tab, err := tab.With(table.NewFloats("x", x))
		if err != nil {
			t.Fatal(err)
		}
		o := objective(t, build(t, "y ~ x + (1 | g)", tab, nil), name, "", laplace.Settings{})
		p := point(o, rand.New(rand.NewPCG(2, 2)), 1)
		e, err := o.Exchange(tab.Column("y").Floats())
		if err != nil {
			t.Fatal(err)
		}
		if got, want := e.Value(p), o.Value(p); !(math.Abs(got-want) <= 1e-9*math.Abs(want)) { // as tight as the fixed effects are found
			t.Errorf("%s: %.12g, want %.12g", name, got, want)
		}
	}
}
