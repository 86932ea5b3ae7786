package dense

import (
	"math"
	"math/rand/v2"
	"testing"
)

func random(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

func gram(a []float64, n, k int) []float64 {
	c := make([]float64, k*k)
	MulTransA(c, a, a, n, k, k)
	return c
}

func maxDiff(a, b []float64) float64 {
	var m float64
	for i, v := range a {
		m = math.Max(m, math.Abs(v-b[i]))
	}
	return m
}

func transpose(a []float64, n int) []float64 {
	t := make([]float64, n*n)
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			t[j*n+i] = a[i*n+j]
		}
	}
	return t
}

func TestCholeskySolves(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const n, m = 5, 3
	c := gram(random(r, 9*n), 9, n)
	b := random(r, n*m)
	l := append([]float64(nil), c...)
	if !Cholesky(l, n) {
		t.Fatal("a positive definite matrix was refused")
	}
	x := append([]float64(nil), b...)
	SolveLower(l, n, x, m)
	SolveLowerTrans(l, n, x, m)
	back := make([]float64, n*m)
	Mul(back, c, x, n, n, m)
	if d := maxDiff(back, b); d > 1e-12 {
		t.Errorf("residual of the solution %g", d)
	}
	if Cholesky([]float64{1, 2, 2, 1}, 2) {
		t.Error("an indefinite matrix was accepted")
	}
}

func TestTallRMatchesCrossProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n, k = 500, 4
	a := random(r, n*k)
	q := NewTallR(k)
	for i := 0; i < n; i++ {
		q.Add(a[i*k : i*k+k])
	}
	got := q.R()
	// Entries are of order n = 500; 64 steps of rounding at 1e-16 each.
	if d := maxDiff(gram(got, k, k), gram(a, n, k)); d > 1e-10 {
		t.Errorf("R'R differs from the cross-product by %g", d)
	}
}

func TestLeftSVDKeepsSmallSingularValues(t *testing.T) {
	// A graded matrix: its singular values span 12 orders of magnitude.
	r := rand.New(rand.NewPCG(5, 6))
	const n = 4
	a := random(r, n*n)
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			a[i*n+j] *= math.Pow(10, -4*float64(i))
		}
	}
	u, s, w := make([]float64, n*n), make([]float64, n), append([]float64(nil), a...)
	LeftSVD(w, u, s, n)
	// u'a a'u must be diagonal with s^2, each entry relative to s_i s_j.
	ua := make([]float64, n*n)
	MulTransA(ua, u, a, n, n, n)
	g := gram(transpose(ua, n), n, n)
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			want := 0.0
			if i == j {
				want = s[i] * s[i]
			}
			if math.Abs(g[i*n+j]-want) > 1e-12*s[i]*s[j] {
				t.Errorf("entry (%d,%d): %g, want %g", i, j, g[i*n+j], want)
			}
		}
		if i > 0 && s[i] > s[i-1] {
			t.Errorf("singular values not in descending order: %v", s)
		}
	}
}

func TestLowerFactorOfSingularMatrix(t *testing.T) {
	a := []float64{1, 2, 3, 2, 4, 6, 1, 1, 1} // rank 2
	want := gram(transpose(a, 3), 3, 3)
	l := append([]float64(nil), a...)
	LowerFactor(l, 3)
	if l[1] != 0 || l[2] != 0 || l[5] != 0 {
		t.Errorf("not lower triangular: %v", l)
	}
	if l[0] < 0 || l[4] < 0 || l[8] < 0 {
		t.Errorf("negative diagonal: %v", l)
	}
	if d := maxDiff(gram(transpose(l, 3), 3, 3), want); d > 1e-13*56 {
		t.Errorf("L L' differs from A A' by %g", d)
	}
}
