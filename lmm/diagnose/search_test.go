package diagnose_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/table"
)

// clinics has two maxima of the restricted likelihood: five groups alike, and a
// single row far from them.
func clinics(t testing.TB) *lmm.Model {
	t.Helper()
	m, err := lmm.Fit("y ~ 1 + (1 | g)", layout(t, []int{33, 28, 27, 3, 6, 1}, []float64{-0.12, -0.14, -0.16, -0.03, -0.19, 4.71}), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAnotherMaximumIsToldWithoutBeingAskedFor(t *testing.T) {
	m := clinics(t)
	all, err := diagnose.AllFit(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Maxima) != 2 {
		t.Fatalf("%d maxima, not 2", len(all.Maxima))
	}
	plain, err := diagnose.Run(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := find(t, plain, "C5")
	// The same two points, each polished to a decrement of 1e-8.
	if f.Severity != finding.Caution || math.Abs(f.Evidence[0].Found-all.Maxima[1].Above) > 1e-6 {
		t.Errorf("C5 is %v at %g above, AllFit finds %g", f.Severity, f.Evidence[0].Found, all.Maxima[1].Above)
	}
	if plain.Verdict.Convergence != certify.Converged || !strings.Contains(plain.Advice.Text, "both") {
		t.Errorf("verdict %v, advice %q", plain.Verdict, plain.Advice.Text)
	}
	none, err := diagnose.Run(m, &diagnose.Options{Starts: -1})
	if err != nil || codes(none) != "" {
		t.Errorf("without a search: %q, %v", codes(none), err)
	}
	tried, err := diagnose.Run(m, &diagnose.Options{Try: true})
	if err != nil {
		t.Fatal(err)
	}
	other := way(tried, "the other maximum")
	if other == nil {
		t.Fatal("Try does not show the other maximum")
	}
	if got, want := shift(t, other, "(Intercept)").After, all.Maxima[1].Fixed[0]; math.Abs(got-want) > 1e-6 {
		t.Errorf("intercept at the other maximum %g, AllFit has %g", got, want)
	}
	if tried.Advice.Remedy < 0 || tried.Remedies[tried.Advice.Remedy].What != other.What {
		t.Errorf("advice is remedy %d", tried.Advice.Remedy)
	}
}

func TestAMaximumThatIsNotTheBestHasNotConverged(t *testing.T) {
	m := clinics(t)
	worse, err := m.FitFrom(cone.Point{{1e-3}}, "newton", 0)
	if err != nil {
		t.Fatal(err)
	}
	gap := worse.Criterion() - m.Criterion()
	if worse.Verdict().Convergence != certify.Converged || gap < 0.1 {
		t.Fatalf("the start near 0 ends %g above, %v: no lesser maximum", gap, worse.Verdict())
	}
	r, err := diagnose.Run(worse, &diagnose.Options{Try: true})
	if err != nil {
		t.Fatal(err)
	}
	find(t, r, "C2")
	if r.Verdict.Convergence != certify.NotConverged || r.Advice.Remedy < 0 || math.Abs(r.Remedies[r.Advice.Remedy].Criterion-m.Criterion()) > 1e-6 {
		t.Errorf("verdict %v, advice %+v", r.Verdict, r.Advice)
	}
}

func TestSearchIsBounded(t *testing.T) {
	tab, err := diagnose.Draw(diagnose.Layout(300, 4), diagnose.SlopeTruth(1, 0.5), 1)
	if err != nil {
		t.Fatal(err)
	}
	_, r := run(t, "y ~ x + (x | g)", tab, nil, nil)
	if r.Unsought == "" || !strings.Contains(r.Document().Text(), r.Unsought) {
		t.Errorf("600 random effects: %q is not said", r.Unsought)
	}
	_, r = run(t, "y ~ x + (x | g)", tab, nil, &diagnose.Options{Starts: 2})
	if r.Unsought != "" || len(r.Checks) == 0 || codes(r) != "" {
		t.Errorf("2 starts were asked for: %q, findings %q", r.Unsought, codes(r))
	}
}

// The same of a gamma model: five groups alike, and a single row a seventh of
// them. A search costs more here, and is made with Try.
func TestAnotherMaximumOfAGeneralisedModel(t *testing.T) {
	var y []float64
	var g []string
	for j, n := range []int{33, 28, 27, 13, 16, 1} {
		for i := range n {
			v := math.Exp(0.55 + 0.9*(float64(i)+0.5)/float64(n))
			if n == 1 {
				v = math.Exp(-1)
			}
			y, g = append(y, v), append(g, string(rune('a'+j)))
		}
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	m, r := run(t, "y ~ 1 + (1 | g)", tab, &lmm.Options{Family: "gamma", Link: "log"}, nil)
	if strings.Contains(codes(r), "C5") || r.Unsought != "" {
		t.Errorf("without Try: %q, %q", codes(r), r.Unsought)
	}
	r, err = diagnose.Run(m, &diagnose.Options{Try: true})
	if err != nil {
		t.Fatal(err)
	}
	f := find(t, r, "C5")
	other := way(r, "the other maximum")
	// The criterion of the remedy is that of a fit there.
	if other == nil || math.Abs(other.Criterion-m.Criterion()-f.Evidence[0].Found) > 1e-6 || !(f.Evidence[1].Found > 0.01) {
		t.Errorf("%+v, %+v", f, other)
	}
}

// Two sets of clinics side by side, each with two maxima, have four: words count them.
func TestFourMaximaAreCounted(t *testing.T) {
	one := layout(t, []int{33, 28, 27, 3, 6, 1}, []float64{-0.12, -0.14, -0.16, -0.03, -0.19, 4.71})
	var y []float64
	var part, g, h []string
	column := one.Column("g").AsFactor()
	for p := range 2 {
		for i := range one.Rows() {
			level := column.Levels()[column.Code(i)]
			y, part = append(y, one.Column("y").Float(i)), append(part, string(rune('a'+p)))
			if p == 0 {
				g, h = append(g, level), append(h, "none")
			} else {
				g, h = append(g, "none"), append(h, level)
			}
		}
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewTexts("part", part), table.NewTexts("g", g), table.NewTexts("h", h))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ part + (1 | g) + (1 | h)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := diagnose.Run(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := find(t, rep, "C5")
	if !strings.Contains(f.Meaning, "has 4 maxima") || !strings.HasPrefix(f.Remedies[0], "Report all 4,") || !strings.HasPrefix(rep.Advice.Text, "Report all 4 maxima") {
		t.Errorf("%s %q; advice %q", f.Meaning, f.Remedies, rep.Advice.Text)
	}
}
