package family

import (
	"math"
	"testing"
)

// The library's functions are right to 1e-15: so are these, at every entry of the
// tables, halfway between two, and far out.
func TestDecayIsTheExponentialAndItsLogarithm(t *testing.T) {
	one := func(x float64) (e, tail float64) {
		var out [2]float64
		decay([]float64{-x}, out[:1], out[1:])
		return out[0], out[1]
	}
	check := func(x float64) {
		t.Helper()
		e, tail := one(x)
		wantE := math.Exp(-x)
		wantTail := math.Log1p(wantE)
		if math.Abs(e-wantE) > 1e-15*wantE || math.Abs(tail-wantTail) > 1e-15*wantTail {
			t.Errorf("decay(%g) = %g, %g, want %g, %g", x, e, tail, wantE, wantTail)
		}
	}
	for k := range 128 * 50 {
		check(float64(k) * math.Ln2 / 128)
		check(math.Nextafter(float64(k)*math.Ln2/128, 1000))
	}
	for j := range 2048 {
		check(-math.Log(float64(j+1) / 2048))
	}
	for _, x := range []float64{0, 1e-300, 1e-9, 36.7, 600, 699.9, 700, 700.1, 744, 746, 1e300, math.Inf(1)} {
		check(x)
	}
	if e, tail := one(math.NaN()); !math.IsNaN(e) || !math.IsNaN(tail) {
		t.Errorf("decay(NaN) = %g, %g", e, tail)
	}
}

// Many rows at a time are the rows one by one, to the bit.
func TestKernelsAreThoseOfTheRows(t *testing.T) {
	eta := []float64{-800, -3, 0, 0.3, 2, 40, 800}
	y := []float64{0, 1, 0.25, 1, 0, 1, 0}
	for _, name := range Names() {
		for _, link := range Links(name) {
			f, err := New(name, link)
			if err != nil {
				t.Fatal(err)
			}
			var got [4][]float64
			for i := range got {
				got[i] = make([]float64, len(eta))
			}
			f.Kernels(y, eta, 2, got[0], got[1], got[2], got[3])
			for i := range eta {
				l, d1, d2, d3 := f.Kernel(y[i], eta[i], 2)
				for j, want := range []float64{l, d1, d2, d3} {
					if got[j][i] != want {
						t.Errorf("%s %s: derivative %d of row %d is %g alone and %g among others", name, link, j, i, want, got[j][i])
					}
				}
			}
		}
	}
}
