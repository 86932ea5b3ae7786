package lmm

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// FixedEffects returns the fixed effects in the order of the formula. A column
// that depends linearly on earlier ones has no estimate of its own: NaN, with
// the reason. That of a column that separates the responses is infinite. What
// depends on variances that are not identified is NaN, too: see Estimable.
func (m *Model) FixedEffects() []Coefficient {
	p, vcov := len(m.beta), m.covariance()
	at := make(map[string]int, p)
	for i, n := range m.design.XNames {
		at[n] = i
	}
	out := make([]Coefficient, 0, len(m.design.FullNames))
	for _, n := range m.design.FullNames {
		i, ok := at[n]
		if !ok {
			out = append(out, Coefficient{Name: n, Estimate: math.NaN(), SE: math.NaN(),
				Reason: "its column is a combination of the columns before it"})
			continue
		}
		c := Coefficient{Name: n, Estimate: m.beta[i], SE: m.standardError(vcov, i)}
		if m.saturated() {
			c.SE, c.Reason = math.NaN(), "no error is left to measure it with: the residual variance goes to 0"
			if m.source.general != nil {
				c.Reason = endless
			}
		} else if m.uncomputable() {
			c.Reason = noCriterion
		}
		out = append(out, c)
	}
	return withReasons(m.withInfinite(m.withUnsettled(out)))
}

// withReasons says of standard errors that are no number why, and leaves none of 0: an
// estimate is never exact.
func withReasons(c []Coefficient) []Coefficient {
	for i := range c {
		switch se := c[i].SE; {
		case c[i].Reason != "":
		case math.IsNaN(se):
			c[i].Reason = "its standard error could not be computed"
		case se == 0, math.IsInf(se, 0):
			c[i].SE, c[i].Reason = math.NaN(), "its variance is beyond what a number holds: choose other units for the response or the column"
		}
	}
	return c
}

// standardError is the root of a diagonal element of the covariance matrix, also where
// that is no ordinary number.
func (m *Model) standardError(vcov []float64, i int) float64 {
	if v := vcov[i*len(m.beta)+i]; ordinary(v) {
		return math.Sqrt(v)
	}
	inner, sd := m.innerCovariance()
	x, size := m.functional(i)
	return sd * size * math.Sqrt(form(x, inner, x))
}

// ordinary says that a float holds a variance to all its digits.
func ordinary(v float64) bool { return v > 1e-290 && v < 1e290 }

// innerCovariance is the covariance matrix of the coefficients of X~ over the square
// of sd.
func (m *Model) innerCovariance() (inner []float64, sd float64) {
	if m.uncertain != nil {
		inner, _ = m.uncertain()
		return inner, 1
	}
	return m.inner, m.middle()
}

// functional is the vector, of length 1, whose product with the coefficients of X~,
// times size, is the coefficient of column i.
func (m *Model) functional(i int) (x []float64, size float64) {
	l := make([]float64, len(m.beta))
	x = make([]float64, len(m.beta))
	l[i] = 1
	standardised(x, l, m.source.coords)
	size = norm(x)
	for j := range x {
		x[j] /= size
	}
	return x, size
}

// Beta returns the estimates of the columns of Frame().X, without those that have
// none: FixedEffects costs a covariance matrix, too.
func (m *Model) Beta() []float64 { return append([]float64(nil), m.beta...) }

// Vcov is the covariance matrix of the estimable fixed effects, p x p: sigma^2
// (X'V^-1 X)^-1 with theta at its estimate. That of a generalised model includes
// the uncertainty of theta: it is the part of beta of the inverse of half the
// Hessian of -2 log L in beta and the variances that are not at their limit. An entry
// that is not CovarianceEstimable is NaN, and so is one that no float holds.
func (m *Model) Vcov() [][]float64 { return square(m.settled(m.held(m.covariance())), len(m.beta)) }

// held computes a covariance matrix again, where a variance is no ordinary number,
// without squares of units; a covariance that no float holds is NaN.
func (m *Model) held(vcov []float64) []float64 {
	p := len(m.beta)
	all := true
	for i := range p {
		all = all && ordinary(vcov[i*p+i])
	}
	if all || m.separated != nil {
		return vcov
	}
	inner, sd := m.innerCovariance()
	out := make([]float64, p*p)
	for i := range p {
		x, v := m.functional(i)
		for j := range p {
			y, w := m.functional(j)
			if out[i*p+j] = sd * v * (sd * w); ordinary(out[i*p+j]) {
				out[i*p+j] *= form(x, inner, y)
			} else {
				out[i*p+j] = math.NaN()
			}
		}
	}
	return out
}

// saturated says that the residual variance went to zero: sds and standard
// errors are then where the iteration stopped, not estimates.
// So may anything be in a generalised model without a maximum.
func (m *Model) saturated() bool {
	return m.verdict.Place == certify.NoFiniteMaximum && m.separated == nil
}

// endless is why a generalised model without a maximum has no standard errors.
const endless = "the likelihood has no finite maximum: an estimate grows without end"

// uncomputable says that the search found no point where the criterion has a value.
func (m *Model) uncomputable() bool { return math.IsInf(m.found.Derivs.F, 1) }

// noCriterion is why such a model has no estimates.
const noCriterion = "the criterion could not be computed"

// Theta returns the variance parameters, term by term in lme4's order: the
// entries of Lambda, the lower triangle by columns; the diagonal alone for
// independent columns, the first columns alone for a reduced rank. A term with
// compound symmetry has the standard deviation relative to sigma and the
// correlation. The entries of a term are NaN where not all of its covariance
// matrix, relative to sigma, is identified, and all where there is no criterion.
func (m *Model) Theta() []float64 {
	theta, _ := m.thetas()
	return theta
}

// ThetaNames returns names in the order of Theta, as lme4 makes them:
// "Subject.(Intercept)", "Subject.Days.(Intercept)", "Subject.Days".
func (m *Model) ThetaNames() []string {
	_, names := m.thetas()
	return names
}

func (m *Model) thetas() (theta []float64, names []string) {
	for t := range m.design.Terms {
		term, lambda := &m.design.Terms[t], m.lambda[t]
		if m.sigmaHidden || m.saturated() || m.uncomputable() || slices.Contains(m.hidden[t], true) {
			lambda = slices.Repeat([]float64{math.NaN()}, len(lambda))
		}
		k := len(term.Names)
		if term.Shape == formula.CompSymm {
			theta, names = append(theta, lambda[0]), append(names, term.Group+".cs.sd")
			if k > 1 {
				sd := norm(lambda[k : 2*k])
				theta = append(theta, lambda[k]/sd)
				names = append(names, term.Group+".cs.correlation")
			}
			continue
		}
		columns := k
		if term.Shape == formula.ReducedRank {
			columns = min(term.Rank, k)
		}
		for c := 0; c < columns; c++ {
			for r := c; r < k; r++ {
				if r != c && independent(term.Shape) {
					continue
				}
				name := term.Group + "." + term.Names[r]
				if r != c {
					name += "." + term.Names[c]
				}
				theta = append(theta, lambda[r*k+c])
				names = append(names, name)
			}
		}
	}
	return theta, names
}

func independent(s formula.Shape) bool { return s == formula.Independent || s == formula.Diag }

// VarCorr returns the covariance matrices of the random effects, one component
// for each term; a term with independent columns has one for each column.
func (m *Model) VarCorr() []Component {
	var out []Component
	for t := range m.design.Terms {
		term := &m.design.Terms[t]
		k := len(term.Names)
		sd, corr := spread(m.lambda[t], k)
		for i := range sd {
			sd[i] *= m.sigma
			if m.hidden[t][i*k+i] || m.saturated() || m.uncomputable() {
				sd[i] = math.NaN()
			}
		}
		for i, hidden := range m.hidden[t] {
			if hidden {
				corr[i] = math.NaN()
			}
		}
		reason := "the data do not determine it"
		if m.saturated() {
			reason = "the residual variance goes to 0"
			if m.source.general != nil {
				reason = endless
			}
		} else if m.uncomputable() {
			reason = noCriterion
		}
		if independent(term.Shape) {
			for i := 0; i < k; i++ {
				c := component(term, term.Names[i:i+1], sd[i:i+1], corr[i*k+i:i*k+i+1], reason)
				c.Independent = k > 1
				out = append(out, c)
			}
			continue
		}
		out = append(out, component(term, term.Names, sd, corr, reason))
	}
	return out
}

// spread is the lengths of the rows of Lambda, which are sds over sigma, and the
// cosines between them, k x k: of rows whose squares no float holds, too.
func spread(lambda []float64, k int) (length, cosine []float64) {
	length, cosine = make([]float64, k), make([]float64, k*k)
	unit := append([]float64(nil), lambda...)
	for r := range k {
		row := unit[r*k : r*k+k]
		length[r] = norm(row)
		for c := range row {
			row[c] /= length[r] // NaN for a variance of 0
		}
	}
	cone.Cov(cosine, unit, k)
	return length, cosine
}

func component(term *design.Term, names []string, sd, corr []float64, reason string) Component {
	k := len(names)
	c := Component{Group: term.Group, Levels: len(term.Levels), Names: append([]string(nil), names...), SD: append([]float64(nil), sd...),
		Cov: square(corr, k), Corr: square(corr, k)}
	for _, v := range sd {
		if math.IsNaN(v) {
			c.Reason = reason
		}
	}
	for i := range k {
		for j := range k {
			switch product := sd[i] * sd[j]; {
			case i == j && !math.IsNaN(sd[i]):
				c.Corr[i][j], c.Cov[i][j] = 1, product
			case sd[i] == 0 || sd[j] == 0:
				c.Corr[i][j] = math.NaN()
				c.Cov[i][j] = product
			default:
				c.Corr[i][j] = math.Max(-1, math.Min(1, corr[i*k+j]))
				c.Cov[i][j] = product * corr[i*k+j]
			}
			if size := sd[i] * sd[j]; sd[i] > 0 && sd[j] > 0 && !ordinary(size) {
				c.Cov[i][j] = math.NaN()
			}
		}
	}
	return c
}

// RandomEffects returns the conditional modes, one result for each grouping
// factor with the columns of all its terms.
func (m *Model) RandomEffects() []Modes {
	var all []Modes
	for i, f := range m.factors {
		condVar := m.condVar()[i]
		first := &m.design.Terms[f.terms[0]]
		out := Modes{Group: first.Group, Levels: append([]string(nil), first.Levels...)}
		for _, t := range f.terms {
			out.Names = append(out.Names, m.design.Terms[t].Names...)
		}
		for j := range out.Levels {
			var mode []float64
			for _, t := range f.terms {
				k := m.blocks[t].K
				mode = append(mode, m.modes[t][j*k:][:k]...)
			}
			out.Mode = append(out.Mode, mode)
			out.CondVar = append(out.CondVar, square(condVar[j*f.k*f.k:][:f.k*f.k], f.k))
		}
		all = append(all, out)
	}
	return all
}

// square copies a row-major n x n matrix into rows.
func square(a []float64, n int) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = append([]float64(nil), a[i*n:i*n+n]...)
	}
	return rows
}
