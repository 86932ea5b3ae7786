package plots

import (
	"math"
	"slices"
	"testing"
)

func TestNiceTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		n      int
		want   []string
	}{
		{-68, 64, 7, []string{"−60", "−40", "−20", "0", "20", "40", "60"}},
		{-0.003, 0.004, 4, []string{"−0.002", "0", "0.002", "0.004"}},
		{0, 3e7, 3, []string{"0", "1e7", "2e7", "3e7"}},
		{-2e-9, 2e-9, 4, []string{"−2e−9", "−1e−9", "0", "1e−9", "2e−9"}},
		{1, 1, 5, nil},
		{math.Inf(-1), 1, 5, nil},
	} {
		var got []string
		for _, tick := range (niceTicks{c.n}).Ticks(c.lo, c.hi) {
			got = append(got, tick.Label)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("[%v, %v] in %d: got %q, want %q", c.lo, c.hi, c.n, got, c.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		v    float64
		d    int
		want string
	}{
		{-0.004, 2, "0.00"}, {-0.33, 2, "-0.33"}, {math.NaN(), 2, "-"}, {math.Inf(1), 2, "-"}, {1e12, 0, "1e+12"}, {0, 0, "0"},
	} {
		if got := number(c.v, c.d); got != c.want {
			t.Errorf("number(%v, %d) = %q, want %q", c.v, c.d, got, c.want)
		}
	}
}
