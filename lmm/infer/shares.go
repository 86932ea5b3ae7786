package infer

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
)

// Shares splits the variance of the response.
type Shares struct {
	Fixed    float64 // sample variance of X beta^
	Random   float64 // sum over Terms
	Residual float64 // mean of the residual variances of the rows, sigma^2 / w
	// Distribution says, for a generalised model, what Residual is: all of the above
	// are then on the scale of the link.
	Distribution string
	// Observed has the shares on the scale of the response of a generalised model;
	// nil for a linear one.
	Observed *ObservedShares
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
//
// Of a generalised model they are on the scale of the link, with the variance that
// the distribution has there (Nakagawa, Johnson and Schielzeth 2017), and in
// Observed on that of the response.
func VarianceShares(m *lmm.Model) *Shares {
	d := m.Frame()
	n := float64(len(d.Y))
	out := &Shares{}
	if m.Family() == nil {
		for _, sd := range m.ResidualSDs() {
			out.Residual += sd * sd / n
		}
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
	if m.Separation() != nil {
		out.Fixed = math.NaN()
	}
	if m.Family() != nil {
		out.general(m, covs)
	}
	total := out.Random + out.Residual
	for i := range out.Terms {
		out.Terms[i].ICC = out.Terms[i].Variance / total
	}
	all := total + out.Fixed
	out.ICC, out.ICCUnadjusted = out.Random/total, out.Random/all
	out.R2Marginal, out.R2Conditional = out.Fixed/all, (out.Fixed+out.Random)/all
	if correlated(m) {
		out.ICC, out.ICCUnadjusted = math.NaN(), math.NaN()
		out.Reason = "of rows whose residuals are correlated, " + m.Residual().Structure + ": how alike two of them are depends on where they stand"
	}
	if beyondFloats(m) {
		out.Fixed, out.Random, out.Residual, all = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		out.Reason = "variances are beyond what a number holds: choose other units for the response or the columns"
	}
	if math.IsNaN(all) && out.Reason == "" {
		out.Reason = "a variance is not identified"
		if reason := settled(m); reason != "" {
			out.Reason = "of the fit: " + reason
		} else if m.Separation() != nil {
			out.Reason = "the responses are separated: the variance of the fixed effects grows without end on the scale of the link"
		}
	}
	return out
}

// beyondFloats says that no float holds the square of a standard deviation.
func beyondFloats(m *lmm.Model) bool {
	lost := func(sd float64) bool { return sd > 0 && (sd*sd < 1e-290 || sd*sd > 1e290) }
	return lost(m.Sigma()) || slices.ContainsFunc(m.VarCorr(), func(c lmm.Component) bool { return slices.ContainsFunc(c.SD, lost) })
}

// fixedVariance is the sample variance of X beta^.
func fixedVariance(m *lmm.Model) float64 {
	d := m.Frame()
	beta := m.Beta()
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
	var out [][]float64
	for t, parts := range partsOf(m) {
		term := &m.Frame().Terms[t]
		k := term.Z.Cols
		cov := make([]float64, k*k)
		if independentColumns(term) {
			for i, p := range parts {
				cov[i*k+i] = p.Cov[0][0]
			}
		} else {
			for i, row := range parts[0].Cov {
				copy(cov[i*k:], row)
			}
		}
		out = append(out, cov)
	}
	return out
}
