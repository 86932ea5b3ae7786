package diagnose

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm/design"
)

// The rows of the prior add what the formula says, and nothing else.
func TestPriorByAugmentation(t *testing.T) {
	x := []float64{1, 0, 3, 1, 1, 5, 1, 0, 1, 1, 1, 2}
	d := &design.Design{Y: []float64{0, 1, 1, 0}, Rows: []int{0, 1, 2, 3}, XNames: []string{intercept, "treat", "dose"},
		X:     design.Matrix{Rows: 4, Cols: 3, Data: x},
		Terms: []design.Term{{Group: "g", Levels: []string{"a", "b"}, Level: []int32{0, 1, 0, 1}, Z: design.Matrix{Rows: 4, Cols: 1, Data: []float64{1, 1, 1, 1}}, Names: []string{intercept}}}}
	beta := []float64{0.3, -0.7, 0.4}
	loglik := func(d *design.Design, name string) float64 {
		fam, sum := newFamily(t, name, ""), 0.0
		for i, y := range d.Y {
			w := 1.0
			if d.Weights != nil {
				w = d.Weights[i]
			}
			l, _, _, _ := fam.Row(y, w, d.X.At(i, 0)*beta[0]+d.X.At(i, 1)*beta[1]+d.X.At(i, 2)*beta[2], 1)
			sum += l
		}
		return sum
	}
	change := []float64{beta[1], beta[2] * 2 * math.Sqrt((0.25*0.25+2.25*2.25+1.75*1.75+0.75*0.75)/4)}
	for _, c := range []struct {
		name string
		log  func(t float64) float64
	}{
		{"binomial", func(t float64) float64 { return t/2 - math.Log1p(math.Exp(t)) }},
		{"poisson", func(t float64) float64 { return -0.1 * math.Cosh(t) }},
	} {
		fam := newFamily(t, c.name, "")
		with := withPrior(d, fam)
		got := loglik(with, c.name) - loglik(d, c.name)
		want := c.log(change[0]) + c.log(change[1])
		for i := len(d.Y); i < len(with.Y); i++ {
			got -= fam.Constant(with.Y[i], with.Weights[i], 1)
		}
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: the rows add %g, the log-prior is %g", c.name, got, want)
		}
		if z := with.Terms[0].Z; z.Rows != with.X.Rows || z.At(z.Rows-1, 0) != 0 || len(with.Terms[0].Level) != z.Rows {
			t.Errorf("%s: the rows of the prior must have no random effects", c.name)
		}
	}
	if len(d.Y) != 4 || d.Weights != nil {
		t.Error("the design was changed")
	}
}
