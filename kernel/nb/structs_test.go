package nb

import (
	"math"
	"strings"
	"testing"
)

func TestStructTable(t *testing.T) {
	type pair struct {
		Name string
		N    int
		X    float64
		skip int // not exported, not shown
	}
	b, err := render([]*pair{{"<a>", 10, 12.25, 1}, nil, {"b", 2, math.NaN(), 2}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Name", "12.25", "- in X: not defined"} {
		if !strings.Contains(b.text, want) {
			t.Errorf("no %q in\n%s", want, b.text)
		}
	}
	if hidden := (pair{skip: 1}); hidden.skip != 1 || strings.Contains(b.text, "skip") || strings.Contains(b.html, "<a>") || strings.Contains(b.text, "NaN") {
		t.Errorf("%s\n%s", b.text, b.html)
	}
	if b, err = render([]pair{}); err != nil || !strings.Contains(b.text, "There are no rows.") {
		t.Errorf("%q, %v", b.text, err)
	}
	if b, err = render(make([]pair, structRows+1)); err != nil || !strings.Contains(b.text, "The first 50 of 51 rows.") {
		t.Errorf("%q, %v", b.text, err)
	}
}

func TestDecimals(t *testing.T) {
	for _, c := range []struct {
		x    []float64
		want int
	}{
		{nil, 0}, {[]float64{0, math.NaN()}, 0}, {[]float64{1, 20, 300}, 0}, {[]float64{1.5, 2.25}, 2},
		{[]float64{251.40510484848486, 10.467285959595996}, 2}, {[]float64{1.0 / 3, 1e6}, 4}, {[]float64{1e-9}, 6},
		{[]float64{1e300, math.Inf(1)}, 0}, {[]float64{123456.789}, 0},
	} {
		if got := int(decimals(c.x)); got != c.want {
			t.Errorf("%v: %d decimals, want %d", c.x, got, c.want)
		}
	}
}
