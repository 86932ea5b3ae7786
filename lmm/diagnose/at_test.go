package diagnose_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/table"
)

func at(t testing.TB, formula string, tab *table.Table, ml bool, theta []float64) *diagnose.Report {
	t.Helper()
	m, err := lmm.Fit(formula, tab, &lmm.Options{ML: ml})
	if err != nil {
		t.Fatal(err)
	}
	r, err := diagnose.At(m, theta, &diagnose.Options{Try: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func withD5(t testing.TB) *table.Table {
	t.Helper()
	tab := data(t, "sleepstudy")
	d5 := tab.Column("Days").Floats()
	for i := range d5 {
		d5[i] *= 1e5
	}
	tab, err := tab.With(table.NewFloats("D5", d5))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// lme4 1.1-31 stops here and says "boundary (singular) fit" alone, at log L
// -880.4027; the maximum is -875.97, in the interior. It skips its gradient check
// once a fit is singular.
func TestSingularDoesNotHideNotConverged(t *testing.T) {
	r := at(t, "Reaction ~ Days + (D5 | Subject)", withD5(t), true, []float64{0.54671597727547072, 1.6824956257418208e-06, 0})
	if math.Abs(r.Criterion-2*880.4027) > 1e-3 {
		t.Fatalf("criterion %v at lme4's point", r.Criterion)
	}
	if r.Verdict.Convergence != certify.NotConverged || r.Verdict.Place != certify.Unknown {
		t.Errorf("verdict %v, %v", r.Verdict.Convergence, r.Verdict.Place)
	}
	if f := find(t, r, "C4"); f.Evidence[1].Found < 1 {
		t.Errorf("the way off the boundary promises %v", f.Evidence[1].Found)
	}
	mended(t, r, 2*875.9697)
}

// testdata/false_edge.R: lme4 1.1-31 stops at theta_1 = 0 with derivative +1.34,
// so that the bound holds; with the sign of that column of the Cholesky factor
// changed, the same covariance matrix, the derivative is -1.34.
func TestABoundInThetaIsNoBoundary(t *testing.T) {
	for _, sign := range []float64{1, -1} {
		r := at(t, "y ~ x + (x | g)", data(t, "false_edge"), false, []float64{0, sign * 0.14696078889220787, 0.50041246374244497})
		if math.Abs(r.Criterion-107.04072344829437) > 1e-8 {
			t.Fatalf("criterion %v at lme4's point", r.Criterion)
		}
		find(t, r, "C4")
		mended(t, r, 106.5821550182895)
	}
}

// mended says that the search from the point ends at the maximum, in the
// interior, and is advised.
func mended(t *testing.T, r *diagnose.Report, criterion float64) {
	t.Helper()
	if r.Advice.Remedy < 0 {
		t.Fatalf("advice %+v", r.Advice)
	}
	x := r.Remedies[r.Advice.Remedy]
	// The reference is to four digits, or a search stopped above.
	if x.Criterion > criterion+1e-3 || x.Criterion < criterion-0.05 || x.Verdict.Convergence != certify.Converged {
		t.Errorf("mended to %v, %v; want %v", x.Criterion, x.Verdict, criterion)
	}
	moved := false
	for _, s := range x.Fixed {
		moved = moved || math.Abs(s.AfterSE/s.BeforeSE-1) > 0.01
	}
	if !moved {
		t.Error("no standard error has moved")
	}
}

// What stands at a point is told by its cause.
func TestPointsOfOtherPrograms(t *testing.T) {
	sleep := "Reaction ~ Days + (Days | Subject)"
	for _, c := range []struct {
		name, formula, data, codes string
		theta                      []float64
		convergence                certify.Convergence
	}{
		// theta of lme4's default optimiser.
		{"at the maximum", sleep, "sleepstudy", "", []float64{0.96673279, 0.01516906, 0.23090960}, certify.Converged},
		{"near", sleep, "sleepstudy", "C1", []float64{0.96, 0.0155, 0.2300}, certify.Polishable},
		{"far", sleep, "sleepstudy", "C2", []float64{2, 0.1, 0.5}, certify.NotConverged},
		{"no number", sleep, "sleepstudy", "C7", []float64{1, 0, math.NaN()}, certify.NotConverged},
		{"no criterion", sleep, "sleepstudy", "C7", []float64{1e200, 0, 1}, certify.NotConverged},
		// The criterion is even in theta: its gradient is 0 for any data.
		{"zero", "Yield ~ 1 + (1 | Batch)", "Dyestuff", "C4", []float64{0}, certify.NotConverged},
		{"zero, rightly", "Yield ~ 1 + (1 | Batch)", "Dyestuff2", "B1", []float64{0}, certify.Converged},
		// A variance that a log-sd parametrisation leaves a hair above 0.
		{"a hair above 0", "Yield ~ 1 + (1 | Batch)", "Dyestuff2", "B1", []float64{1e-4}, certify.Converged},
	} {
		r := at(t, c.formula, data(t, c.data), false, c.theta)
		if got := strings.ReplaceAll(codes(r), "N1", ""); got != c.codes || r.Verdict.Convergence != c.convergence {
			t.Errorf("%s: %q, %v; want %q, %v (%+v)", c.name, got, r.Verdict.Convergence, c.codes, c.convergence, r.Verdict)
		}
	}
	m, err := lmm.Fit(sleep, data(t, "sleepstudy"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := diagnose.At(m, []float64{1}, nil); err == nil {
		t.Error("no error for a theta of the wrong length")
	}
	if _, err := diagnose.At(nil, nil, nil); err == nil {
		t.Error("no error for a nil model")
	}
}

// A search that ran out of evaluations is C7, one of another optimiser that arrived
// is as good as golmm's.
func TestSearchesOfOtherOptimisers(t *testing.T) {
	tab := data(t, "sleepstudy")
	// By REML the moments, from which searches start, are the estimates of these
	// balanced data.
	best, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", tab, &lmm.Options{ML: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		evaluations int
		code        string
		convergence certify.Convergence
	}{{8, "C7", certify.NotConverged}, {0, "", certify.Converged}} {
		_, r := run(t, "Reaction ~ Days + (Days | Subject)", tab, &lmm.Options{ML: true, Optimizer: "bobyqa", MaxEvaluations: c.evaluations}, &diagnose.Options{Try: true})
		if codes(r) != c.code || r.Verdict.Convergence != c.convergence {
			t.Errorf("%d evaluations: %q, %v", c.evaluations, codes(r), r.Verdict.Convergence)
		}
		if c.code != "" && (r.Advice.Remedy < 0 || math.Abs(r.Remedies[r.Advice.Remedy].Criterion-best.Criterion()) > 1e-6) {
			t.Errorf("advice %+v", r.Advice)
		}
	}
}
