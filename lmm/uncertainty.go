package lmm

import (
	"errors"
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/suffstat"
)

var errNoError = errors.New("the standard errors cannot be computed: the residual variance is too small against the other variances")

// uncertainty computes variances of x'(beta^ - beta) + z'(b^ - b) with theta
// at its estimate, in the coordinates of package suffstat, where neither the
// origin nor the unit of a predictor costs digits. It keeps workspace: it is not
// safe for concurrent use.
type uncertainty struct {
	m       *Model
	coords  suffstat.Coords
	factors []suffstat.Factor
	rows    rowError

	level []int
	z     [][]float64
	x     []float64
}

// rowError is the variance of a row in internal coordinates, over that which the
// criterion profiles, from its level of each factor and its columns there.
type rowError interface {
	Variance(level []int, z [][]float64, x []float64) float64
}

func newUncertainty(m *Model) (*uncertainty, error) {
	if m.source.residual != nil {
		return m.structuredUncertainty()
	}
	frame := m.design
	if m.source.general != nil {
		frame = m.working()
	}
	st, err := suffstat.NewBlocked(frame)
	if err != nil {
		return nil, err
	}
	u := &uncertainty{m: m, coords: st.Coords, factors: st.Factors, level: make([]int, len(st.Factors)), x: make([]float64, st.P)}
	for _, f := range st.Factors {
		u.z = append(u.z, make([]float64, f.K))
	}
	rows := criterion.NewBlocked(st, true).RowError(m.point(&st.Coords))
	if rows == nil {
		return nil, errNoError
	}
	u.rows = rows
	return u, nil
}

// population is Var(x'beta^) for a row, over the variance that is profiled (see middle).
func (u *uncertainty) population(rows *design.NewRows, i int) float64 {
	if u.m.source.general != nil {
		return u.m.fixedVariance(rows.X.Row(i), u.x)
	}
	if !u.m.CovarianceEstimable(rows.X.Row(i), rows.X.Row(i)) {
		return math.NaN()
	}
	u.standardise(rows.X.Row(i))
	for f := range u.level {
		u.level[f] = -1
	}
	return u.variance()
}

// conditional is the variance of x'(beta^ - beta) + z'(b^ - b) for a row, over the
// variance that is profiled. At a level that was not in the fit b^ = 0 and b varies with its
// own covariance.
func (u *uncertainty) conditional(rows *design.NewRows, i int) float64 {
	u.standardise(rows.X.Row(i))
	var fresh float64
	for f, factor := range u.factors {
		u.level[f] = int(rows.Terms[factor.Terms[0]].Level[i])
		if u.level[f] < 0 {
			for _, t := range factor.Terms {
				fresh += u.m.newLevel(rows, i, t)
			}
			continue
		}
		u.columns(rows, i, f)
	}
	return u.variance() + fresh
}

func (u *uncertainty) variance() float64 { return u.rows.Variance(u.level, u.z, u.x) }

// middle is the sd that the criterion profiles, 1 for a generalised model: variances are
// computed over its square, which may be beyond what a float holds.
func (m *Model) middle() float64 { return m.sigma / m.scale }

// columns sets z to the row's in the coordinates of Z~, all terms of a factor.
func (u *uncertainty) columns(rows *design.NewRows, i, f int) {
	z := u.z[f][:0]
	for _, t := range u.factors[f].Terms {
		row, transform := rows.Terms[t].Z.Row(i), u.coords.T[t]
		k := len(row)
		for c := 0; c < k; c++ {
			var s float64
			for l := 0; l <= c; l++ {
				s += row[l] * transform[l*k+c]
			}
			z = append(z, s)
		}
	}
}

// standardise sets x to the row in the coordinates of X~.
func (u *uncertainty) standardise(x []float64) { standardised(u.x, x, &u.coords) }

// standardised sets to to x in the coordinates of X~: x~'R = x'.
func standardised(to, x []float64, co *suffstat.Coords) {
	p := co.P
	for c, v := range x {
		for l := 0; l < c; l++ {
			v -= to[l] * co.R[l*p+c]
		}
		to[c] = v / co.R[c*p+c]
	}
}

// fixedVariance is Var(x'beta^), theta uncertain, of a generalised model; tmp has
// the length of x.
func (m *Model) fixedVariance(x, tmp []float64) float64 {
	standardised(tmp, x, m.source.coords)
	inner, _ := m.uncertain()
	var s float64
	for a, v := range tmp {
		for b, w := range tmp {
			s += v * w * inner[a*len(tmp)+b]
		}
	}
	return s
}

// point takes Lambda to internal coordinates: T^-1 Lambda.
func (m *Model) point(coords *suffstat.Coords) cone.Point {
	pt := make(cone.Point, len(m.lambda))
	for b, lambda := range m.lambda {
		k, t := len(m.design.Terms[b].Names), coords.T[b]
		l := append([]float64(nil), lambda...)
		for c := 0; c < k; c++ {
			for r := k - 1; r >= 0; r-- {
				v := l[r*k+c]
				for i := r + 1; i < k; i++ {
					v -= t[r*k+i] * l[i*k+c]
				}
				l[r*k+c] = v / t[r*k+r]
			}
		}
		pt[b] = l
	}
	return pt
}

// newLevel is z'Sigma z over the variance that is profiled, that of z'b of term t at a level
// that was not in the fit; NaN where an entry of Sigma that counts is not identified.
func (m *Model) newLevel(rows *design.NewRows, i, t int) float64 {
	z, lambda := rows.Terms[t].Z.Row(i), m.lambda[t]
	k := len(z)
	for i, hidden := range m.hidden[t] {
		if hidden && z[i/k] != 0 && z[i%k] != 0 {
			return math.NaN()
		}
	}
	var s float64
	for c := 0; c < k; c++ {
		var v float64
		for r := c; r < k; r++ {
			v += z[r] * lambda[r*k+c]
		}
		s += v * v
	}
	return s * m.scale * m.scale
}
