package lmm_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/table"
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

// TestIdentityStructureIsNone compares all that a model tells with and without
// the structure that says nothing: other code computes it, to rounding.
func TestIdentityStructureIsNone(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	fit := func(residual string) *lmm.Model {
		m, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", tab, &lmm.Options{Residual: residual})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	a, b := fit(""), fit("id(1 | Subject)")
	close := func(what string, x, y []float64, tol float64) {
		t.Helper()
		for i := range x {
			if !(math.Abs(x[i]-y[i]) <= tol*(1+math.Abs(x[i]))) {
				t.Errorf("%s, entry %d: %.12g with a structure, %.12g without", what, i, y[i], x[i])
				return
			}
		}
	}
	// Two searches end within 1e-6 of each other in theta.
	close("criterion", []float64{a.Criterion()}, []float64{b.Criterion()}, 1e-12)
	close("theta", a.Theta(), b.Theta(), 1e-6)
	close("fitted", a.Fitted(), b.Fitted(), 1e-6)
	close("leverage", a.Leverage(), b.Leverage(), 1e-6)
	for _, kind := range []lmm.ResidualKind{lmm.RawResidual, lmm.PearsonResidual, lmm.StandardisedResidual, lmm.NormalizedResidual} {
		close(kind.String()+" residuals", a.Residuals(kind), b.Residuals(kind), 1e-5)
	}
	close("simulation", a.Simulate(1, 7)[0], b.Simulate(1, 7)[0], 1e-6)
	for _, population := range []bool{false, true} {
		for _, data := range []*table.Table{nil, tab} {
			p, err := a.Predict(data, &lmm.PredictOptions{Population: population})
			if err != nil {
				t.Fatal(err)
			}
			q, err := b.Predict(data, &lmm.PredictOptions{Population: population})
			if err != nil {
				t.Fatal(err)
			}
			close("prediction", p.Mean, q.Mean, 1e-6)
			close("standard error", p.SE, q.SE, 1e-6)
			close("limits", p.Response.Upper, q.Response.Upper, 1e-6)
		}
	}
	cv, cw := a.RandomEffects()[0].CondVar[3], b.RandomEffects()[0].CondVar[3]
	close("conditional variance", append(cv[0], cv[1]...), append(cw[0], cw[1]...), 1e-5)
}

// TestCompoundSymmetryIsARandomIntercept where the variance is positive, and
// goes on where that would be negative: fm02 has 696.8 with a random intercept,
// whose variance is 0, and 662.5 with a correlation of -0.265.
func TestCompoundSymmetryIsARandomIntercept(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	intercept, err := lmm.Fit("Reaction ~ Days + (1 | Subject)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	cs, err := lmm.Fit("Reaction ~ Days", tab, &lmm.Options{Residual: "cs(1 | Subject)"})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(intercept.Criterion()-cs.Criterion()) > 1e-8 {
		t.Errorf("criteria %.10g and %.10g", intercept.Criterion(), cs.Criterion())
	}
	sd := intercept.VarCorr()[0].SD[0]
	total := sd*sd + intercept.Sigma()*intercept.Sigma()
	if rho := cs.Residual().Params[0].Value; math.Abs(rho-sd*sd/total) > 1e-6 || math.Abs(cs.Sigma()-math.Sqrt(total)) > 1e-5*cs.Sigma() {
		t.Errorf("correlation %.8g, sigma %.8g; the intercept has %.8g and %.8g", rho, cs.Sigma(), sd*sd/total, math.Sqrt(total))
	}
	tab, err = reference.Table("fm02_negative_icc")
	if err != nil {
		t.Fatal(err)
	}
	if intercept, err = lmm.Fit("y ~ t + (1 | pair)", tab, nil); err != nil {
		t.Fatal(err)
	}
	if cs, err = lmm.Fit("y ~ t", tab, &lmm.Options{Residual: "cs(1 | pair)"}); err != nil {
		t.Fatal(err)
	}
	if sd := intercept.VarCorr()[0].SD[0]; sd != 0 || math.Abs(intercept.Criterion()-696.8172) > 1e-4 {
		t.Errorf("random intercept: sd %g, criterion %.4f", sd, intercept.Criterion())
	}
	// nlme::gls with corCompSymm: -0.26499, 662.4610
	if rho := cs.Residual().Params[0].Value; math.Abs(rho+0.265) > 5e-4 || math.Abs(cs.Criterion()-662.46) > 0.05 {
		t.Errorf("compound symmetry: correlation %.5f, criterion %.4f", rho, cs.Criterion())
	}
	if v := cs.Verdict(); v.Convergence != certify.Converged || v.Place != certify.Interior {
		t.Errorf("verdict %+v", v)
	}
}

// TestTwoTraits is a multivariate model, G (x) R: an unstructured matrix between
// families and one between the traits of an individual. lme stopped at
// 1178.825; the minimum, 1178.7507, has a genetic correlation of 1.
func TestTwoTraits(t *testing.T) {
	tab, err := reference.Table("fm15_genetic")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ trait - 1 + (trait - 1 | family)", tab, &lmm.Options{Residual: "un(trait | ind)"})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(m.Criterion()-1178.7507) > 1e-3 {
		t.Errorf("criterion %.5f", m.Criterion())
	}
	if v := m.Verdict(); v.Convergence != certify.Converged || v.Place != certify.Boundary {
		t.Errorf("verdict %+v", v)
	}
	if r := m.VarCorr()[0].Corr[0][1]; math.Abs(r-1) > 1e-6 {
		t.Errorf("genetic correlation %.6f", r)
	}
}

// TestWeightsAreAKnownVariance: weights 1/s^2 leave a variance function with s
// nothing to say.
func TestVarianceFunctionFindsTheVariance(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("Reaction ~ Days", tab, &lmm.Options{Residual: "varexp(Days)"})
	if err != nil {
		t.Fatal(err)
	}
	rate := m.Residual().Params[0].Value
	days := tab.Column("Days").Floats()
	w := make([]float64, len(days))
	for i, d := range days {
		w[i] = math.Exp(-2 * rate * d)
	}
	weighted, err := tab.With(table.NewFloats("w", w))
	if err != nil {
		t.Fatal(err)
	}
	again, err := lmm.Fit("Reaction ~ Days", weighted, &lmm.Options{Residual: "varexp(Days)", Weights: "w"})
	if err != nil {
		t.Fatal(err)
	}
	if r := again.Residual().Params[0].Value; math.Abs(r) > 1e-6 {
		t.Errorf("a rate of %.3g is left where the weights have taken it", r)
	}
	if math.Abs(again.Sigma()-m.Sigma()) > 1e-5*m.Sigma() || math.Abs(again.Criterion()-m.Criterion()) > 1e-7 {
		t.Errorf("sigma %.8g and %.8g, criterion %.8f and %.8f", m.Sigma(), again.Sigma(), m.Criterion(), again.Criterion())
	}
	a, b := m.Residuals(lmm.PearsonResidual), again.Residuals(lmm.PearsonResidual)
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-5 {
			t.Fatalf("Pearson residual %d: %.8g and %.8g", i, a[i], b[i])
		}
	}
}

// The matrix of a subject is that of getVarCov in nlme.
func TestResidualCovariance(t *testing.T) {
	tab, err := reference.Table("Orthodont")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("distance ~ age * Sex", tab, &lmm.Options{Residual: "un(age | Subject)"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := m.ResidualCovariance("")
	if err != nil {
		t.Fatal(err)
	}
	p := m.Residual().Params
	if len(c.Occasions) != 4 || c.Occasions[1] != "10" || math.Abs(c.Corr[0][1]-p[0].Value) > 1e-12 || math.Abs(c.SD[0]-m.Sigma()) > 1e-12 ||
		math.Abs(c.SD[1]-m.Sigma()*p[6].Value) > 1e-12 || math.Abs(c.Cov[2][3]-c.Corr[2][3]*c.SD[2]*c.SD[3]) > 1e-12 {
		t.Errorf("%+v", c)
	}
	if _, err := m.ResidualCovariance("M1"); err == nil {
		t.Error("an unknown subject has a covariance matrix")
	}
	plain, err := lmm.Fit("distance ~ age + (1 | Subject)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plain.ResidualCovariance(""); err == nil {
		t.Error("independent residuals have a structure")
	}
}

// Bands are correlations as they are: beside a random intercept, too, the residuals
// keep a positive definite matrix, and can be drawn.
func TestBandsStayPositiveDefinite(t *testing.T) {
	tab, err := reference.Table("Ovary")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("follicles ~ 1 + (1 | Mare)", tab, &lmm.Options{Residual: "toep(1 | Mare, 2)"})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range m.Simulate(1, 1)[0] {
		if math.IsNaN(v) {
			t.Fatal("the residuals of the fit have no covariance matrix")
		}
	}
}
