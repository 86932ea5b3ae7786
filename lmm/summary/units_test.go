package summary

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/table"
)

// A summary has its numbers, with exponents, in units whose squares no float holds: t,
// correlation and the ratio of each estimate to its unit stay.
func TestUnitsBeyondSquares(t *testing.T) {
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
	fit := func(yUnit, xUnit float64) *lmm.Model {
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
		return m
	}
	want := fit(1, 1)
	near := func(what string, got, want float64) {
		t.Helper()
		// Rounding, and where a search stops.
		if !(math.Abs(got/want-1) < 1e-5) {
			t.Errorf("%s is %g, want %g", what, got, want)
		}
	}
	for _, c := range [][2]float64{{1e200, 1}, {1e-200, 1}, {1, 1e200}, {1, 1e-200}, {1e-120, 1e120}, {1e-180, 1e-120}} {
		m := fit(c[0], c[1])
		at := fmt.Sprintf("units %g and %g: ", c[0], c[1])
		unit := []float64{c[0], c[0] / c[1]}
		for j, e := range m.FixedEffects() {
			near(at+"estimate of "+e.Name, e.Estimate/unit[j], want.FixedEffects()[j].Estimate)
			near(at+"SE of "+e.Name, e.SE/unit[j], want.FixedEffects()[j].SE)
			if e.Reason != "" {
				t.Errorf("%s%s: %s", at, e.Name, e.Reason)
			}
		}
		got, other := m.VarCorr()[0], want.VarCorr()[0]
		for j := range got.SD {
			near(at+"sd of "+got.Names[j], got.SD[j]/unit[j], other.SD[j])
			for k, v := range got.Cov[j] {
				if size := got.SD[j] * got.SD[k]; size == 0 || math.IsInf(size, 0) {
					if !math.IsNaN(v) {
						t.Errorf("%scovariance %d, %d is %g", at, j, k, v)
					}
					continue
				}
				near(at+"covariance", got.Cov[j][k]/unit[j]/unit[k], other.Cov[j][k])
			}
		}
		near(at+"correlation", got.Corr[1][0], other.Corr[1][0])
		near(at+"sigma", m.Sigma()/c[0], want.Sigma())
		for j, row := range m.Vcov() {
			for k, v := range row {
				if v == 0 || math.IsInf(v, 0) {
					t.Errorf("%scovariance %d, %d of the fixed effects is %g", at, j, k, v)
				}
			}
		}
		text := Of(m).Text()
		text = text[strings.Index(text, "Fixed effects"):strings.Index(text, "How it was")]
		for _, line := range strings.Split(text, "\n") {
			fields := strings.Fields(line)
			if len(fields) > 0 && strings.HasSuffix(fields[0], ":") {
				break // of the findings
			}
			if len(fields) == 0 || strings.HasPrefix(line, "--") {
				continue
			}
			for _, f := range fields[1:] {
				if f == "-" || strings.Trim(f, "0.-") == "" {
					t.Errorf("%s%q lacks a number", at, line)
				}
			}
		}
	}
}
