package laplace_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/laplace"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/table"
)

// sick are data that a fit meets and that have no ordinary maximum.
func sick(t testing.TB, kind string) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(2, 2))
	var y, x, w []float64
	var g, f []string
	for i := range 120 {
		xi := rng.NormFloat64()
		yi := float64(rng.IntN(2))
		fi := fmt.Sprint("f", rng.IntN(3))
		switch kind {
		case "complete separation":
			yi = 0
			if xi > 0 {
				yi = 1
			}
		case "quasi-complete separation":
			if fi == "f2" {
				yi = 1
			}
		case "all zero but one":
			yi = 0
			if i == 7 {
				yi = 1
			}
		case "groups all alike":
			yi = float64(i % 12 % 2)
		case "huge counts":
			yi = math.Round(1e9 * rng.Float64())
		case "wild predictor":
			xi *= 1e6
		}
		y, x, g, f, w = append(y, yi), append(x, xi), append(g, fmt.Sprint("g", i%12)), append(f, fi), append(w, 1+float64(rng.IntN(1000000)))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("w", w), table.NewTexts("g", g), table.NewTexts("f", f))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// Whatever the data and the point: a number, or +Inf with a reason, never NaN.
func TestNoNaNEverLeaves(t *testing.T) {
	for _, tt := range []struct{ kind, family, src, weights string }{
		{"complete separation", "binomial", "y ~ x + (1 | g)", ""},
		{"quasi-complete separation", "binomial", "y ~ f + (1 | g)", ""},
		{"all zero but one", "binomial", "y ~ x + (x | g)", ""},
		{"all zero but one", "poisson", "y ~ x + (x | g) + (1 | f)", ""},
		{"groups all alike", "binomial", "y ~ x + (1 | g)", ""},
		{"groups all alike", "negbinomial", "y ~ x + (1 | g)", ""},
		{"huge counts", "poisson", "y ~ x + (1 | g)", ""},
		{"wild predictor", "binomial", "y ~ x + (x | g)", ""},
		{"heavy weights", "binomial", "y ~ x + (1 | g)", "w"},
	} {
		t.Run(tt.kind+" "+tt.family, func(t *testing.T) {
			d := build(t, tt.src, sick(t, tt.kind), &design.Options{Weights: tt.weights})
			for _, set := range []laplace.Settings{{}, {Nodes: 5}, {Joint: true}} {
				if set.Nodes > 1 && strings.Contains(tt.src, "| f)") {
					continue
				}
				o := objective(t, d, tt.family, "", set)
				rng := rand.New(rand.NewPCG(8, 8))
				points := []cone.Point{cone.Identity(o.Blocks(), 0)}
				for _, size := range []float64{1e-3, 0.3, 1, 3, 10, 1000, 1e160} {
					points = append(points, point(o, rng, size))
				}
				for _, p := range points {
					checkFinite(t, o, p)
				}
				checkFinite(t, o, solve.Minimize(o, o.Starts()[0], nil).Point)
			}
		})
	}
}

func checkFinite(t *testing.T, o *laplace.Objective, p cone.Point) {
	t.Helper()
	d := o.Derivs(p)
	if math.IsNaN(d.F) || math.IsInf(d.F, -1) || math.IsInf(d.F, 1) != (o.Reason() != "") {
		t.Errorf("value %g at %v, reason %q", d.F, p, o.Reason())
	}
	for _, list := range append(d.G, d.H) {
		for _, v := range list {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("derivatives %v %v at %v", d.G, d.H, p)
			}
		}
	}
	if math.IsInf(d.F, 1) {
		return
	}
	sol := o.Solve(p)
	for _, v := range sol.Beta {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("beta %v at %v", sol.Beta, p)
		}
	}
}

// Where the search begins is learnt from one of so many rows: never from those of one
// kind, though the rows are pairs of a failure and a success.
func TestStartOfManyPairs(t *testing.T) {
	const pairs = 50_000
	rng := rand.New(rand.NewPCG(7, 7))
	x, y, g := draws(rng, 2*pairs), make([]float64, 2*pairs), make([]string, 2*pairs)
	for i := range y {
		y[i], g[i] = float64(i%2), fmt.Sprint(i/2)
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	o := objective(t, build(t, "y ~ x + (1 | g)", tab, nil), "binomial", "", laplace.Settings{})
	for _, p := range o.Starts() {
		// No variance makes pairs that differ more likely than fair coins do; x, which is
		// noise, may by 20.
		if f := o.Value(p); !(f > 4*pairs*math.Ln2-20 && f < 1e6) {
			t.Errorf("at %v the criterion is %g: %s", p, f, o.Reason())
		}
	}
}
