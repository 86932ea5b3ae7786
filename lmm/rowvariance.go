package lmm

import "github.com/golmm/golmm/lmm/design"

// population is Var(x'beta^) for a row.
func (u *uncertainty) population(rows *design.NewRows, i int) float64 {
	u.standardise(rows.X.Row(i))
	return u.scale(u.quadratic(nil))
}

// conditional is the variance of x'(beta^ - beta) + z'(b^ - b) for a row. At a
// level that was not in the fit b^ = 0 and b varies with its own covariance.
func (u *uncertainty) conditional(rows *design.NewRows, i int) float64 {
	u.standardise(rows.X.Row(i))
	var v, fresh float64
	cols := u.cols[:0]
	for f := range u.factor {
		e := &u.factor[f]
		j := int(rows.Terms[e.terms[0]].Level[i])
		if j < 0 {
			for _, t := range e.terms {
				fresh += u.m.newLevel(rows, i, t)
			}
			continue
		}
		z := u.columns(rows, i, e)
		if f == 0 {
			s := &u.levels[j]
			for r, zr := range z {
				v += zr * dot(s.t[r*e.k:r*e.k+e.k], z)
			}
			cols = append(cols, s.cols...)
			w := len(s.cols) + u.coords.P
			for r, zr := range z {
				for c, col := range s.cols {
					u.a[col] -= zr * s.lag[r*w+c]
				}
				for c := range u.coords.P {
					u.a[u.fixed+c] -= zr * s.lag[r*w+len(s.cols)+c]
				}
			}
			continue
		}
		for c := 0; c < e.k; c++ {
			col := e.offset + j*e.k + c
			cols = append(cols, col)
			for r, zr := range z {
				u.a[col] += zr * e.lambda[r*e.k+c]
			}
		}
	}
	u.cols = cols
	return u.scale(v+u.quadratic(cols)) + fresh
}

// columns returns the row's z in the coordinates of Z~, all terms of a factor.
func (u *uncertainty) columns(rows *design.NewRows, i int, e *effects) []float64 {
	z := u.z[:0]
	for _, t := range e.terms {
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
	u.z = z
	return z
}

// standardise sets the columns of X in a to the row x in the coordinates of
// X~: a'R = x'.
func (u *uncertainty) standardise(x []float64) {
	a, p := u.a[u.fixed:], u.coords.P
	for c, v := range x {
		for l := 0; l < c; l++ {
			v -= a[l] * u.coords.R[l*p+c]
		}
		a[c] = v / u.coords.R[c*p+c]
	}
}

// quadratic is a'A^-1 a, a being zero outside cols and the columns of X, and
// clears a. A column may stand in cols twice.
func (u *uncertainty) quadratic(cols []int) float64 {
	index, a := u.index[:0], u.entry[:0]
	take := func(c int) {
		if v := u.a[c]; v != 0 {
			index, a = append(index, c), append(a, v)
			u.a[c] = 0
		}
	}
	for _, c := range cols {
		take(c)
	}
	for c := range u.coords.P {
		take(u.fixed + c)
	}
	u.index, u.entry = index, a
	var s float64
	for i, c := range index {
		for j, d := range index[:i] {
			s += 2 * a[i] * a[j] * u.inv.At(c, d)
		}
		s += a[i] * a[i] * u.inv.At(c, c)
	}
	return s
}

func (u *uncertainty) scale(v float64) float64 { return u.m.sigma * u.m.sigma * v }

// newLevel is z'Sigma z, the variance of z'b of term t at a level that was not
// in the fit.
func (m *Model) newLevel(rows *design.NewRows, i, t int) float64 {
	z, lambda := rows.Terms[t].Z.Row(i), m.lambda[t]
	k := len(z)
	var s float64
	for c := 0; c < k; c++ {
		var v float64
		for r := c; r < k; r++ {
			v += z[r] * lambda[r*k+c]
		}
		s += v * v
	}
	return s * m.sigma * m.sigma
}
