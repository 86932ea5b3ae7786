package solve_test

import (
	"fmt"
	"math"
	"math/rand/v2"
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

func objective(t testing.TB, data, src string) *criterion.OneFactor {
	t.Helper()
	tab, err := reference.Table(data)
	if err != nil {
		t.Fatal(err)
	}
	f, err := formula.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := suffstat.New(d)
	if err != nil {
		t.Fatal(err)
	}
	return criterion.NewOneFactor(s, true)
}

// From wherever it starts, on an edge, at zero, far out, the iteration ends at
// one certified minimum. The values are lme4's best over all its optimisers.
func TestEveryStartEndsAtTheMinimum(t *testing.T) {
	for _, m := range []struct {
		data, formula string
		want          float64
		place         certify.Place
	}{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)", 1743.62827195849, certify.Interior},
		{"Dyestuff", "Yield ~ 1 + (1 | Batch)", 319.654276842342, certify.Interior},
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)", 161.828277812289, certify.Boundary},
		{"fm08_rats", "cc ~ pair + (0 + pair | rat)", -636.138870405836, certify.Boundary},
	} {
		obj := objective(t, m.data, m.formula)
		r := rand.New(rand.NewPCG(1, 9))
		for name, start := range starts(obj, r) {
			got := solve.Settle(obj, solve.Minimize(obj, start, nil), nil)
			if f := got.Derivs.F + obj.Shift(); math.Abs(f-m.want) > 1e-6 {
				t.Errorf("%s from %s: %.9f, want %.9f (%v)", m.data, name, f, m.want, got.Status)
				continue
			}
			if v := judge(obj, got); v.Convergence != certify.Converged || v.Place != m.place || v.Decrement > 1e-8 || v.EscapeDrop > 1e-8 {
				t.Errorf("%s from %s: verdict %+v", m.data, name, v)
			}
		}
	}
}

// starts are points that trap an iteration in fixed coordinates: zero, where
// every gradient vanishes; a first variance of zero under a full second
// column; rank one; far out; and anywhere.
func starts(obj *criterion.OneFactor, r *rand.Rand) map[string]cone.Point {
	blocks := obj.Blocks()
	unit := blocks[0].Unit
	out := map[string]cone.Point{
		"zero": cone.Identity(blocks, 0), "tiny": cone.Identity(blocks, 1e-6*unit),
		"one": cone.Identity(blocks, 1), "far": cone.Identity(blocks, 1e4),
	}
	edge, rank1 := cone.Identity(blocks, 1), cone.Identity(blocks, 0)
	for b, blk := range blocks {
		edge[b][0] = 0
		for i := 0; i < blk.K; i++ {
			rank1[b][i*blk.K] = 1 - 2*float64(i%2)
		}
	}
	out["first variance zero"], out["rank one"] = edge, rank1
	for i := range 10 {
		p := cone.Identity(blocks, 0)
		for b := range p {
			for j := range p[b] {
				p[b][j] = r.NormFloat64()
			}
		}
		out[fmt.Sprint("random ", i)] = p
	}
	return out
}

func judge(obj *criterion.OneFactor, r *solve.Result) certify.Verdict {
	return certify.Judge(certify.Examine(r.Local, r.Derivs, obj.Blocks(), r.Point), r.Status == solve.Diverged, nil)
}

// At Lambda = 0 the gradient in Lambda is zero for any data: only the sign of G
// tells a boundary fit from a false one.
func TestZeroIsNotAMinimumByItsGradient(t *testing.T) {
	for data, want := range map[string]certify.Convergence{"Dyestuff": certify.NotConverged, "Dyestuff2": certify.Converged} {
		obj := objective(t, data, "Yield ~ 1 + (1 | Batch)")
		zero := cone.Identity(obj.Blocks(), 0)
		d := obj.Derivs(zero)
		v := judge(obj, &solve.Result{Point: zero, Derivs: d, Local: certify.NewLocal(d, cone.NewChart(obj.Blocks(), zero))})
		if v.Decrement != 0 || v.Convergence != want {
			t.Errorf("%s at zero: %+v, want %v", data, v, want)
		}
	}
}
