package infer

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// Shares splits the variance of the response.
type Shares struct {
	Fixed    float64 // sample variance of X beta^
	Random   float64 // sum over Terms
	Residual float64 // mean of sigma^2 / w
	Terms    []TermShare
	// ICC is Random / (Random + Residual), the correlation of two rows that
	// share all their groups (adjusted); ICCUnadjusted has Fixed in the
	// denominator, too.
	ICC, ICCUnadjusted float64
	// R2Marginal is Fixed over the sum of all three, R2Conditional that of
	// Fixed + Random.
	R2Marginal, R2Conditional float64
	Reason                    string // why numbers are NaN; "" otherwise
}

// TermShare is what one random term adds.
type TermShare struct {
	Group string
	Src   string // "(Days | Subject)"
	// Variance is the mean over the rows of z'Sigma z.
	Variance float64
	ICC      float64 // Variance / (Random + Residual)
}

// VarianceShares computes intraclass correlations and shares of variance
// (Nakagawa and Schielzeth 2013). A random slope counts with the mean over the
// rows of z'Sigma z (Johnson 2014), which does not depend on the origin of its
// covariate; a variance of 0 is 0.
func VarianceShares(m *lmm.Model) *Shares {
	d := m.Frame()
	n := float64(len(d.Y))
	out := &Shares{Residual: m.Sigma() * m.Sigma()}
	if d.Weights != nil {
		var inverse float64
		for _, w := range d.Weights {
			inverse += 1 / (w * n)
		}
		out.Residual *= inverse
	}
	covs := covariances(m)
	for t := range d.Terms {
		term := &d.Terms[t]
		var mean float64
		for i := range d.Y {
			z := term.Z.Row(i)
			mean += bilinear(z, covs[t], z) / n
		}
		out.Terms = append(out.Terms, TermShare{Group: term.Group, Src: term.Src, Variance: mean})
		out.Random += mean
	}
	out.Fixed = fixedVariance(m)
	total := out.Random + out.Residual
	for i := range out.Terms {
		out.Terms[i].ICC = out.Terms[i].Variance / total
	}
	all := total + out.Fixed
	out.ICC, out.ICCUnadjusted = out.Random/total, out.Random/all
	out.R2Marginal, out.R2Conditional = out.Fixed/all, (out.Fixed+out.Random)/all
	if math.IsNaN(all) {
		out.Reason = "a variance is not identified"
		if reason := settled(m); reason != "" {
			out.Reason = "of the fit: " + reason
		}
	}
	return out
}

// fixedVariance is the sample variance of X beta^.
func fixedVariance(m *lmm.Model) float64 {
	d := m.Frame()
	var beta []float64
	for _, c := range m.FixedEffects() {
		if !math.IsNaN(c.Estimate) {
			beta = append(beta, c.Estimate)
		}
	}
	mean := make([]float64, d.X.Cols) // of the columns: the intercept drops out, exactly
	for i := 0; i < d.X.Rows; i++ {
		axpy(1, d.X.Row(i), mean)
	}
	for j := range mean {
		mean[j] /= float64(d.X.Rows)
	}
	var s float64
	for i := 0; i < d.X.Rows; i++ {
		var v float64
		for j, x := range d.X.Row(i) {
			v += (x - mean[j]) * beta[j]
		}
		s += v * v
	}
	return s / float64(d.X.Rows-1)
}

// covariances returns Sigma of each term, k x k, NaN where not identified.
func covariances(m *lmm.Model) [][]float64 {
	parts := m.VarCorr()
	var out [][]float64
	for t := range m.Frame().Terms {
		term := &m.Frame().Terms[t]
		k := len(term.Names)
		cov := make([]float64, k*k)
		if independentColumns(term) {
			for i := 0; i < k; i++ {
				cov[i*k+i] = parts[0].Cov[0][0]
				parts = parts[1:]
			}
		} else {
			for i, row := range parts[0].Cov {
				copy(cov[i*k:], row)
			}
			parts = parts[1:]
		}
		out = append(out, cov)
	}
	return out
}

func independentColumns(t *design.Term) bool {
	return t.Shape == formula.Independent || t.Shape == formula.Diag
}

// Inflation says how far the terms of the fixed effects share their
// information.
type Inflation struct {
	Term string
	DF   int
	// GVIF is det R_11 det R_22 / det R of the correlation matrix of the
	// coefficients without the intercept: of the term, of the others, of all
	// (Fox and Monette 1992). With one column it is the variance inflation
	// factor.
	GVIF float64
	// PerColumn is GVIF^(1 / (2 DF)): how much wider the intervals are.
	PerColumn float64
}

// MarshalJSON writes the keys term, df, gvif, per_column.
func (i Inflation) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Term      string `json:"term"`
		DF        int    `json:"df"`
		GVIF      number `json:"gvif"`
		PerColumn number `json:"per_column"`
	}{i.Term, i.DF, number(i.GVIF), number(i.PerColumn)})
}

// VIF returns the variance inflation of each term of the fixed effects, none
// for fewer than two terms. Interactions inflate their main effects, and more
// so the farther covariates are from 0: that is no fault of the data. The
// result is nil where the fit has no standard errors.
func VIF(m *lmm.Model) []Inflation {
	f, err := newFixed(m, Normal)
	if err != nil || f.reason != "" {
		return nil
	}
	var terms []design.FixedTerm
	var all []int
	for _, t := range m.Frame().FixedTerms() {
		if len(t.Columns) > 0 {
			terms = append(terms, t)
			all = append(all, t.Columns...)
		}
	}
	if len(terms) < 2 {
		return nil
	}
	cov := f.vcov()
	whole := logDetCorrelation(cov, all)
	var out []Inflation
	for _, t := range terms {
		var rest []int
		for _, j := range all {
			if !slices.Contains(t.Columns, j) {
				rest = append(rest, j)
			}
		}
		g := math.Exp(logDetCorrelation(cov, t.Columns) + logDetCorrelation(cov, rest) - whole)
		out = append(out, Inflation{t.Name, len(t.Columns), g, math.Pow(g, 1/(2*float64(len(t.Columns))))})
	}
	return out
}
