package summary

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/table"
)

// component returns a term with the given standard deviations and one
// correlation for all pairs.
func component(group string, r float64, sd ...float64) lmm.Component {
	names := []string{"(Intercept)", "x", "z"}[:len(sd)]
	corr := make([][]float64, len(sd))
	for i := range corr {
		corr[i] = make([]float64, len(sd))
		for j := range corr[i] {
			switch {
			case i == j:
				corr[i][j] = 1
			case sd[i] == 0 || sd[j] == 0:
				corr[i][j] = math.NaN()
			default:
				corr[i][j] = r
			}
		}
	}
	return lmm.Component{Group: group, Levels: 8, Names: names, SD: sd, Corr: corr}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		verdict certify.Verdict
		random  []lmm.Component
		tone    report.Tone
		title   string
		says    []string
		not     string
	}{
		{certify.Verdict{Convergence: certify.Converged, Place: certify.Interior}, nil,
			report.Good, "Converged, interior", []string{"can be used"}, ""},
		{certify.Verdict{Convergence: certify.Converged, Place: certify.Boundary}, []lmm.Component{component("class", 0, 0)},
			report.Caution, "Converged, on the boundary",
			[]string{"variance between levels of class is 0", "not a failure", "the same with or without it"}, ""},
		{certify.Verdict{Convergence: certify.Converged, Place: certify.Boundary}, []lmm.Component{component("g", 0, 2, 0)},
			report.Caution, "Converged, on the boundary",
			[]string{"variance of x between levels of g is 0"}, "with or without"},
		{certify.Verdict{Convergence: certify.Converged, Place: certify.Boundary}, []lmm.Component{component("g", -1, 2, 1)},
			report.Caution, "Converged, on the boundary", []string{"correlation of (Intercept) and x between levels of g is -1, at its limit"}, "with or without"},
		{certify.Verdict{Convergence: certify.Converged, Place: certify.Boundary}, []lmm.Component{component("g", -0.5, 2, 1, 3)},
			report.Caution, "Converged, on the boundary", []string{"covariance matrix of g has a lower rank"}, ""},
		{certify.Verdict{Convergence: certify.Converged, Place: certify.NotIdentifiable, NotIdentifiable: []string{"sd of a", "sd of b"}}, nil,
			report.Unidentified, "Converged, not identifiable", []string{"sd of a; sd of b", "the other numbers can"}, ""},
		{certify.Verdict{Convergence: certify.NotConverged, Decrement: 1e-7}, nil,
			report.Serious, "Not converged", []string{"stopped at a saddle"}, ""},
		{certify.Verdict{Convergence: certify.NotConverged, Decrement: math.NaN()}, nil,
			report.Serious, "Not converged", []string{"could not be computed"}, "a drop of -"},
		{certify.Verdict{Convergence: certify.NotConverged, Place: certify.NoFiniteMaximum, Decrement: 9}, nil,
			report.Serious, "No finite maximum", []string{"grows without end"}, ""},
		{certify.Verdict{Convergence: certify.Polishable, Decrement: 0.0023}, nil,
			report.Caution, "Almost converged", []string{"a drop of 0.0023 in the REML criterion"}, ""},
		{certify.Verdict{Convergence: certify.NotConverged, Decrement: 8.87}, nil,
			report.Serious, "Not converged", []string{"a drop of 8.9", "should not be used"}, "boundary"},
		{certify.Verdict{Convergence: certify.NotConverged, EscapeDrop: 1.2}, nil,
			report.Serious, "Not converged", []string{"leaving it promises a drop of 1.2"}, ""},
	} {
		m := sleepstudy()
		m.verdict = c.verdict
		if c.random != nil {
			m.random = c.random
		}
		doc := Of(m)
		text := strings.Join(strings.Fields(doc.Text()), " ")
		if doc.Tone != c.tone || !strings.HasPrefix(text, strings.ToUpper(c.title)) {
			t.Errorf("%v: tone %v in\n%s", c.title, doc.Tone, text)
		}
		for _, s := range c.says {
			if !strings.Contains(text, s) {
				t.Errorf("%s: %q is not in\n%s", c.title, s, text)
			}
		}
		if c.not != "" && strings.Contains(text, c.not) {
			t.Errorf("%s: %q is in\n%s", c.title, c.not, text)
		}
	}
}

func TestMissingNumbersHaveReasons(t *testing.T) {
	m := sleepstudy()
	m.fixed = append(m.fixed, lmm.Coefficient{Name: "z", Estimate: math.NaN(), SE: math.NaN(), Reason: "aliased"},
		lmm.Coefficient{Name: "w", Estimate: 2, SE: math.NaN()})
	m.random = []lmm.Component{component("g", 0, 2, 0)}
	text := Of(m).Text()
	for _, want := range []string{"- z: aliased.", "- w: no standard error", "- g: a correlation with a variance of 0 is not defined."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, bad := range []string{"NaN", "Inf"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is in\n%s", bad, text)
		}
	}
}

func TestCorrelations(t *testing.T) {
	m := sleepstudy()
	m.random = []lmm.Component{component("g", 0.25, 2, 1, 3)}
	text := Of(m).Text()
	for _, want := range []string{"correlation of (Intercept), x", "correlation of (Intercept), z", "correlation of x, z"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	m.random = []lmm.Component{component("g", 0, 2, 1, 3)} // (x || g)
	if text := Of(m).Text(); strings.Contains(text, "correlation of") || !strings.Contains(text, "sets to 0") {
		t.Errorf("correlations that are not parameters:\n%s", text)
	}
}

func TestTermsOfOneGroupShareItsHead(t *testing.T) {
	m := sleepstudy()
	a, b := component("g", 0, 2), component("g", 0, 1) // (1 | g) + (0 + x | g)
	b.Names = []string{"x"}
	m.random = []lmm.Component{a, b}
	text := Of(m).Text()
	if strings.Count(text, "g (8 levels)") != 1 || !strings.Contains(text, "sd of x") || !strings.Contains(text, "sets to 0") {
		t.Errorf("the terms of a group:\n%s", text)
	}
}

func TestVerdictIsNotSaidTwice(t *testing.T) {
	m := dyestuff2()
	m.findings = []finding.Finding{
		{Code: "B1", Name: "ZERO_VAR", Meaning: "The variance is 0.", Remedies: []string{"Drop the term."}},
		{Code: "D3", Name: "FEW_LEVELS", Meaning: "Four levels."},
	}
	text := Of(m).Text()
	for s, want := range map[string]int{"is 0.": 1, "The variance is 0.": 0, "TRY: Drop the term.": 1, "Code B1 ZERO_VAR.": 1, "NOTE: Four levels.": 1} {
		if n := strings.Count(text, s); n != want {
			t.Errorf("%q is said %d times, want %d, in\n%s", s, n, want, text)
		}
	}
}

func TestMLIsSaid(t *testing.T) {
	m := sleepstudy()
	m.reml = false
	if text := Of(m).Text(); !strings.Contains(text, "ML, -2 log L 1743.628") {
		t.Errorf("no ML in\n%s", text)
	}
	if h := Of(m).HTML(); !strings.Contains(h, "ML,\u00a0\u22122\u00a0log\u00a0L\u00a01743.628") {
		t.Errorf("no ML in\n%s", h)
	}
}

func TestFindingsBySeverity(t *testing.T) {
	doc := Findings([]finding.Finding{
		{Severity: finding.Note, Meaning: "third"}, {Severity: finding.Serious, Meaning: "first"},
		{Severity: finding.Caution, Meaning: "second", Params: []string{"a"}, Remedies: []string{"Do this.", "Do that."}, Code: "B1",
			Evidence: []finding.Evidence{{Check: "cost", Found: 4.6e-7, Limit: 1e-5}}},
	})
	text := doc.Text()
	last := -1
	for _, s := range []string{"SERIOUS: first", "CAUTION: second", "Try: Do this. Do that.", "Concerns a. Cost: 4.6e-7 (limit 1e-5). Code B1.", "NOTE: third"} {
		i := strings.Index(text, s)
		if i <= last {
			t.Fatalf("%q is missing or too early in\n%s", s, text)
		}
		last = i
	}
	if doc.Tone != report.Serious {
		t.Errorf("tone %v", doc.Tone)
	}
}

func TestHead(t *testing.T) {
	g, err := table.NewFactor("g", []int32{0, 1, -1, 1, 0, 1, 0}, []string{"a|b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	tab, err := table.New(table.NewFloats("x", []float64{1.25, 2, math.NaN(), 4, 5, 6, -7}), g)
	if err != nil {
		t.Fatal(err)
	}
	text := Head(tab, 3).Text()
	for _, want := range []string{"7 rows, 2 columns", "First rows", "1.25", "- A missing value.", "-7 to 6", "2 levels: a|b, c"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "4 ") && strings.Contains(text, "\n  4") {
		t.Errorf("more than 3 rows in\n%s", text)
	}
	if text := Head(tab, 100).Text(); !strings.Contains(text, "All rows") {
		t.Errorf("not all rows in\n%s", text)
	}
}

// A column of long numbers is rounded to what its range needs, others are as they are.
func TestHeadRounds(t *testing.T) {
	tab, err := table.New(table.NewFloats("long", []float64{-0.326036490515, 2.552461855419, 0}), table.NewFloats("far", []float64{1863766.43088, 1252672.35376, 3087307.04337}),
		table.NewFloats("short", []float64{1.25, 1e-5, 200}), table.NewFloats("day", []float64{20131231, 20140101, 20140102}))
	if err != nil {
		t.Fatal(err)
	}
	text := Head(tab, 3).Text()
	for _, want := range []string{"-0.326", "2.552", "-0.326 to 2.552", "1863766 ", "1252672 to 3087307", "1.25", "1e-5 ", "20131231", "rounded"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "0.32603") {
		t.Errorf("long numbers in\n%s", text)
	}
}

// Occasions are rounded where that keeps them apart.
func TestRoundedNames(t *testing.T) {
	for _, c := range [][2]string{{"0.333333333333 1", "0.333333 1"}, {"0.3333333331 0.3333333332", "0.3333333331 0.3333333332"}, {"a 0.3333333333", "a 0.3333333333"}} {
		if got := strings.Join(rounded(strings.Fields(c[0])), " "); got != c[1] {
			t.Errorf("%s: %s, want %s", c[0], got, c[1])
		}
	}
}
