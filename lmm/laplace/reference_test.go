package laplace_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/laplace"
	"github.com/golmm/golmm/lmm/solve"
)

// minimum fits from the first start.
func minimum(t testing.TB, o *laplace.Objective) *solve.Result {
	t.Helper()
	var best *solve.Result
	for _, start := range o.Starts() {
		r := solve.Minimize(o, start, &solve.Settings{Known: best})
		if best == nil || r.Status != solve.NoBetter && r.Derivs.F < best.Derivs.F {
			best = r
		}
	}
	if best.Status != solve.Minimum {
		t.Fatalf("%v: %s", best.Status, o.Reason())
	}
	return best
}

// Every fit of glmer in the reference set.
func TestReferenceFits(t *testing.T) {
	fits, err := reference.Fits()
	if err != nil {
		t.Fatal(err)
	}
	cross := glmmTMBFits(t)
	n := 0
	for _, f := range fits {
		if f.Family == "" || f.Family == "gaussian" || settings(f.ID).Nodes > 1 {
			continue
		}
		n++
		t.Run(f.ID, func(t *testing.T) {
			o := objective(t, referenceDesign(t, f), f.Family, link(f.ID), settings(f.ID))
			r := minimum(t, o)
			want := expected{f.Criterion, f.Beta, sds(f)}
			if x, ok := cross[f.ID]; ok {
				want.criterion, want.beta = x.Criterion, x.Beta // the better value
				if link(f.ID) != "" {
					want.sd = x.SD["herd"] // lme4's determinant has the expected information
				}
			}
			compare(t, o, r, want)
		})
	}
	if n < 16 {
		t.Errorf("%d fits, expected 16 or more", n)
	}
}

func referenceDesign(t *testing.T, f reference.Fit) *design.Design {
	t.Helper()
	tab, err := reference.Table(f.Data)
	if err != nil {
		t.Fatal(err)
	}
	return build(t, f.Formula, tab, &design.Options{BinaryResponse: true, Weights: f.Weights, Offset: f.Offset, Contrasts: f.Contrasts})
}

type expected struct {
	criterion float64
	beta, sd  []float64
}

// compare allows 1e-5 in the criterion, the error of lme4's, which has weights one
// step old in its log determinant, and 1e-4 in the estimates, which is where its
// optimisers stop.
func compare(t *testing.T, o *laplace.Objective, r *solve.Result, want expected) {
	t.Helper()
	if d := r.Derivs.F - want.criterion; math.Abs(d) > 1e-5 {
		t.Errorf("criterion %.9f, want %.9f", r.Derivs.F, want.criterion)
	}
	sol := o.Solve(r.Point)
	beta := o.Coords().Beta(sol.Beta)
	for i, v := range want.beta {
		if math.Abs(beta[i]-v) > 1e-4*math.Abs(v) {
			t.Errorf("beta %d: %g, want %g", i, beta[i], v)
		}
	}
	var sd []float64
	for b, blk := range o.Blocks() {
		k, lam := blk.K, make([]float64, blk.K*blk.K)
		for i := range k {
			var v float64
			for j := range k {
				for l := range k {
					lam[i*k+j] += o.Coords().T[b][i*k+l] * r.Point[b][l*k+j]
				}
				v += lam[i*k+j] * lam[i*k+j]
			}
			sd = append(sd, math.Sqrt(v))
		}
	}
	for i, v := range want.sd {
		if math.Abs(sd[i]-v) > 1e-4*v {
			t.Errorf("sd %d: %g, want %g", i, sd[i], v)
		}
	}
}

func sds(f reference.Fit) (sd []float64) {
	for _, v := range f.VarCorr {
		sd = append(sd, v.SD...)
	}
	return sd
}

// glmmTMB is an independent program that has the observed information in the log
// determinant.
type glmmTMB struct {
	Criterion float64
	Beta, SE  []float64
	SD        map[string][]float64
}

func glmmTMBFits(t *testing.T) map[string]glmmTMB {
	t.Helper()
	src, err := os.ReadFile("testdata/glmmtmb.json")
	if err != nil {
		t.Fatal(err)
	}
	var x struct{ Fits map[string]glmmTMB }
	if err := json.Unmarshal(src, &x); err != nil {
		t.Fatal(err)
	}
	return x.Fits
}

func link(id string) string {
	for _, l := range []string{"probit", "cloglog"} {
		if strings.Contains(id, l) {
			return l
		}
	}
	return ""
}

func settings(id string) laplace.Settings {
	switch {
	case strings.HasSuffix(id, "_agq0"):
		return laplace.Settings{Joint: true}
	case strings.HasSuffix(id, "_agq9"):
		return laplace.Settings{Nodes: 9}
	case strings.HasSuffix(id, "_agq25"):
		return laplace.Settings{Nodes: 25}
	}
	return laplace.Settings{}
}
