package separation

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

func build(t testing.TB, src string, tab *table.Table) *design.Design {
	t.Helper()
	f, err := formula.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, &design.Options{BinaryResponse: true, FixedOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func columns(t testing.TB, cols ...*table.Column) *table.Table {
	t.Helper()
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func read(t testing.TB, path string) *table.Table {
	t.Helper()
	tab, err := table.ReadCSVFile(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func find(t testing.TB, d *design.Design, family string) *Result {
	t.Helper()
	r, err := Find(d, family, "")
	if err != nil {
		t.Fatal(err)
	}
	checkDirection(t, d, family, r)
	return r
}

// checkDirection multiplies the direction out: every row on its side, the
// separated ones by 1 or more, the others by nothing.
func checkDirection(t testing.TB, d *design.Design, family string, r *Result) {
	t.Helper()
	if !r.Separated() {
		return
	}
	side, _ := Sides(family, "", d.Y)
	for i, k := range side {
		eta, size := dot(d.X.Row(i), r.Direction), 0.0
		for j, v := range d.X.Row(i) {
			size += math.Abs(v * r.Direction[j])
		}
		if k == Down {
			eta = -eta
		}
		inside := slices.Contains(r.Rows, i)
		if inside && (k == Held || eta < 1-1e-6) || !inside && math.Abs(eta) > 1e-6*size {
			t.Fatalf("row %d on side %d moves by %g along the direction; separated: %v", i, k, eta, inside)
		}
	}
}

func draw(rng *rand.Rand, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = rng.NormFloat64()
	}
	return out
}

func coins(rng *rand.Rand, eta []float64) []float64 {
	out := make([]float64, len(eta))
	for i, e := range eta {
		if rng.Float64() < 1/(1+math.Exp(-e)) {
			out[i] = 1
		}
	}
	return out
}

func letters(rng *rand.Rand, n, levels int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = string(rune('a' + rng.IntN(levels)))
	}
	return out
}

// Seven ways to separate data, each named by its cause.
func TestSevenKinds(t *testing.T) {
	const n = 120
	rng := rand.New(rand.NewPCG(1, 9))
	x, z := draw(rng, n), draw(rng, n)
	f, g := letters(rng, n, 3), letters(rng, n, 2)
	ward := letters(rng, n, 12)
	eta := make([]float64, n)
	for i := range eta {
		eta[i] = 0.5 * x[i]
	}
	y := coins(rng, eta)
	with := func(change func(i int, y float64) float64) []float64 {
		out := slices.Clone(y)
		for i := range out {
			out[i] = change(i, out[i])
		}
		return out
	}
	touch := slices.Clone(x)
	step := func(v float64) float64 {
		if v > 0 {
			return 1
		}
		return 0
	}
	for _, c := range []struct {
		name, formula, family string
		y                     []float64
		complete              bool
		infinite              []string
		words                 string
	}{
		{"complete by a covariate", "y ~ x", "binomial", with(func(i int, _ float64) float64 { return step(x[i] - 0.2) }),
			true, []string{"(Intercept)", "x"}, "y is 0 wherever x is"},
		{"a level of a factor with no event", "y ~ x + f", "binomial", with(func(i int, y float64) float64 {
			if f[i] == "b" {
				return 0
			}
			return y
		}), false, []string{"fb"}, "with f = b: y is 0"},
		{"two covariates together", "y ~ x + z", "binomial", with(func(i int, _ float64) float64 { return step(x[i] - 2*z[i] + 0.3) }),
			true, []string{"(Intercept)", "x", "z"}, "is 0 or less wherever y is 0"},
		{"a cell of an interaction", "y ~ x + f * g", "binomial", with(func(i int, y float64) float64 {
			if f[i] == "c" && g[i] == "b" {
				return 1
			}
			return y
		}), false, []string{"fc:gb"}, "with f = c, g = b: y is 1"},
		{"a threshold that both kinds touch", "y ~ t", "binomial", with(func(i int, _ float64) float64 {
			if i < 10 {
				touch[i] = 0.7
				return float64(i % 2)
			}
			return step(0.7 - x[i])
		}), false, []string{"(Intercept)", "t"}, "y is 1 wherever t is below 0.7 and 0 wherever it is above"},
		{"a level of zero counts", "y ~ x + f", "poisson", with(func(i int, _ float64) float64 {
			if f[i] == "a" {
				return 0
			}
			return float64(1 + i%3)
		}), false, []string{"(Intercept)", "fb", "fc"}, "with f = a: y is 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tab := columns(t, table.NewFloats("y", c.y), table.NewFloats("x", x), table.NewFloats("t", touch), table.NewFloats("z", z), table.NewTexts("f", f), table.NewTexts("g", g))
			r := find(t, build(t, c.formula, tab), c.family)
			if r.Complete != c.complete || !slices.Equal(r.Params(), c.infinite) || !strings.Contains(r.Sentence(), c.words) {
				t.Errorf("complete %v, infinite %q, %s", r.Complete, r.Params(), r.Sentence())
			}
			if f := r.Finding(); f.Severity != finding.Serious || f.Code != "D7" {
				t.Errorf("%+v", f)
			}
		})
	}
	t.Run("groups of one kind", func(t *testing.T) {
		pure := with(func(i int, _ float64) float64 { return float64(int(ward[i][0]) % 2) })
		tab := columns(t, table.NewFloats("y", pure), table.NewFloats("x", draw(rng, n)), table.NewTexts("ward", ward))
		d := build(t, "y ~ x + (1 | ward)", tab)
		if r := find(t, d, "binomial"); r.Separated() {
			t.Errorf("%s", r.Sentence())
		}
		r, err := Within(d, "binomial", "", 0)
		if err != nil || r.Separated() || len(r.Low) != 6 || len(r.High) != 6 || r.Open != 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// Separation that appears when the levels of a group have intercepts of their own.
func TestWithin(t *testing.T) {
	const n, groups = 200, 20
	rng := rand.New(rand.NewPCG(2, 9))
	x, z, g := draw(rng, n), draw(rng, n), make([]string, n)
	y := make([]float64, n)
	for i := range y {
		g[i] = fmt.Sprint(i % groups)
		if x[i] > float64(i%groups-10)/10 {
			y[i] = 1
		}
	}
	d := build(t, "y ~ x + z + (1 | g)", columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z), table.NewTexts("g", g)))
	if r := find(t, d, "binomial"); r.Separated() {
		t.Fatal(r.Sentence())
	}
	r, err := Within(d, "binomial", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Complete || r.Finding().Severity != finding.Caution || !slices.Equal(r.Columns, []int{1}) {
		t.Errorf("complete %v, columns %v: %s", r.Complete, r.Columns, r.Finding().Meaning)
	}
	// The same by writing the indicators out.
	dummies := find(t, build(t, "y ~ 0 + x + z + g", d.Table()), "binomial")
	pure := 0
	for _, l := range append(slices.Clone(r.Low), r.High...) {
		for _, v := range d.Terms[0].Level {
			if int(v) == l {
				pure++
			}
		}
	}
	if len(dummies.Rows) != len(r.Rows)+pure {
		t.Errorf("%d rows within groups and %d in groups of one kind, %d with indicators", len(r.Rows), pure, len(dummies.Rows))
	}
}

// Within agrees with indicators of the levels on random sets, separated or not.
func TestWithinIsIndicators(t *testing.T) {
	separated := 0
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 3))
		n := 8 + rng.IntN(16)
		x, z, g := draw(rng, n), draw(rng, n), letters(rng, n, 5)
		y := coins(rng, x)
		family := "binomial"
		switch seed % 3 {
		case 1:
			for i := range y {
				if rng.IntN(8) == 0 {
					y[i] = 0.5
				}
			}
		case 2:
			family = "poisson"
			for i := range y {
				if rng.IntN(4) > 0 {
					y[i] = 0
				}
			}
		}
		if slices.Max(y) == slices.Min(y) {
			continue
		}
		d := build(t, "y ~ x + z + (1 | g)", columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z), table.NewTexts("g", g)))
		r, err := Within(d, family, "", 0)
		if err != nil {
			t.Fatal(seed, err)
		}
		dummies := find(t, build(t, "y ~ 0 + x + z + g", d.Table()), family)
		side, _ := Sides(family, "", y)
		pure := make(map[int32]bool)
		for _, l := range r.Low {
			pure[int32(l)] = true
		}
		for _, l := range r.High {
			pure[int32(l)] = true
		}
		rows := slices.Clone(r.Rows)
		for i := range y {
			if pure[d.Terms[0].Level[i]] && side[i] != Held {
				rows = append(rows, i)
			}
		}
		slices.Sort(rows)
		if !slices.Equal(rows, dummies.Rows) {
			t.Errorf("seed %d, %s: rows %v within, %v with indicators", seed, family, rows, dummies.Rows)
		}
		if r.Separated() {
			separated++
		}
	}
	if separated < 10 || separated > 50 {
		t.Errorf("%d of 60 sets are separated; the test wants both kinds", separated)
	}
}

// The sets of the failure mode fm10, and glm()'s on one covariate.
func TestSeparationFiles(t *testing.T) {
	r := find(t, build(t, "y ~ x + treat + (1 | g)", read(t, "testdata/fm10_separation.csv")), "binomial")
	if r.Complete || !slices.Equal(r.Params(), []string{"treat"}) || !strings.Contains(r.Sentence(), "with treat = 1: y is 1") {
		t.Errorf("%v: %s", r.Params(), r.Finding().Meaning)
	}
	r = find(t, build(t, "y ~ x", read(t, "testdata/fm10_glm_complete.csv")), "binomial")
	if !r.Complete || r.Threshold == nil || r.Threshold.Below != 5 || r.Threshold.Above != 6 {
		t.Errorf("%+v: %s", r.Threshold, r.Finding().Meaning)
	}
}

// Families whose linear predictor is not drawn to infinity.
func TestSides(t *testing.T) {
	y := []float64{0, 0.5, 1}
	for _, c := range []struct {
		family, link string
		want         []Side
	}{
		{"binomial", "probit", []Side{Down, Held, Up}},
		{"binomial", "log", []Side{Down, Held, Held}},
		{"negbinomial", "", []Side{Down, Held, Held}},
		{"poisson", "sqrt", nil}, {"gamma", "", nil}, {"gaussian", "", nil}, {"binomial", "identity", nil},
	} {
		got, ok := Sides(c.family, c.link, y)
		if !slices.Equal(got, c.want) || ok != (c.want != nil) {
			t.Errorf("%s %s: %v, want %v", c.family, c.link, got, c.want)
		}
	}
}
