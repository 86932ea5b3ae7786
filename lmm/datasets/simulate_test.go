package datasets_test

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/table"
)

// cases is one of each kind, with every knob turned.
func cases() map[string]datasets.Case {
	return map[string]datasets.Case{
		"groups":      datasets.Groups{Groups: 30, Rows: 6, Unbalanced: true, Singletons: 4, Intercept: 1, Slope: 0.5, InterceptSD: 1, SlopeSD: 0.5, Correlation: 0.3, Sigma: 1, Seed: 7},
		"binary":      datasets.Groups{Slope: 1, InterceptSD: 1, Response: datasets.Binary, Seed: 7},
		"counts":      datasets.Groups{Intercept: 1, Slope: 0.3, InterceptSD: 0.5, Response: datasets.Counts, Seed: 7},
		"competition": datasets.Competition{Intercept: 10, Slope: 0.5, Correlation: -0.3, Sigma: 2, Seed: 7},
		"growth": datasets.Growth{Origin: 70, Intercept: 100, Slope: -0.5, InterceptSD: 5, SlopeSD: 0.15, Correlation: 0.4, Sigma: 3,
			Leave: 0.3, Why: datasets.OnSeen, Seed: 7},
		"traits":     datasets.Traits{Mean: [2]float64{10, 20}, FamilySD: [2]float64{0.5, 0.6}, FamilyCorrelation: 1, ChildSD: [2]float64{1, 1}, Seed: 7},
		"factor":     datasets.Factor{Means: []float64{1, 2, 3, 4, 5, 6}, SD: 1, Correlation: 0.9, Sigma: 0.5, Seed: 7},
		"separation": datasets.Separation{Exceptions: 3, Slope: 0.5, InterceptSD: 0.5, Seed: 7},
	}
}

func simulate(t *testing.T, c datasets.Case) *table.Table {
	t.Helper()
	tab, err := datasets.Simulate(c)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func fit(t *testing.T, formula string, tab *table.Table, opt *lmm.Options) *lmm.Model {
	t.Helper()
	m, err := lmm.Fit(formula, tab, opt)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A seed gives the same data everywhere: the hashes were made once, on amd64.
func TestSimulateSameBits(t *testing.T) {
	want := map[string]uint64{
		"groups": 0xe39f29087fdb08cf, "binary": 0xb9e24dfb77428a06, "counts": 0xe6065b73a9b5bce4, "competition": 0xca031ada17476190,
		"growth": 0x85c8144030965c2f, "traits": 0xfac4d02495b35ad, "factor": 0xe4f9baebc80553cf, "separation": 0x77b0bd5f861e36f9,
	}
	for name, c := range cases() {
		h := fnv.New64a()
		for _, col := range simulate(t, c).Columns() {
			for i := range col.Len() {
				fmt.Fprintln(h, col.Text(i))
			}
		}
		if h.Sum64() != want[name] {
			t.Errorf("%s: %#x, want %#x", name, h.Sum64(), want[name])
		}
		if c.Truth().Formula == "" || len(c.Truth().Parameters) == 0 || c.Truth().Document().Text() == "" {
			t.Errorf("%s: the truth is %+v", name, c.Truth())
		}
	}
}

// With many groups the estimates are near the truth, within 5 standard errors or
// 3 % for standard deviations, of which 2000 groups leave about 2 %.
func TestSimulateTruth(t *testing.T) {
	c := datasets.Groups{Groups: 2000, Rows: 10, Unbalanced: true, Singletons: 100, Intercept: 1, Slope: 0.5, InterceptSD: 1, SlopeSD: 0.5, Correlation: 0.3, Sigma: 1, Seed: 1}
	m := fit(t, c.Truth().Formula, simulate(t, c), nil)
	for _, e := range m.FixedEffects() {
		if v, _ := c.Truth().Value(e.Name); math.Abs(e.Estimate-v) > 5*e.SE {
			t.Errorf("%s is %g, SE %g, the truth %g", e.Name, e.Estimate, e.SE, v)
		}
	}
	cov := m.VarCorr()[0].Cov
	near(t, "sd", math.Sqrt(cov[0][0]), c.InterceptSD, 0.06)
	near(t, "slope sd", math.Sqrt(cov[1][1]), c.SlopeSD, 0.06)
	near(t, "correlation", cov[0][1]/math.Sqrt(cov[0][0]*cov[1][1]), c.Correlation, 0.1)
	near(t, "sigma", m.Sigma(), 1, 0.02)

	pens := datasets.Competition{Groups: 5000, Correlation: -0.25, Sigma: 2, Seed: 1}
	y := simulate(t, pens).Column("y")
	sum, cross := 0.0, 0.0
	for j := range 5000 {
		for a := range 4 {
			sum += y.Float(4*j+a) * y.Float(4*j+a) / 20000
			for b := range a {
				cross += y.Float(4*j+a) * y.Float(4*j+b) / 30000
			}
		}
	}
	near(t, "variance", sum, 4, 0.15)
	near(t, "covariance", cross, -1, 0.1)
}

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.Abs(got-want) > tol {
		t.Errorf("%s is %g, want %g +- %g", what, got, want, tol)
	}
}

// Turning a knob changes the verdict.
func TestSimulateKnobs(t *testing.T) {
	place := func(formula string, c datasets.Case) certify.Place {
		return fit(t, formula, simulate(t, c), nil).Verdict().Place
	}
	usual := datasets.Groups{Slope: 1, InterceptSD: 1, SlopeSD: 0.7, Correlation: 0.2, Sigma: 1, Seed: 3}
	if p := place("y ~ x + (x | g)", usual); p != certify.Interior {
		t.Errorf("usual: %v", p)
	}
	none := usual
	none.InterceptSD, none.SlopeSD = 0, 0
	if p := place("y ~ x + (x | g)", none); p != certify.Boundary {
		t.Errorf("variance 0: %v", p)
	}
	once := datasets.Groups{Groups: 40, Rows: 1, InterceptSD: 1, Sigma: 1, Seed: 3}
	if p := place("y ~ x + (1 | g)", once); p != certify.NotIdentifiable {
		t.Errorf("one row in a group: %v", p)
	}
	if p := place("y ~ x + (1 | g)", datasets.Competition{Correlation: -0.3, Sigma: 1, Seed: 3}); p != certify.Boundary {
		t.Errorf("competition: %v", p)
	}
}

// Who leaves on the last score has a lower one; who leaves completely at random
// has not. Without dropout everybody is seen at each wave.
func TestSimulateDropout(t *testing.T) {
	c := datasets.Growth{People: 4000, InterceptSD: 5, Sigma: 3, Leave: 0.3, Seed: 1}
	for why, lower := range map[datasets.Dropout]bool{datasets.Completely: false, datasets.OnSeen: true} {
		c.Why = why
		tab := simulate(t, c)
		score, wave, person := tab.Column("score"), tab.Column("wave"), tab.Column("person")
		stayed, left, n := 0.0, 0.0, [2]float64{}
		for i := range tab.Rows() {
			if wave.Float(i) != 0 {
				continue
			}
			if i+1 < tab.Rows() && person.Code(i+1) == person.Code(i) {
				stayed, n[0] = stayed+score.Float(i), n[0]+1
			} else {
				left, n[1] = left+score.Float(i), n[1]+1
			}
		}
		if d := stayed/n[0] - left/n[1]; (d > 2) != lower || !lower && math.Abs(d) > 0.7 { // 0.2 is its standard error
			t.Errorf("%v: those who stayed have %g more", why, d)
		}
	}
	c.Leave = 0
	if tab := simulate(t, c); tab.Rows() != 12000 {
		t.Errorf("%d rows without dropout", tab.Rows())
	}
}

// Separated is the treatment if no treated row fails to respond.
func TestSimulateSeparation(t *testing.T) {
	for _, want := range []int{0, 5, 90} {
		tab := simulate(t, datasets.Separation{Exceptions: want, Seed: 1})
		got := 0
		for i := range tab.Rows() {
			if tab.Column("treated").Float(i) == 1 && tab.Column("y").Float(i) == 0 {
				got++
			}
		}
		if got != want {
			t.Errorf("%d exceptions, want %d", got, want)
		}
	}
}

func TestSimulateErrors(t *testing.T) {
	for field, c := range map[string]datasets.Case{
		"InterceptSD":        datasets.Groups{InterceptSD: -1},
		"Correlation":        datasets.Groups{Correlation: 1.2},
		"Rows":               datasets.Groups{Rows: -3},
		"Sigma":              datasets.Competition{Sigma: math.NaN()},
		"Intercept":          datasets.Groups{Intercept: 30, Response: datasets.Counts},
		"To":                 datasets.Growth{From: 60, To: 50},
		"Means":              datasets.Factor{Means: []float64{1}},
		"Exceptions":         datasets.Separation{Exceptions: 91},
		"FamilyCorrelation":  datasets.Traits{FamilyCorrelation: math.Inf(1)},
		"the number of rows": datasets.Groups{Groups: 1e9},
		"the case":           nil,
		"SlopeSD":            datasets.Groups{SlopeSD: math.Inf(1)},
		"Slope":              datasets.Groups{Slope: 1e300},
		"Response":           datasets.Groups{Groups: 4e5, Intercept: 9, Response: datasets.Counts},
		"Singletons":         datasets.Groups{Singletons: -1},
		"Groups":             datasets.Separation{Groups: 1},
		"Families":           datasets.Traits{Families: -50},
		"Children":           datasets.Traits{Children: math.MinInt},
		"Interval":           datasets.Growth{Interval: -4},
		"Leave":              datasets.Growth{Leave: math.NaN()},
		"Why":                datasets.Growth{Why: 3},
		"Levels":             datasets.Factor{Levels: -1},
		"SD":                 datasets.Factor{SD: math.NaN()},
	} {
		_, err := datasets.Simulate(c)
		var e *datasets.CaseError
		if !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
		if err != nil && (strings.Contains(err.Error(), "NaN") || strings.Contains(err.Error(), "Inf")) {
			t.Errorf("%s: %v", field, err)
		}
		if c != nil && c.Truth().Document().Text() == "" {
			t.Errorf("%s has no truth", field)
		}
	}
	// What all cases refuse, whatever else they have.
	for _, n := range []int{1e9, math.MaxInt} {
		for _, c := range []datasets.Case{
			datasets.Groups{Groups: n}, datasets.Groups{Rows: n}, datasets.Groups{Singletons: n}, datasets.Competition{Groups: n}, datasets.Competition{Rows: n},
			datasets.Growth{People: n}, datasets.Growth{Waves: n}, datasets.Traits{Families: n}, datasets.Traits{Children: n},
			datasets.Factor{Groups: n}, datasets.Factor{Levels: n}, datasets.Factor{Rows: n}, datasets.Separation{Groups: n}, datasets.Separation{Rows: n},
		} {
			var e *datasets.CaseError
			if _, err := datasets.Simulate(c); !errors.As(err, &e) || e.Field != "the number of rows" {
				t.Errorf("%+v: %v", c, err)
			}
			c.Truth()
		}
	}
	// -1 / (m - 1) itself is a correlation that four members can have.
	simulate(t, datasets.Competition{Correlation: -1.0 / 3, Sigma: 1})
}
