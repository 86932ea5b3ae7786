package diagnose_test

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/table"
)

// data reads a failure mode from testdata or a data set by its name.
func data(t testing.TB, name string) *table.Table {
	t.Helper()
	load := datasets.Load
	if strings.HasPrefix(name, "fm") || strings.HasPrefix(name, "false") {
		load = func(name string) (*table.Table, error) { return table.ReadCSVFile("testdata/"+name+".csv", nil) }
	}
	tab, err := load(name)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func run(t testing.TB, formula string, tab *table.Table, fit *lmm.Options, opt *diagnose.Options) (*lmm.Model, *diagnose.Report) {
	t.Helper()
	m, err := lmm.Fit(formula, tab, fit)
	if err != nil {
		t.Fatal(err)
	}
	r, err := diagnose.Run(m, opt)
	if err != nil {
		t.Fatal(err)
	}
	return m, r
}

func codes(r *diagnose.Report) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Code)
	}
	return strings.Join(out, " ")
}

func find(t testing.TB, r *diagnose.Report, code string) finding.Finding {
	t.Helper()
	for _, f := range r.Findings {
		if f.Code == code {
			return f
		}
	}
	t.Fatalf("no %s among %s", code, codes(r))
	return finding.Finding{}
}

// What each failure mode is, by the way its data were made, and with it the
// codes in their order, the worst severity and the place.
func TestFailureModesAreTold(t *testing.T) {
	for _, c := range []struct {
		formula, data, codes string
		worst                finding.Severity
		place                certify.Place
	}{
		{"Reaction ~ Days + (Days | Subject)", "sleepstudy", "", finding.Note, certify.Interior},
		{"Yield ~ 1 + (1 | Batch)", "Dyestuff", "", finding.Note, certify.Interior},
		{"distance ~ age + (age | Subject)", "Orthodont", "N1", finding.Note, certify.Interior},
		{"score ~ Machine + (Machine | Worker)", "Machines", "N1", finding.Note, certify.Interior},
		{"weight ~ Time + (Time | Rat)", "BodyWeight", "", finding.Note, certify.Interior},
		// lmer stops at a singular point here; the maximum is in the interior.
		{"Reaction ~ Days + (I(Days * 1e5) | Subject)", "sleepstudy", "D2", finding.Note, certify.Interior},
		{"yield ~ nitro + (nitro | Block) + (1 | Block:Variety)", "Oats", "B2", finding.Note, certify.Boundary},
		// No variance between classes was simulated: 0 is the estimate.
		{"y ~ x + (1 | class)", "fm01_classroom", "B1", finding.Note, certify.Boundary},
		{"Yield ~ 1 + (1 | Batch)", "Dyestuff2", "B1", finding.Note, certify.Boundary},
		// A true correlation of -0.25 within pairs.
		{"y ~ t + (1 | pair)", "fm02_negative_icc", "B4", finding.Caution, certify.Boundary},
		// Units are no fault of the fit.
		{"y ~ x + (x | g)", "fm03_scale", "D2", finding.Note, certify.Interior},
		// 15 subjects with 2 rows each and 2 effects each.
		{"y ~ x + (x | id)", "fm04_saturated", "D5 I1", finding.Serious, certify.NotIdentifiable},
		// One row a level: I1 is the symptom, D4 the cause.
		{"y ~ 1 + (1 | id)", "fm04_one_per_group", "D4", finding.Serious, certify.NotIdentifiable},
		{"y ~ x + (1 | site)", "fm05_singletons", "D4 B1", finding.Note, certify.Boundary},
		{"y ~ x + (1 | lab)", "fm06_few_levels", "D3", finding.Note, certify.Interior},
		{"y ~ size + (size | school)", "fm07_group_constant", "D6 B2", finding.Note, certify.Boundary},
		// The true correlations are about 1.
		{"cc ~ pair + (pair | rat)", "fm08_rats", "B3", finding.Note, certify.Boundary},
		{"y ~ site2 + x + (1 | site)", "fm11_fixed_vs_random", "I1", finding.Serious, certify.NotIdentifiable},
		{"y ~ 1 + (1 | ward) + (1 | clinic)", "fm12_redundant", "B1", finding.Note, certify.Boundary},
		{"y ~ 1 + (1 | ward) + (1 | ward_copy)", "fm12_redundant", "I1", finding.Serious, certify.NotIdentifiable},
		// (1 | Worker) is within the factor slopes of a Machine term written out.
		{"score ~ Machine + (Machine | Worker) + (1 | Worker)", "Machines", "I1", finding.Serious, certify.NotIdentifiable},
	} {
		m, r := run(t, c.formula, data(t, c.data), nil, nil)
		if got := codes(r); got != c.codes {
			t.Errorf("%s, %s: codes %q, want %q", c.data, c.formula, got, c.codes)
		}
		if r.Worst() != c.worst || m.Verdict().Place != c.place || m.Verdict().Convergence != certify.Converged {
			t.Errorf("%s, %s: worst %v, %v, %v; want %v, converged, %v", c.data, c.formula, r.Worst(), m.Verdict().Convergence, m.Verdict().Place, c.worst, c.place)
		}
		for _, f := range r.Findings {
			if f.Meaning == "" || len(f.Evidence) == 0 || len(f.Remedies) == 0 || len(f.Params) == 0 {
				t.Errorf("%s: %s lacks a meaning, evidence, remedies or parameters: %+v", c.data, f.Code, f)
			}
		}
	}
}

// A balanced layout with an intercept has the unbounded estimate in closed form:
// the mean squares between and within groups of size n give (MSB - MSW) / n.
func TestNegativeVarianceOfABalancedLayoutIsAnova(t *testing.T) {
	tab := data(t, "Dyestuff2")
	y, batch := tab.Column("Yield").Floats(), tab.Column("Batch").AsFactor()
	const m, n = 6, 5
	if len(y) != m*n || len(batch.Levels()) != m {
		t.Fatalf("Dyestuff2 has %d rows", len(y))
	}
	mean, grand := make([]float64, m), 0.0
	for i, v := range y {
		mean[i/n] += v / n
		grand += v / (m * n)
	}
	var msb, msw float64
	for i, v := range y {
		msb += (mean[i/n] - grand) * (mean[i/n] - grand) / (m - 1)
		msw += (v - mean[i/n]) * (v - mean[i/n]) / (m * (n - 1))
	}
	_, r := run(t, "Yield ~ 1 + (1 | Batch)", tab, nil, nil)
	// -2 log REML likelihood of the mean squares at their own expectations,
	// against the pooled mean square.
	pooled := (msb*(m-1) + msw*m*(n-1)) / (m*n - 1)
	drop := (m*n-1)*math.Log(pooled) - (m-1)*math.Log(msb) - m*(n-1)*math.Log(msw)
	e := find(t, r, "B1").Evidence
	// A minimum by golden section has half of the digits of a double.
	if got, want := e[1].Found, (msb-msw)/n; math.Abs(got-want) > 1e-6*math.Abs(want) {
		t.Errorf("unbounded variance %.9g, want %.9g", got, want)
	}
	if got := e[2].Found; math.Abs(got-drop) > 1e-9 {
		t.Errorf("drop %.12g, want %.12g", got, drop)
	}
}

// Units, origin and the order of rows change no finding and no advice.
func TestDiagnosisDoesNotDependOnUnitsOrOrder(t *testing.T) {
	tab := data(t, "fm07_group_constant")
	_, want := run(t, "y ~ size + (size | school)", tab, nil, nil)
	y, x := tab.Column("y").Floats(), tab.Column("size").Floats()
	for i := range y {
		y[i], x[i] = y[i]*1e4+7, x[i]*50+3
	}
	other, err := table.New(table.NewFloats("y", y), table.NewFloats("size", x), tab.Column("school").AsFactor())
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]int, len(y))
	for i := range rows {
		rows[i] = (i*7 + 3) % len(y)
	}
	if len(y)%7 == 0 {
		t.Fatal("7 divides the number of rows: the order is no permutation")
	}
	_, got := run(t, "y ~ size + (size | school)", other.Take(rows), nil, nil)
	if codes(got) != codes(want) || got.Verdict.Place != want.Verdict.Place {
		t.Errorf("codes %s and %v, want %s and %v", codes(got), got.Verdict.Place, codes(want), want.Verdict.Place)
	}
}

func TestWordsNameTheDirection(t *testing.T) {
	_, r := run(t, "y ~ size + (size | school)", data(t, "fm07_group_constant"), nil, nil)
	f := find(t, r, "B2")
	if !slices.Equal(f.Params, []string{"the intercept of school", "the slope of size within school"}) {
		t.Errorf("parameters %q", f.Params)
	}
	if !strings.Contains(f.Meaning, "is the same for every level of school") {
		t.Errorf("meaning %q does not name the combination", f.Meaning)
	}
	_, r = run(t, "cc ~ pair + (pair | rat)", data(t, "fm08_rats"), nil, nil)
	if f := find(t, r, "B3"); !strings.Contains(f.Meaning, "All that varies is") || !strings.Contains(f.Remedies[0], "cs(pair | rat)") {
		t.Errorf("meaning %q, remedies %q", f.Meaning, f.Remedies)
	}
}

func TestNoModelIsAnError(t *testing.T) {
	if _, err := diagnose.Run(nil, nil); err == nil {
		t.Error("no error for a nil model")
	}
}

// The four formats and JSON of every report are whole: no number that is not
// finite shows.
func TestDocumentsAreWhole(t *testing.T) {
	for _, c := range []struct{ formula, data string }{
		{"Reaction ~ Days + (Days | Subject)", "sleepstudy"},
		{"Yield ~ 1 + (1 | Batch)", "Dyestuff2"},
		{"y ~ x + (x | id)", "fm04_saturated"},
		{"y ~ site2 + x + (1 | site)", "fm11_fixed_vs_random"},
	} {
		_, r := run(t, c.formula, data(t, c.data), nil, &diagnose.Options{Try: true})
		doc := r.Document()
		for _, text := range []string{doc.Text(), doc.HTML(), doc.Markdown(), doc.LaTeX()} {
			for _, bad := range []string{"NaN", "Inf", "%!"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s: %s in %s", c.data, bad, text)
				}
			}
			if !strings.Contains(text, r.Advice.Text[:20]) {
				t.Errorf("%s: no advice in %s", c.data, text)
			}
		}
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]any
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"formula", "verdict", "healthy", "findings", "checks", "remedies", "advice"} {
			if back[key] == nil {
				t.Errorf("%s: no %s in the JSON", c.data, key)
			}
		}
	}
}

// One worker and many give the same bits.
func TestTryDoesNotDependOnWorkers(t *testing.T) {
	tab := data(t, "fm07_group_constant")
	_, one := run(t, "y ~ size + (size | school)", tab, nil, &diagnose.Options{Try: true, Workers: 1, Seed: 3})
	_, many := run(t, "y ~ size + (size | school)", tab, nil, &diagnose.Options{Try: true, Workers: 4, Seed: 3})
	a, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("1 worker:\n%s\n4 workers:\n%s", a, b)
	}
}
