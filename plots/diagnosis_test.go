package plots

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
)

func remediesTried(t testing.TB, formula, data string) *diagnose.Report {
	t.Helper()
	r, err := diagnose.Run(fitted(t, formula, data), &diagnose.Options{Try: true, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A row of the forest is the effect under its remedy; what means another thing
// stands below the break.
func TestForestDrawsTheRemedies(t *testing.T) {
	r := remediesTried(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2")
	f := Forest(r)
	marks := drawn(t, f)
	other := 0
	for _, q := range r.Remedies {
		panel := 0
		if q.Estimand != "" {
			panel = 1
			other++
		}
		want := shifted(&q, "(Intercept)")
		got := tipped(t, marks, panel, q.What+", (Intercept)")
		if near := f.closeX(panel); !same(got.x, want.value, near) || !same(got.x0, want.lower, near) || !same(got.x1, want.upper, near) {
			if drawable(want.value) && panel == 0 {
				t.Errorf("%s is drawn at %v, %v to %v; want %v, %v to %v", q.What, got.x, got.x0, got.x1, want.value, want.lower, want.upper)
			}
		}
	}
	if other == 0 || len(f.Plots()) != 2 || len(marks) != len(r.Remedies)+1 {
		t.Errorf("%d remedies of another meaning, %d panels, %d rows", other, len(f.Plots()), len(marks))
	}
	goldenSVG(t, f, "forest")
}

func TestForestAwkward(t *testing.T) {
	nan := math.NaN()
	r := &diagnose.Report{Formula: "y ~ x + (x | g)", Tried: true, Verdict: certify.Verdict{Convergence: certify.NotConverged}, Remedies: []diagnose.Remedy{
		{What: "a", Fixed: []diagnose.Shift{{Name: "x", Before: 1, BeforeSE: 0.5, After: 1.1, AfterSE: nan}}},
		{What: "b", Failed: "the response is constant"},
	}}
	f := Forest(r)
	svg := svgOf(t, f)
	if strings.Count(svg, ">not applicable</text>") != 2 || !strings.Contains(svg, "stroke-dasharray=\"3 2\"") || !strings.Contains(f.Caption(), "Not fitted, b: the response is constant") {
		t.Errorf("caption %s", f.Caption())
	}
	for _, bad := range []*Figure{Forest(nil), Forest(&diagnose.Report{}), Forest(&diagnose.Report{Tried: true})} {
		if bad.Err() == nil {
			t.Error("no error")
		}
	}
}

// Marks stand at the logarithm of the share; what is zero on the line of 0.
func TestEigenvaluesDrawsTheShares(t *testing.T) {
	m := fitted(t, sleepFormula, "sleepstudy")
	f := Eigenvalues(m)
	marks := drawn(t, f)
	pca := infer.RandomPCA(m)[0]
	for i, sd := range pca.SD {
		if want := math.Log10(sd / pca.SD[0]); !same(marks[i].x, want, f.closeX(0)) {
			t.Errorf("component %d is drawn at %v, want %v", i+1, marks[i].x, want)
		}
	}
	values := m.Objective().Local.Values
	for i := range values {
		want := math.Log10(values[len(values)-1-i] / values[len(values)-1])
		if got := marks[len(pca.SD)+i]; got.panel != 1 || !same(got.x, want, f.closeX(1)) {
			t.Errorf("eigenvalue %d is drawn at %v, want %v", i, got.x, want)
		}
	}
	goldenSVG(t, f, "eigenvalues")
	zero := drawn(t, Eigenvalues(fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2")))
	if math.Abs(zero[0].x-math.Log10(leastShare)) > 0.02 {
		t.Errorf("a variance of 0 is drawn at %v", zero[0].x)
	}
}

// The standard error of theta is that of the curvature of its slice with one
// parameter, and the share of fixed effects the reciprocal of their inflation.
func TestInformation(t *testing.T) {
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff")
	s, err := newRelative(m)
	if err != nil {
		t.Fatal(err)
	}
	v := s.information()[0]
	const h = 1e-3
	theta := m.Theta()[0]
	at := func(x float64) float64 {
		q, err := m.At([]float64{x})
		if err != nil {
			t.Fatal(err)
		}
		return q.Criterion()
	}
	second := (at(theta+h) - 2*at(theta) + at(theta-h)) / (h * h)
	// Differences of a criterion of 320 to 1e-12 over h^2: four digits.
	if want := math.Sqrt(2/second) / theta; math.Abs(v.own-1) > 1e-9 || math.Abs(v.relative-want) > 1e-3*want {
		t.Errorf("share %v, relative standard error %v, want 1 and %v", v.own, v.relative, want)
	}

	sleep := fitted(t, sleepFormula, "sleepstudy")
	c := sleep.Vcov()
	rho := c[0][1] / math.Sqrt(c[0][0]*c[1][1])
	for _, v := range fixedInformation(sleep) {
		if math.Abs(v.own-(1-rho*rho)) > 1e-9 {
			t.Errorf("%s: share %v, want %v", v.name, v.own, 1-rho*rho)
		}
	}
	f := Information(sleep)
	marks := drawn(t, f)
	r, _ := newRelative(sleep)
	for i, v := range append(r.information(), fixedInformation(sleep)...) {
		if !same(marks[i].x, v.own, f.closeX(0)) {
			t.Errorf("%s is drawn at %v, want %v", v.name, marks[i].x, v.own)
		}
	}
	goldenSVG(t, f, "information")
	edge := Information(fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2"))
	if svg := svgOf(t, edge); strings.Count(svg, ">not applicable</text>") != 2 {
		t.Error("a parameter on the boundary has information")
	}
}

func TestAllFitDrawsTheRuns(t *testing.T) {
	r, err := diagnose.AllFit(fitted(t, sleepFormula, "sleepstudy"), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := AllFit(r)
	marks := drawn(t, f)
	if len(marks) != 3*len(r.Runs) {
		t.Fatalf("%d marks of %d runs", len(marks), len(r.Runs))
	}
	for i := range r.Runs {
		run := &r.Runs[i]
		for k, name := range r.FixedNames {
			got := tipped(t, marks, k+1, runName(run)+", "+name)
			if !same(got.x, run.Fixed[k], f.closeX(k+1)) {
				t.Errorf("%s of %s is drawn at %v, want %v", name, runName(run), got.x, run.Fixed[k])
			}
		}
	}
	// Runs that end at 0 or off a maximum, made up: their place and shape.
	r.Runs = r.Runs[:2]
	r.Runs[0].Above, r.Runs[1].Above, r.Runs[1].Maximum = 0, 10, -1
	f = AllFit(r)
	marks = drawn(t, f)
	if !same(marks[0].x, math.Log10(leastAbove), f.closeX(0)) || !strings.Contains(marks[1].tip, "10 above the lowest") {
		t.Errorf("%+v", marks[:2])
	}
	if AllFit(nil).Err() == nil || AllFit(&diagnose.AllFitResult{}).Err() == nil {
		t.Error("no error")
	}
}

func TestStudyRatesDrawsTheIntervals(t *testing.T) {
	r, err := diagnose.FailedFits(t.Context(), &diagnose.StudyOptions{Replicates: 40, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	f := StudyRates(r)
	marks := drawn(t, f)
	n := len(r.Models)
	for i := range r.Models {
		for _, q := range r.Models[i].Verdicts(r.Level) {
			got := tipped(t, marks, i, q.What)
			if near := f.closeX(i); !same(got.x, q.Rate, near) || !same(got.x0, q.Low, near) || !same(got.x1, q.High, near) {
				t.Errorf("%s is drawn at %v, %v to %v; want %+v", q.What, got.x, got.x0, got.x1, q)
			}
		}
		for _, e := range r.EffectsOf(i) {
			got := tipped(t, marks, n+i, e.Name)
			if !same(got.x, e.Coverage.Rate, f.closeX(n+i)) {
				t.Errorf("%s: coverage is drawn at %v, want %v", e.Name, got.x, e.Coverage.Rate)
			}
		}
	}
	goldenSVG(t, f, "rates")
	if StudyRates(nil).Err() == nil || StudyRates(&diagnose.StudyResult{}).Err() == nil {
		t.Error("no error")
	}
}
