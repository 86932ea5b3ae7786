package diagnose_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
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
