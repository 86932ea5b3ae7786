package diagnose_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

func climb(t testing.TB, formula, name string, opt *diagnose.LadderOptions) *diagnose.Ladder {
	t.Helper()
	m, err := lmm.Fit(formula, data(t, name), nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := diagnose.Climb(m, opt)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The rungs, and where the three rules stop (counted from 1).
func TestLadders(t *testing.T) {
	for _, c := range []struct {
		formula, data string
		up            bool
		rungs         string
		choices       [3]int
	}{
		{"score ~ Machine + (Machine | Worker)", "Machines", false, "(Machine | Worker); cs(Machine | Worker); (1 | Worker)", [3]int{1, 1, 1}},
		{"cc ~ pair + (pair | rat)", "fm08_rats", true, "(1 | rat); cs(pair | rat); (pair | rat)", [3]int{3, 2, 2}},
		{"y ~ size + (size | school)", "fm07_group_constant", false, "(size | school); (1 | school)", [3]int{1, 2, 2}},
		{"yield ~ nitro + (nitro | Block) + (1 | Block:Variety)", "Oats", false,
			"(nitro | Block) + (1 | Block:Variety); (1 | Block) + (1 | Block:Variety); (1 | Block:Variety)", [3]int{1, 2, 2}},
		// The data cannot tell the two apart: one goes first, without a test.
		{"y ~ 1 + (1 | ward) + (1 | ward_copy)", "fm12_redundant", false, "(1 | ward) + (1 | ward_copy); (1 | ward_copy)", [3]int{2, 2, 2}},
		{"Reaction ~ Days + (Days | Subject)", "sleepstudy", true, "(1 | Subject); (Days || Subject); (Days | Subject)", [3]int{3, 3, 2}},
	} {
		l := climb(t, c.formula, c.data, &diagnose.LadderOptions{Up: c.up, Seed: 1})
		var rungs []string
		for i, r := range l.Rungs {
			rungs = append(rungs, r.Random)
			if i == 0 {
				continue
			}
			if d := l.Rungs[i-1].Params - r.Params; d > 0 == c.up {
				t.Errorf("%s: rung %d goes the other way", c.formula, i+1)
			}
			// The larger model fits as well or better.
			if drop := l.Rungs[i-1].Criterion - r.Criterion; drop > 1e-6 != c.up && math.Abs(drop) > 1e-6 {
				t.Errorf("%s: criterion %v after %v", c.formula, r.Criterion, l.Rungs[i-1].Criterion)
			}
		}
		if got := strings.Join(rungs, "; "); got != c.rungs {
			t.Errorf("%s: rungs %s, want %s", c.formula, got, c.rungs)
			continue
		}
		for i, want := range c.choices {
			if l.Choices[i].Rung+1 != want {
				t.Errorf("%s: %s stops at %d, want %d", c.formula, l.Choices[i].Source, l.Choices[i].Rung+1, want)
			}
		}
		doc := l.Document()
		for _, text := range []string{doc.Text(), doc.HTML(), doc.Markdown(), doc.LaTeX()} {
			if strings.Contains(text, "NaN") || strings.Contains(text, "%!") || !strings.Contains(text, "Matuschek") {
				t.Errorf("%s", text)
			}
		}
	}
}

// A rung is tested as infer tests its two fits; alpha moves the choice; the number
// of workers does not matter.
func TestLadderTestsAreThoseOfInfer(t *testing.T) {
	m, err := lmm.Fit("score ~ Machine + (Machine | Worker)", data(t, "Machines"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var fits int
	l, err := diagnose.Climb(m, &diagnose.LadderOptions{Alpha: 0.05, Seed: 4, Workers: 1, Progress: func(n int) { fits = n }})
	if err != nil {
		t.Fatal(err)
	}
	if l.Choices[2].Rung != 1 || l.Alpha != 0.05 || fits != l.Fits || fits < 3 {
		t.Errorf("%+v, %d fits", l.Choices, fits)
	}
	cs, err := lmm.Fit(l.Rungs[1].Formula, data(t, "Machines"), nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := infer.LRT(cs, m, &infer.LRTOptions{Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	// Two searches that end below a decrement of 1e-8.
	if got := l.Rungs[1].Test; got.DF != want.DF || math.Abs(got.P-want.P) > 1e-5 {
		t.Errorf("p %v, want %v", got.P, want.P)
	}
	again, err := diagnose.Climb(m, &diagnose.LadderOptions{Alpha: 0.05, Seed: 4, Workers: 3})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(l)
	b, err := json.Marshal(again)
	if err != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("1 worker:\n%s\n3 workers:\n%s\n%v", a, b, err)
	}
	if _, err := diagnose.Climb(nil, nil); err == nil {
		t.Error("no error for a nil model")
	}
}

// A slope that comes late in the formula can come first into the model: here b
// varies between subjects and a does not. A path in the order of the formula
// would stop below it.
func TestLadderTakesSlopesInAnyOrder(t *testing.T) {
	var subject []string
	var a, b []float64
	for i := range 24 {
		for j := range 16 {
			subject = append(subject, fmt.Sprint("s", i))
			a, b = append(a, float64((i+j)%2)-0.5), append(b, float64((i+j)/2%2)-0.5)
		}
	}
	tab, err := table.New(table.NewTexts("subject", subject), table.NewFloats("a", a), table.NewFloats("b", b))
	if err != nil {
		t.Fatal(err)
	}
	truth := diagnose.Truth{Formula: "y ~ a * b + (b | subject)", Beta: []float64{0, 0, 0, 0}, Sigma: 1,
		Random: map[string][][]float64{"(b | subject)": {{1, 0}, {0, 1}}}}
	if tab, err = diagnose.Draw(tab, truth, 1); err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ a * b + (a * b | subject)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, up := range []bool{true, false} {
		l, err := diagnose.Climb(m, &diagnose.LadderOptions{Up: up, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if up && l.Rungs[1].Random != "(b || subject)" {
			t.Errorf("the first step up is %s", l.Rungs[1].Random)
		}
		for _, c := range l.Choices[1:] {
			if got := l.Rungs[c.Rung].Random; !strings.Contains(got, "b") || strings.Contains(got, "a:b") {
				t.Errorf("up %v: %s stops at %s", up, c.Source, got)
			}
		}
	}
}
