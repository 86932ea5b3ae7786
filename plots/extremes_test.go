package plots

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/table"
)

// extreme is a model that could upset a figure.
type extreme struct {
	name    string
	formula string
	levels  []string // of g
	rows    int      // of each level
	y       func(rng *rand.Rand, level int, x float64) float64
}

// line0 is a response that varies between levels in intercept and slope.
func line0(rng *rand.Rand, level int, x float64) float64 {
	return 10 + 3*math.Sin(float64(level)) + (1+math.Cos(2*float64(level)))*x + rng.NormFloat64()
}

func names(n int, name func(i int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = name(i)
	}
	return out
}

func extremes() []extreme {
	const slope = "y ~ x + f + (x | g)"
	plain := func(i int) string { return fmt.Sprint(i + 1) }
	return []extreme{
		{"two groups", "y ~ x + f + (1 | g)", names(2, plain), 12, line0},
		{"three groups", slope, names(3, plain), 5, line0},
		{"3000 levels", slope, names(3000, plain), 3, line0},
		{"60 characters", slope, names(8, func(i int) string {
			return fmt.Sprintf("%d: a school whose name is as long as sixty characters are ", i)[:58] + fmt.Sprintf("%2d", i)
		}), 6, line0},
		{"scripts", slope, []string{"学校の名前はとても長いです", "Élève n° 5 à Zürich", `<b>&"x"</b>`, "Ωmega", "a\tb", "مدرسة"}, 6, line0},
		{"equal in a level", "y ~ x + f + (1 | g)", names(6, plain), 4, func(_ *rand.Rand, level int, x float64) float64 { return float64(level) + x }},
		{"singular", slope, names(6, plain), 8, func(rng *rand.Rand, _ int, x float64) float64 { return x + rng.NormFloat64() }},
		{"a row a level", "y ~ x + f + (1 | g)", names(20, plain), 1, line0},
		{"tiny values", slope, names(8, plain), 6, func(rng *rand.Rand, l int, x float64) float64 { return 1e-12 * line0(rng, l, x) }},
		{"huge values", slope, names(8, plain), 6, func(rng *rand.Rand, l int, x float64) float64 { return 1e12 * line0(rng, l, x) }},
		{"far from zero", slope, names(8, plain), 6, func(rng *rand.Rand, l int, x float64) float64 { return 1e6 + line0(rng, l, x) }},
	}
}

// fit fits the model to data from a fixed seed.
func (e extreme) fit(t testing.TB) *lmm.Model {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, uint64(len(e.levels))))
	var g, f []string
	var x, y []float64
	for j, l := range e.levels {
		for i := range e.rows {
			v := float64(i)
			if e.rows == 1 {
				v = float64(j % 5)
			}
			g, f, x, y = append(g, l), append(f, []string{"a", "学校", "c&<"}[(i+j)%3]), append(x, v), append(y, e.y(rng, j, v))
		}
	}
	tab, err := table.New(table.NewTexts("g", g).AsFactor(), table.NewTexts("f", f).AsFactor(), table.NewFloats("x", x), table.NewFloats("y", y))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(e.formula, tab, nil)
	if err != nil {
		t.Fatalf("%s: %v", e.name, err)
	}
	return m
}

// Every kind of figure of every odd model is either refused with a reason or
// drawn: valid XML, numbers that are numbers, less than 1 MB.
func TestExtremes(t *testing.T) {
	drawn := make(map[string]int)
	for _, e := range extremes() {
		m := e.fit(t)
		for _, k := range Kinds() {
			if len(e.levels) > denseRows && !slices.Contains(growing(), k.Name) {
				continue
			}
			f := k.Draw(m, Options{Seed: 1, Replicates: 20})
			if err := f.Err(); err != nil {
				if len(err.Error()) < 30 || strings.Contains(err.Error(), "%!") {
					t.Errorf("%s of %s is refused without a reason: %v", k.Name, e.name, err)
				}
				continue
			}
			drawn[k.Name]++
			svg := svgOf(t, f)
			root := parse(t, svg)
			if len(root.all("title")) == 0 || root.all("title")[0].Text == "" || root.all("desc")[0].Text == "" {
				t.Errorf("%s of %s has no title or description", k.Name, e.name)
			}
			words := strings.NewReplacer("Influence", "influence", "Information", "information") // no infinity
			svg, said := words.Replace(svg), words.Replace(f.Text())
			for _, bad := range []string{"NaN", "Inf", "%!", "<script", "href=\"http"} {
				if i := strings.Index(svg, bad); i >= 0 {
					t.Errorf("%s of %s has %q: %.100s", k.Name, e.name, bad, svg[max(0, i-50):])
				}
				if i := strings.Index(said, bad); i >= 0 {
					t.Errorf("%s of %s says %q: %.100s", k.Name, e.name, bad, said[max(0, i-50):])
				}
			}
			if len(svg) > 1e6 {
				t.Errorf("%s of %s has %d bytes", k.Name, e.name, len(svg))
			}
			b, err := f.PDF()
			if err != nil || len(b) > 1e6 {
				t.Errorf("%s of %s: PDF of %d bytes, %v", k.Name, e.name, len(b), err)
			}
		}
	}
	for _, k := range Kinds() {
		if drawn[k.Name] < 3 {
			t.Errorf("%s is drawn of %d models", k.Name, drawn[k.Name])
		}
	}
}

// growing are the kinds that have more marks where there are more levels. The
// others take their time with the model and draw as much as ever.
func growing() []string {
	return []string{"spaghetti", "trellis", "missingness", "dropout", "caterpillar", "modes-qq", "modes-pairs", "random-pca",
		"shrinkage", "residuals", "coefficients", "means", "predictions"}
}

// Figures of a million rows thin their points, say so and stay under 1 MB.
func TestMillionRows(t *testing.T) {
	const n, levels = 1_000_000, 2000
	rng := rand.New(rand.NewPCG(1, 2))
	g, x, y := make([]int32, n), make([]float64, n), make([]float64, n)
	for i := range n {
		g[i], x[i] = int32(i%levels), float64(i/levels)
		y[i] = line0(rng, int(g[i]), x[i]/100)
	}
	f, err := table.NewFactor("g", g, names(levels, func(i int) string { return fmt.Sprint(i) }))
	if err != nil {
		t.Fatal(err)
	}
	tab, err := table.New(f, table.NewFloats("x", x), table.NewFloats("y", y))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ x + (1 | g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"spaghetti": "400 are drawn", "trellis": "Page 1 of 100", "residuals": "lattice are drawn once"} {
		k, err := KindNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		f := k.Draw(m, Options{})
		if f.Err() != nil || !strings.Contains(f.Caption(), want) {
			t.Errorf("%s: %v: the caption does not say %q: %s", name, f.Err(), want, f.Caption())
			continue
		}
		if svg := svgOf(t, f); len(svg) > 1e6 {
			t.Errorf("%s has %d bytes", name, len(svg))
		}
		if b, err := f.PDF(); err != nil || len(b) > 1e6 {
			t.Errorf("%s: PDF of %d bytes, %v", name, len(b), err)
		}
		if b, err := f.PNG(); err != nil || len(b) > 1e6 {
			t.Errorf("%s: PNG of %d bytes, %v", name, len(b), err)
		}
	}
}

// Figures of one level, of more coefficients than panels, and of intervals that
// are not numbers.
func TestExtremesOfSources(t *testing.T) {
	one, err := table.New(table.NewTexts("g", []string{"a", "a"}).AsFactor(), table.NewFloats("w", []float64{1, 2}), table.NewFloats("y", []float64{3, 3}))
	if err != nil {
		t.Fatal(err)
	}
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	flat := simulated("g", 5, "(Intercept)", "x")
	for i := range flat.Mode {
		flat.Mode[i][0], flat.Mode[i][1] = 2, 2
	}
	wide := source{simulated("g", 6, names(14, func(i int) string { return fmt.Sprintf("coefficient %d", i+1) })...)}
	for name, f := range map[string]*Figure{
		"dropout of one":       Dropout(one, "g", "w", "y"),
		"missingness of one":   Missingness(one, "g", "w", nil),
		"trellis of one":       Trellis(m, Options{Levels: []string{"308"}}),
		"caterpillar of one":   Caterpillar(source{simulated("g", 1, "(Intercept)")}),
		"quantiles of one":     ModesQQ(source{simulated("g", 1, "(Intercept)")}),
		"quantiles of equal":   ModesQQ(source{flat}),
		"caterpillar of equal": Caterpillar(source{flat}),
		"quantiles of many":    ModesQQ(wide),
		"caterpillar of many":  Caterpillar(wide),
		"odd caterpillar":      Caterpillar(awkward()),
		"odd quantiles":        ModesQQ(awkward()),
	} {
		svg := svgOf(t, f)
		parse(t, svg)
		for _, bad := range []string{"NaN", "Inf"} {
			if strings.Contains(svg, bad) || strings.Contains(f.Text(), bad) {
				t.Errorf("%s has %s", name, bad)
			}
		}
		if len(svg) > 200_000 {
			t.Errorf("%s has %d bytes", name, len(svg))
		}
		if strings.HasSuffix(name, "many") && (len(f.Plots()) != maxPanels || !strings.Contains(f.Caption(), "The first 12 of 14 coefficients")) {
			t.Errorf("%s: %d panels: %s", name, len(f.Plots()), f.Caption())
		}
		for i, p := range f.panels {
			if s := p.area.Size(); s.X < leastHeight || s.Y < 2*smallSize {
				t.Errorf("%s: panel %d is %v by %v", name, i, s.X, s.Y)
			}
		}
	}
}
