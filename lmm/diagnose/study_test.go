package diagnose_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/table"
)

func simulate(t testing.TB, tab *table.Table, truth diagnose.Truth, opt *diagnose.StudyOptions) *diagnose.StudyResult {
	t.Helper()
	r, err := diagnose.Study(context.Background(), tab, truth, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func asJSON(t testing.TB, x any) string {
	t.Helper()
	b, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func rate(rates []diagnose.StudyRate, what string) diagnose.StudyRate {
	for _, r := range rates {
		if r.What == what {
			return r
		}
	}
	return diagnose.StudyRate{What: what}
}

// Bits depend on the seed alone: not on the number of workers, nor on where a
// study was cut, saved and gone on with.
func TestStudyIsDeterministicAndResumable(t *testing.T) {
	tab, truth := diagnose.Layout(8, 4), diagnose.SlopeTruth(0.5, 0.8)
	opt := diagnose.StudyOptions{Replicates: 60, Seed: 3, Models: []diagnose.StudyModel{{Formula: "y ~ x + (x | g)"}, {Formula: "y ~ x + (1 | g)", ML: true}}}
	opt.Workers = 1
	want := asJSON(t, simulate(t, tab, truth, &opt))
	opt.Workers = 5
	if got := asJSON(t, simulate(t, tab, truth, &opt)); got != want {
		t.Error("five workers give another result")
	}
	part := opt
	part.Replicates = 23
	saved := asJSON(t, simulate(t, tab, truth, &part))
	opt.Continue = new(diagnose.StudyResult)
	if err := json.Unmarshal([]byte(saved), opt.Continue); err != nil {
		t.Fatal(err)
	}
	if got := asJSON(t, simulate(t, tab, truth, &opt)); got != want {
		t.Error("a result gone on with is another")
	}
	// Cut while it runs: what is done has no gap, and leads to the same end.
	ctx, cancel := context.WithCancel(context.Background())
	cut := opt
	cut.Continue = nil
	cut.Progress = func(done, _ int) {
		if done == 10 {
			cancel()
		}
	}
	r, err := diagnose.Study(ctx, tab, truth, &cut)
	if !errors.Is(err, context.Canceled) || r.Replicates < 10 || r.Replicates == 60 {
		t.Fatalf("%v after %d data sets", err, r.Replicates)
	}
	opt.Continue = r
	if got := asJSON(t, simulate(t, tab, truth, &opt)); got != want {
		t.Error("a result that was cut goes on to another end")
	}
	opt.Seed++
	if _, err := diagnose.Study(context.Background(), tab, truth, &opt); err == nil {
		t.Error("a study goes on with another seed")
	}
}

// A data set of the study can be had again, and its fit is that of the study.
func TestStudyDataAgain(t *testing.T) {
	tab, truth := diagnose.Layout(8, 4), diagnose.SlopeTruth(0.5, 0.8)
	r := simulate(t, tab, truth, &diagnose.StudyOptions{Replicates: 5, Seed: 9})
	for i := range 5 {
		d, err := r.Data(tab, i)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(truth.Formula, d, nil)
		if err != nil {
			t.Fatal(err)
		}
		if one, err := diagnose.Draw(tab, truth, 9); i == 0 && (err != nil || one.Column("y").Float(7) != d.Column("y").Float(7)) {
			t.Errorf("Draw is not data set 0: %v", err)
		}
		for j, c := range m.FixedEffects() {
			if got := r.Models[0].Estimate[2*i+j]; got != c.Estimate {
				t.Errorf("data set %d: %s is %v, in the study %v", i, c.Name, c.Estimate, got)
			}
		}
	}
}

// Singular fits of lme4 1.1-31 among 1000 data sets of the same truths. Ours are
// other data: the rates agree to four standard errors of their difference. Every
// fit converges.
func TestStudyAgainstLme4(t *testing.T) {
	for _, c := range []struct {
		correlation float64
		groups      int
		rows        int
		singular    [2]float64
	}{
		{0.9, 15, 5, [2]float64{0.462, 0.040}},
		{0.95, 30, 6, [2]float64{0.446, 0.002}},
		{0, 30, 6, [2]float64{0.003, 0.001}},
	} {
		const n = 200
		r := simulate(t, diagnose.Layout(c.groups, c.rows), diagnose.SlopeTruth(math.Sqrt(0.5), c.correlation),
			&diagnose.StudyOptions{Replicates: n, Seed: 1, Models: []diagnose.StudyModel{{Formula: "y ~ x + (x | g)"}, {Formula: "y ~ x + (x || g)"}}})
		for i := range r.Models {
			v := r.Models[i].Verdicts(r.Level)
			got, want := rate(v, "converged, boundary"), c.singular[i]
			p := (float64(got.Count) + 1000*want) / (n + 1000)
			if se := math.Sqrt(p * (1 - p) * (1./n + 1./1000)); math.Abs(got.Rate-want) > 4*se {
				t.Errorf("correlation %g, %s: %.3f on the boundary, lme4 %.3f", c.correlation, r.Models[i].Model.Formula, got.Rate, want)
			}
			if in := rate(v, "converged, interior"); in.Count+got.Count != n {
				t.Errorf("correlation %g: %d in the interior and %d on the boundary of %d: %+v", c.correlation, in.Count, got.Count, n, v)
			}
		}
		// The mean of 200 estimates is within four standard errors of the truth.
		for _, e := range r.EffectsOf(0) {
			if math.Abs(e.Mean-e.Truth) > 4*e.MeanSE || math.Abs(e.SE/e.SD-1) > 4/math.Sqrt(2*n) {
				t.Errorf("%s: mean %g, truth %g, SD %g, SE %g", e.Name, e.Mean, e.Truth, e.SD, e.SE)
			}
		}
	}
}

// What is drawn has the mean and the covariance matrix of the truth, a negative
// variance included.
func TestTruthIsWhatIsDrawn(t *testing.T) {
	tab := diagnose.Layout(2, 3) // x is -1, 0, 1
	const n = 4000
	for _, c := range []struct {
		truth diagnose.Truth
		cov   func(i, j float64, same bool) float64 // of rows at x = i and j of one group
	}{
		{diagnose.SlopeTruth(2, -0.5), func(i, j float64, same bool) float64 {
			v := 4 - 2*(i+j) + 4*i*j
			if same {
				v++
			}
			return v
		}},
		{diagnose.Truth{Formula: "y ~ x + (1 | g)", Beta: []float64{3, -1}, Sigma: 2, Random: map[string][][]float64{"(1 | g)": {{-1.2}}}},
			func(_, _ float64, same bool) float64 {
				if same {
					return 4 - 1.2
				}
				return -1.2
			}},
	} {
		r := simulate(t, tab, c.truth, &diagnose.StudyOptions{Replicates: 1, Seed: 2})
		var mean [6]float64
		var prod [6][6]float64
		for s := range n {
			d, err := r.Data(tab, s)
			if err != nil {
				t.Fatal(err)
			}
			y := d.Column("y").Floats()
			for i := range y {
				y[i] -= c.truth.Beta[0] + c.truth.Beta[1]*tab.Column("x").Float(i)
				mean[i] += y[i] / n
			}
			for i := range y {
				for j := range y {
					prod[i][j] += y[i] * y[j] / n
				}
			}
		}
		for i := range 6 {
			for j := range 6 {
				want := 0.0
				if i/3 == j/3 {
					want = c.cov(float64(i%3-1), float64(j%3-1), i == j)
				}
				// var(y_i y_j) = v_i v_j + c^2 for normal y.
				se := math.Sqrt((prod[i][i]*prod[j][j] + want*want) / n)
				if math.Abs(prod[i][j]-want) > 5*se {
					t.Errorf("%s: covariance of rows %d and %d is %g, want %g", c.truth.Formula, i, j, prod[i][j], want)
				}
			}
			if math.Abs(mean[i]) > 5*math.Sqrt(prod[i][i]/n) {
				t.Errorf("%s: mean of row %d is off by %g", c.truth.Formula, i, mean[i])
			}
		}
	}
}

// The codes follow the truth: strangers in a group, one row a group, nothing
// wrong.
func TestStudyCountsCodes(t *testing.T) {
	one := diagnose.InterceptTruth
	const n = 50
	for _, c := range []struct {
		tab    *table.Table
		truth  diagnose.Truth
		code   string
		lo, hi int
	}{
		{diagnose.Layout(60, 4), one(-0.2), "B4", n, n}, // the power is 1 to all digits
		{diagnose.Layout(40, 1), diagnose.Truth{Formula: "y ~ 1 + (1 | g)", Beta: []float64{0}, Sigma: 1, Random: one(1).Random}, "D4", n, n}, // by design
		{diagnose.Layout(50, 20), one(1), "B1", 0, 0},            // a variance of 1 is never 0 there
		{diagnose.Layout(5, 5), one(0), "B1", n / 4, 9 * n / 10}, // about half are
		{diagnose.Layout(4, 5), one(1), "D3", n, n},
	} {
		r := simulate(t, c.tab, c.truth, &diagnose.StudyOptions{Replicates: n, Seed: 5})
		got := rate(r.Models[0].Codes(r.Level), c.code)
		if got.Count < c.lo || got.Count > c.hi {
			t.Errorf("%s in %d of %d data sets, want %d to %d: %+v", c.code, got.Count, n, c.lo, c.hi, r.Models[0].Outcomes)
		}
		if got.Count > 0 && (len(got.First) == 0 || !(got.Low < got.Rate && got.Rate <= got.High)) {
			t.Errorf("%+v", got)
		}
	}
}

// R's prop.test without correction.
func TestWilson(t *testing.T) {
	tab := diagnose.Layout(40, 1)
	truth := diagnose.Truth{Formula: "y ~ 1 + (1 | g)", Beta: []float64{0}, Sigma: 1, Random: map[string][][]float64{"(1 | g)": {{1}}}}
	r := simulate(t, tab, truth, &diagnose.StudyOptions{Replicates: 50, Level: 0.9})
	all := rate(r.Models[0].Codes(r.Level), "D4")
	if math.Abs(all.Low-0.94866681421373) > 1e-12 || all.High != 1 {
		t.Errorf("50 of 50: %g to %g", all.Low, all.High)
	}
}

func TestTruthErrors(t *testing.T) {
	tab := diagnose.Layout(5, 4)
	good := diagnose.SlopeTruth(1, 0)
	random := func(m [][]float64) map[string][][]float64 { return map[string][][]float64{"(x | g)": m} }
	for want, bad := range map[string]diagnose.Truth{
		"fixed effects":                  {Formula: good.Formula, Beta: []float64{1}, Sigma: 1, Random: good.Random},
		"sigma is 0":                     {Formula: good.Formula, Beta: good.Beta, Random: good.Random},
		"there is no random term":        {Formula: good.Formula, Beta: good.Beta, Sigma: 1, Random: map[string][][]float64{"(1 | g)": {{1}}}},
		"must be 2 x 2":                  {Formula: good.Formula, Beta: good.Beta, Sigma: 1},
		"has the eigenvalue":             {Formula: good.Formula, Beta: good.Beta, Sigma: 1, Random: random([][]float64{{1, 2}, {2, 1}})},
		"not symmetric":                  {Formula: good.Formula, Beta: good.Beta, Sigma: 1, Random: random([][]float64{{1, 0}, {1, 1}})},
		"must be a column":               {Formula: "log(y) ~ x + (x | g)", Beta: good.Beta, Sigma: 1, Random: good.Random},
		"it is at least -sigma^2 / 4":    {Formula: "y ~ x + (1 | g)", Beta: good.Beta, Sigma: 1, Random: map[string][][]float64{"(1 | g)": {{-0.3}}}},
		"a fixed effect is not a finite": {Formula: good.Formula, Beta: []float64{0, math.NaN()}, Sigma: 1, Random: good.Random},
	} {
		_, err := diagnose.Study(context.Background(), tab, bad, &diagnose.StudyOptions{Replicates: 1})
		var truth *diagnose.TruthError
		if !errors.As(err, &truth) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	for _, models := range [][]diagnose.StudyModel{{{Formula: "z ~ x + (x | g)"}}, {{Formula: "y ~ x + (x | h)"}}, {{Formula: "y ~ x +"}}, {{Formula: good.Formula, Optimizer: "nlminb"}}} {
		if _, err := diagnose.Study(context.Background(), tab, good, &diagnose.StudyOptions{Replicates: 1, Models: models}); err == nil {
			t.Errorf("no error for %+v", models)
		}
	}
	if _, err := diagnose.Study(context.Background(), tab, good, nil); err == nil {
		t.Error("a study without data sets")
	}
	if _, err := diagnose.Study(context.Background(), nil, good, &diagnose.StudyOptions{Replicates: 1}); err == nil {
		t.Error("a study without a table")
	}
}

func TestFailedFits(t *testing.T) {
	r, err := diagnose.FailedFits(context.Background(), &diagnose.StudyOptions{Replicates: 40, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	d := r.Document()
	for _, text := range []string{d.Text(), d.HTML(), d.Markdown(), d.LaTeX()} {
		for _, want := range []string{"40 data sets from a known truth", "are on the boundary", "B2", "The fixed effects"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
		for _, bad := range []string{"NaN", "Inf"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s in\n%s", bad, text)
			}
		}
	}
}

func BenchmarkFailedFits(b *testing.B) {
	for b.Loop() {
		if _, err := diagnose.FailedFits(context.Background(), &diagnose.StudyOptions{Replicates: 100}); err != nil {
			b.Fatal(err)
		}
	}
}
