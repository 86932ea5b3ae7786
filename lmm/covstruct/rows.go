package covstruct

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Noise returns a function that turns independent standard normal numbers, one a
// row, into errors with covariance R at a point, in units of the sd that the
// criterion profiles, or into NaN where R is not positive definite. It is safe
// for concurrent use.
func (o *Objective) Noise(p cone.Point) func(z []float64) []float64 {
	factors := o.residualFactors(p)
	return func(z []float64) []float64 {
		out := make([]float64, len(z))
		if factors == nil {
			nan(out)
		}
		for k, l := range factors {
			n := len(o.kinds[k].rows)
			for _, g := range o.kinds[k].all {
				for i, row := range g.rows {
					for j, v := range l[i*n : i*n+i+1] {
						out[row] += v * z[g.rows[j]]
					}
				}
			}
		}
		return out
	}
}

// Whiten overwrites x, one value a row, with L^-1 x, R = LL' in order of time
// within subjects, in units of the sd that the criterion profiles; NaN where R is
// not positive definite.
func (o *Objective) Whiten(p cone.Point, x []float64) {
	factors := o.residualFactors(p)
	if factors == nil {
		nan(x)
		return
	}
	for k, l := range factors {
		n := len(o.kinds[k].rows)
		v := make([]float64, n)
		for _, g := range o.kinds[k].all {
			for i, row := range g.rows {
				v[i] = x[row]
			}
			dense.SolveLower(l, n, v, 1)
			for i, row := range g.rows {
				x[row] = v[i]
			}
		}
	}
}

// residualFactors returns the Cholesky factor of R of every kind.
func (o *Objective) residualFactors(p cone.Point) [][]float64 {
	out := make([][]float64, len(o.kinds))
	for k := range o.kinds {
		n := len(o.kinds[k].rows)
		out[k] = make([]float64, n*n)
		o.s.fill(out[k], nil, false, p[len(o.rows.Blocks):], &o.kinds[k].group)
		if !dense.Cholesky(out[k], n) {
			return nil
		}
	}
	return out
}

// Conditional returns, for each row, the derivative of the fitted value X beta +
// Z b with respect to its own response, 1 - (RP)_ii, and the variance of the
// conditional residual over sigma^2, (RPR)_ii: sigma is the sd that the criterion
// profiles. NaN where the criterion cannot be computed.
func (o *Objective) Conditional(p cone.Point) (leverage, variance []float64) {
	leverage, variance = make([]float64, o.rows.N), make([]float64, o.rows.N)
	if math.IsInf(o.eval(p, false), 1) {
		nan(leverage, variance)
		return leverage, variance
	}
	np := o.rows.P
	for k := range o.kinds {
		kd := &o.kinds[k]
		n, c, r := len(kd.rows), len(kd.all), o.state[k].r
		b, _ := o.whitened(k)
		lr := append([]float64(nil), r...) // L^-1 R, the columns
		o.solve(k, blas.NoTrans, lr)
		vr := append([]float64(nil), lr...) // V^-1 R
		o.solve(k, blas.Trans, vr)
		for i := range n {
			var rvr float64
			for j := range n {
				rvr += lr[j*n+i] * lr[j*n+i]
			}
			for g := range c {
				rb := make([]float64, np) // B'R_i
				for j := range n {
					for a, v := range b[j*c*np+g*np:][:np] {
						rb[a] += v * r[j*n+i]
					}
				}
				row := kd.all[g].rows[i]
				leverage[row] = 1 - vr[i*n+i] + dot(rb, b[i*c*np+g*np:][:np])
				variance[row] = rvr - dot(rb, rb)
			}
		}
	}
	return leverage, variance
}

// RowError computes variances of x'(beta^ - beta) + z'(b^ - b) at a point, in
// units of the variance that the criterion profiles. It keeps workspace: it is
// not safe for concurrent use.
type RowError struct {
	o     *Objective
	psi   [][]float64
	lx    []float64
	where [][]position // a term: a level
	b     [][]float64  // a kind: V^-1 X L_x^-T
}

// position is where the rows of a level are.
type position struct{ kind, group, block int }

// RowError returns the variances at a point, nil where the criterion cannot be
// computed. The receiver must not be used beside it.
func (o *Objective) RowError(p cone.Point) *RowError {
	if math.IsInf(o.eval(p, false), 1) {
		return nil
	}
	e := &RowError{o: o, psi: o.psi(p), lx: o.lx}
	for t := range o.d.Terms {
		e.where = append(e.where, make([]position, len(o.d.Terms[t].Levels)))
	}
	for k := range o.kinds {
		b, _ := o.whitened(k)
		e.b = append(e.b, b)
		for g, grp := range o.kinds[k].all {
			for i, z := range grp.blocks {
				e.where[z.term][z.level] = position{k, g, i}
			}
		}
	}
	return e
}

// Variance returns the variance of a row in internal coordinates: for each term
// its level and the entries of z, and x. A level of -1 takes no part. With v =
// Z Psi z over the rows that share a level with it,
//
//	z'Psi z - v'V^-1 v + |L_x^-1 x - L_x^-1 X'V^-1 v|^2.
func (e *RowError) Variance(level []int, z [][]float64, x []float64) float64 {
	o, np := e.o, e.o.rows.P
	var sum float64
	rest := append([]float64(nil), x...)
	dense.SolveLower(e.lx, np, rest, 1)
	type place struct{ kind, group int }
	moved := map[place][]float64{}
	var order []place
	for t, j := range level {
		if j < 0 {
			continue
		}
		w := o.blocks[t].K
		pz := make([]float64, w)
		dense.Mul(pz, e.psi[t], z[t], w, w, 1)
		sum += dot(z[t], pz)
		at := e.where[t][j]
		key := place{at.kind, at.group}
		v, ok := moved[key]
		if !ok {
			v = make([]float64, len(o.kinds[at.kind].rows))
			moved[key] = v
			order = append(order, key)
		}
		for _, i := range o.kinds[at.kind].blocks[at.block].at {
			row := o.kinds[at.kind].all[at.group].rows[i]
			v[i] += dot(o.rows.Z[t][row*w:][:w], pz)
		}
	}
	for _, key := range order {
		v := moved[key]
		c := len(o.kinds[key.kind].all)
		for i, s := range v {
			for a, b := range e.b[key.kind][i*c*np+key.group*np:][:np] {
				rest[a] -= s * b
			}
		}
		o.solve(key.kind, blas.NoTrans, v)
		sum -= dot(v, v)
	}
	return sum + dot(rest, rest)
}

// Reference is Structure.Reference at a point.
func (o *Objective) Reference(p cone.Point) float64 { return o.s.Reference(p[len(o.rows.Blocks):]) }

// SDs returns s of each row in units of that of the reference row.
func (o *Objective) SDs(p cone.Point) []float64 {
	_, delta, _ := o.s.split(p[len(o.rows.Blocks):])
	out := make([]float64, o.rows.N)
	for i := range out {
		out[i] = math.Exp(o.s.vars.logSD(i, delta)) / o.s.vars.reference(delta)
	}
	return out
}

// Subject returns the rows of a subject in the frame of the design, in order of
// time, and their R, in units of the variance that the criterion profiles; nil
// where there is no such subject or R is not known. "" is one with the most rows.
func (o *Objective) Subject(p cone.Point, name string) (rows []int, r []float64) {
	var best span
	kind, group := -1, 0
	for k := range o.kinds {
		for g, grp := range o.kinds[k].all {
			for _, sp := range grp.subjects {
				label := o.s.Subjects[o.s.subject[grp.rows[sp.from]]]
				if label == name || name == "" && sp.to-sp.from > best.to-best.from {
					best, kind, group = sp, k, g
				}
			}
		}
	}
	if kind < 0 {
		return nil, nil
	}
	n, m := len(o.kinds[kind].rows), best.to-best.from
	full := make([]float64, n*n)
	o.s.fill(full, nil, false, p[len(o.rows.Blocks):], &o.kinds[kind].group)
	r = make([]float64, m*m)
	for i := range m {
		copy(r[i*m:i*m+m], full[(best.from+i)*n+best.from:][:m])
	}
	return o.kinds[kind].all[group].rows[best.from:best.to], r
}

// Occasion names where a row stands within its subject.
func (o *Objective) Occasion(row int) string {
	occ := o.s.places[row].occ
	if occ < len(o.s.Occasions) {
		return o.s.Occasions[occ]
	}
	return fmt.Sprint(occ + 1)
}
