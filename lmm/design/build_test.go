package design

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

func TestRandomColumns(t *testing.T) {
	tab := wideTable(t)
	for _, tt := range []struct {
		src   string
		names []string
	}{
		{"(1 | id)", []string{"(Intercept)"}},
		{"(f | id)", []string{"(Intercept)", "fb", "fc"}},
		{"(0 + f | id)", []string{"fa", "fb", "fc"}},
		{"(x || id)", []string{"(Intercept)", "x"}},
		{"(0 + x || id)", []string{"x"}},
		// Behind || and in cs() a factor is its indicators, whatever the coding.
		{"(f || id)", []string{"fa", "fb", "fc"}},
		{"(x + f || id)", []string{"x", "fa", "fb", "fc"}},
		{"(x*f || id)", []string{"x", "fa", "fb", "fc", "x:fa", "x:fb", "x:fc"}},
		{"(x:f || id)", []string{"(Intercept)", "x:fa", "x:fb", "x:fc"}},
		{"diag(f | id)", []string{"(Intercept)", "fb", "fc"}},
		{"cs(f | id)", []string{"fa", "fb", "fc"}},
		{"cs(0 + f | id)", []string{"fa", "fb", "fc"}},
		{"cs(0 + x + n | id)", []string{"x", "n"}},
		{"rr(f | id, 2)", []string{"(Intercept)", "fb", "fc"}},
		{"((x > 3) | id)", []string{"(Intercept)", "x > 3TRUE"}},
		{"(poly(x, 2) | id)", []string{"(Intercept)", "poly(x, 2)1", "poly(x, 2)2"}},
	} {
		d := build(t, "y ~ 1 + "+tt.src, tab, &Options{})
		if diff := cmp.Diff(tt.names, d.Terms[0].Names); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.src, diff)
		}
		if d.Terms[0].Src != tt.src && tt.src != "(x*f || id)" {
			t.Errorf("%s: source %s", tt.src, d.Terms[0].Src)
		}
	}
	// Contrasts of the options are those of the fixed effects, as in lme4.
	d := build(t, "y ~ f + (f | id)", tab, &Options{Contrasts: map[string]string{"f": "contr.sum"}})
	if diff := cmp.Diff([]string{"(Intercept)", "f1", "f2"}, d.XNames); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"(Intercept)", "fb", "fc"}, d.Terms[0].Names); diff != "" {
		t.Error(diff)
	}
}

func TestGrouping(t *testing.T) {
	tab := mustTable(t,
		table.NewFloats("y", []float64{1, 2, 3, 5, 4, 6}),
		table.NewInts("site", []int64{10, 10, 9, 9, 100, 100}),
		table.NewTexts("plot", []string{"b", "a", "a", "b", "a", "a"}),
		table.NewBools("wet", []bool{true, true, false, false, true, false}),
	)
	d := build(t, "y ~ 1 + (1 | site/plot) + (1 | plot:wet:site) + (1 | factor(site))", tab, nil)
	type groups struct {
		Group  string
		Levels []string
		Level  []int32
	}
	want := []groups{
		{"plot:wet:site", []string{"a:FALSE:9", "a:FALSE:100", "a:TRUE:10", "a:TRUE:100", "b:FALSE:9", "b:TRUE:10"}, []int32{5, 2, 0, 4, 3, 1}},
		{"plot:site", []string{"a:9", "a:10", "a:100", "b:9", "b:10"}, []int32{4, 1, 0, 3, 2, 2}},
		{"site", []string{"9", "10", "100"}, []int32{1, 1, 0, 0, 2, 2}},
		{"factor(site)", []string{"9", "10", "100"}, []int32{1, 1, 0, 0, 2, 2}},
	}
	var got []groups
	for _, term := range d.Terms {
		got = append(got, groups{term.Group, term.Levels, term.Level})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// The levels of new rows: a known, a new combination, a new level, a missing one.
	fresh := mustTable(t,
		table.NewInts("site", []int64{9, 100, 11, table.MissingInt}),
		table.NewTexts("plot", []string{"b", "b", "a", "a"}),
		table.NewBools("wet", []bool{false, false, true, true}),
	)
	rows, err := d.NewData(fresh)
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range [][]int32{{4, -1, -1, -1}, {3, -1, -1, -1}, {0, 2, -1, -1}, {0, 2, -1, -1}} {
		if diff := cmp.Diff(want, rows.Terms[k].Level); diff != "" {
			t.Errorf("%s in new rows (-want +got)\n%s", d.Terms[k].Group, diff)
		}
	}
}

func TestFrameParts(t *testing.T) {
	nan := math.NaN()
	tab := mustTable(t,
		table.NewFloats("y", []float64{1, 2, nan, 4, 5, 7}),
		table.NewFloats("x", []float64{1, 2, 3, nan, 5, 8}),
		table.NewFloats("w", []float64{1, 2, 1, 1, 0, 3}),
		table.NewFloats("o", []float64{.5, .5, .5, .5, .5, 1.5}),
		table.NewTexts("g", []string{"a", "b", "c", "d", "e", "b"}),
		table.NewFloats("zero", []float64{0, 0, 0, 0, 0, 0}),
	)
	d := build(t, "y ~ 0 + offset(2 * x) + (1 | g)", tab, &Options{Weights: "w", Offset: "o"})
	if diff := cmp.Diff([]int{0, 1, 5}, d.Rows); diff != "" || d.TableRows != 6 {
		t.Errorf("rows\n%s", diff)
	}
	if diff := cmp.Diff([]float64{1, 2, 7}, d.Y); diff != "" {
		t.Errorf("y\n%s", diff)
	}
	if diff := cmp.Diff([]float64{1, 2, 3}, d.Weights); diff != "" {
		t.Errorf("weights\n%s", diff)
	}
	if diff := cmp.Diff([]float64{2.5, 4.5, 17.5}, d.Offset); diff != "" {
		t.Errorf("offset\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a", "b"}, d.Terms[0].Levels); diff != "" {
		t.Errorf("levels\n%s", diff)
	}
	if d.X.Cols != 0 || len(d.XNames) != 0 {
		t.Errorf("X has columns %v", d.XNames)
	}
	d = build(t, "cbind(y, zero) ~ 1 + (1 | g)", tab, nil)
	if diff := cmp.Diff([]float64{1, 2, 4, 5, 7}, d.Trials); diff != "" {
		t.Errorf("trials\n%s", diff)
	}
	if d.Y[0] != 1 {
		t.Errorf("proportion %g", d.Y[0])
	}
	d = build(t, "g ~ x + (1 | o)", tab, &Options{BinaryResponse: true})
	if diff := cmp.Diff([]float64{0, 1, 1, 1, 1}, d.Y); diff != "" {
		t.Errorf("binary response\n%s", diff)
	}
}

func TestNewDataErrors(t *testing.T) {
	d := build(t, "y ~ x + f + offset(n) + (1 | id)", wideTable(t), &Options{Offset: "w"})
	base := func(cols ...*table.Column) *table.Table {
		tab := mustTable(t, numbers("x", 2, func(i int) float64 { return float64(i) }),
			texts("f", 2, func(int) string { return "b" }), numbers("n", 2, func(int) float64 { return 1 }),
			numbers("w", 2, func(int) float64 { return 2 }), texts("id", 2, func(int) string { return "new" }))
		for _, c := range cols {
			var err error
			if tab, err = tab.With(c); err != nil {
				t.Fatal(err)
			}
		}
		return tab
	}
	rows, err := d.NewData(base(texts("f", 2, func(i int) string { return []string{"", "c"}[i] })))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{3, 3}, rows.Offset); diff != "" {
		t.Error(diff)
	}
	if !math.IsNaN(rows.X.At(0, 2)) || !math.IsNaN(rows.X.At(0, 3)) || rows.X.At(1, 3) != 1 || rows.X.At(0, 1) != 0 {
		t.Errorf("X %v", rows.X.Data)
	}
	for name, tab := range map[string]*table.Table{
		"new level":  base(texts("f", 2, func(int) string { return "z" })),
		"text":       base(texts("x", 2, func(int) string { return "u" })),
		"infinite":   base(numbers("x", 2, func(int) float64 { return math.Inf(-1) })),
		"no columns": mustTable(t, numbers("x", 2, func(int) float64 { return 1 })),
	} {
		if _, err := d.NewData(tab); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// NewData on the training table gives the design again, with the rows that
// were left out.
func TestNewDataIsBuild(t *testing.T) {
	tab := wideTable(t)
	d := build(t, "y ~ poly(x, 2)*f + scale(gaps) + ns(debt, 3) + I(x > 3) + (scale(x) | id/lab) + (f || id)", tab, nil)
	rows, err := d.NewData(tab)
	if err != nil {
		t.Fatal(err)
	}
	same := func(what string, a *Matrix, b *Matrix) {
		for i, r := range d.Rows {
			if !slices.Equal(a.Row(i), b.Row(r)) {
				t.Errorf("%s: row %d is %v, was %v", what, r, b.Row(r), a.Row(i))
				return
			}
		}
	}
	same("X", &d.X, &rows.X)
	for k, term := range d.Terms {
		same(term.Src, &term.Z, &rows.Terms[k].Z)
		for i, r := range d.Rows {
			if rows.Terms[k].Level[r] != term.Level[i] {
				t.Fatalf("%s: level of row %d", term.Src, r)
			}
		}
	}
}

// The order of the rows and the units of columns do not matter for what is kept.
func TestInvariance(t *testing.T) {
	tab := wideTable(t)
	rapid.Check(t, func(rt *rapid.T) {
		src := rapid.SampledFrom([]string{
			"y ~ x + I(x * U) + f*lab + (1 | id)",
			"y ~ I(U * x) + debt + I(x + debt) + (x | id)",
			"y ~ f/x + I(gaps * U) + (1 | id/lab)",
		}).Draw(rt, "formula")
		unit := math.Pow(10, float64(rapid.IntRange(-12, 12).Draw(rt, "unit")))
		order := rapid.Permutation(indices(tab.Rows())).Draw(rt, "order")
		scaled := func(tab *table.Table, u float64) *Design {
			tab, err := tab.With(numbers("U", tab.Rows(), func(int) float64 { return u }))
			if err != nil {
				t.Fatal(err)
			}
			f, err := formula.Parse(src)
			if err != nil {
				t.Fatal(err)
			}
			d, err := Build(f, tab, nil)
			if err != nil {
				rt.Fatal(err)
			}
			return d
		}
		a, b := scaled(tab, 1), scaled(permuteRows(t, tab, order), unit)
		if diff := cmp.Diff(a.XNames, b.XNames); diff != "" {
			rt.Fatalf("kept columns differ\n%s", diff)
		}
		for k, term := range a.Terms {
			if diff := cmp.Diff(term.Levels, b.Terms[k].Levels); diff != "" {
				rt.Fatalf("levels differ\n%s", diff)
			}
		}
	})
}

func indices(n int) []int {
	x := make([]int, n)
	for i := range x {
		x[i] = i
	}
	return x
}

func permuteRows(t *testing.T, tab *table.Table, order []int) *table.Table {
	var cols []*table.Column
	for _, c := range tab.Columns() {
		if c.Kind().Numeric() {
			cols = append(cols, numbers(c.Name(), len(order), func(i int) float64 { return c.Float(order[i]) }))
		} else {
			cols = append(cols, texts(c.Name(), len(order), func(i int) string { return c.Text(order[i]) }))
		}
	}
	return mustTable(t, cols...)
}
