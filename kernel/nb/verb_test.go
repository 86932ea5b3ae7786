package nb

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cache"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// Every function of the library that begins with a model, or with several, has
// its twin in this package.
func TestVerbsHaveTwins(t *testing.T) {
	twins := map[string]bool{}
	exported(t, ".", func(f *ast.FuncDecl) { twins[f.Name.Name] = true })
	names := map[string]string{"diagnose.Run": "Diagnose", "diagnose.At": "DiagnoseAt"}
	for _, pkg := range []string{"infer", "diagnose"} {
		found := 0
		exported(t, filepath.Join("../../lmm", pkg), func(f *ast.FuncDecl) {
			if len(f.Type.Params.List) == 0 {
				return
			}
			first := f.Type.Params.List[0].Type
			if list, ok := first.(*ast.ArrayType); ok {
				first = list.Elt
			}
			star, ok := first.(*ast.StarExpr)
			if !ok {
				return
			}
			if sel, ok := star.X.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Model" {
				return
			}
			found++
			name := names[pkg+"."+f.Name.Name]
			if name == "" {
				name = f.Name.Name
			}
			if !twins[name] {
				t.Errorf("%s.%s has no twin nb.%s: add it, as those in fixed.go", pkg, f.Name.Name, name)
			}
		})
		if found == 0 {
			t.Errorf("no verb found in %s", pkg)
		}
	}
}

// exported calls visit with the exported functions of a package, no methods.
func exported(t *testing.T, dir string, visit func(*ast.FuncDecl)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() {
				visit(f)
			}
		}
	}
}

// Every verb shows a document, and what the cache gives back for it is the same
// to the bit, in words and in JSON.
func TestVerbs(t *testing.T) {
	t.Setenv(cache.ModeVariable, "off")
	store := cache.Open(cache.Settings{Dir: filepath.Join(t.TempDir(), "results"), Least: 1})
	sleep, ticks := Data("sleepstudy"), Data("grouseticks")
	m := Fit(sleepFormula, sleep)
	small := Fit("Reaction ~ Days + (1 | Subject)", sleep)
	edge := Fit("Yield ~ 1 + (1 | Batch)", Data("Dyestuff2"))
	cake := Fit("angle ~ recipe * temperature + (1 | recipe:replicate)", Data("cake"))
	families := Fit("Reaction ~ 0 + half + (0 + half | Subject)", halves(t))
	row := []infer.Row{Combination(m, "three days", map[string]float64{"Days": 3})}
	for _, err := range []error{
		same(t, store, "Coefficients", "Kenward-Roger", Coefficients(m, &infer.Options{DF: infer.KenwardRoger})),
		same(t, store, "Coefficients, boundary", "-", Coefficients(edge)),
		same(t, store, "Robust", "sandwich CR2", Robust(m)),
		same(t, store, "Contrasts", "three days", Contrasts(m, row)),
		same(t, store, "Joint", "slope", Joint(m, "slope", row)),
		same(t, store, "Anova", "Days", Anova(m)),
		same(t, store, "MarginalMeans", "Tukey", MarginalMeans(cake, &infer.MeansOptions{Of: []string{"recipe"}})),
		same(t, store, "Trends", "Days", Trends(m, "Days")),
		same(t, store, "Predict", "251.4", Predict(m, sleep)),
		same(t, store, "NewResponses", "coverage", NewResponses(Fit("TICKS ~ YEAR + (1 | BROOD)", ticks, &lmm.Options{Family: "poisson"}), ticks)),
		same(t, store, "VIF", "recipe", VIF(cake)),
		same(t, store, "Profile", "Days", Profile(small)),
		same(t, store, "ProfileAt", "zeta", ProfileAt(small, "sigma", []float64{25, 30})),
		same(t, store, "Slice", "zeta", Slice(small, "sigma", []float64{25, 30})),
		same(t, store, "VarianceIntervals", "Batch", VarianceIntervals(edge)),
		same(t, store, "VarianceShares", "ICC", VarianceShares(m)),
		same(t, store, "RawMoments", "Mean products", RawMoments(families, &infer.MomentsOptions{Unit: "unit"})),
		same(t, store, "ShareIntervals", "ICC", ShareIntervals(small, &infer.VarianceOptions{Replicates: 20})),
		same(t, store, "RandomPCA", "Subject", RandomPCA(m)),
		same(t, store, "Compare", "AIC", Compare(small, m)),
		same(t, store, "LRT", "chi", LRT(small, m)),
		same(t, store, "DropRandom", "Subject", DropRandom(m, &infer.LRTOptions{Draws: 100})),
		same(t, store, "Diagnose", "INTERIOR", Diagnose(m)),
		same(t, store, "Diagnose, tried", "Batch", Diagnose(edge, &diagnose.Options{Try: true})),
		same(t, store, "DiagnoseAt", "NOT CONVERGED", DiagnoseAt(m, []float64{1, 1, 1})),
		same(t, store, "AllFit", "newton", Later(func() (*diagnose.AllFitResult, error) {
			return AllFit(small, &diagnose.AllFitOptions{Optimizers: []string{"newton", "bobyqa"}, Starts: 2, Progress: func(int, int) {}}).Get().Saved(), nil
		})),
		same(t, store, "Climb", "Subject", Climb(m)),
		same(t, store, "Before", "Reaction", Before(sleepFormula, sleep)),
		same(t, store, "Influence", "Subject", Influence(m, &infer.InfluenceOptions{Group: "Subject", Refit: true})),
		same(t, store, "OutlyingGroups", "Subject", OutlyingGroups(m)),
		same(t, store, "ScaledResiduals", "uniform", ScaledResiduals(m)),
		same(t, store, "Report", "Days", Report(small)),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	for part, thing := range map[string]any{
		"Days, (Intercept)": m.VarCorr(), "308": m.RandomEffects(), "10.467": m.FixedEffects(),
		"no correlation beside a variance of 0": []lmm.Component{{Group: "g", Levels: 3, Names: []string{"a", "b"}, SD: []float64{0, 1},
			Cov: [][]float64{{0, 0}, {0, 1}}, Corr: [][]float64{{1, math.NaN()}, {math.NaN(), 1}}}},
	} {
		if b, err := render(thing); err != nil || !strings.Contains(b.text, part) || b.html == "" {
			t.Errorf("%v: no %q in\n%s", err, part, b.text)
		}
	}
	prediction, err := m.Predict(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := render(prediction); err != nil || !strings.Contains(b.text, "The first 50 of 180 rows") || b.html == "" {
		t.Errorf("%v\n%s", err, b.text)
	}
	if names := ProfileParameters(m); len(names) != 6 {
		t.Errorf("%v", names)
	}
}

// same shows a value, and holds it against what the store gives back.
func same[T any](t *testing.T, store *cache.Store, name, part string, v *Value[T]) error {
	t.Helper()
	b, err := render(v)
	if err != nil {
		return err
	}
	if b.html == "" || !strings.Contains(strings.ToLower(b.text), strings.ToLower(part)) {
		t.Errorf("%s: no %q in\n%s", name, part, b.text)
	}
	key := cache.NewHasher(name, "test").Key()
	if _, from, err := cache.Do(store, key, name, func() (T, error) { return v.Get(), nil }); err != nil || from.Note != "" {
		t.Errorf("%s: %v, %s", name, err, from.Note)
	}
	got, from, err := cache.Do(store, key, name, func() (T, error) { panic("computed again") })
	if err != nil || !from.Cached {
		t.Errorf("%s: %+v, %v", name, from, err)
		return err
	}
	want, errWant := json.Marshal(v.Get())
	if have, err := json.Marshal(got); errWant == nil && (err != nil || string(have) != string(want)) {
		t.Errorf("%s: %v\n%s\n%s", name, err, have, want)
	}
	c, err := render(got)
	if c.text != b.text || c.html != b.html {
		t.Errorf("%s: the cache shows\n%s\nnot\n%s", name, c.text, b.text)
	}
	return err
}

// A bootstrap comes from the cache with its note, and can do all that it could;
// a damaged entry is computed anew.
func TestBootstrapFromTheCache(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, home)
	}
	t.Setenv(cache.LeastVariable, "0s")
	t.Setenv(cache.ModeVariable, "on")
	boot := func() (*infer.BootstrapResult, string, cache.Origin) {
		v := Bootstrap(Fit(sleepFormula, Data("sleepstudy")), &infer.BootstrapOptions{Replicates: 200, Seed: 3, Progress: func(int, int) {}})
		b, err := render(v)
		if err != nil {
			t.Fatal(err)
		}
		return v.Get(), b.text, v.origin
	}
	first, text, from := boot()
	if from.Cached || strings.Contains(text, "From the cache") {
		t.Fatalf("%+v\n%s", from, text)
	}
	again, noted, from := boot()
	if !from.Cached || !strings.HasPrefix(noted, strings.TrimRight(text, "\n")) || !strings.Contains(noted, "From the cache: computed on ") {
		t.Errorf("%+v\n%s", from, noted)
	}
	equal := func(r *infer.BootstrapResult) {
		t.Helper()
		want, _ := json.Marshal(first)
		if got, err := json.Marshal(r); err != nil || string(got) != string(want) {
			t.Errorf("%v: another result", err)
		}
		a, err := first.Intervals(infer.BCa, 0.9)
		b, err2 := r.Intervals(infer.BCa, 0.9)
		if err != nil || err2 != nil || len(a) != len(b) || a[0].Lower != b[0].Lower {
			t.Errorf("%v, %v, %v, %v", a, err, b, err2)
		}
	}
	equal(again)
	entries, err := filepath.Glob(filepath.Join(home, "golmm", "results", "*.result"))
	if err != nil || len(entries) == 0 {
		t.Fatal(entries, err)
	}
	for _, e := range entries {
		if err := os.Truncate(e, 100); err != nil {
			t.Fatal(err)
		}
	}
	last, _, from := boot()
	if from.Cached {
		t.Error("a damaged entry was taken")
	}
	equal(last)
}

// AllFit comes from the cache with its document and with its contour.
func TestAllFitFromTheCache(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, home)
	}
	t.Setenv(cache.LeastVariable, "0s")
	t.Setenv(cache.ModeVariable, "on")
	var text [2]string
	for i := range text {
		v := AllFit(Fit("diameter ~ 1 + (1 | plate) + (1 | sample)", Data("Penicillin")), &diagnose.AllFitOptions{Starts: 2, Progress: func(int, int) {}})
		b, err := render(v)
		if err != nil {
			t.Fatal(err)
		}
		text[i] = b.text
		if v.origin.Cached != (i > 0) {
			t.Errorf("%d: %+v", i, v.origin)
		}
		names := ContourParameters(Fit("diameter ~ 1 + (1 | plate) + (1 | sample)", Data("Penicillin")))
		if _, err := v.Get().Grid(names[0], names[1], 3); err != nil {
			t.Error(err)
		}
	}
	if !strings.Contains(text[1], "From the cache: ") || strings.Contains(text[0], "From the cache: ") {
		t.Errorf("%s\n%s", text[0], text[1])
	}
}

// Options that are functions have no content to go by: such a result is not
// kept, and computed each time.
func TestStatisticIsNotKept(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, home)
	}
	t.Setenv(cache.ModeVariable, "on")
	for _, x := range []float64{1, 2} {
		v := Bootstrap(Fit(sleepFormula, Data("sleepstudy")), &infer.BootstrapOptions{Replicates: 3, Progress: func(int, int) {},
			Statistic: func(*lmm.Model) []float64 { return []float64{x} }})
		if got := v.Get().Estimate[0]; got != x || v.origin.Cached || v.origin.Note != "" {
			t.Errorf("%v, want %v; %+v", got, x, v.origin)
		}
	}
}

// halves are the first and the second five days of sleepstudy as two traits, a pair
// of days a unit.
func halves(t *testing.T) *table.Table {
	t.Helper()
	tab := Must(datasets.Load("sleepstudy"))
	half, unit := make([]string, tab.Rows()), make([]string, tab.Rows())
	for i := range half {
		day := tab.Column("Days").Float(i)
		half[i] = []string{"first", "second"}[int(day)/5]
		unit[i] = tab.Column("Subject").Text(i) + "." + string(rune('0'+int(day)%5))
	}
	return Must(Must(tab.With(table.NewTexts("half", half))).With(table.NewTexts("unit", unit)))
}
