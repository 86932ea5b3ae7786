package infer_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// Compound symmetry with a positive correlation is a random intercept in other
// parameters: Satterthwaite's and Kenward and Roger's tests do not depend on
// which. Kenward-Roger needs the curvature of V in the parameters for that.
func TestTestsDoNotDependOnTheParametersOfV(t *testing.T) {
	for _, c := range []struct{ data, fixed, intercept, structure string }{
		{"sleepstudy", "Reaction ~ Days", " + (1 | Subject)", "cs(1 | Subject)"},
		{"sleepstudy", "Reaction ~ poly(Days, 2)", " + (1 | Subject)", "cs(1 | Subject)"},
		{"Orthodont", "distance ~ age * Sex", " + (1 | Subject)", "cs(1 | Subject)"},
		{"Machines", "score ~ Machine", " + (1 | Worker)", "cs(1 | Worker)"},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		a, err := lmm.Fit(c.fixed+c.intercept, tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := lmm.Fit(c.fixed, tab, &lmm.Options{Residual: c.structure})
		if err != nil {
			t.Fatal(err)
		}
		free, err := lmm.Fit(c.fixed+c.intercept, tab, &lmm.Options{Unbounded: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, df := range []infer.DF{infer.Satterthwaite, infer.KenwardRoger} {
			x, err := infer.Coefficients(a, &infer.Options{DF: df})
			if err != nil {
				t.Fatal(err)
			}
			for _, other := range []*lmm.Model{b, free} {
				y, err := infer.Coefficients(other, &infer.Options{DF: df})
				if err != nil {
					t.Fatal(err)
				}
				for i, r := range x.Rows {
					q := y.Rows[i]
					// the optima agree to about 1e-7, and df is a ratio of derivatives there
					if math.Abs(r.SE-q.SE) > 1e-6*r.SE || math.Abs(r.DF-q.DF) > 1e-4*r.DF {
						t.Errorf("%s, %v, %s: SE %.8g df %.7g with an intercept, SE %.8g df %.7g with %s", c.fixed, df, r.Name, r.SE, r.DF, q.SE, q.DF, other.Residual().Structure)
					}
				}
			}
		}
	}
}

// Every verb either answers or says that it does not.
func TestEveryVerbOnStructures(t *testing.T) {
	for _, c := range []struct{ data, formula, residual string }{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)", "ar1(1 | Subject)"},
		{"Orthodont", "distance ~ age * Sex", "un(age | Subject)"},
		{"Orthodont", "distance ~ age * Sex + (1 | Subject)", "varident(Sex)"},
		{"BodyWeight", "weight ~ Time * Diet", "gau(Time | Rat, nugget)"},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(c.formula, tab, &lmm.Options{Residual: c.residual})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(c.formula+" "+c.residual, func(t *testing.T) {
			for name, try := range map[string]func() error{
				"every":   func() error { everyVerb(t, c.residual, m); return nil },
				"profile": func() error { _, err := infer.Profile(m, nil); return err },
				"bootstrap": func() error {
					_, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 5, Seed: 1})
					return err
				},
				"influence":  func() error { _, err := infer.Influence(m, nil); return err },
				"outlying":   func() error { _, err := infer.OutlyingGroups(m); return err },
				"drop":       func() error { _, err := infer.DropRandom(m, nil); return err },
				"scaled":     func() error { _, err := infer.ScaledResiduals(m, nil); return err },
				"intervals":  func() error { _, err := infer.VarianceIntervals(m, nil); return err },
				"report":     func() error { _, err := infer.Report(m, nil); return err },
				"means":      func() error { _, err := infer.MarginalMeans(m, &infer.MeansOptions{}); return err },
				"prediction": func() error { _, err := infer.Predict(m, m.Frame().Table(), nil); return err },
			} {
				func() {
					defer func() {
						if r := recover(); r != nil {
							t.Error(name, "panics:", r)
						}
					}()
					var refused *infer.StructuredError
					if err := try(); err != nil && !errors.As(err, &refused) {
						t.Error(name, err)
					}
				}()
			}
		})
	}
}

// Structures within another are tested by chi-square; others are ranked.
func TestStructuresAreCompared(t *testing.T) {
	tab, err := reference.Table("Orthodont")
	if err != nil {
		t.Fatal(err)
	}
	fit := func(formula, residual string) *lmm.Model {
		m, err := lmm.Fit(formula, tab, &lmm.Options{Residual: residual})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	const f = "distance ~ age * Sex"
	cs, un, ar := fit(f, "cs(age | Subject)"), fit(f, "un(age | Subject)"), fit(f, "ar1(age | Subject)")
	test, err := infer.LRT(un, cs, nil)
	if err != nil {
		t.Fatal(err)
	}
	// nlme: REML criteria 433.7572492 and 424.5468002, 8 parameters more
	if test.DF != 8 || math.Abs(test.Statistic-9.210449) > 1e-5 || math.Abs(test.P-test.Naive) > 0 {
		t.Errorf("%+v", test)
	}
	// Compound symmetry knows no time: whatever the name of the occasions.
	if other, err := infer.LRT(un, fit(f, "cs(1 | Subject)"), nil); err != nil || math.Abs(other.Statistic-test.Statistic) > 1e-7 {
		t.Errorf("cs(1 | Subject) in un(age | Subject): %+v, %v", other, err)
	}
	if _, err := infer.LRT(cs, fit(f, "ar1h(age | Subject)"), nil); err == nil {
		t.Error("compound symmetry was tested within ar1h")
	}
	small, err := infer.LRT(fit("distance ~ age + Sex", "ar1(age | Subject)"), ar, nil)
	if err != nil {
		t.Fatal(err)
	}
	if small.DF != 1 || !small.Refitted || !(small.P > 0 && small.P < 1) {
		t.Errorf("%+v", small)
	}
	all, err := infer.Compare([]*lmm.Model{fit(f, "id(1 | Subject)"), ar, cs, fit(f, "csh(age | Subject)"), un}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := all.Document().Text()
	for _, want := range []string{"ar1(age | Subject)", "csh(age | Subject)", "No test of 2 in 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// Replicates are drawn from the structure and fitted with it: the mean of the
// correlation over them is that of the model, within four Monte Carlo errors
// and the bias of a correlation of 18 subjects, below 0.02.
func TestBootstrapDrawsFromTheStructure(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("Reaction ~ Days", tab, &lmm.Options{Residual: "ar1(1 | Subject) * varexp(Days)"})
	if err != nil {
		t.Fatal(err)
	}
	var sum, ss [2]float64
	const n = 100
	for _, y := range m.Simulate(n, 5) {
		again, err := m.Refit(y)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range again.Residual().Params {
			sum[i] += p.Value / n
			ss[i] += p.Value * p.Value / n
		}
	}
	for i, p := range m.Residual().Params {
		se := math.Sqrt((ss[i] - sum[i]*sum[i]) / n)
		if math.Abs(sum[i]-p.Value) > 4*se+0.02 {
			t.Errorf("%s: %.4f in the mean of replicates (error %.4f), %.4f in the model", p.Name, sum[i], se, p.Value)
		}
	}
}

// The bootstrap of a test of structures agrees with chi-square where that holds,
// in the interior with 27 subjects, within four Monte Carlo errors and the error of
// chi-square itself, 0.02; no bit depends on the workers. A variance beside a
// structure is tested by it alone.
func TestBootstrapOfStructures(t *testing.T) {
	tab, err := reference.Table("Orthodont")
	if err != nil {
		t.Fatal(err)
	}
	fit := func(formula, residual string) *lmm.Model {
		m, err := lmm.Fit(formula, tab, &lmm.Options{Residual: residual})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	const f = "distance ~ age * Sex"
	a, b := fit(f, "cs(age | Subject)"), fit(f, "csh(age | Subject)")
	plain, err := infer.LRT(a, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	var ps []float64
	for _, workers := range []int{1, 2} {
		test, err := infer.LRT(a, b, &infer.LRTOptions{Bootstrap: 199, Seed: 3, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if test.Simulated == nil || test.Simulated.Draws != 199 || test.P != test.Simulated.P {
			t.Fatalf("%+v", test.Simulated)
		}
		if math.Abs(test.P-plain.P) > 4*test.Simulated.SE+0.02 {
			t.Errorf("p %.4f (error %.4f) by a bootstrap, %.4f by chi-square", test.P, test.Simulated.SE, plain.P)
		}
		ps = append(ps, test.P)
	}
	if ps[0] != ps[1] {
		t.Errorf("p %g with one worker, %g with two", ps[0], ps[1])
	}
	ar, both := fit(f, "ar1(age | Subject)"), fit(f+" + (1 | Subject)", "ar1(age | Subject)")
	if _, err := infer.LRT(ar, both, nil); err == nil || !strings.Contains(err.Error(), "bootstrap") {
		t.Errorf("%v", err)
	}
	test, err := infer.LRT(ar, both, &infer.LRTOptions{Bootstrap: 39, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	// The intercept takes what an autoregression leaves, a drop of 10: no draw of
	// 39 under the smaller model reaches it.
	if test.DF != 1 || !math.IsNaN(test.MixtureP) || test.P != 1.0/40 {
		t.Errorf("%+v", test)
	}
}
