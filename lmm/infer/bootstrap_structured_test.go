package infer_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
)

// Models whose residuals have a structure, with random effects or without, have
// a bootstrap: no replicate fails, and the spread of a slope is its standard error.
func TestBootstrapDrawsStructures(t *testing.T) {
	tab, err := datasets.Load("Orthodont")
	if err != nil {
		t.Fatal(err)
	}
	for formula, residual := range map[string]string{"distance ~ age": "ar1(age | Subject)", "distance ~ age + (1 | Subject)": "varident(Sex)"} {
		m, err := lmm.Fit(formula, tab, &lmm.Options{Residual: residual})
		if err != nil {
			t.Fatal(err)
		}
		const n = 200
		b, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: n, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		for k, name := range b.Names {
			var sum, square, count float64
			for i := k; i < len(b.Values); i += len(b.Names) {
				if v := b.Values[i]; !math.IsNaN(v) {
					sum, square, count = sum+v, square+v*v, count+1
				}
			}
			if count != n {
				t.Errorf("%s, %s: %s has %v of %d replicates", formula, residual, name, count, n)
			}
			// The sd of n draws has a relative error of 1 / root(2n) = 0.05: four of
			// them.
			if sd := math.Sqrt(square/count - sum*sum/count/count); name == "age" && math.Abs(sd/m.FixedEffects()[1].SE-1) > 0.2 {
				t.Errorf("%s, %s: sd of the slopes %v, SE %v", formula, residual, sd, m.FixedEffects()[1].SE)
			}
		}
	}
}
