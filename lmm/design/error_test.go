package design

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s changed (-want +got); run with -update if it should\n%s", name, d)
	}
}

func mustTable(t testing.TB, cols ...*table.Column) *table.Table {
	t.Helper()
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// oddTable has a column for every kind of trouble.
func oddTable(t testing.TB) *table.Table {
	nan, inf := math.NaN(), math.Inf(1)
	csv := "noted\n1\n2\n3\n4\n5\n6\n7\n8m\n"
	read, err := table.ReadCSV(strings.NewReader(csv), nil)
	if err != nil {
		t.Fatal(err)
	}
	return mustTable(t, read.Column("noted"),
		table.NewFloats("score", []float64{1, 2, 4, 3, 5, 7, 6, 9}),
		table.NewFloats("days", []float64{0, 1, 2, 3, 0, 1, 2, 3}),
		table.NewTexts("subject", []string{"a", "a", "a", "a", "b", "b", "b", "b"}),
		table.NewTexts("sex", []string{"f", "m", "f", "m", "f", "m", "f", "m"}),
		table.NewTexts("one", []string{"u", "u", "u", "u", "u", "u", "u", "u"}),
		table.NewFloats("flat", []float64{2, 2, 2, 2, 2, 2, 2, 2}),
		table.NewFloats("none", []float64{nan, nan, nan, nan, nan, nan, nan, nan}),
		table.NewFloats("odd", []float64{1, nan, 1, nan, 1, nan, 1, nan}),
		table.NewFloats("even", []float64{nan, 1, nan, 1, nan, 1, nan, 1}),
		table.NewFloats("infinite", []float64{1, 2, 3, inf, 5, 6, 7, 8}),
		table.NewFloats("negative", []float64{1, 2, -3, 4, 5, 6, 7, 8}),
		table.NewFloats("zero", []float64{0, 0, 0, 0, 0, 0, 0, 0}),
		table.NewBools("yes", []bool{true, false, true, true, false, true, false, false}),
	)
}

func TestBuildErrors(t *testing.T) {
	tab := oddTable(t)
	var b strings.Builder
	for _, tt := range []struct {
		src  string
		opt  Options
		code string
	}{
		{src: "score ~ dayz + (days | subject)"},
		{src: "score ~ days + (days | subjct)"},
		{src: "score ~ weight + (1 | subject)"},
		{src: "score ~ days"},
		{src: "sex ~ days + (1 | subject)"},
		{src: "yes ~ days + (1 | subject)"},
		{src: "poly(score, 2) ~ days + (1 | subject)"},
		{src: "flat ~ days + (1 | subject)", code: "D9"},
		{src: "score ~ days + (1 | one)", code: "D3"},
		{src: "score ~ days + one + (1 | subject)"},
		{src: "score ~ none + (1 | subject)"},
		{src: "score ~ odd + even + (1 | subject)"},
		{src: "score ~ infinite + (1 | subject)"},
		{src: "score ~ log(days) + (1 | subject)"},
		{src: "score ~ scale(infinite) + (1 | subject)"},
		{src: "score ~ log(sex) + (1 | subject)"},
		{src: "score ~ I(sex + 1) + (1 | subject)"},
		{src: "score ~ I(sex == \"M\") + (1 | subject)"},
		{src: "score ~ I(sex %in% c(\"x\", \"m\")) + (1 | subject)"},
		{src: "score ~ I(sex > \"f\") + (1 | subject)"},
		{src: "score ~ I(days == sex) + (1 | subject)"},
		{src: "score ~ I(days %in% score) + (1 | subject)"},
		{src: "score ~ as.integer(sex) + (1 | subject)"},
		{src: "score ~ I(2) + (1 | subject)"},
		{src: "score ~ poly(days, 4) + (1 | subject)"},
		{src: "score ~ poly(days, 1.5) + (1 | subject)"},
		{src: "score ~ poly(days, 2, raw = 1) + (1 | subject)"},
		{src: "score ~ ns(flat, 3) + (1 | subject)"},
		{src: "score ~ ns(zero, 3) + (1 | subject)"},
		{src: "score ~ ns(odd, 40) + (1 | subject)"},
		{src: "score ~ ns(days, knots = 7) + (1 | subject)"},
		{src: "score ~ scale(flat) + (1 | subject)"},
		{src: "score ~ scale(none) + (1 | subject)"},
		{src: "score ~ scale(days, center = sex) + (1 | subject)"},
		{src: "score ~ factor(days, levels = c(1, 1)) + (1 | subject)"},
		{src: "score ~ factor(3) + (1 | subject)"},
		{src: "score ~ I(poly(days, 2) > 1) + (1 | subject)"},
		{src: "score ~ offset(sex) + (1 | subject)"},
		{src: "score ~ days + (1 | poly(days, 2))"},
		{src: "score ~ days + rr(days | subject, 3)"},
		{src: "score ~ days + cs(1 | subject)"},
		{src: "score ~ days + cs(days | subject)"},
		{src: "score ~ poly(negative, 7) + (1 | subject)", code: "D8"},
		{src: "score ~ noted + (1 | subject) + offset(noted)"},
		{src: "score ~ exp(noted) + (1 | subject)"},
		{src: "score ~ days + (1 | subject)", opt: Options{Weights: "w"}},
		{src: "score ~ days + (1 | subject)", opt: Options{Weights: "sex"}},
		{src: "score ~ days + (1 | subject)", opt: Options{Weights: "negative"}},
		{src: "score ~ days + (1 | subject)", opt: Options{Weights: "zero"}},
		{src: "score ~ days + (1 | subject)", opt: Options{Offset: "dayss"}},
		{src: "score ~ days + (1 | subject)", opt: Options{Offset: "infinite"}},
		{src: "score ~ sex + (1 | subject)", opt: Options{Contrasts: map[string]string{"sex": "sums"}}},
		{src: "score ~ sex + (1 | subject)", opt: Options{Contrasts: map[string]string{"sec": "sum"}}},
		{src: "score ~ days + (1 | subject)", opt: Options{Contrasts: map[string]string{"days": "sum"}}},
		{src: "cbind(score, negative) ~ days + (1 | subject)"},
		{src: "cbind(score, sex) ~ days + (1 | subject)"},
		{src: "cbind(score, score) ~ days + (1 | subject)"},
	} {
		f, err := formula.Parse(tt.src)
		if err != nil {
			t.Error(err)
			continue
		}
		_, err = Build(f, tab, &tt.opt)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: got %v, want an *Error", tt.src, err)
			continue
		}
		if e.Code != tt.code {
			t.Errorf("%s: code %q, want %q", tt.src, e.Code, tt.code)
		}
		fmt.Fprintf(&b, "%s\n\n", err)
	}
	empty := mustTable(t, table.NewFloats("y", nil), table.NewFloats("g", nil))
	f, _ := formula.Parse("y ~ 1 + (1 | g)")
	_, err := Build(f, empty, nil)
	fmt.Fprintf(&b, "%s\n\n", err)
	golden(t, "errors.golden", b.String())
}
