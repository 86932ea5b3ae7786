package cache

import (
	"math"
	"runtime/debug"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/table"
)

func columns(t *testing.T, cols ...*table.Column) *table.Table {
	t.Helper()
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func factor(t *testing.T, name string, codes []int32, levels ...string) *table.Column {
	t.Helper()
	c, err := table.NewFactor(name, codes, levels)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Every change of the data, the formula or the options is another key.
func TestKeysDiffer(t *testing.T) {
	x := table.NewFloats("x", []float64{1, 2, 3})
	g := factor(t, "g", []int32{0, 1, 0}, "a", "b")
	base := columns(t, x, g)
	const formula = "x ~ 1 + (1 | g)"
	ordered, err := table.NewOrdered("g", []int32{0, 1, 0}, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[Key]string{}
	for name, k := range map[string]Key{
		"base":            FitKey(formula, base, nil),
		"formula":         FitKey("x ~ 0 + (1 | g)", base, nil),
		"ML":              FitKey(formula, base, &lmm.Options{ML: true}),
		"weights":         FitKey(formula, base, &lmm.Options{Weights: "x"}),
		"offset":          FitKey(formula, base, &lmm.Options{Offset: "x"}),
		"contrasts":       FitKey(formula, base, &lmm.Options{Contrasts: map[string]string{"g": "sum"}}),
		"optimizer":       FitKey(formula, base, &lmm.Options{Optimizer: "bobyqa"}),
		"evaluations":     FitKey(formula, base, &lmm.Options{MaxEvaluations: 1000}),
		"other contrasts": FitKey(formula, base, &lmm.Options{Contrasts: map[string]string{"g": "poly"}}),
		"a value":         FitKey(formula, columns(t, table.NewFloats("x", []float64{1, 2, math.Nextafter(3, 4)}), g), nil),
		"missing":         FitKey(formula, columns(t, table.NewFloats("x", []float64{1, 2, math.NaN()}), g), nil),
		"a name":          FitKey(formula, columns(t, x.Renamed("y"), g), nil),
		"order of rows":   FitKey(formula, base.Take([]int{1, 0, 2}), nil),
		"order of levels": FitKey(formula, columns(t, x, factor(t, "g", []int32{1, 0, 1}, "b", "a")), nil),
		"a level":         FitKey(formula, columns(t, x, factor(t, "g", []int32{0, 1, 0}, "a", "c")), nil),
		"a code":          FitKey(formula, columns(t, x, factor(t, "g", []int32{0, 1, -1}, "a", "b")), nil),
		"ordered":         FitKey(formula, columns(t, x, ordered), nil),
		"whole numbers":   FitKey(formula, columns(t, table.NewInts("x", []int64{1, 2, 3}), g), nil),
		"long numbers":    FitKey(formula, columns(t, table.NewInts("x", []int64{1, 2, 1<<60 + 1}), g), nil),
		"longer numbers":  FitKey(formula, columns(t, table.NewInts("x", []int64{1, 2, 1 << 60}), g), nil),
		"text":            FitKey(formula, columns(t, x, table.NewTexts("g", []string{"a", "bc", "d"})), nil),
		"text, shifted":   FitKey(formula, columns(t, x, table.NewTexts("g", []string{"ab", "c", "d"})), nil),
		"no rows":         FitKey(formula, base.Take(nil), nil),
		"other code":      NewHasher("fit", Code()+"'").Text(formula).Key(),
		"other kind":      NewHasher("profile", Code()).Text(formula).Key(),
	} {
		if other := seen[k]; other != "" {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[k] = name
	}
	if again := FitKey(formula, columns(t, x, g), &lmm.Options{Contrasts: map[string]string{}}); seen[again] != "base" {
		t.Error("the same content has another key")
	}
}

// Models that differ in their data, formula or options have other keys, the same
// model fitted again has the same.
func TestModelKeysDiffer(t *testing.T) {
	tab, err := datasets.Load("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	y := make([]float64, tab.Rows())
	for i := range y {
		y[i] = float64(i%7) + tab.Column("Reaction").Float(i)
	}
	key := func(m *lmm.Model, err error) Key {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		h := NewHasher("test", "")
		if !h.Model(m) {
			t.Errorf("%s has no key", m.Formula())
		}
		return h.Key()
	}
	const formula = "Reaction ~ Days + (Days | Subject)"
	m, err := lmm.Fit(formula, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[Key]string{}
	for name, k := range map[string]Key{
		"base":      key(m, nil),
		"ML":        key(lmm.Fit(formula, tab, &lmm.Options{ML: true})),
		"weights":   key(lmm.Fit(formula, tab, &lmm.Options{Weights: "Reaction"})),
		"offset":    key(lmm.Fit(formula, tab, &lmm.Options{Offset: "Days"})),
		"optimizer": key(lmm.Fit(formula, tab, &lmm.Options{Optimizer: "nelder-mead"})),
		"point":     key(m.At([]float64{1, 0, 0.2})),
		"formula":   key(lmm.Fit("Reaction ~ Days + (Days || Subject)", tab, nil)),
		"response":  key(m.Refit(y)),
		"a column":  key(lmm.Fit(formula, columns(t, append(tab.Columns(), table.NewFloats("y", y))...), nil)),
	} {
		if other := seen[k]; other != "" {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[k] = name
	}
	if seen[key(lmm.Fit(formula, tab, nil))] != "base" {
		t.Error("the same model has another key")
	}
}

func TestIdentity(t *testing.T) {
	executable := func() string { return "program" }
	released := &debug.BuildInfo{Deps: []*debug.Module{{Path: "x"}, {Path: modulePath, Version: "v0.1.0", Sum: "h1:a"}}}
	clone := &debug.BuildInfo{Main: debug.Module{Path: modulePath, Version: "(devel)"}}
	for _, c := range []struct {
		file string
		info *debug.BuildInfo
		want string
	}{
		{"/home/a b/golmm/0.1.0-0123456789ab/src/lmm/cache/code.go", nil, "0.1.0 /home/a b/golmm/0.1.0-0123456789ab/src/lmm/cache/code.go"},
		{"/cache/golmm-links-0/0123456789abcdef/lmm/cache/code.go", nil, "0.1.0 /cache/golmm-links-0/0123456789abcdef/lmm/cache/code.go"},
		{"/mod/github.com/golmm/golmm@v0.1.0/lmm/cache/code.go", released, "v0.1.0 h1:a"},
		{"/clone/lmm/cache/code.go", clone, "program"},
		{"/clone/lmm/cache/code.go", nil, "program"},
	} {
		if got := identity(c.file, c.info, executable); got != c.want {
			t.Errorf("%s: %q, want %q", c.file, got, c.want)
		}
	}
	if got := Code(); len(got) < 32 {
		t.Errorf("this program is %q", got)
	}
}
