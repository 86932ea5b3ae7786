package plots

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The estimate on the lattice is the sum of the kernels at the points.
func TestDensityIsTheSumOfKernels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	v := make([]float64, 300)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	x, y := density1(v, math.Inf(-1), math.Inf(1))
	s, _ := newSmoothing(v, math.Inf(-1), math.Inf(1), 256, 1)
	h := s.step / math.Sqrt(-2*math.Log(s.kernel[1]/s.kernel[0]))
	for i := 0; i < len(x); i += 16 {
		want := 0.0
		for _, a := range v {
			want += math.Exp(-0.5*math.Pow((x[i]-a)/h, 2)) / (h * math.Sqrt(2*math.Pi) * float64(len(v)))
		}
		// Linear binning moves mass by a part of a step, a tenth of h.
		if math.Abs(y[i]-want) > 0.005 {
			t.Errorf("density %v at %v, want %v", y[i], x[i], want)
		}
	}
}

// All mass lies within the range, with reflection at both ends too.
func TestDensityHasMassOne(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	v, w := make([]float64, 500), make([]float64, 500)
	for i := range v {
		v[i], w[i] = r.Float64(), r.ExpFloat64()
	}
	for _, c := range []struct {
		v      []float64
		lo, hi float64
	}{{v, 0, 1}, {v, math.Inf(-1), math.Inf(1)}, {w, 0, math.Inf(1)}} {
		x, y := density1(c.v, c.lo, c.hi)
		sum := 0.0
		for i := 1; i < len(x); i++ {
			sum += (x[i] - x[i-1]) * (y[i] + y[i-1]) / 2
		}
		if math.Abs(sum-1) > 1e-3 { // kernels end at 4 h
			t.Errorf("mass %v between %v and %v", sum, c.lo, c.hi)
		}
		if x[0] < c.lo || x[len(x)-1] > c.hi {
			t.Errorf("the density goes from %v to %v", x[0], x[len(x)-1])
		}
	}
	// A uniform distribution stays uniform at its ends.
	if _, y := density1(v, 0, 1); math.Abs(y[0]-1) > 0.35 || math.Abs(y[len(y)-1]-1) > 0.35 {
		t.Errorf("uniform: %v and %v at the ends", y[0], y[len(y)-1])
	}
	s, ok := density2(v, w, [2]float64{0, 1}, [2]float64{0, math.Inf(1)})
	if !ok {
		t.Fatal("no surface")
	}
	sum := 0.0
	for j := 1; j < len(s.y); j++ {
		for i := 1; i < len(s.x); i++ {
			sum += (s.x[i] - s.x[i-1]) * (s.y[j] - s.y[j-1]) * (s.z[j][i] + s.z[j][i-1] + s.z[j-1][i] + s.z[j-1][i-1]) / 4
		}
	}
	if math.Abs(sum-1) > 1e-3 {
		t.Errorf("mass %v of the surface", sum)
	}
	if _, y := density1([]float64{2, 2, 2}, 0, math.Inf(1)); y != nil {
		t.Error("equal values have a density")
	}
}

// The isolines of a paraboloid are circles, closed, and those that leave the
// lattice end at its edge.
func TestIsolines(t *testing.T) {
	bowl := func(lo float64) surface {
		s := surface{x: evenly(lo, 2, 81), y: evenly(-2, 2, 81)}
		for _, y := range s.y {
			row := make([]float64, len(s.x))
			for i, x := range s.x {
				row[i] = x*x + y*y
			}
			s.z = append(s.z, row)
		}
		return s
	}
	lines := isolines(bowl(-2), 1)
	if len(lines) != 1 || lines[0][0] != lines[0][len(lines[0])-1] {
		t.Fatalf("%d curves, or not closed", len(lines))
	}
	for _, p := range lines[0] {
		// A chord of 0.05 is off by 0.05^2 / 8.
		if r := math.Hypot(p[0], p[1]); math.Abs(r-1) > 4e-4 {
			t.Errorf("radius %v", r)
		}
	}
	half := isolines(bowl(0), 1)
	if len(half) != 1 || half[0][0][0] != 0 || half[0][len(half[0])-1][0] != 0 {
		t.Errorf("the half circle is %v", half)
	}
	saddle := surface{x: []float64{0, 1}, y: []float64{0, 1}, z: [][]float64{{0, 1}, {1, 0}}}
	if n := len(isolines(saddle, 0.4)); n != 2 {
		t.Errorf("%d curves in a saddle", n)
	}
	hole := bowl(-2)
	hole.z[40][60] = math.NaN()
	for _, l := range isolines(hole, 1) {
		for _, p := range l {
			if math.IsNaN(p[0] + p[1]) {
				t.Error("NaN in a curve")
			}
		}
	}
}

// A density of values whose squares no float holds has the form of the others.
func TestDensityInAnyUnit(t *testing.T) {
	v := []float64{1, 2, 2.5, 3, 3.1, 4, 7}
	want, ok := newSmoothing(v, math.Inf(-1), math.Inf(1), 64, 1)
	for _, e := range []int{-900, 900} {
		w := make([]float64, len(v))
		for i := range v {
			w[i] = math.Ldexp(v[i], e)
		}
		got, okay := newSmoothing(w, math.Inf(-1), math.Inf(1), 64, 1)
		if !ok || !okay || !slices.Equal(got.kernel, want.kernel) || got.step != math.Ldexp(want.step, e) {
			t.Errorf("unit 2^%d: %v, step %g", e, got.kernel, got.step)
		}
	}
}
