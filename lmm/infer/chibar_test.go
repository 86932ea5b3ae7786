package infer

import (
	"math"
	"math/rand/v2"
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
// diagonal counting twice, is its own dual: as many points are inside as project
// to 0, a share of (2 - sqrt 2) / 4, as random symmetric matrices are positive
// definite (Mehta 2004).
func TestMatrixCone(t *testing.T) {
	j := mat.NewSymDense(3, []float64{1, 0, 0, 0, 2, 0, 0, 0, 1})
	c, ok := newChiBar(0, []int{2}, j)
	if !ok {
		t.Fatal("no weights")
	}
	w := (2 - math.Sqrt2) / 4
	for i, want := range []float64{w, 0.5 - w, 0.5 - w, w} {
		if math.Abs(c.Weights[i]-want) > 4*math.Sqrt(w/weightDraws) {
			t.Errorf("weights %v, want %v and the rest of a half", c.Weights, w)
		}
	}
	// The projections themselves have that mixture, in any metric.
	for _, j := range []*mat.SymDense{j, mat.NewSymDense(3, []float64{5, 1, 0.5, 1, 3, -0.4, 0.5, -0.4, 2})} {
		mixture, ok := newChiBar(0, []int{2}, j)
		if !ok {
			t.Fatal("no weights")
		}
		cone := newProductCone([]int{2}, j)
		var chol mat.Cholesky
		chol.Factorize(j)
		var upper mat.TriDense
		chol.UTo(&upper)
		rng := rand.New(rand.NewPCG(2, 0))
		const n = 4000
		above := map[float64]float64{0.5: 0, 2: 0, 5: 0}
		for range n {
			var v mat.VecDense
			if err := v.SolveVec(&upper, mat.NewVecDense(3, []float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()})); err != nil {
				t.Fatal(err)
			}
			length := cone.square(cone.project(v.RawVector().Data))
			for x := range above {
				if length > x {
					above[x] += 1.0 / n
				}
			}
		}
		for x, p := range above {
			if want := mixture.Survival(x); math.Abs(p-want) > 4*math.Sqrt(want*(1-want)/n)+0.005 {
				t.Errorf("a projection is longer than %v with %v, by the weights %v", x, p, want)
			}
		}
	}
}

// Draws alone claim no p value below what they can see, nor above chi-square on
// all degrees of freedom.
func TestDrawnTail(t *testing.T) {
	j := mat.NewSymDense(6, nil)
	for i := range 6 {
		j.SetSym(i, i, 1)
	}
	c, ok := newChiBar(1, []int{3}, j)
	if !ok || c.Weights != nil {
		t.Fatalf("%v, %v", ok, c.Weights)
	}
	for _, x := range []float64{1, 5, 20, 100} {
		if p, bound := c.Survival(x), chiSquareSurvival(7, x); p > bound || p <= 0 {
			t.Errorf("p %v of %v, chi-square on 7 gives %v", p, x, bound)
		}
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
