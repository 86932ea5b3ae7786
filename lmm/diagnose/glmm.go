package diagnose

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/finding"
)

// general is a fit of a generalised model under study.
type general struct {
	*subject
	fam       *family.Family
	responses *responses
	ratio     float64 // Pearson's statistic by its degrees of freedom, NaN where it says nothing
	ratioP    float64
	zeros     zeroCount
	finer     *lmm.Model // the fit with as many nodes as are needed, nil where it was not made
}

// zeroCount holds the number of zeros against draws of the model.
type zeroCount struct{ found, mean, low, high, p float64 }

// generalised is the study of a generalised model, nil for a linear one.
func (s *subject) generalised() *general {
	fam := s.m.Family()
	if fam == nil {
		return nil
	}
	g := &general{subject: s, fam: fam, responses: newResponses(s.d, fam), ratio: math.NaN(), ratioP: math.NaN()}
	if g.usable() {
		g.measureSpread()
	}
	return g
}

// usable says that the fit is a maximum whose means can be held against the data.
func (g *general) usable() bool {
	return g.onEdge() && !math.IsNaN(g.m.Criterion())
}

// separated says that the fixed effects have no finite estimates.
func (g *general) separated() bool { return g.responses.fixed.Separated() }

// data are the findings on the responses: D7, D13, D14.
func (g *general) data() []finding.Finding {
	// The fit has told of the fixed effects itself.
	return slices.DeleteFunc(g.responses.findings(), func(f finding.Finding) bool { return f.Code == "D7" && f.Severity == finding.Serious })
}

// fit are the findings on what the fit does to the responses: V1 and V2, A4,
// H5 and N2. Where the fixed effects are separated they would tell the same
// again.
func (g *general) fit() []finding.Finding {
	if !g.usable() || g.separated() || g.responses.anyPure() != "" {
		return nil
	}
	var out []finding.Finding
	for _, f := range []func() (finding.Finding, bool){g.dispersion, g.zeroInflation, g.quadrature, g.largeEffects, g.gradientUnits} {
		if x, ok := f(); ok {
			out = append(out, x)
		}
	}
	return out
}

// checks is the evidence that they rest on.
func (g *general) checks() []Check {
	out := g.responses.checks()
	if !math.IsNaN(g.ratio) {
		c := Check{"Pearson's statistic by its degrees of freedom", g.ratio, dispersionAbove, g.ratio < dispersionAbove}
		if !c.Passed && g.ratioP >= drawnP { // what draws of the fit have as well
			c = Check{fmt.Sprintf("p value, by drawing, of Pearson's statistic, %.2g times its degrees of freedom", g.ratio), g.ratioP, drawnP, true}
		}
		out = append(out, c)
	}
	if g.zeros.mean > 0 {
		out = append(out, Check{"responses that are 0, and the 99 % quantile of draws", g.zeros.found, g.zeros.high, g.zeros.p >= drawnP || g.zeros.found <= g.zeros.high})
	}
	if moved, _ := g.movedByNodes(); g.finer != nil {
		out = append(out, Check{"largest change of a fixed effect by more nodes, in SE", moved, effectsDiffer, moved < effectsDiffer})
	}
	return out
}

// measureSpread holds the responses against draws of the fit.
func (g *general) measureSpread() {
	n := len(g.d.Y)
	draws := min(spreadDraws, maxDrawn/n)
	if draws < leastDraws {
		return
	}
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = g.m.RowWeight(i)
	}
	shape := g.m.Shape()
	if math.IsNaN(shape) {
		shape = 1
	}
	s := &scatter{fam: g.fam, y: g.d.Y, mu: g.m.Fitted(), w: weights, shape: shape, effective: g.effective()}
	if s.known() {
		g.ratio, g.ratioP = s.dispersion(draws, 0)
	}
	if g.fam.Name() == "poisson" || g.fam.Name() == "negbinomial" {
		z := &g.zeros
		z.found, z.mean, z.low, z.high, z.p = zeros(g.d.Y, g.m.Simulate(draws, 0))
	}
}

// effective is the number of parameters that the means use up: the fixed effects
// and, of the random ones, the share by which the data have narrowed them,
// k - tr(Psi^-1 Var(b | y)) a level.
func (g *general) effective() float64 {
	used := float64(g.d.X.Cols)
	components := g.m.VarCorr()
	for t, modes := range g.m.RandomEffects() {
		inverse, rank := pseudoInverse(components[t].Cov)
		for _, v := range modes.CondVar {
			left := float64(rank)
			for r := range v {
				for c := range v {
					left -= inverse[r][c] * v[c][r]
				}
			}
			used += math.Max(0, left)
		}
	}
	return used
}

// pseudoInverse inverts a symmetric matrix on the directions in which it is
// not 0.
func pseudoInverse(a [][]float64) (inverse [][]float64, rank int) {
	k := len(a)
	sym := mat.NewSymDense(k, nil)
	for r := range k {
		for c := range r + 1 {
			sym.SetSym(r, c, a[r][c])
		}
	}
	inverse = make([][]float64, k)
	for r := range inverse {
		inverse[r] = make([]float64, k)
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(sym, true) {
		return inverse, 0
	}
	values := eigen.Values(nil)
	var v mat.Dense
	eigen.VectorsTo(&v)
	for j, l := range values {
		if !(l > noiseShare*values[k-1]) {
			continue
		}
		rank++
		for r := range k {
			for c := range k {
				inverse[r][c] += v.At(r, j) * v.At(c, j) / l
			}
		}
	}
	return inverse, rank
}

// dispersion is V1.
func (g *general) dispersion() (finding.Finding, bool) {
	if math.IsNaN(g.ratio) || g.ratioP >= drawnP || g.ratio > dispersionBelow && g.ratio < dispersionAbove {
		return finding.Finding{}, false
	}
	f := finding.Finding{Code: "V1", Name: "DISPERSION", Severity: finding.Caution, Params: []string{},
		Evidence: []finding.Evidence{{Check: "Pearson's statistic by its degrees of freedom", Found: g.ratio, Limit: dispersionAbove}, {Check: "p value, by drawing", Found: g.ratioP, Limit: drawnP}}}
	if g.ratio < 1 {
		f.Severity = finding.Note
		f.Evidence[0].Limit = dispersionBelow
		f.Meaning = fmt.Sprintf("Responses vary less around their means than the %s distribution says, %.2f times: standard errors of what differs between rows of a group are too large.", distribution(g.fam.Name()), g.ratio)
		f.Remedies = []string{"See whether rows are sums or repeats of each other."}
		return f, true
	}
	if g.ratio >= dispersionSerious {
		f.Severity = finding.Serious
	}
	f.Meaning = fmt.Sprintf("Responses vary more around their means than the %s distribution says, %.2f times: standard errors of what differs between rows of a group are too small, by a factor of up to %.2f; those of what differs between groups less so, since groups vary.", distribution(g.fam.Name()), g.ratio, math.Sqrt(g.ratio))
	f.Remedies = []string{"Add a random intercept for each row."}
	switch g.fam.Name() {
	case "poisson":
		f.Remedies = append(f.Remedies, "Take the negative binomial.")
	case "negbinomial", "gamma":
		f.Remedies = []string{"See whether a predictor or a random slope is missing."}
	}
	return f, true
}

// zeroInflation is V2.
func (g *general) zeroInflation() (finding.Finding, bool) {
	z := g.zeros
	if !(z.mean > 0) || z.p >= drawnP || z.found <= z.high {
		return finding.Finding{}, false
	}
	f := finding.Finding{Code: "V2", Name: "ZEROS", Severity: finding.Caution, Params: []string{},
		Evidence: []finding.Evidence{{Check: "responses that are 0", Found: z.found, Limit: z.high}, {Check: "mean of draws of the fit", Found: z.mean}, {Check: "p value, by drawing", Found: z.p, Limit: drawnP}},
		Meaning:  fmt.Sprintf("%.0f responses are 0; the model expects %.0f, and 98 of 100 sets drawn from it have %.0f to %.0f.", z.found, z.mean, z.low, z.high),
		Remedies: []string{"Model whether a response is 0, and the others, one by one."}}
	if g.fam.Name() == "poisson" {
		f.Remedies = append([]string{"Take the negative binomial, which has more zeros."}, f.Remedies...)
	}
	return f, true
}

// largeEffects is H5: coefficients so far out that a Wald test fails (Hauck and
// Donner 1977), though no direction separates the data.
func (g *general) largeEffects() (finding.Finding, bool) {
	f := finding.Finding{Code: "H5", Name: "LARGE_BETA", Severity: finding.Caution,
		Remedies: []string{"Test it by likelihood ratio, and give a profile interval.", "Compare with a weakly informative prior on the coefficients."}}
	if l := g.fam.Link(); l != "logit" && l != "probit" && l != "cloglog" && l != "log" {
		return f, false
	}
	for _, c := range g.m.FixedEffects() {
		j := g.column(c.Name)
		if j < 0 || c.Name == intercept || math.IsNaN(c.Estimate) {
			continue
		}
		if change := math.Abs(c.Estimate) * typical(g.d, j); change > largeChange {
			f.Params = append(f.Params, c.Name)
			f.Evidence = append(f.Evidence, finding.Evidence{Check: "change of the linear predictor over two standard deviations of " + c.Name, Found: change, Limit: largeChange})
		}
	}
	if len(f.Params) == 0 {
		return f, false
	}
	f.Meaning = fmt.Sprintf("The coefficient of %s is very large: two standard deviations of a covariate take a probability across all that is seen. There standard errors grow faster than estimates, and a Wald test finds nothing.", list(f.Params))
	if g.fam.Link() == "log" {
		f.Meaning = fmt.Sprintf("The coefficient of %s is very large: over two standard deviations the mean changes %.2g times, and a few rows decide. A Wald test may find nothing there.", list(f.Params), math.Exp(f.Evidence[0].Found))
	}
	return f, true
}

// gradientUnits is N2: columns whose gradient other programs find too large at
// any point they can reach, for its units alone. At a gradient g in beta_j the
// decrement is g^2 Var(beta_j) / 4, as the Hessian of -2 log L is twice the inverse
// of the covariance matrix.
func (g *general) gradientUnits() (finding.Finding, bool) {
	f := finding.Finding{Code: "N2", Name: "GRADIENT_UNITS", Severity: finding.Note,
		Remedies: []string{"Nothing has to change; centring and scaling the covariate silences the other programs."}}
	for _, c := range g.m.FixedEffects() {
		if d := gradientLimit * gradientLimit * c.SE * c.SE / 4; c.SE > 0 && d < gradientIdle {
			f.Params = append(f.Params, c.Name)
			f.Evidence = append(f.Evidence, finding.Evidence{Check: "decrement where the gradient in " + c.Name + " is 0.002", Found: d, Limit: certify.ConvergedBelow})
		}
	}
	if len(f.Params) == 0 {
		return f, false
	}
	f.Meaning = fmt.Sprintf("The gradient in %s is large for its units alone: where it passes the 0.002 at which glmer warns, -2 log L is within %.0e of its minimum. \"max|grad|\" says nothing here; the decrement, which has no units, does.",
		list(f.Params), f.Evidence[0].Found)
	return f, true
}

// column is the index of a fixed effect, -1 of one that was dropped.
func (g *general) column(name string) int {
	for j, n := range g.d.XNames {
		if n == name {
			return j
		}
	}
	return -1
}
