package infer_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// Each residual is the share of the simulated responses below the response.
func TestScaledResidualsAreRanks(t *testing.T) {
	m := fit(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	const sims, seed = 100, 7
	got, err := infer.ScaledResiduals(m, &infer.ScaledOptions{Simulations: sims, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	again, err := infer.ScaledResiduals(m, &infer.ScaledOptions{Simulations: sims, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	drawn := m.Simulate(sims, seed)
	for i, y := range m.Frame().Y {
		below := 0.0
		for _, s := range drawn {
			if s[i] < y {
				below++
			}
		}
		if got.Residuals[i] != below/sims || again.Residuals[i] != got.Residuals[i] {
			t.Errorf("row %d: %g, again %g, want %g", i, got.Residuals[i], again.Residuals[i], below/sims)
		}
	}
}

// In data drawn from the model the p values are spread over (0, 1); with the
// response moved away from it they are small.
func TestScaledResidualsFindMisfit(t *testing.T) {
	m := fit(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	var uniformity, dispersion, outliers []float64
	for _, y := range m.Simulate(30, 3) {
		r, err := m.Refit(y)
		if err != nil {
			t.Fatal(err)
		}
		s, err := infer.ScaledResiduals(r, &infer.ScaledOptions{Seed: 11})
		if err != nil {
			t.Fatal(err)
		}
		uniformity, dispersion, outliers = append(uniformity, s.Uniformity.P), append(dispersion, s.Dispersion.P), append(outliers, s.Outliers.P)
	}
	for name, p := range map[string][]float64{"uniformity": uniformity, "dispersion": dispersion, "outliers": outliers} {
		small := 0
		for _, v := range p {
			if v < 0.05 {
				small++
			}
		}
		// 30 draws at a level of 0.05: more than 6 have probability 4e-4.
		if small > 6 {
			t.Errorf("%s: %d of 30 fits to simulated data have p < 0.05", name, small)
		}
	}
	y := m.Simulate(1, 5)[0]
	pop := m.Residuals(lmm.RawResidual)
	for i := range y {
		y[i] += 8 * math.Abs(pop[i]) // skewed
	}
	r, err := m.Refit(y)
	if err != nil {
		t.Fatal(err)
	}
	s, err := infer.ScaledResiduals(r, &infer.ScaledOptions{Seed: 11, Simulations: 500})
	if err != nil {
		t.Fatal(err)
	}
	if s.Uniformity.PIndependent > 0.05 {
		t.Errorf("skewed residuals: %+v", s.Uniformity)
	}
}

func TestScaledResidualsErrors(t *testing.T) {
	m := fit(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff", nil)
	for _, n := range []int{-1, 5, 1 << 40} {
		if _, err := infer.ScaledResiduals(m, &infer.ScaledOptions{Simulations: n}); err == nil {
			t.Errorf("%d simulations are accepted", n)
		}
	}
}
