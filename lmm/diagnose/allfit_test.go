package diagnose_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/table"
)

func allFit(t testing.TB, formula string, tab *table.Table, opt *diagnose.AllFitOptions) *diagnose.AllFitResult {
	t.Helper()
	m, err := lmm.Fit(formula, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := diagnose.AllFit(m, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// layout is a one-way layout with given means, and deviations within levels whose
// mean square is 1.
func layout(t testing.TB, sizes []int, means []float64) *table.Table {
	t.Helper()
	var y []float64
	var g []string
	n := 0
	for _, s := range sizes {
		n += s
	}
	within := 0.0
	for j, s := range sizes {
		for i := range s {
			y, g = append(y, float64(i)-float64(s-1)/2), append(g, fmt.Sprint("g", j))
			within += y[len(y)-1] * y[len(y)-1]
		}
	}
	i := 0
	for j, s := range sizes {
		for range s {
			y[i] = means[j] + y[i]*math.Sqrt(float64(n-len(sizes))/within)
			i++
		}
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// Where every method does its work, all end at one point: lme4's best.
func TestAllOptimizersAgree(t *testing.T) {
	for _, c := range []struct {
		formula, data string
		want          float64
		place         certify.Place
	}{
		{"Reaction ~ Days + (Days | Subject)", "sleepstudy", 1743.62827195849, certify.Interior},
		{"Yield ~ 1 + (1 | Batch)", "Dyestuff2", 161.828277812289, certify.Boundary},
		{"diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", 330.860588990984, certify.Interior},
	} {
		r := allFit(t, c.formula, data(t, c.data), nil)
		if r.Agreement != diagnose.OnePoint || len(r.Findings) > 0 || r.At != 0 || len(r.Runs) != 6*len(solve.Names()) {
			t.Errorf("%s: %v, at %d, %d runs, findings %+v", c.data, r.Agreement, r.At, len(r.Runs), r.Findings)
			continue
		}
		x := r.Maxima[0]
		if len(x.Runs) != len(r.Runs) || math.Abs(x.Criterion-c.want) > 1e-6 || x.Verdict.Place != c.place {
			t.Errorf("%s: %d runs at %.9f, %v", c.data, len(x.Runs), x.Criterion, x.Verdict.Place)
		}
		for _, run := range r.Runs {
			if run.Code != "C0" || run.Maximum != 0 || run.LeastG < -1e-3 || run.Above > certify.ConvergedBelow || len(run.Path) == 0 {
				t.Errorf("%s: %+v", c.data, run)
			}
		}
	}
}

// A bound on the Cholesky factor holds some methods at points that are no
// maxima; they are named, and the maximum is not doubted.
func TestRunsAtNoMaximumAreNamed(t *testing.T) {
	r := allFit(t, "cc ~ pair + (pair | rat)", data(t, "fm08_rats"), &diagnose.AllFitOptions{Optimizers: []string{"newton", "bobyqa"}, Starts: 2})
	if r.Agreement != diagnose.OnePoint || len(r.Findings) != 1 || r.At != 0 {
		t.Fatalf("%v, at %d, %+v", r.Agreement, r.At, r.Findings)
	}
	if f := r.Findings[0]; f.Code != "C6" || !reflect.DeepEqual(f.Params, []string{"bobyqa"}) {
		t.Errorf("%+v", f)
	}
	for _, run := range r.Runs {
		if (run.Maximum < 0) != (run.Above > certify.ConvergedBelow) || (run.Maximum < 0) != (run.Code != "C0") {
			t.Errorf("%s from %s: %g above, code %s, maximum %d", run.Optimizer, run.Start, run.Above, run.Code, run.Maximum)
		}
		if run.Maximum < 0 && !(run.LeastG < -1e-3) {
			t.Errorf("%s from %s: least G %g where there is no minimum", run.Optimizer, run.Start, run.LeastG)
		}
	}
	if s := r.Sentence(); !strings.Contains(s, "at no maximum: runs of bobyqa") {
		t.Error(s)
	}
}

// One level with one row far out, few other levels: the likelihood has a maximum
// where the row is an error and one where the level is different (of the kind of
// Hodges and Clayton 2010). The two stand where a grid of the variance finds them.
func TestTwoMaxima(t *testing.T) {
	sizes, means := []int{33, 28, 27, 3, 6, 1}, []float64{-0.12, -0.14, -0.16, -0.03, -0.19, 4.71}
	tab := layout(t, sizes, means)
	r := allFit(t, "y ~ 1 + (1 | g)", tab, nil)
	var minima []float64
	before, falling := math.Inf(1), true
	for i := range 4001 {
		psi := 0.0
		if i > 0 {
			psi = math.Pow(10, -4+8*float64(i)/4000)
		}
		f := oneWay(sizes, means, psi)
		if falling && f > before {
			minima = append(minima, before)
		}
		falling, before = f <= before, f
	}
	slices.Sort(minima)
	if r.Agreement != diagnose.SeveralMaxima || len(r.Maxima) != 2 || len(minima) != 2 {
		t.Fatalf("%v, %d maxima, the grid has %v", r.Agreement, len(r.Maxima), minima)
	}
	// The step of the grid is 0.5 % of psi.
	if got, want := r.Maxima[1].Above, minima[1]-minima[0]; math.Abs(got-want) > 1e-3 {
		t.Errorf("the second maximum is %g above, the grid says %g", got, want)
	}
	c5 := r.Findings[0]
	if c5.Code != "C5" || c5.Evidence[0].Found != r.Maxima[1].Above || c5.Evidence[1].Found != r.Maxima[1].Way.Barrier {
		t.Errorf("%+v", r.Findings)
	}
	if w := r.Maxima[1].Way; w.Barrier < 1 || w.T[0] != 0 || w.T[len(w.T)-1] != 1 ||
		math.Abs(w.Criterion[0]-r.Maxima[0].Criterion) > 1e-9 || math.Abs(w.Criterion[len(w.T)-1]-r.Maxima[1].Criterion) > 1e-9 {
		t.Errorf("the way is %+v", w)
	}
	// The fit is at the better one, and every run is at one of them.
	if r.At != 0 || len(r.Maxima[0].Runs)+len(r.Maxima[1].Runs) != len(r.Runs) {
		t.Errorf("the fit is at %d; runs %v and %v of %d", r.At, r.Maxima[0].Runs, r.Maxima[1].Runs, len(r.Runs))
	}
}

// oneWay is the REML criterion of a one-way layout with mean square 1 within
// levels, but for a constant.
func oneWay(sizes []int, means []float64, psi float64) float64 {
	var n, logs, total, mean float64
	for j, s := range sizes {
		w := float64(s) / (1 + float64(s)*psi)
		n, logs, total, mean = n+float64(s), logs+math.Log1p(float64(s)*psi), total+w, mean+w*means[j]
	}
	mean /= total
	r2 := n - float64(len(sizes))
	for j, s := range sizes {
		r2 += float64(s) / (1 + float64(s)*psi) * (means[j] - mean) * (means[j] - mean)
	}
	return logs + math.Log(total) + (n-1)*math.Log(r2)
}

// Where the data cannot tell variances apart, one value of the criterion belongs
// to many of them.
func TestOneValueOtherParameters(t *testing.T) {
	for _, c := range []struct{ formula, data string }{
		{"y ~ x + (x | id)", "fm04_saturated"},
		{"y ~ 1 + (1 | ward) + (1 | ward_copy)", "fm12_redundant"},
		{"y ~ 1 + (1 | id)", "fm04_one_per_group"},
	} {
		r := allFit(t, c.formula, data(t, c.data), nil)
		if r.Agreement != diagnose.OtherParameters || len(r.Maxima) != 1 || len(r.Findings) != 1 || r.Findings[0].Code != "I1" {
			t.Errorf("%s: %v, %d maxima, %+v", c.formula, r.Agreement, len(r.Maxima), r.Findings)
		}
	}
}

// Another optimizer's fit, stopped early, is seen not to be the best.
func TestAllFitJudgesTheFitItIsGiven(t *testing.T) {
	m, err := lmm.Fit("cc ~ pair + (pair | rat)", data(t, "fm08_rats"), &lmm.Options{Optimizer: "bfgs", MaxEvaluations: 5})
	if err != nil {
		t.Fatal(err)
	}
	r, err := diagnose.AllFit(m, &diagnose.AllFitOptions{Optimizers: []string{"newton"}, Starts: 2})
	if err != nil {
		t.Fatal(err)
	}
	if r.At != -1 || r.Findings[0].Code != "C2" || math.Abs(r.Findings[0].Evidence[0].Found-(m.Criterion()-r.Best)) > 0 {
		t.Errorf("at %d, %+v", r.At, r.Findings)
	}
}

// Bits do not depend on the number of workers; a budget is kept.
func TestAllFitIsDeterministic(t *testing.T) {
	var first []byte
	for _, workers := range []int{1, 2, 7} {
		calls := 0
		r := allFit(t, "Reaction ~ Days + (Days || Subject)", data(t, "sleepstudy"), &diagnose.AllFitOptions{Workers: workers, Seed: 4, MaxEvaluations: 50,
			Progress: func(done, total int) { calls++ }})
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		}
		if string(b) != string(first) || calls != len(r.Runs) {
			t.Errorf("%d workers: another result, %d calls", workers, calls)
		}
		for _, run := range r.Runs {
			if run.Evaluations > 50+30 {
				t.Errorf("%s from %s: %d evaluations", run.Optimizer, run.Start, run.Evaluations)
			}
		}
	}
	m, err := lmm.Fit("Reaction ~ Days + (Days || Subject)", data(t, "sleepstudy"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var unknown *solve.UnknownError
	if _, err := diagnose.AllFit(m, &diagnose.AllFitOptions{Optimizers: []string{"nlminb"}}); !errors.As(err, &unknown) {
		t.Errorf("%v", err)
	}
	if _, err := diagnose.AllFit(nil, nil); err == nil {
		t.Error("a nil model is fitted")
	}
}

func TestAllFitDocuments(t *testing.T) {
	tab := layout(t, []int{33, 28, 27, 3, 6, 1}, []float64{-0.12, -0.14, -0.16, -0.03, -0.19, 4.71})
	d := allFit(t, "y ~ 1 + (1 | g)", tab, nil).Document()
	for _, text := range []string{d.Text(), d.HTML(), d.Markdown(), d.LaTeX()} {
		for _, want := range []string{"everal maxima", "The optimizers", "nelder-mead", "MULTIMODE", "The maxima"} {
			if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
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

// The contour is the criterion: at the estimates it is that of the model, and a
// fit at given variance parameters has its values.
func TestContour(t *testing.T) {
	r := allFit(t, "Reaction ~ Days + (Days | Subject)", data(t, "sleepstudy"), &diagnose.AllFitOptions{Optimizers: []string{"newton"}, Starts: 2})
	m, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", data(t, "sleepstudy"), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Grid("Subject.(Intercept)", "Subject.Days", 9)
	if err != nil {
		t.Fatal(err)
	}
	v := m.VarCorr()[0]
	if len(c.Marks) != 1 || math.Abs(c.Marks[0].X-v.SD[0]/m.Sigma()) > 1e-6 || math.Abs(c.Marks[0].Y-v.SD[1]/m.Sigma()) > 1e-6 {
		t.Errorf("marks %+v, want %v over %v", c.Marks, v.SD, m.Sigma())
	}
	if c.XValues[0] != 0 || c.XValues[8] < c.Marks[0].X || c.Marks[0].Criterion != r.Maxima[0].Criterion {
		t.Errorf("x %v", c.XValues)
	}
	rho := v.Corr[1][0]
	for j, y := range c.YValues {
		for i, x := range c.XValues {
			if x == 0 || y == 0 {
				continue // At moves points to the boundary
			}
			at, err := m.At([]float64{x, rho * y, y * math.Sqrt(1-rho*rho)})
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(at.Criterion()-c.Criterion[j][i]) > 1e-7 {
				t.Errorf("at %g, %g: %.9f, want %.9f", x, y, c.Criterion[j][i], at.Criterion())
			}
			if c.Criterion[j][i] < m.Criterion()-1e-9 {
				t.Errorf("at %g, %g: below the minimum", x, y)
			}
		}
	}
	for _, names := range [][2]string{{"Subject.Days", "Subject.Days"}, {"Subject.Days", "Days"}} {
		if _, err := r.Grid(names[0], names[1], 9); err == nil {
			t.Errorf("a contour over %v", names)
		}
	}
	if b, err := json.Marshal(c); err != nil || !strings.Contains(string(b), `"x_values"`) {
		t.Errorf("%s, %v", b, err)
	}
}
