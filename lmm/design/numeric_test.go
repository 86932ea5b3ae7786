package design

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/golmm/golmm/lmm/formula"
)

// Polynomial contrasts are orthonormal and orthogonal to the constant, with a
// positive leading coefficient, also for many levels. Twice orthogonalised
// columns are so to a few units of rounding.
func TestPolynomialContrasts(t *testing.T) {
	for _, m := range []int{2, 3, 6, 12, 30, 60} {
		c := contrasts(Poly, make([]string, m))
		for a := range c.width {
			sum := 0.0
			for i := range m {
				sum += c.rows[i*c.width+a]
			}
			if math.Abs(sum) > 1e-13 {
				t.Errorf("%d levels, degree %d: sum %g", m, a+1, sum)
			}
			if last := c.rows[(m-1)*c.width+a]; last < -1e-15 {
				t.Errorf("%d levels, degree %d: ends at %g", m, a+1, last)
			}
			for b := range a + 1 {
				dot := 0.0
				for i := range m {
					dot += c.rows[i*c.width+a] * c.rows[i*c.width+b]
				}
				want := 0.0
				if a == b {
					want = 1
				}
				if math.Abs(dot-want) > 1e-13 {
					t.Errorf("%d levels: degrees %d and %d have product %g", m, a+1, b+1, dot)
				}
			}
		}
	}
}

// poly() is orthonormal over the training values, whatever their origin and
// unit. The three-term recurrence loses about a digit per two degrees.
func TestPolynomialsOrthonormal(t *testing.T) {
	const n, k = 200, 6
	for _, scale := range []float64{1e-8, 1, 1e8} {
		for _, origin := range []float64{0, 1e3} {
			x := make([]float64, n)
			for i := range x {
				x[i] = scale * (origin + math.Sin(float64(i)) + float64(i)/50)
			}
			v := newPolynomials(x, k).apply(numberValue(x))
			for a := range k {
				for b := range a + 1 {
					dot := 0.0
					for i := range n {
						dot += v.numbers[i*k+a] * v.numbers[i*k+b]
					}
					if a == b {
						dot--
					}
					if math.Abs(dot) > 1e-11*(1+origin) {
						t.Errorf("scale %g, origin %g: degrees %d and %d: %g", scale, origin, a+1, b+1, dot)
					}
				}
			}
		}
	}
}

// A natural spline spans the linear functions and the cubic splines with its
// knots, is linear outside, and has continuous second derivatives.
func TestNaturalSpline(t *testing.T) {
	s := newNaturalSpline(0, 10, []float64{2, 3, 7})
	at := func(x float64) []float64 { return s.apply(numberValue([]float64{x})).numbers }
	const h = 1e-3
	second := func(x float64, j int) float64 { return (at(x + h)[j] - 2*at(x)[j] + at(x - h)[j]) / (h * h) }
	for j := range 4 {
		for _, x := range []float64{-5, -h, 10 + h, 30} {
			if d := second(x, j); math.Abs(d) > 1e-6 {
				t.Errorf("column %d bends by %g at %g", j, d, x)
			}
		}
		for _, x := range []float64{0, 2, 3, 7, 10} {
			// The third derivative jumps at a knot: a step of 2h changes the
			// second one by at most 2h times it.
			if jump := second(x+h, j) - second(x-h, j); math.Abs(jump) > 0.02 {
				t.Errorf("column %d: the second derivative jumps by %g at %g", j, jump, x)
			}
		}
	}
	// One degree of freedom is a multiple of x up to the constant.
	line := newNaturalSpline(1, 5, nil)
	v := line.apply(numberValue([]float64{0, 1, 3, 5, 6})).numbers
	slope := v[2] - v[1]
	for i, x := range []float64{0, 1, 3, 5, 6} {
		if want := v[1] + slope*(x-1)/2; math.Abs(v[i]-want) > 1e-14 {
			t.Errorf("ns(x, 1) at %g is %g, want %g", x, v[i], want)
		}
	}
}

func TestQuantile(t *testing.T) {
	x := []float64{1, 2, 4, 8}
	for p, want := range map[float64]float64{0: 1, 1: 8, 0.5: 3, 1. / 3: 2, 0.25: 1.75} {
		if got := quantile(x, p); math.Abs(got-want) > 1e-15 {
			t.Errorf("quantile %g is %g, want %g", p, got, want)
		}
	}
}

func TestLog10(t *testing.T) {
	for k := -20; k <= 20; k++ {
		if got := log10(math.Pow10(k)); got != float64(k) {
			t.Errorf("log10(1e%d) = %v", k, got)
		}
	}
	if !math.IsNaN(log10(-1)) || !math.IsInf(log10(0), -1) {
		t.Error("log10 outside its domain")
	}
}

// A column is dropped when less than 1e-7 of its length is new.
func TestIndependentColumns(t *testing.T) {
	matrix := func(n int, cols ...func(i int) float64) *Matrix {
		m := &Matrix{Rows: n, Cols: len(cols), Data: make([]float64, n*len(cols))}
		for j, f := range cols {
			for i := range n {
				m.Data[i*m.Cols+j] = f(i)
			}
		}
		return m
	}
	one := func(int) float64 { return 1 }
	zero := func(int) float64 { return 0 }
	line := func(i int) float64 { return float64(i) }
	wave := func(i int) float64 { return math.Sin(float64(i)) }
	plus := func(f func(int) float64, c float64, g func(int) float64) func(int) float64 {
		return func(i int) float64 { return f(i) + c*g(i) }
	}
	for k, tt := range []struct {
		m    *Matrix
		keep []bool
	}{
		{matrix(300, one, line, wave), []bool{true, true, true}},
		{matrix(300, one, line, plus(line, 5, one)), []bool{true, true, false}},
		{matrix(300, line, one, plus(line, 5, one), wave), []bool{true, true, false, true}},
		{matrix(300, zero, one, zero, line), []bool{false, true, false, true}},
		{matrix(300, wave, plus(wave, 1e-6, one)), []bool{true, true}},
		{matrix(300, wave, plus(wave, 1e-8, one)), []bool{true, false}},
		{matrix(2, one, line, wave), []bool{true, true, false}},
		{matrix(300, one, plus(zero, 1e-200, line), plus(zero, 1e200, wave), plus(zero, 1e300, line)), []bool{true, true, true, false}},
		{matrix(300), []bool{}},
	} {
		if got := independentColumns(tt.m); !slices.Equal(got, tt.keep) {
			t.Errorf("case %d: keeps %v, want %v", k, got, tt.keep)
		}
	}
}

// The triangular factor has the inner products of the columns.
func TestTriangular(t *testing.T) {
	const n, p = 517, 7
	m := &Matrix{Rows: n, Cols: p, Data: make([]float64, n*p)}
	for i := range m.Data {
		m.Data[i] = math.Sin(float64(i * i))
	}
	r := triangular(m)
	for a := range p {
		for b := range p {
			want, got := 0.0, 0.0
			for i := range n {
				want += m.At(i, a) * m.At(i, b)
			}
			for i := range p {
				got += r[a][i] * r[b][i]
			}
			if math.Abs(got-want) > 1e-12*n {
				t.Errorf("product of columns %d and %d is %g, want %g", a, b, got, want)
			}
		}
	}
}

// Missing operands: what R's three-valued logic says.
func TestMissingLogic(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct{ got, want float64 }{
		{and(0, nan), 0}, {and(nan, 1), nan}, {and(1, 1), 1}, {or(1, nan), 1}, {or(nan, 0), nan}, {or(0, 0), 0},
	} {
		if fmt.Sprint(tt.got) != fmt.Sprint(tt.want) {
			t.Errorf("got %v, want %v", tt.got, tt.want)
		}
	}
}

// Sizes that cannot be held are refused before they are allocated.
func TestTooLarge(t *testing.T) {
	tab := mustTable(t,
		numbers("y", 6000, func(i int) float64 { return float64(i % 17) }),
		texts("id", 6000, func(i int) string { return fmt.Sprint(i) }),
		texts("a", 6000, func(i int) string { return fmt.Sprint(i % 3000) }),
		texts("g", 6000, func(i int) string { return fmt.Sprint(i % 7) }),
	)
	for _, src := range []string{"y ~ id + (1 | g)", "y ~ a*g + (1 | g)", "y ~ 1 + (id | g)", "y ~ ordered(a) + (1 | g)"} {
		f, err := formula.Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Build(f, tab, nil); err == nil {
			t.Errorf("%s: no error", src)
		}
	}
}
