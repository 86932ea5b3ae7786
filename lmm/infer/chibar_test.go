package infer

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The weights of orthants: binomial where the metric is diagonal; Kudo (1963)
// for two correlated variances.
func TestOrthants(t *testing.T) {
	two, ok := newChiBar(1, []int{1, 1}, mat.NewSymDense(2, []float64{4, 1, 1, 1}))
	if !ok {
		t.Fatal("no weights")
	}
	w := math.Acos(0.5) / (2 * math.Pi)
	for i, want := range []float64{0, 0.5 - w, 0.5, w} {
		if math.Abs(two.Weights[i]-want) > 1e-12 {
			t.Errorf("weights %v", two.Weights)
		}
	}
	three, ok := newChiBar(0, []int{1, 1, 1}, mat.NewSymDense(3, []float64{9, 0, 0, 0, 1, 0, 0, 0, 1e-4}))
	if !ok {
		t.Fatal("no weights")
	}
	for i, want := range []float64{.125, .375, .375, .125} {
		// 4 standard errors of 40000 draws
		if math.Abs(three.Weights[i]-want) > 4*math.Sqrt(want*(1-want)/weightDraws) {
			t.Errorf("weights %v, want 1/8, 3/8, 3/8, 1/8", three.Weights)
		}
	}
}

// The cone of 2 x 2 matrices in the metric of their entries, one off the
// diagonal counting twice, is its own dual: the mean squared length of a
// projection is half of 3, and as many points are inside as project to 0. The
// share inside is that of random symmetric matrices that are positive definite,
// (2 - sqrt 2) / 4 (Mehta 2004).
func TestMatrixCone(t *testing.T) {
	c, ok := newChiBar(0, []int{2}, mat.NewSymDense(3, []float64{1, 0, 0, 0, 2, 0, 0, 0, 1}))
	if !ok || c.Weights != nil {
		t.Fatalf("%v %v", ok, c.Weights)
	}
	var mean, zero float64
	for _, x := range c.draws {
		mean += x / float64(len(c.draws))
		if x < 1e-9 {
			zero += 1 / float64(len(c.draws))
		}
	}
	if math.Abs(mean-1.5) > 4*2/math.Sqrt(matrixDraws) {
		t.Errorf("mean %v, want 1.5", mean)
	}
	if want := (2 - math.Sqrt2) / 4; math.Abs(zero-want) > 4*math.Sqrt(want/matrixDraws) {
		t.Errorf("%v of the points project to 0, want %v", zero, want)
	}
	if p := c.Survival(0.5); !(p > c.Survival(2) && c.Survival(2) > c.Survival(8)) {
		t.Error("the survival function does not fall")
	}
}

// The exact distribution of RLRT for a balanced one-way layout: P(RLRT = 0) is
// the probability that the mean square between groups is not above that within
// (Crainiceanu and Ruppert 2004, sec. 4).
func TestExactPointMass(t *testing.T) {
	const groups, rows = 6, 5
	v := &varianceNull{reml: true, nu: groups*rows - 1, mu: []eigenvalue{{1, groups - 1}}, rest: groups * (rows - 1)}
	v.xi = v.mu
	v.tabulate()
	zero := 0.0
	draws := v.simulate(100000, 3, 0)
	for _, x := range draws {
		if x == 0 {
			zero++
		}
	}
	// P(F with 5 and 24 degrees of freedom <= 1), by R's pf.
	want := 0.5610892
	if got := zero / float64(len(draws)); math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/1e5) {
		t.Errorf("P(RLRT = 0) = %v, want %v", got, want)
	}
	again := v.simulate(1000, 3, 1)
	for i, x := range again {
		if math.Float64bits(x) != math.Float64bits(draws[i]) {
			t.Fatalf("draw %d depends on the number of workers", i)
		}
	}
}
