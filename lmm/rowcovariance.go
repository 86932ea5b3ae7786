package lmm

import "math"

// RowCovariance gives the covariances that a fitted model says its rows have, in
// units of the response squared:
//
//	Cov(e_i, e_j) = sigma^2 R_ij / sqrt(w_i w_j),   Cov(y_i, y_j) = z_i'Sigma z_j + Cov(e_i, e_j)
//
// It is safe for concurrent use.
type RowCovariance struct {
	m       *Model
	entry   func(i, j int) float64 // R over the variance that the criterion profiles; nil without a structure
	sigma   [][]float64            // a term: k x k
	middle2 float64
}

// RowCovariance returns the covariances of the rows in the model. They are those
// of the point found, where variances that the data cannot tell apart are shared
// out as they happen to stand there: Residual then means nothing, Marginal does.
// It is nil for a model with a Family, whose variances depend on its means.
func (m *Model) RowCovariance() *RowCovariance {
	if m.Family() != nil {
		return nil
	}
	middle := m.sigma / m.scale
	c := &RowCovariance{m: m, middle2: middle * middle}
	if m.source.residual != nil {
		c.entry = m.structured().Entries(m.found.Point)
	}
	for t, lambda := range m.lambda {
		k := len(m.design.Terms[t].Names)
		s := make([]float64, k*k)
		for i := range k {
			for j := range k {
				for l := range min(i, j) + 1 {
					s[i*k+j] += m.sigma * m.sigma * lambda[i*k+l] * lambda[j*k+l]
				}
			}
		}
		c.sigma = append(c.sigma, s)
	}
	return c
}

// Residual is the covariance of the errors of two rows in the model.
func (c *RowCovariance) Residual(i, j int) float64 {
	w := math.Sqrt(c.m.weight(i) * c.m.weight(j))
	switch {
	case c.entry != nil:
		return c.middle2 * c.entry(i, j) / w
	case i == j:
		return c.middle2 / w
	}
	return 0
}

// Marginal is the covariance of the responses of two rows in the model.
func (c *RowCovariance) Marginal(i, j int) float64 {
	v := c.Residual(i, j)
	for t := range c.m.design.Terms {
		term := &c.m.design.Terms[t]
		if term.Level[i] != term.Level[j] {
			continue
		}
		k, zj := len(term.Names), term.Z.Row(j)
		for a, x := range term.Z.Row(i) {
			for b, y := range zj {
				v += x * c.sigma[t][a*k+b] * y
			}
		}
	}
	return v
}
