package infer

import (
	"math"
	"testing"
)

// A mixture that is written and read gives the same bits, with weights, with
// draws and where there is none.
func TestChiBarSurvivesBytes(t *testing.T) {
	drawn := ChiBar{Simulated: true, free: 1, dims: 3, draws: func() []float64 {
		x := make([]float64, matrixDraws)
		for i := range x {
			x[i] = float64(i%7) / 3
		}
		return x
	}}
	for name, c := range map[string]ChiBar{"none": {}, "plain": PlainChiSquare(2), "mixture": shifted(1, 0.5, 0.5), "draws": drawn} {
		b, err := c.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var got ChiBar
		if err := got.UnmarshalBinary(b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.String() != c.String() || (got.Weights == nil) != (c.Weights == nil) {
			t.Errorf("%s: %v, want %v", name, got, c)
		}
		for _, x := range []float64{0.1, 1, 5, 40} {
			if name != "none" && math.Float64bits(got.Survival(x)) != math.Float64bits(c.Survival(x)) {
				t.Errorf("%s at %v: %v, want %v", name, x, got.Survival(x), c.Survival(x))
			}
		}
		for _, bad := range [][]byte{nil, b[:len(b)-1], b[:len(b)-8], append(b[:len(b):len(b)], 0)} {
			if err := new(ChiBar).UnmarshalBinary(bad); err == nil {
				t.Errorf("%s: %d of %d bytes are read", name, len(bad), len(b))
			}
		}
	}
}
