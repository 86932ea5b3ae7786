package diagnose_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/table"
)

func diagnosed(t *testing.T, src string, tab *table.Table, opt lmm.Options, try bool) *diagnose.Report {
	t.Helper()
	m, err := lmm.Fit(src, tab, &opt)
	if err != nil {
		t.Fatal(err)
	}
	r, err := diagnose.Run(m, &diagnose.Options{Try: try})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{r.Document().Text(), r.Document().HTML(), string(text)} {
		for _, bad := range []string{"NaN", "Inf", "e+308"} {
			if strings.Contains(what, bad) {
				t.Errorf("%s stands in the report:\n%s", bad, what)
			}
		}
	}
	return r
}

func readTable(t *testing.T, path string) *table.Table {
	t.Helper()
	tab, err := table.ReadCSVFile(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func coded(r *diagnose.Report, code string) *finding.Finding {
	for i := range r.Findings {
		if r.Findings[i].Code == code {
			return &r.Findings[i]
		}
	}
	return nil
}

func way(r *diagnose.Report, prefix string) *diagnose.Remedy {
	for i := range r.Remedies {
		if strings.HasPrefix(r.Remedies[i].What, prefix) {
			return &r.Remedies[i]
		}
	}
	return nil
}

func shift(t *testing.T, r *diagnose.Remedy, name string) diagnose.Shift {
	t.Helper()
	for _, s := range r.Fixed {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("%s has no fixed effect %s", r.What, name)
	return diagnose.Shift{}
}

// All treated units respond (fm10): glmer warns of the Hessian, or of rescaling;
// the cause is named, and a prior gives what is left to say.
func TestSeparated(t *testing.T) {
	r := diagnosed(t, "y ~ x + treat + (1 | g)", readTable(t, "testdata/fm10_separation.csv"), lmm.Options{Family: "binomial"}, true)
	f := coded(r, "D7")
	if f == nil || f.Severity != finding.Serious || !slices.Equal(f.Params, []string{"treat"}) || !strings.Contains(f.Meaning, "treat = 1") {
		t.Fatalf("%+v", r.Findings)
	}
	if r.Verdict.Place != certify.NoFiniteMaximum || len(r.Findings) > 1 {
		t.Errorf("place %v, findings %+v: what follows from the separation is not said again", r.Verdict.Place, r.Findings)
	}
	prior := way(r, "weak prior on the fixed")
	if prior == nil || prior.Failed != "" || r.Advice.Remedy < 0 {
		t.Fatalf("%+v, advice %+v", prior, r.Advice)
	}
	// A normal prior of sd 2.5 gives 5.1 (bglmer); a log-F(1, 1) is a little wider.
	treat, x := shift(t, prior, "treat"), shift(t, prior, "x")
	if !(treat.After > 4 && treat.After < 7) || !(treat.AfterSE < 3) || !math.IsNaN(treat.Before) || math.Abs(x.InSE) > 0.5 {
		t.Errorf("treat %+v, x %+v", treat, x)
	}
	firth := way(r, "Firth")
	if firth == nil || firth.Estimand == "" || !(shift(t, firth, "treat").After < 7) {
		t.Errorf("%+v", firth)
	}
}

// glmer warns of max|grad| though its point is the maximum (fm09). Its own gradient
// and Hessian say so by their decrement, the point does here, and the report
// names the column whose units make the gradient large.
func TestFalseAlarm(t *testing.T) {
	const src = "use ~ age + I(age^2) + urban + livch + (1 | district)"
	tab := readTable(t, "testdata/fm09_contraception.csv.gz")
	r := diagnosed(t, src, tab, lmm.Options{Family: "binomial"}, false)
	if f := coded(r, "N2"); f == nil || !slices.Equal(f.Params, []string{"I(age^2)"}) || !r.Healthy() {
		t.Fatalf("%+v", r.Findings)
	}
	var ref struct {
		Fits []struct {
			Label     string
			Criterion float64
			Theta     []float64
			Gradient  []float64
			Hessian   [][]float64
			MaxGrad   float64 `json:"max_abs_grad"`
		}
	}
	text, err := os.ReadFile("testdata/fm09_glmer.json")
	if err == nil {
		err = json.Unmarshal(text, &ref)
	}
	if err != nil || len(ref.Fits) == 0 {
		t.Fatal(err, len(ref.Fits))
	}
	m, err := lmm.Fit(src, tab, &lmm.Options{Family: "binomial"})
	if err != nil {
		t.Fatal(err)
	}
	for _, fit := range ref.Fits {
		at, err := diagnose.At(m, fit.Theta, nil)
		if err != nil || at.Verdict.Convergence != certify.Converged || at.Verdict.Place != certify.Interior {
			t.Errorf("%s: %+v, %v", fit.Label, at.Verdict, err)
		}
		k := len(fit.Gradient)
		h := mat.NewSymDense(k, nil)
		for i := range k {
			for j := range i + 1 {
				h.SetSym(i, j, (fit.Hessian[i][j]+fit.Hessian[j][i])/2)
			}
		}
		var chol mat.Cholesky
		step, g := mat.NewVecDense(k, nil), mat.NewVecDense(k, fit.Gradient)
		if !chol.Factorize(h) || chol.SolveVecTo(step, g) != nil {
			t.Fatal("the Hessian of glmer is positive definite")
		}
		decrement, gap := mat.Dot(step, g)/2, fit.Criterion-m.Criterion()
		if fit.MaxGrad < 0.9 || decrement > certify.ConvergedBelow {
			t.Errorf("%s: max|grad| %g, decrement %g", fit.Label, fit.MaxGrad, decrement)
		}
		// glmer stops its inner iteration at a relative change of 1e-7, which leaves
		// 1.2e-4 of the criterion; with a tight tolerance there is rounding alone.
		loose := 2e-4
		if strings.HasPrefix(fit.Label, "tight") {
			loose = 1e-5
		}
		if gap < -1e-6 || gap > decrement+loose {
			t.Errorf("%s: -2 log L lies %g above the maximum, the decrement predicts %g", fit.Label, gap, decrement)
		}
	}
}

// drawnFrom draws counts or 0/1 responses in 40 groups of 12.
func drawnFrom(t *testing.T, seed uint64, draw func(rng *rand.Rand, eta float64) float64) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 17))
	const groups, each = 40, 12
	var y, x []float64
	var g []string
	for j := range groups {
		b := 0.5 * rng.NormFloat64()
		for range each {
			v := rng.NormFloat64()
			x, g, y = append(x, v), append(g, fmt.Sprint("g", j)), append(y, draw(rng, 0.8+0.4*v+b))
		}
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// poisson draws by counting exponential times.
func poisson(rng *rand.Rand, eta float64) float64 {
	n := 0.0
	for left := math.Exp(eta) - rng.ExpFloat64(); left > 0; left -= rng.ExpFloat64() {
		n++
	}
	return n
}

// Counts that vary more than Poisson: named, the ways out tried, and the one with
// another estimand set apart.
func TestOverdispersed(t *testing.T) {
	tab := drawnFrom(t, 1, func(rng *rand.Rand, eta float64) float64 { return poisson(rng, eta+0.8*rng.NormFloat64()) })
	r := diagnosed(t, "y ~ x + (1 | g)", tab, lmm.Options{Family: "poisson"}, true)
	if f := coded(r, "V1"); f == nil || f.Severity < finding.Caution || f.Evidence[0].Found < 1.5 {
		t.Fatalf("%+v", r.Findings)
	}
	nb, row, gee := way(r, "negative binomial"), way(r, "a random intercept for each row"), way(r, "estimating equations")
	if nb == nil || row == nil || gee == nil {
		t.Fatalf("%+v", r.Remedies)
	}
	for _, x := range []*diagnose.Remedy{nb, row} {
		if x.Failed != "" || x.Estimand != "" || !(x.Criterion < r.Criterion-100) || x.Test == nil || !(x.Test.P < 1e-6) {
			t.Errorf("%s: failed %q, criterion %g of %g, test %+v", x.What, x.Failed, x.Criterion, r.Criterion, x.Test)
		}
		if s := shift(t, x, "x"); !(s.AfterSE > 1.3*s.BeforeSE) {
			t.Errorf("%s: the standard error of x goes from %g to %g", x.What, s.BeforeSE, s.AfterSE)
		}
	}
	if gee.Estimand == "" || gee.Failed != "" {
		t.Errorf("%+v", gee)
	}
	if r.Advice.Remedy < 0 {
		t.Errorf("%+v", r.Advice)
	}
}

// More zeros than a Poisson distribution has.
func TestTooManyZeros(t *testing.T) {
	tab := drawnFrom(t, 2, func(rng *rand.Rand, eta float64) float64 {
		if rng.Float64() < 0.2 {
			return 0
		}
		return poisson(rng, eta+0.5)
	})
	r := diagnosed(t, "y ~ x + (1 | g)", tab, lmm.Options{Family: "poisson"}, false)
	if f := coded(r, "V2"); f == nil || !(f.Evidence[0].Found > 1.3*f.Evidence[1].Found) {
		t.Fatalf("%+v", r.Findings)
	}
}

// Sets drawn from their own model: nothing of caution is said, but for the share
// that p values of 0.01 allow; 3 of 24 or more have a chance of 1 in 100.
func TestNothingWrong(t *testing.T) {
	alarms := 0
	for seed := range uint64(12) {
		counts := diagnosed(t, "y ~ x + (1 | g)", drawnFrom(t, 100+seed, poisson), lmm.Options{Family: "poisson"}, false)
		coins := diagnosed(t, "y ~ x + (1 | g)", drawnFrom(t, 200+seed, func(rng *rand.Rand, eta float64) float64 {
			if rng.Float64() < 1/(1+math.Exp(-eta)) {
				return 1
			}
			return 0
		}), lmm.Options{Family: "binomial"}, false)
		for _, r := range []*diagnose.Report{counts, coins} {
			if !r.Healthy() {
				alarms++
				t.Logf("seed %d: %+v", seed, r.Findings)
			}
		}
	}
	if alarms > 2 {
		t.Errorf("%d alarms in 24 sets", alarms)
	}
}

// Families with a shape have one parameter more than there are terms.
func TestShapes(t *testing.T) {
	tab := drawnFrom(t, 3, poisson)
	r := diagnosed(t, "y ~ x + (1 | g)", tab, lmm.Options{Family: "negbinomial"}, true)
	if r.Worst() == finding.Serious {
		t.Errorf("%+v", r.Findings)
	}
	tab = drawnFrom(t, 4, func(rng *rand.Rand, eta float64) float64 {
		return math.Exp(eta) * (rng.ExpFloat64() + rng.ExpFloat64() + rng.ExpFloat64()) / 3
	})
	if r := diagnosed(t, "y ~ x + (1 | g)", tab, lmm.Options{Family: "gamma"}, true); !r.Healthy() {
		t.Errorf("%+v", r.Findings)
	}
}

// Before the fit: separation, and groups of one kind.
func TestBeforeGeneralised(t *testing.T) {
	tab := readTable(t, "testdata/fm10_separation.csv")
	r, err := diagnose.Before("y ~ x + treat + (1 | g)", tab, &lmm.Options{Family: "binomial"})
	if err != nil {
		t.Fatal(err)
	}
	if f := coded(r, "D7"); f == nil || !strings.Contains(r.Document().Text(), "NO FINITE ESTIMATE") {
		t.Errorf("%+v\n%s", r.Findings, r.Document().Text())
	}
	var y, x []float64
	var g []string
	rng := rand.New(rand.NewPCG(8, 8))
	for i := range 90 {
		y, x, g = append(y, float64(i/6%2)), append(x, rng.NormFloat64()), append(g, fmt.Sprint(i/6))
	}
	pure, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	r, err = diagnose.Before("y ~ x + (1 | g)", pure, &lmm.Options{Family: "binomial"})
	if err != nil {
		t.Fatal(err)
	}
	if f := coded(r, "D13"); f == nil || f.Severity != finding.Serious {
		t.Errorf("%+v", r.Findings)
	}
	after := diagnosed(t, "y ~ x + (1 | g)", pure, lmm.Options{Family: "binomial"}, true)
	if after.Verdict.Place != certify.NoFiniteMaximum || !strings.Contains(after.Advice.Text, "one row for each level of g") || coded(after, "A4") != nil {
		t.Errorf("%+v, %+v, %+v", after.Verdict, after.Advice, after.Findings)
	}
	if _, err = diagnose.Before("y ~ x + (1 | g)", pure, &lmm.Options{Family: "binomal"}); err == nil {
		t.Error("a family that does not exist is an error")
	}
}

// Where the variance is 0 the model without the term is the fit itself: the same
// criterion and fixed effects, by another way.
func TestDropAtZero(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 23))
		var y, x []float64
		var g []string
		for i := range 160 {
			v := rng.NormFloat64()
			x, g, y = append(x, v), append(g, fmt.Sprint("g", i%16)), append(y, poisson(rng, 0.2+0.3*v))
		}
		tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit("y ~ x + (1 | g)", tab, &lmm.Options{Family: "poisson"})
		if err != nil || m.Verdict().Place != certify.Boundary {
			continue
		}
		r, err := diagnose.Run(m, &diagnose.Options{Try: true})
		if err != nil {
			t.Fatal(err)
		}
		drop := way(r, "drop (1 | g)")
		if drop == nil || drop.Failed != "" || drop.Test == nil || drop.Params != r.Params-1 {
			t.Fatalf("%+v", drop)
		}
		// Both searches end within 1e-9 of the same maximum.
		if s := shift(t, drop, "x"); math.Abs(drop.Criterion-r.Criterion) > 1e-7 || math.Abs(s.InSE) > 1e-4 || math.Abs(s.AfterSE/s.BeforeSE-1) > 1e-4 {
			t.Errorf("criterion %.9f, of the fit %.9f; x %+v", drop.Criterion, r.Criterion, s)
		}
		return
	}
	t.Error("no set of 20 has its variance on the boundary")
}
