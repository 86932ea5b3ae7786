package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/table"
	"github.com/google/go-cmp/cmp"
)

// fitted is what the tests read of `golmm fit --json`.
type fitted struct {
	Formula   string    `json:"formula"`
	REML      bool      `json:"reml"`
	Criterion float64   `json:"criterion"`
	NObs      int       `json:"nobs"`
	Beta      []float64 `json:"beta"`
	BetaNames []string  `json:"beta_names"`
	Verdict   struct {
		Convergence string `json:"convergence"`
		Place       string `json:"place"`
	} `json:"verdict"`
}

func fit(t *testing.T, stdin string, args ...string) fitted {
	t.Helper()
	code, stdout, stderr := golmm(t, stdin, append([]string{"fit", "--json"}, args...)...)
	if code != exitDone || stderr != "" {
		t.Fatalf("golmm fit %q: exit code %d, %s", args, code, stderr)
	}
	var f fitted
	if err := json.Unmarshal([]byte(stdout), &f); err != nil {
		t.Fatalf("%v in:\n%s", err, stdout)
	}
	return f
}

const sleepFormula = "Reaction ~ Days + (Days | Subject)"

// The criteria are those of lme4 1.1-31; both programs stop within 1e-6 of the optimum.
func TestFit(t *testing.T) {
	for _, test := range []struct {
		args      []string
		criterion float64
	}{
		{[]string{sleepFormula, "sleepstudy"}, 1743.62827},
		{[]string{"--ml", sleepFormula, "sleepstudy"}, 1751.93934},
		{[]string{sleepFormula, "sleepstudy", "--ml"}, 1751.93934},
	} {
		f := fit(t, "", test.args...)
		if math.Abs(f.Criterion-test.criterion) > 1e-4 || f.NObs != 180 {
			t.Errorf("%q: criterion %.6f of %d rows, want %.5f of 180", test.args, f.Criterion, f.NObs, test.criterion)
		}
		if f.Verdict.Convergence != "converged" || f.Verdict.Place != "interior" {
			t.Errorf("%q: verdict %+v", test.args, f.Verdict)
		}
	}
	code, stdout, stderr := golmm(t, "", "fit", sleepFormula, "sleepstudy")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	contains(t, stdout, sleepFormula, "251.405", "10.467", "Subject")
}

// batches is a balanced one-way layout: REML gives the mean and, for balanced data,
// the same from stdin, from a file and whatever the group's kind.
const batches = "batch,method,yield\n1,b,10.1\n1,a,10.4\n2,b,12.2\n2,a,12.0\n10,b,9.1\n10,a,9.6\n11,b,14.0\n11,a,13.1\n"

func TestFitSources(t *testing.T) {
	file := filepath.Join(t.TempDir(), "batches.csv")
	if err := os.WriteFile(file, []byte(batches), 0o644); err != nil {
		t.Fatal(err)
	}
	a := fit(t, batches, "yield ~ 1 + (1 | batch)", "-", "--factor", "batch")
	b := fit(t, "", "yield ~ 1 + (1 | batch)", file, "--factor", "batch=11,10,2,1")
	if math.Abs(a.Criterion-b.Criterion) > 1e-8 {
		t.Errorf("the order of levels changes the criterion: %v and %v", a.Criterion, b.Criterion)
	}
	if mean := 11.3125; len(a.Beta) != 1 || math.Abs(a.Beta[0]-mean) > 1e-9 {
		t.Errorf("beta %v, want the mean %v", a.Beta, mean)
	}
}

func TestFitCoding(t *testing.T) {
	names := func(args ...string) []string {
		return fit(t, batches, append([]string{"yield ~ method + (1 | batch)", "-"}, args...)...).BetaNames
	}
	for _, test := range []struct{ got, want []string }{
		{names(), []string{"(Intercept)", "methodb"}},
		{names("--factor", "method=b,a"), []string{"(Intercept)", "methoda"}},
		{names("--contrasts", "method=sum"), []string{"(Intercept)", "method1"}},
		{names("--ordered", "method=b,a"), []string{"(Intercept)", "method.L"}},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("names (-want +got):\n%s", diff)
		}
	}
}

func TestFitErrors(t *testing.T) {
	for _, test := range []struct {
		name  string
		args  []string
		words []string
	}{
		{"formula", []string{"Reaction ~ Days + (Days | Subject", "sleepstudy"}, []string{"Reaction ~ Days + (Days | Subject\n", "^"}},
		{"column", []string{"yeild ~ 1 + (1 | batch)", "-"}, []string{"yeild", "yield"}},
		{"file", []string{"y ~ x", "no-such-file.csv"}, []string{"no-such-file.csv: there is no such file", "sleepstudy"}},
		{"factor", []string{"yield ~ 1 + (1 | batch)", "-", "--factor", "bach"}, []string{"bach", "batch"}},
		{"level", []string{"yield ~ 1 + (1 | batch)", "-", "--factor", "batch=1,2,10"}, []string{"11"}},
		{"quotes", []string{"yield ~ 1 + (1 | batch)", "-", "--factor", `method="a,b`}, []string{"levels of method", `"a,b"`}},
		{"empty", []string{"yield ~ 1 + (1 | batch)", "-", "--factor", "method="}, []string{"levels of method", "empty"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := golmm(t, batches, append([]string{"fit"}, test.args...)...)
			if code != exitError || stdout != "" {
				t.Errorf("exit code %d, stdout %q", code, stdout)
			}
			contains(t, stderr, test.words...)
			if strings.Contains(stderr, "goroutine") {
				t.Errorf("a panic reached the user:\n%s", stderr)
			}
		})
	}
}

func TestParseLevels(t *testing.T) {
	got, err := parseLevels(`low,"medium, or so","say ""high"""`)
	if diff := cmp.Diff([]string{"low", "medium, or so", `say "high"`}, got); diff != "" || err != nil {
		t.Errorf("%v, levels (-want +got):\n%s", err, diff)
	}
}

// A name with "=" in it is a name first.
func TestLevelsOfAnOddName(t *testing.T) {
	tab, err := table.New(table.NewTexts("dose=mg", []string{"b", "a"}))
	if err != nil {
		t.Fatal(err)
	}
	col, levels, err := levelSpec{"dose=mg"}.in(tab)
	if err != nil || levels != nil || col.Name() != "dose=mg" {
		t.Errorf("column %v, levels %q, error %v", col, levels, err)
	}
}

func TestFitByAnotherOptimizer(t *testing.T) {
	want := fit(t, "", "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	got := fit(t, "", "--optimizer", "bobyqa", "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	if math.Abs(got.Criterion-want.Criterion) > 1e-6 || got.Verdict != want.Verdict {
		t.Errorf("%+v, want %+v", got, want)
	}
	code, _, stderr := golmm(t, "", "fit", "--optimizer", "newuoa", "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	if code != exitError || !strings.Contains(stderr, "The optimizers are newton, average-information, bobyqa, nelder-mead, bfgs") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
