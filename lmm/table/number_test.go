package table

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// strconv is the reference for what a decimal number is worth: the same bits.
func TestParseNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[-+]?([0-9]{1,25}\.?[0-9]{0,25}|\.[0-9]{1,25})([eE][-+]?[0-9]{1,3})?`).Draw(t, "s")
		n := parseNumber([]byte(s), '.')
		want, err := strconv.ParseFloat(s, 64)
		if err != nil {
			if n.form != hugeForm {
				t.Fatalf("%s: form %d, but it is too large", s, n.form)
			}
			return
		}
		if got := n.value(); math.Float64bits(got) != math.Float64bits(want) && !(got == 0 && want == 0) {
			t.Fatalf("%s is %v, want %v", s, got, want)
		}
	})
}

func TestNotNumbers(t *testing.T) {
	for _, s := range []string{"", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "1,5", "--1", "0x1", "1_0", "NaN", "nan", "Infin", "1 2", "١"} {
		if n := parseNumber([]byte(s), '.'); n.form != notNumber {
			t.Errorf("%q is read as the number %v", s, n.value())
		}
	}
}

func TestDecimalComma(t *testing.T) {
	for s, want := range map[string]float64{"1,5": 1.5, "-0,25": -0.25, ",5": 0.5, "1,23456789012345678": 1.23456789012345678, "1,5e2": 150} {
		if n := parseNumber([]byte(s), ','); n.form != floatForm || n.f != want {
			t.Errorf("%s is %v, want %v", s, n.f, want)
		}
	}
	if n := parseNumber([]byte("1.5"), ','); n.form != notNumber {
		t.Errorf("a point is no mark beside a decimal comma: %v", n.f)
	}
}
