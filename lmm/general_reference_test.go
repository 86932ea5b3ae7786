package lmm_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// The tolerances of a comparison with glmer 1.1-31 and glmmTMB 1.1.5. lme4's log
// determinant has weights that are one PIRLS step old, which moves its criterion by
// up to 1e-5; its Hessian in beta and theta is by finite differences.
const (
	generalCriterionTol = 1e-5 // absolute
	generalRelTol       = 1e-4 // beta in SEs, sds relative
	generalSETol        = 1e-3 // SEs from the Hessian, relative
	givenSETol          = 1e-4 // SEs with theta taken as known, relative
)

// otherInformation are the fits in whose log determinant lme4 has the expected
// information, golmm and glmmTMB the observed one.
var otherInformation = map[string]bool{"cbpp_probit": true, "cbpp_cloglog": true}

// generalised holds the reference fits of other families.
func generalised(t *testing.T) []reference.Fit {
	t.Helper()
	fits, err := reference.Fits()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Clone(fits), func(f reference.Fit) bool { return f.Family == "gaussian" })
}

func optionsOf(ref reference.Fit) *lmm.Options {
	q := ref.NAGQ
	if q == 0 {
		q = lmm.JointApproximation
	}
	return &lmm.Options{Family: ref.Family, Link: ref.Link, Quadrature: q, Weights: ref.Weights, Offset: ref.Offset}
}

func fitGeneral(t *testing.T, ref reference.Fit) *lmm.Model {
	t.Helper()
	tab, err := reference.Table(ref.Data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(ref.Formula, tab, optionsOf(ref))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGeneralisedReferenceFits(t *testing.T) {
	fits := generalised(t)
	if len(fits) != 21 {
		t.Fatalf("%d fits of other families, want 21", len(fits))
	}
	for _, ref := range fits {
		t.Run(ref.ID, func(t *testing.T) {
			t.Parallel()
			m := fitGeneral(t, ref)
			if v := m.Verdict(); v.Convergence != certify.Converged || v.Place != certify.Interior || v.Decrement > 1e-8 || v.EscapeDrop > 1e-8 {
				t.Errorf("verdict %+v", v)
			}
			if m.REML() || m.Sigma() != 1 || m.NObs() != ref.NObs || m.NPar() != ref.NPar || m.Nodes() != ref.NAGQ {
				t.Errorf("REML %v, sigma %g, %d rows, %d parameters, %d nodes; want false, 1, %d, %d, %d",
					m.REML(), m.Sigma(), m.NObs(), m.NPar(), m.Nodes(), ref.NObs, ref.NPar, ref.NAGQ)
			}
			if otherInformation[ref.ID] {
				return
			}
			want := ref.Criterion
			if ref.NAGQ > 1 {
				want += droppedConstant(t, ref)
			}
			if d := m.Criterion() - want; !(math.Abs(d) <= generalCriterionTol) {
				t.Errorf("criterion %.9f, want %.9f, %.2g apart", m.Criterion(), want, d)
			}
			var names []string
			for j, c := range m.FixedEffects() {
				names = append(names, c.Name)
				if d := math.Abs(c.Estimate-ref.Beta[j]) / ref.BetaSE[j]; !(d <= generalRelTol) {
					t.Errorf("%s: %.12g, want %.12g, %.2g SE apart", c.Name, c.Estimate, ref.Beta[j], d)
				}
			}
			if diff := cmp.Diff(ref.BetaNames, names); diff != "" {
				t.Errorf("names of fixed effects (-lme4 +golmm)\n%s", diff)
			}
			compareCovariance(t, "vcov given theta", m.VcovGiven(), ref.VcovGiven, givenSETol)
			compareCovariance(t, "vcov", m.Vcov(), ref.VcovHessian, generalSETol)
			compareSpread(t, ref, m)
			for i, mu := range ref.Fitted {
				if d := relative(m.Fitted()[i], mu); !(d <= generalRelTol) {
					t.Errorf("fitted value %d is %.10g, want %.10g", i+1, m.Fitted()[i], mu)
				}
			}
		})
	}
}

// droppedConstant is what lme4 leaves out of -2 log L with several nodes: twice the
// sum of the log-likelihoods of rows whose mean is their response. In a Laplace
// fit it is -2 log L less the deviance residuals, log determinant and squares.
func droppedConstant(t *testing.T, ref reference.Fit) float64 {
	t.Helper()
	tab, err := reference.Table(ref.Data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(ref.Formula, tab, &lmm.Options{Family: ref.Family, Link: ref.Link})
	if err != nil {
		t.Fatal(err)
	}
	fam, d := m.Family(), m.Frame()
	var s float64
	for i, y := range d.Y {
		l, _, _, _ := fam.Row(y, m.RowWeight(i), m.LinearPredictor()[i], 1)
		r := m.Residuals(lmm.DevianceResidual)[i]
		s += -2*l - r*r
	}
	return s
}

func compareCovariance(t *testing.T, what string, got, want [][]float64, tol float64) {
	t.Helper()
	for i := range want {
		for j := range want {
			if d := math.Abs(got[i][j]-want[i][j]) / math.Sqrt(want[i][i]*want[j][j]); !(d <= tol) {
				t.Errorf("%s [%d][%d] %g, want %g, %.2g of the variances apart", what, i, j, got[i][j], want[i][j], d)
			}
		}
	}
}

func compareSpread(t *testing.T, ref reference.Fit, m *lmm.Model) {
	t.Helper()
	if diff := cmp.Diff(ref.ThetaNames, m.ThetaNames()); diff != "" {
		t.Errorf("names of theta (-lme4 +golmm)\n%s", diff)
	}
	for i, want := range ref.VarCorr {
		got := m.VarCorr()[i]
		for r, sd := range want.SD {
			if d := relative(got.SD[r], sd); !(d <= generalRelTol) {
				t.Errorf("sd of %s, %s: %.12g, want %.12g", got.Group, got.Names[r], got.SD[r], sd)
			}
			for c := range r {
				if d := math.Abs(got.Corr[r][c] - want.Corr[r][c]); !(d <= generalRelTol) {
					t.Errorf("correlation of %s, %s: %.12g, want %.12g", got.Names[r], got.Names[c], got.Corr[r][c], want.Corr[r][c])
				}
			}
		}
	}
	got := m.RandomEffects()
	for g, want := range ref.Ranef {
		sd := ref.VarCorr[g].SD
		for j, mode := range want.Modes {
			for r, b := range mode {
				if d := math.Abs(got[g].Mode[j][r] - b); d > 1e-4*sd[min(r, len(sd)-1)] {
					t.Errorf("mode of %s at %s: %.10g, want %.10g", want.Terms[r], want.Levels[j], got[g].Mode[j][r], b)
				}
			}
			if j < len(want.CondVar) {
				compareCovariance(t, "conditional covariance at "+want.Levels[j], got[g].CondVar[j], want.CondVar[j], 1e-3)
			}
		}
	}
}

// glmmTMB differentiates exactly and has the observed information for all links.
func TestGeneralisedCrossCheck(t *testing.T) {
	for _, ref := range generalised(t) {
		if ref.Cross == nil {
			continue
		}
		t.Run(ref.ID, func(t *testing.T) {
			t.Parallel()
			m := fitGeneral(t, ref)
			if d := m.Criterion() - ref.Cross.Criterion; math.Abs(d) > 1e-6 {
				t.Errorf("criterion %.9f, want %.9f", m.Criterion(), ref.Cross.Criterion)
			}
			for i, c := range m.FixedEffects() {
				if d := math.Abs(c.Estimate-ref.Cross.Beta[i]) / ref.Cross.BetaSE[i]; !(d <= generalRelTol) {
					t.Errorf("%s: %.10g, want %.10g", c.Name, c.Estimate, ref.Cross.Beta[i])
				}
				// glmmTMB differences its gradient over 1e-3, more than an SE of 7e-4.
				if d := relative(c.SE, ref.Cross.BetaSE[i]); !(d <= 5e-4) {
					t.Errorf("SE of %s: %.10g, want %.10g, %.2g apart", c.Name, c.SE, ref.Cross.BetaSE[i], d)
				}
			}
			var sds []float64
			for _, c := range m.VarCorr() {
				sds = append(sds, c.SD...)
			}
			want := slices.Clone(ref.Cross.SD) // in the order of the formula
			slices.Sort(sds)
			slices.Sort(want)
			for i, sd := range want {
				if d := relative(sds[i], sd); !(d <= generalRelTol) {
					t.Errorf("sd %.10g, want %.10g", sds[i], sd)
				}
			}
		})
	}
}

// A response may be written in several ways.
func TestBinomialResponses(t *testing.T) {
	tab, err := reference.Table("cbpp")
	if err != nil {
		t.Fatal(err)
	}
	var first float64
	for i, c := range []struct{ formula, weights string }{
		{"cbind(incidence, size - incidence) ~ period + (1 | herd)", ""},
		{"incidence/size ~ period + (1 | herd)", "size"},
	} {
		m, err := lmm.Fit(c.formula, tab, &lmm.Options{Family: "binomial", Weights: c.weights})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = m.Criterion()
		} else if d := m.Criterion() - first; math.Abs(d) > 1e-9 {
			t.Errorf("%s: criterion %.10f, want %.10f", c.formula, m.Criterion(), first)
		}
	}
	tab, err = reference.Table("Contraception")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range []string{"use ~ age + (1 | district)", "(use == \"Y\") ~ age + (1 | district)", "as.integer(use == \"Y\") ~ age + (1 | district)"} {
		m, err := lmm.Fit(f, tab, &lmm.Options{Family: "binomial"})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = m.Criterion()
		} else if d := m.Criterion() - first; math.Abs(d) > 1e-9 {
			t.Errorf("%s: criterion %.10f, want %.10f", f, m.Criterion(), first)
		}
	}
}

// design.Options.FixedOnly and a family do not go together yet: a model without
// random terms is refused, not fitted as something else.
func TestNoRandomTermIsRefused(t *testing.T) {
	tab, err := reference.Table("cbpp")
	if err != nil {
		t.Fatal(err)
	}
	f, err := formula.Parse("cbind(incidence, size - incidence) ~ period")
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, &design.Options{FixedOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lmm.FitDesign(d, &lmm.Options{Family: "binomial"}); err == nil {
		t.Error("a model without random terms was fitted")
	}
}
