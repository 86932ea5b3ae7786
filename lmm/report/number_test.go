package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDigitsFor(t *testing.T) {
	for _, c := range []struct {
		se   float64
		want string
	}{
		{1.54578889533213, "1.546"}, // a leading 1 does not count
		{6.82455652653394, "6.82"},
		{0.678388031232524, "0.678"},
		{0.9999, "1.000"},
		{0.99951, "1.000"},
		{9.9996, "10.00"},
		{123.456, "123.5"},
		{4567.8, "4568"},
		{0.000345, "0.000345"},
		{0.00000345, "3.4500e-6"},
		{math.NaN(), "-"},
		{math.Inf(1), "-"},
	} {
		if got := DigitsFor(c.se).Format(c.se); got != c.want {
			t.Errorf("%v: got %q, want %q", c.se, got, c.want)
		}
	}
}

// The decimals show at least three and at most four significant digits of any
// standard error that is printed with decimals.
func TestDigitsForSignificance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		se := math.Pow(10, rapid.Float64Range(-3, 3).Draw(t, "log10 se"))
		s := strings.TrimLeft(strings.Replace(DigitsFor(se).Format(se), ".", "", 1), "0")
		if len(s) < 3 || len(s) > 4 {
			t.Fatalf("se %v printed as %v: %d significant digits", se, DigitsFor(se).Format(se), len(s))
		}
	})
}

func TestColumnDigits(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		se   []float64
		want []Digits
	}{
		{[]float64{6.82, 1.55}, []Digits{3, 3}},
		{[]float64{6.82, nan, 1.55, 0}, []Digits{3, 3, 3, 3}},
		{[]float64{6.82, 0.000345}, []Digits{2, 6}},
		{[]float64{nan, nan}, []Digits{3, 3}},
		{nil, []Digits{}},
	} {
		if got := ColumnDigits(c.se); !slices.Equal(got, c.want) {
			t.Errorf("%v: got %v, want %v", c.se, got, c.want)
		}
	}
}

func TestFormats(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Criterion(1743.62827195849), "1743.628"},
		{Criterion(math.NaN()), "-"},
		{DF(17), "17.0"},
		{TValue(36.8383), "36.84"},
		{Correlation(0.0655513), "0.066"},
		{Correlation(-0.0001), "0.000"}, // no negative zero
		{PValue(0.0004), "< 0.001"},
		{PValue(0.0326), "0.033"},
		{PValue(math.NaN()), "-"},
		{Diagnostic(4.6123e-7), "4.6e-7"},
		{Diagnostic(1e-10), "1e-10"},
		{Diagnostic(3.1e-13), "< 1e-12"},
		{Diagnostic(-5.6e-28), "< 1e-12"},
		{Diagnostic(4), "4"},
		{Diagnostic(0), "0"},
		{Diagnostic(-0.0275), "-0.028"},
		{Diagnostic(8.87), "8.9"},
		{Diagnostic(1234.5), "1234"},
		{Diagnostic(2.5e6), "2.5e6"},
		{Diagnostic(math.Inf(1)), "-"},
		{Shortest(249.56), "249.56"},
		{Shortest(1e-9), "1e-9"},
		{Digits(2).Format(1.5e12), "1.5000e12"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestShortestReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64().Draw(t, "x")
		if got, err := strconv.ParseFloat(Shortest(x), 64); err != nil || got != x {
			t.Fatalf("%v printed as %q", x, Shortest(x))
		}
	})
}

func TestRounded(t *testing.T) {
	for x, want := range map[float64]string{
		4.51000022: "4.51", 1. / 3: "0.333333", 20131231: "20131231", -49.36372912: "-49.3637", 0: "0", 1234567.8: "1234570",
		1.23456789e-7: "1.23457e-7", math.NaN(): "-", math.Inf(-1): "-",
	} {
		if got := Rounded(x); got != want {
			t.Errorf("%v: got %q, want %q", x, got, want)
		}
	}
}

func TestParameter(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 0.96673295: "0.9667", 4.6e-7: "4.600e-7", -0.0012: "-0.0012", 12.5: "12.5000", math.NaN(): "-"} {
		if got := Parameter(x); got != want {
			t.Errorf("%v: got %q, want %q", x, got, want)
		}
	}
}
