package lmm_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/solve"
)

// TestModelsOfNLME fits what nlme fitted. Its criterion is good to about 1e-7
// and its parameters to about 1e-4; a lower criterion is better. Its standard
// errors under ML have n - p where the likelihood has n.
func TestModelsOfNLME(t *testing.T) {
	refs, err := reference.NLMEFits()
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range refs {
		t.Run(ref.ID, func(t *testing.T) {
			tab, err := reference.Table(ref.Data)
			if err != nil {
				t.Fatal(err)
			}
			m, err := lmm.Fit(ref.Formula, tab, &lmm.Options{ML: !ref.REML, Residual: ref.Residual})
			if err != nil {
				t.Fatal(err)
			}
			v := m.Verdict()
			if v.Convergence != certify.Converged || !(v.Decrement < 1e-8) {
				t.Errorf("verdict %+v", v)
			}
			if d := m.Criterion() - ref.Criterion; !(d < 1e-6*math.Abs(ref.Criterion)) {
				t.Errorf("criterion %.7f, nlme's is %.7f", m.Criterion(), ref.Criterion)
			}
			// Where nlme stopped above the minimum its parameters are others.
			if m.Criterion() < ref.Criterion-1e-5 {
				t.Logf("criterion lower than nlme's by %.2g", ref.Criterion-m.Criterion())
				return
			}
			if m.NPar() != ref.NPar {
				t.Errorf("%d parameters, nlme counts %d", m.NPar(), ref.NPar)
			}
			fixed := m.FixedEffects()
			for i, name := range ref.BetaNames {
				if fixed[i].Name != name {
					t.Errorf("coefficient %d is %s, want %s", i, fixed[i].Name, name)
				}
				se := ref.BetaSE[i]
				if n := float64(ref.NObs); !ref.REML {
					se *= math.Sqrt((n - float64(len(ref.Beta))) / n)
				}
				if math.Abs(fixed[i].Estimate-ref.Beta[i]) > 1e-4*se || math.Abs(fixed[i].SE/se-1) > 1e-4 {
					t.Errorf("%s %.7g (%.5g), nlme has %.7g (%.5g)", name, fixed[i].Estimate, fixed[i].SE, ref.Beta[i], se)
				}
			}
			if v.Place == certify.NotIdentifiable {
				return
			}
			if math.Abs(m.Sigma()/ref.Sigma-1) > 1e-4 {
				t.Errorf("sigma %.6g, nlme has %.6g", m.Sigma(), ref.Sigma)
			}
			for i, y := range m.Fitted()[:len(ref.Fitted)] {
				if math.Abs(y-ref.Fitted[i]) > 1e-6*math.Abs(y) {
					t.Errorf("fitted value %d is %.7g, nlme has %.7g", i+1, y, ref.Fitted[i])
				}
			}
			checkStructure(t, m.Residual(), ref)
		})
	}
}

// checkStructure compares the parameters that nlme has in the same terms.
func checkStructure(t *testing.T, r *lmm.Residual, ref reference.NLME) {
	t.Helper()
	if r == nil {
		return
	}
	at := 0
	for _, want := range ref.Correlation {
		if ref.ID == "gls_Orthodont_toep" || ref.ID == "gls_Orthodont_ma1" {
			break // coefficients of the process, not correlations
		}
		if len(r.Params) <= at || math.Abs(r.Params[at].Value-want) > 1e-4*math.Max(1, math.Abs(want)) {
			t.Errorf("%s: parameters %+v, nlme has %v", r.Structure, r.Params, ref.Correlation)
			return
		}
		at++
	}
	for name, want := range ref.Variance {
		if want == 1 && name != "power" && name != "expon" {
			continue // the reference
		}
		var found bool
		for _, p := range r.Params {
			// with another level as the reference the ratio is turned
			found = found || math.Abs(p.Value-want) < 2e-4*want || math.Abs(1/p.Value-want) < 2e-4*want
		}
		if !found {
			t.Errorf("%s: parameters %+v, nlme has %s %v", r.Structure, r.Params, name, want)
		}
	}
}

// TestOptimizersAgreeOnStructures: all methods know free parameters.
func TestOptimizersAgreeOnStructures(t *testing.T) {
	tab, err := reference.Table("Orthodont")
	if err != nil {
		t.Fatal(err)
	}
	fit := func(optimizer string) *lmm.Model {
		m, err := lmm.Fit("distance ~ age + (1 | Subject)", tab, &lmm.Options{Residual: "ar1(1 | Subject) * varident(Sex)", Optimizer: optimizer})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	best := fit("").Criterion()
	for _, name := range solve.Names() {
		// the loosest of them stops at a relative 1e-8
		if got := fit(name).Criterion(); math.Abs(got-best) > 1e-5 {
			t.Errorf("%s: criterion %.8f, newton %.8f", name, got, best)
		}
	}
}
