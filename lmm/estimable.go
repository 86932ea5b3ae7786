package lmm

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// stir is what a change D of the covariance matrix of the rows does to the fixed
// effects, D being one that the data cannot see: MDM = 0 with M = I - XX', in
// coordinates in which X'X = I, so that D = XB' + BX' for some B, n x p. With V =
// V0 + tD, whatever V0 is,
//
//	d Cov(l'beta^, k'beta^) / dt = l'(AB + B'A')k,  A = (X'V^-1 X)^-1 X'V^-1,
//	d l'beta^ / dt = -(Bl)'Py,                      P = V^-1 - V^-1 X A.
//
// Where Bl lies in the span of X the second is 0, and so does Bk the first is
// l'X'DXk, whatever V is. Else neither is known.
type stir struct {
	within []float64 // X'DX, p x p, relative to the size of D
	beyond []float64 // X'DMDX, p x p: squares and products of what of B is not in the span of X
}

// stirred finds what the variances that are not identified do to the fixed effects
// of a linear model.
func (m *Model) stirred(nulls [][]float64) {
	p, n := len(m.beta), float64(m.NObs())
	if m.source.general != nil || p == 0 {
		return
	}
	for _, null := range nulls {
		var s stir
		var size float64
		if m.source.residual != nil {
			s.within, s.beyond, size = m.structured().Stir(null)
		} else {
			s.within, s.beyond, size = m.stir(null)
		}
		if size == 0 {
			continue
		}
		for i := range s.within { // X~'X~ = n I
			s.within[i] /= n * size
			s.beyond[i] /= n * size * size
		}
		inside := make([]float64, p*p)
		dense.Mul(inside, s.within, s.within, p, p, p)
		for i, v := range inside {
			s.beyond[i] -= v
		}
		m.stirs = append(m.stirs, s)
	}
}

// form is x'Ay for a row-major square matrix.
func form(x, a, y []float64) float64 {
	var s float64
	for i, v := range x {
		for j, w := range y {
			s += v * a[i*len(y)+j] * w
		}
	}
	return s
}

// stir returns X~'DX~ and X~'DDX~ for the change D along a null direction, and the
// root of the sum of the squares of |D_a X~| / sqrt n over its parts D_a, those of
// the entries of Psi and of the residual variance. The rows are multiplied by the roots of
// their weights.
func (m *Model) stir(null []float64) (cross, square []float64, size float64) {
	d, co, n, p := m.design, m.source.coords, m.NObs(), len(m.beta)
	x, whole, part := make([]float64, n*p), make([]float64, n*p), make([]float64, n*p)
	for i := range n {
		row := x[i*p : i*p+p]
		standardised(row, d.X.Row(i), co)
		for c := range row {
			row[c] *= math.Sqrt(m.weight(i))
		}
	}
	take := func() {
		var s float64
		for i, v := range part {
			whole[i] += v
			s += v * v
		}
		size = math.Hypot(size, math.Sqrt(s/float64(n)))
	}
	for a, pair := range cone.Pairs(m.blocks) {
		clear(part)
		m.change(part, x, pair, null[a])
		if pair.Row != pair.Col {
			m.change(part, x, cone.Pair{Block: pair.Block, Row: pair.Col, Col: pair.Row}, null[a])
		}
		take()
	}
	for i, v := range x {
		part[i] = null[len(null)-1] * v
	}
	take()
	cross, square = make([]float64, p*p), make([]float64, p*p)
	for i := range n {
		for r, v := range whole[i*p : i*p+p] {
			for c, w := range whole[i*p : i*p+p] {
				cross[r*p+c] += x[i*p+r] * w
				square[r*p+c] += v * w
			}
		}
	}
	return cross, square, size
}

// change adds v D X~, n x p, where D has the products of two columns of Z~ between
// the rows of a level.
func (m *Model) change(to, x []float64, pair cone.Pair, v float64) {
	if v == 0 {
		return
	}
	term, t, p := &m.design.Terms[pair.Block], m.source.coords.T[pair.Block], len(m.beta)
	k := term.Z.Cols
	column := func(i, c int) float64 {
		var s float64
		for l, z := range term.Z.Row(i)[:c+1] {
			s += z * t[l*k+c]
		}
		return s * math.Sqrt(m.weight(i))
	}
	sums := make([]float64, len(term.Levels)*p)
	for i, j := range term.Level {
		z := column(i, pair.Col)
		for c := range p {
			sums[int(j)*p+c] += z * x[i*p+c]
		}
	}
	for i, j := range term.Level {
		z := v * column(i, pair.Row)
		for c := range p {
			to[i*p+c] += z * sums[int(j)*p+c]
		}
	}
}

// Estimable says whether the data determine l'beta, l over the columns of Frame().X:
// whether it is the same, to first order, wherever the variances stand that are not identified,
// and for a generalised model with separated responses, that it does not run to infinity.
func (m *Model) Estimable(l []float64) bool {
	if m.separated != nil {
		return m.determined(l)
	}
	if len(m.stirs) == 0 {
		return true
	}
	x := make([]float64, len(l))
	standardised(x, l, m.source.coords)
	for _, s := range m.stirs {
		if form(x, s.beyond, x) > math.Pow(involved*norm(x), 2) {
			return false
		}
	}
	return true
}

// CovarianceEstimable says the same of the covariance of l'beta^ and k'beta^.
func (m *Model) CovarianceEstimable(l, k []float64) bool {
	if !m.Estimable(l) || !m.Estimable(k) {
		return false
	}
	if len(m.stirs) == 0 {
		return true
	}
	x, y := make([]float64, len(l)), make([]float64, len(k))
	standardised(x, l, m.source.coords)
	standardised(y, k, m.source.coords)
	for _, s := range m.stirs {
		if math.Abs(form(x, s.within, y)) > involved*norm(x)*norm(y) {
			return false
		}
	}
	return true
}

const (
	moving     = "it depends on variances that the data do not determine"
	unmeasured = "its standard error depends on variances that the data do not determine"
)

// withUnsettled takes from the coefficients what depends on variances that are not
// identified.
func (m *Model) withUnsettled(c []Coefficient) []Coefficient {
	if len(m.stirs) == 0 {
		return c
	}
	l := make([]float64, len(m.beta))
	for j, name := range m.design.XNames {
		for i := range c {
			if c[i].Name != name || c[i].Reason != "" {
				continue
			}
			l[j] = 1
			if !m.Estimable(l) {
				c[i].Estimate, c[i].SE, c[i].Reason = math.NaN(), math.NaN(), moving
			} else if !m.CovarianceEstimable(l, l) {
				c[i].SE, c[i].Reason = math.NaN(), unmeasured
			}
			l[j] = 0
		}
	}
	return c
}

// settled replaces by NaN the covariances of the fixed effects that depend on
// variances that are not identified.
func (m *Model) settled(vcov []float64) []float64 {
	if len(m.stirs) == 0 {
		return vcov
	}
	p := len(m.beta)
	out := append([]float64(nil), vcov...)
	l, k := make([]float64, p), make([]float64, p)
	for i := range p {
		l[i] = 1
		for j := range i + 1 {
			k[j] = 1
			if !m.CovarianceEstimable(l, k) {
				out[i*p+j], out[j*p+i] = math.NaN(), math.NaN()
			}
			k[j] = 0
		}
		l[i] = 0
	}
	return out
}
