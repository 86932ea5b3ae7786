package lmm

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/separation"
)

// Separation says how the fixed effects of a generalised model separate its
// responses, nil where they do not: coefficients that run to infinity then have
// no estimate; those that do not, the variances and the criterion are at
// their limits.
func (m *Model) Separation() *separation.Result { return m.separated }

// separate looks for it, and takes the verdict back where it is found: the
// search ended where the likelihood had become flat.
func (m *Model) separate() {
	fam := m.Family()
	if fam == nil {
		return
	}
	found, err := separation.Find(m.design, fam.Name(), fam.Link())
	if err != nil || !found.Separated() {
		return
	}
	m.separated = found
	m.verdict.Place = certify.NoFiniteMaximum
	m.limitCovariance()
}

// infinite is why a coefficient has no estimate.
const infinite = "the responses are separated: its estimate runs to infinity"

// withInfinite gives the coefficients that run to infinity their value, infinite,
// with the sign of the direction that separates, or, where that leaves a coefficient
// alone, of where the search ended.
func (m *Model) withInfinite(c []Coefficient) []Coefficient {
	if m.separated == nil {
		return c
	}
	for _, j := range m.separated.Infinite {
		sign := m.separated.Direction[j]
		if sign == 0 {
			sign = m.beta[j]
		}
		for i := range c {
			if c[i].Name == m.design.XNames[j] {
				c[i].Estimate, c[i].SE, c[i].Reason = math.Inf(int(math.Copysign(1, sign))), math.NaN(), infinite
			}
		}
	}
	return c
}

// limitCovariance takes the covariance of the fixed effects to its limit. There
// the likelihood of the separated rows is 1: it is that of the model of the other
// rows, with as many columns as they determine. A combination of coefficients that they
// determine does not depend on which columns those are; the others have no
// covariance.
func (m *Model) limitCovariance() {
	p := len(m.beta)
	given, full, inner := unknown(p*p), unknown(p*p), unknown(p*p)
	m.vcov, m.uncertain = given, func() ([]float64, []float64) { return inner, full }
	d, kept := m.withoutSeparated()
	if d == nil {
		return
	}
	opt := &Options{Family: m.opt.Family, Link: m.opt.Link, Quadrature: m.Nodes()}
	if m.Nodes() == 0 {
		opt.Quadrature = JointApproximation
	}
	rest, err := Outline(d, opt)
	switch {
	case err == nil && m.Family().HasShape():
		rest, err = FitDesign(d, opt)
	case err == nil:
		rest, err = rest.At(m.Theta())
	}
	if err != nil {
		return
	}
	spread := func(part []float64) []float64 {
		out := make([]float64, p*p)
		for a, i := range kept {
			for b, j := range kept {
				out[i*p+j] = part[a*len(kept)+b]
			}
		}
		return out
	}
	copy(given, spread(rest.vcov))
	copy(full, spread(rest.covariance()))
	// X = X~ R: the coefficients of X~ are R times those of X.
	r, half := m.source.coords.R, make([]float64, p*p)
	dense.Mul(half, r, full, p, p, p)
	for i := range p {
		for j := range p {
			inner[i*p+j] = 0
			for k := range p {
				inner[i*p+j] += half[i*p+k] * r[j*p+k]
			}
		}
	}
	for _, j := range m.separated.Infinite {
		for i := range p {
			for _, v := range [][]float64{given, full} {
				v[i*p+j], v[j*p+i] = math.NaN(), math.NaN()
			}
		}
	}
}

// withoutSeparated is the design of the rows that are not separated, with columns
// that are independent there, and their indices; nil where none are left.
func (m *Model) withoutSeparated() (*design.Design, []int) {
	d, s := m.design, m.separated
	gone := make([]bool, len(d.Y))
	for _, i := range s.Rows {
		gone[i] = true
	}
	var rows []int
	for i := range gone {
		if !gone[i] {
			rows = append(rows, i)
		}
	}
	kept := s.Determined
	if len(rows) == 0 || len(kept) == 0 {
		return nil, nil
	}
	out := *d
	out.X = design.Matrix{Rows: len(rows), Cols: len(kept), Data: make([]float64, 0, len(rows)*len(kept))}
	out.XNames, out.FullNames, out.Aliased = nil, nil, nil
	for _, j := range kept {
		out.XNames = append(out.XNames, d.XNames[j])
	}
	out.FullNames = out.XNames
	for _, i := range rows {
		for _, j := range kept {
			out.X.Data = append(out.X.Data, d.X.At(i, j))
		}
	}
	pick := func(v []float64) []float64 {
		if v == nil {
			return nil
		}
		part := make([]float64, len(rows))
		for k, i := range rows {
			part[k] = v[i]
		}
		return part
	}
	out.Y, out.Weights, out.Offset, out.Trials = pick(d.Y), pick(d.Weights), pick(d.Offset), pick(d.Trials)
	out.Rows = make([]int, len(rows))
	for k, i := range rows {
		out.Rows[k] = d.Rows[i]
	}
	out.Terms = slices.Clone(d.Terms)
	for t := range out.Terms {
		out.Terms[t] = restrict(&d.Terms[t], rows)
	}
	return &out, kept
}

// restrict is a term for some of the rows, without the levels that they do not
// have.
func restrict(t *design.Term, rows []int) design.Term {
	out := *t
	out.Levels, out.Level = nil, make([]int32, len(rows))
	k := t.Z.Cols
	out.Z = design.Matrix{Rows: len(rows), Cols: k, Data: make([]float64, 0, len(rows)*k)}
	used := make([]bool, len(t.Levels))
	for _, i := range rows {
		used[t.Level[i]] = true
	}
	at := make([]int32, len(t.Levels))
	for l, name := range t.Levels {
		if used[l] {
			at[l] = int32(len(out.Levels))
			out.Levels = append(out.Levels, name)
		}
	}
	for n, i := range rows {
		out.Level[n] = at[t.Level[i]]
		out.Z.Data = append(out.Z.Data, t.Z.Row(i)...)
	}
	return out
}

// determined says that a row of X does not move along a direction that is not
// estimated.
func (m *Model) determined(x []float64) bool {
	if m.separated == nil {
		return true
	}
	for _, d := range m.separated.Free {
		var change float64 // 1 for the row that moves most
		for j, v := range x {
			change += v * d[j]
		}
		if math.Abs(change) > 1e-7 {
			return false
		}
	}
	return true
}
