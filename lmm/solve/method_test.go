package solve_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/suffstat"
)

// A method may end anywhere; the certificate must know where. These likelihoods
// have one maximum each, so that whatever is called converged is there. From
// starts that trap no method all of them arrive.
func TestEveryMethodIsJudgedByWhereItEnds(t *testing.T) {
	for _, m := range []struct{ data, formula string }{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)"},
		{"sleepstudy", "Reaction ~ Days + (Days || Subject)"},
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)"},
		{"Machines", "score ~ Machine + cs(Machine | Worker)"},
		{"Machines", "score ~ Machine + rr(Machine | Worker, 1)"},
		{"Machines", "score ~ Machine + (Machine | Worker)"},
	} {
		obj := objective(t, m.data, m.formula)
		want := solve.Newton{}.Minimize(obj, cone.Identity(obj.Blocks(), 1), nil).Derivs.F
		for name, start := range starts(obj, rand.New(rand.NewPCG(1, 9))) {
			if strings.HasPrefix(name, "random") && name > "random 2" {
				continue
			}
			for _, method := range solve.Methods() {
				got := method.Minimize(obj, start, nil)
				above, v := got.Derivs.F-want, judge(obj, got)
				trap := name == "zero" || name == "first variance zero" || name == "rank one" || name == "far" || name == "tiny"
				switch {
				case above < -1e-8:
					t.Errorf("%s from %s: %s is below Newton's minimum by %g", m.formula, name, method.Name(), -above)
				case above > certify.ConvergedBelow && v.Convergence == certify.Converged:
					t.Errorf("%s from %s: %s is called converged %g above the minimum: %+v", m.formula, name, method.Name(), above, v)
				case above > 1e-6 && !trap:
					t.Errorf("%s from %s: %s ends %g above the minimum, %v after %d evaluations", m.formula, name, method.Name(), above, got.Status, got.Evaluations)
				}
				log := got.Log
				for i := range log[1:] {
					if log[i+1].Evaluations < log[i].Evaluations {
						t.Errorf("%s: the log of %s goes back in its evaluations", m.formula, method.Name())
					}
				}
				if last := log[len(log)-1]; last.F != got.Derivs.F || last.Evaluations > got.Evaluations {
					t.Errorf("%s: the log of %s ends at %+v, the result at %g after %d", m.formula, method.Name(), last, got.Derivs.F, got.Evaluations)
				}
			}
		}
	}
}

// Bounds on the diagonal of Lambda make false minima: on an edge where it is 0
// they hold, and a descent direction leads off it. BOBYQA stays on some; the
// certificate tells them.
func TestBoundsMakeFalseMinima(t *testing.T) {
	obj := objective(t, "fm08_rats", "cc ~ pair + (0 + pair | rat)")
	const best = -636.138870405836
	false_ := 0
	for name, start := range starts(obj, rand.New(rand.NewPCG(1, 9))) {
		if name != "one" && name != "random 0" && name != "random 1" && name != "random 2" {
			continue
		}
		r := solve.BOBYQA{}.Minimize(obj, start, nil)
		v := judge(obj, r)
		above := r.Derivs.F + obj.Shift() - best
		if above > 1 {
			false_++
		}
		if (above > certify.ConvergedBelow) != (v.Convergence != certify.Converged) {
			t.Errorf("from %s: %g above the minimum, %+v", name, above, v)
		}
	}
	if false_ == 0 {
		t.Error("no run met a false minimum")
	}
}

// Crossed factors: only the average information is known on the way.
func TestMethodsOnCrossedFactors(t *testing.T) {
	tab, err := reference.Table("Penicillin")
	if err != nil {
		t.Fatal(err)
	}
	f, err := formula.Parse("diameter ~ 1 + (1 | plate) + (1 | sample)")
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := suffstat.NewBlocked(d)
	if err != nil {
		t.Fatal(err)
	}
	obj := criterion.NewBlocked(s, true)
	for _, method := range solve.Methods() {
		r := method.Minimize(obj, cone.Identity(obj.Blocks(), 1), nil)
		// lme4's best over all its optimisers.
		if got := r.Derivs.F + obj.Shift(); math.Abs(got-330.860588990984) > 1e-7 {
			t.Errorf("%s: %.9f, %v", method.Name(), got, r.Status)
		}
		if r.Local == nil || r.Local.Decrement() > 1e-8 {
			t.Errorf("%s: the end has no certificate", method.Name())
		}
	}
}

func TestMethodsKeepTheirBudget(t *testing.T) {
	obj := objective(t, "sleepstudy", "Reaction ~ Days + (Days | Subject)")
	for _, method := range solve.Methods()[1:] {
		r := method.Minimize(obj, cone.Identity(obj.Blocks(), 1e3), &solve.Settings{MaxEvaluations: 4})
		// A simplex or a set of points is finished, and the end is judged.
		if r.Status != solve.IterationLimit || r.Evaluations > 4+7+3 {
			t.Errorf("%s: %v after %d evaluations", method.Name(), r.Status, r.Evaluations)
		}
		if v := judge(obj, r); v.Convergence == certify.Converged {
			t.Errorf("%s: converged after 4 evaluations", method.Name())
		}
	}
}

func TestMethodByName(t *testing.T) {
	for _, m := range solve.Methods() {
		if got, err := solve.ByName(m.Name()); err != nil || got != m {
			t.Errorf("%s: %v, %v", m.Name(), got, err)
		}
	}
	if m, err := solve.ByName(""); err != nil || m != (solve.Newton{}) {
		t.Errorf("the default is %v, %v", m, err)
	}
	_, err := solve.ByName("bobiqa")
	var unknown *solve.UnknownError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), `did you mean "bobyqa"?`) {
		t.Errorf("%v", err)
	}
}
