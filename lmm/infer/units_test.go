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

// Intervals follow the units: of profiles, of bootstraps and of predictions.
func TestIntervalsFollowUnits(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	n := 60
	y, x, g, level := make([]float64, n), make([]float64, n), make([]string, n), make([]float64, 10)
	for l := range level {
		level[l] = rng.NormFloat64()
	}
	for i := range n {
		x[i], g[i] = rng.NormFloat64(), fmt.Sprint("g", i%10)
		y[i] = 3 + (1+0.5*level[i%10])*x[i] + level[i%10] + rng.NormFloat64()
	}
	// intervals are the limits and standard errors over their units.
	intervals := func(yUnit, xUnit float64) []float64 {
		u, v := make([]float64, n), make([]float64, n)
		for i := range n {
			u[i], v[i] = yUnit*y[i], xUnit*x[i]
		}
		tab, err := table.New(table.NewFloats("y", u), table.NewFloats("x", v), table.NewTexts("g", g))
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit("y ~ x + (x | g)", tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		unit := map[string]float64{"sd_(Intercept)|g": yUnit, "sd_x|g": yUnit / xUnit, "cor_x.(Intercept)|g": 1, "sigma": yUnit, "(Intercept)": yUnit, "x": yUnit / xUnit}
		p, err := infer.Profile(m, nil)
		if err != nil || len(p.Findings) > 0 {
			t.Fatal(p.Findings, err)
		}
		var out []float64
		for _, c := range p.Curves {
			out = append(out, c.Estimate/unit[c.Name], c.Lower.Value/unit[c.Name], c.Upper.Value/unit[c.Name])
		}
		b, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 20, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		all, err := b.Intervals(infer.Percentile, 0.8)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			out = append(out, c.SE/unit[c.Name])
		}
		q, err := m.Predict(nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return append(out, q.SE[0]/yUnit, q.Confidence.Lower[0]/yUnit, q.Response.Upper[0]/yUnit)
	}
	want := intervals(1, 1)
	for _, c := range [][2]float64{{1e200, 1}, {1e-200, 1}, {1, 1e200}, {1e-13, 1}, {1e-120, 1e120}} {
		got := intervals(c[0], c[1])
		for i := range want {
			// Where searches stop: the criterion within 1e-8 or so, at a slope of 1 or more.
			if !(math.Abs(got[i]-want[i]) < 1e-4*(math.Abs(want[i])+0.1)) {
				t.Errorf("units %g and %g: number %d is %g, want %g", c[0], c[1], i, got[i], want[i])
			}
		}
	}
}
