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

// Data with autocorrelated errors, correlation 0.6 at lag 1, sd 1, in few
// subjects. REML recovers the parameters: the mean of Fisher's z of the
// correlation and of log sigma lie within 0.06 of the truth, the bias being of
// the order of one over the rows. Intervals of Kenward and Roger and those of the
// sandwich CR2 cover the slope with 93 to 97.5 %; 1.96 standard errors cover it
// with less. testdata/simulations.md has the table.
func TestCoverageWithCorrelatedResiduals(t *testing.T) {
	long(t)
	const rho, sets, times = 0.6, 1000, 6
	for _, subjects := range []int{8, 20} {
		n := subjects * times
		s, x, g := make([]string, n), make([]float64, n), make([]float64, n)
		for i := range n {
			s[i], x[i], g[i] = fmt.Sprint("s", i/times), float64(i%times), float64(i/times%2)
		}
		draw := func(seed uint64) []float64 {
			rng := rand.New(rand.NewPCG(21, seed))
			y := make([]float64, n)
			var e float64
			for i := range y {
				if i%times == 0 {
					e = rng.NormFloat64()
				} else {
					e = rho*e + math.Sqrt(1-rho*rho)*rng.NormFloat64()
				}
				y[i] = 1 + 0.5*x[i] + e
			}
			return y
		}
		tab, err := table.New(table.NewTexts("s", s), table.NewFloats("x", x), table.NewFloats("g", g), table.NewFloats("y", draw(0)))
		if err != nil {
			t.Fatal(err)
		}
		base, err := lmm.Fit("y ~ x * g", tab, &lmm.Options{Residual: "ar1(x | s)"})
		if err != nil {
			t.Fatal(err)
		}
		var z, logSigma float64
		cover := map[string]float64{}
		note := func(name string, e infer.Estimate, truth float64) {
			if e.Lower <= truth && truth <= e.Upper {
				cover[name] += 1.0 / sets
			}
		}
		for r := range uint64(sets) {
			m, err := base.Refit(draw(r + 1))
			if err != nil {
				t.Fatal(err)
			}
			z += math.Atanh(m.Residual().Params[0].Value) / sets
			logSigma += math.Log(m.Sigma()) / sets
			for _, df := range []infer.DF{infer.KenwardRoger, infer.Satterthwaite, infer.Normal} {
				e, err := infer.Coefficients(m, &infer.Options{DF: df})
				if err != nil {
					t.Fatal(err)
				}
				note(df.String(), e.Rows[1], 0.5)
			}
			e, err := infer.Robust(m, nil)
			if err != nil {
				t.Fatal(err)
			}
			note("CR2", e.Rows[1], 0.5)
			i, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: infer.ByWald})
			if err != nil {
				t.Fatal(err)
			}
			note("correlation", infer.Estimate{Lower: i.Rows[0].Lower.Value, Upper: i.Rows[0].Upper.Value}, rho)
		}
		kr, wald := cover[infer.KenwardRoger.String()], cover[infer.Normal.String()]
		t.Logf("| %d x %d | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f |", subjects, times, z-math.Atanh(rho), logSigma,
			kr, cover[infer.Satterthwaite.String()], cover["CR2"], wald, cover["correlation"])
		if math.Abs(z-math.Atanh(rho)) > 0.06 || math.Abs(logSigma) > 0.06 {
			t.Errorf("%d subjects: mean z is off by %.3f, mean log sigma by %.3f", subjects, z-math.Atanh(rho), logSigma)
		}
		for name, v := range map[string]float64{"Kenward-Roger": kr, "CR2": cover["CR2"]} {
			if v < 0.93 || v > 0.975 {
				t.Errorf("%d subjects: %s covers with %.3f", subjects, name, v)
			}
		}
		if wald >= kr {
			t.Errorf("%d subjects: 1.96 standard errors cover with %.3f, Kenward-Roger with %.3f", subjects, wald, kr)
		}
	}
}
