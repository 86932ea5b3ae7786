package diagnose

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
)

func newFamily(t *testing.T, name, link string) *family.Family {
	t.Helper()
	f, err := family.New(name, link)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// For a saturated table Jeffreys' prior adds half an observation to each cell:
// the estimates of a 2 x 2 table are logs of (a + 1/2) / (b + 1/2), zeros or not
// (Firth 1993, sec. 3).
func TestJeffreysSaturated(t *testing.T) {
	table := [][2]float64{{7, 0}, {3, 12}} // failures, successes
	var x, y []float64
	for g, row := range table {
		for outcome, n := range row {
			for range int(n) {
				x, y = append(x, 1, float64(g)), append(y, float64(outcome))
			}
		}
	}
	j := jeffreys{x: &design.Matrix{Rows: len(y), Cols: 2, Data: x}, y: y, fam: newFamily(t, "binomial", "logit")}
	got, err := j.fit()
	if err != nil {
		t.Fatal(err)
	}
	first := math.Log(0.5 / 7.5)
	second := math.Log(12.5/3.5) - first
	if math.Abs(got.beta[0]-first) > 1e-5 || math.Abs(got.beta[1]-second) > 1e-5 {
		t.Errorf("%v, want %g, %g", got.beta, first, second)
	}
	// One Poisson mean from n rows: the sum of the counts and a half, by n.
	counts := []float64{0, 0, 3, 1}
	j = jeffreys{x: &design.Matrix{Rows: 4, Cols: 1, Data: []float64{1, 1, 1, 1}}, y: counts, fam: newFamily(t, "poisson", "log")}
	if got, err = j.fit(); err != nil || math.Abs(got.beta[0]-math.Log(4.5/4)) > 1e-5 {
		t.Errorf("%v %v, want %g", got, err, math.Log(4.5/4))
	}
}

// The score is the derivative of the value, for a link that is not canonical too.
func TestJeffreysScore(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	n := 40
	x, y := make([]float64, 0, 3*n), make([]float64, n)
	for i := range n {
		x = append(x, 1, rng.NormFloat64(), rng.NormFloat64())
		y[i] = float64(rng.IntN(2))
	}
	for _, link := range []string{"logit", "probit", "cloglog"} {
		j := jeffreys{x: &design.Matrix{Rows: n, Cols: 3, Data: x}, y: y, fam: newFamily(t, "binomial", link)}
		beta := []float64{0.3, -0.2, 0.5}
		_, score, _, _ := j.at(beta)
		for k := range beta {
			const h = 1e-5
			up, down := append([]float64(nil), beta...), append([]float64(nil), beta...)
			up[k] += h
			down[k] -= h
			a, _, _, _ := j.at(up)
			b, _, _, _ := j.at(down)
			// Central differences of a sum of 40 terms keep 1e-8.
			if want := (a - b) / (2 * h); math.Abs(score[k]-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("%s, coefficient %d: score %g, difference %g", link, k, score[k], want)
			}
		}
	}
}
