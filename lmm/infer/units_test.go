package infer_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// Tests do not depend on units, though the squares of these are no floats: standard
// errors follow the units, t, df, F and p stay.
func TestUnitsBeyondSquares(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var y, x []float64
	var g []string
	for i := range 60 {
		v := rng.NormFloat64()
		x, g = append(x, v), append(g, fmt.Sprint("g", i%10))
		y = append(y, math.Max(0, math.Round(3+v+rng.NormFloat64())))
	}
	times := func(v []float64, unit float64) []float64 {
		out := make([]float64, len(v))
		for i := range v {
			out[i] = unit * v[i]
		}
		return out
	}
	fit := func(family string, yUnit, xUnit float64, df infer.DF) (infer.Estimate, infer.FTest) {
		tab, err := table.New(table.NewFloats("y", times(y, yUnit)), table.NewFloats("x", times(x, xUnit)), table.NewTexts("g", g))
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit("y ~ x + (1 | g)", tab, &lmm.Options{Family: family})
		if err != nil {
			t.Fatal(err)
		}
		e, err := infer.Coefficients(m, &infer.Options{DF: df})
		if err != nil {
			t.Fatal(err)
		}
		joint, err := infer.Joint(m, "x", []infer.Row{{Name: "x", Weights: []float64{0, 1}}}, &infer.Options{DF: df})
		if err != nil {
			t.Fatal(err)
		}
		return e.Rows[1], *joint
	}
	for _, c := range []struct {
		family string
		y, x   float64
	}{{"", 1, 1e200}, {"", 1e200, 1}, {"", 1e-200, 1}, {"", 1e-120, 1e120}, {"poisson", 1, 1e200}} {
		for _, df := range []infer.DF{infer.Satterthwaite, infer.KenwardRoger, infer.Normal} {
			if c.family != "" && df != infer.Normal {
				continue
			}
			want, wantF := fit(c.family, 1, 1, df)
			got, gotF := fit(c.family, c.y, c.x, df)
			// The same numbers times a unit: rounding, and where a search stops.
			for i, pair := range [][2]float64{{got.SE * c.x / c.y, want.SE}, {got.T, want.T}, {got.P, want.P}, {gotF.F, wantF.F}, {gotF.P, wantF.P}} {
				if !(math.Abs(pair[0]/pair[1]-1) < 1e-6) {
					t.Errorf("%q, units %g and %g, df %v: number %d is %g, want %g (%s%s)", c.family, c.y, c.x, df, i, pair[0], pair[1], got.Reason, gotF.Reason)
				}
			}
		}
	}
}
