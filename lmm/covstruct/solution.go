package covstruct

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Solve returns what is profiled out at a point.
func (o *Objective) Solve(p cone.Point) *criterion.Solution {
	o.eval(p, false)
	np := o.rows.P
	sol := &criterion.Solution{Sigma2: o.r2 / o.nu, Beta: append([]float64(nil), o.beta...), BetaCov: make([]float64, np*np)}
	for i := range np {
		sol.BetaCov[i*np+i] = 1
	}
	dense.SolveLower(o.lx, np, sol.BetaCov, np)
	dense.SolveLowerTrans(o.lx, np, sol.BetaCov, np)
	psi := o.psi(p)
	modes := make([][]float64, len(psi)) // a term: levels x k
	for t := range modes {
		modes[t] = make([]float64, len(o.d.Terms[t].Levels)*o.blocks[t].K)
	}
	for k := range o.kinds {
		_, e := o.whitened(k)
		for g, grp := range o.kinds[k].all {
			for _, b := range grp.blocks {
				w := o.blocks[b.term].K
				ze := make([]float64, w)
				for _, i := range b.at {
					for c, v := range o.rows.Z[b.term][grp.rows[i]*w:][:w] {
						ze[c] += v * e[i*len(o.kinds[k].all)+g]
					}
				}
				dense.Mul(modes[b.term][int(b.level)*w:][:w], psi[b.term], ze, w, w, 1)
			}
		}
	}
	for _, terms := range o.factors() {
		fx := criterion.Effects{Terms: terms}
		for _, t := range terms {
			fx.K += o.blocks[t].K
		}
		levels := len(o.d.Terms[terms[0]].Levels)
		fx.Modes = make([]float64, 0, levels*fx.K)
		for j := range levels {
			for _, t := range terms {
				w := o.blocks[t].K
				fx.Modes = append(fx.Modes, modes[t][j*w:j*w+w]...)
			}
		}
		sol.Effects = append(sol.Effects, fx)
	}
	return sol
}

// factors lists the terms of each grouping factor.
func (o *Objective) factors() [][]int {
	var names []string
	var out [][]int
	for t := range o.d.Terms {
		i := slices.Index(names, o.d.Terms[t].Group)
		if i < 0 {
			i = len(names)
			names, out = append(names, o.d.Terms[t].Group), append(out, nil)
		}
		out[i] = append(out[i], t)
	}
	return out
}

// CondVar returns Psi - Psi Z_j'V^-1 Z_j Psi at a point, levels x K x K for each
// grouping factor in the order of Solution.Effects.
func (o *Objective) CondVar(p cone.Point) [][]float64 {
	o.eval(p, false)
	psi := o.psi(p)
	var out [][]float64
	for _, terms := range o.factors() {
		wide := 0
		at := make([]int, len(o.blocks))
		for _, t := range terms {
			at[t] = wide
			wide += o.blocks[t].K
		}
		all := make([]float64, len(o.d.Terms[terms[0]].Levels)*wide*wide)
		for k := range o.kinds {
			o.condition(k, terms, at, wide, psi, all)
		}
		out = append(out, all)
	}
	return out
}

// condition sets the conditional covariances of the levels of a kind.
func (o *Objective) condition(k int, terms, at []int, wide int, psi [][]float64, all []float64) {
	kd := &o.kinds[k]
	n := len(kd.rows)
	for i, b := range kd.blocks {
		if b.term != terms[0] {
			continue
		}
		zp := make([]float64, n*wide) // Z Psi of the level
		v := make([]float64, wide*wide)
		for j, other := range kd.blocks {
			t := other.term
			if !slices.Contains(terms, t) || other.level != b.level {
				continue
			}
			w := o.blocks[t].K
			for _, r := range kd.blocks[j].at {
				dense.Mul(zp[r*wide+at[t]:][:w], o.rows.Z[t][kd.rows[r]*w:][:w], psi[t], 1, w, w)
			}
			for r := range w {
				copy(v[(at[t]+r)*wide+at[t]:][:w], psi[t][r*w:r*w+w])
			}
		}
		o.solve(k, blas.NoTrans, zp)
		for r := range n {
			row := zp[r*wide : r*wide+wide]
			for a, x := range row {
				for c, y := range row {
					v[a*wide+c] -= x * y
				}
			}
		}
		for _, g := range kd.all {
			copy(all[int(g.blocks[i].level)*wide*wide:], v)
		}
	}
}

// Gram describes the parameters before any fit, with the derivatives of R at the
// reference point of the structure.
func (o *Objective) Gram() *criterion.Gram {
	c := o.Fork()
	p := cone.Identity(c.blocks, 0)
	copy(p[len(c.rows.Blocks):], c.reference())
	m, np := len(c.pairs), c.rows.P
	n := m + 1
	g := &criterion.Gram{Pairs: c.pairs, Inner: make([]float64, n*n), Scale: make([]float64, n), Quad: make([]float64, n)}
	dx := make([][]float64, n) // X~'D_a X~ / n: X~'X~ = n I
	for a := range dx {
		dx[a] = make([]float64, np*np)
	}
	rootN := math.Sqrt(float64(c.rows.N))
	psi := c.psi(p)
	cross := make([]float64, n*n)    // tr(D_a D_b)
	second := make([][]float64, n*n) // X~'D_a D_b X~ / n
	for k := range c.kinds {
		c.factor(k, p, psi, true)
		kd := &c.kinds[k]
		nk, J := len(kd.rows), len(kd.all)
		eye := make([]float64, nk*nk)
		for i := range nk {
			eye[i*nk+i] = 1
		}
		x, y := make([]float64, nk*J*np), make([]float64, nk*J)
		for i := range nk {
			for q := range J {
				row := kd.xy[i*J*(np+1)+q*(np+1):][:np+1]
				for a, v := range row[:np] {
					x[i*J*np+q*np+a] = v / rootN
				}
				y[i*J+q] = row[np]
			}
		}
		full, dX, dY := make([][]float64, n), make([][]float64, n), make([][]float64, n)
		for a := range n {
			if a == m {
				full[a], dX[a], dY[a] = eye, x, y
				continue
			}
			full[a], dX[a], dY[a] = c.moved(k, c.pairs[a], eye, nk), c.moved(k, c.pairs[a], x, J*np), c.moved(k, c.pairs[a], y, J)
		}
		for a := range n {
			g.Quad[a] += dot(y, dY[a])
			addCross(dx[a], x, dX[a], nk*J, np)
			for b := range a + 1 {
				cross[a*n+b] += float64(J) * dot(full[a], full[b])
				if second[a*n+b] == nil {
					second[a*n+b] = make([]float64, np*np)
				}
				addCross(second[a*n+b], dX[a], dX[b], nk*J, np)
			}
		}
	}
	// tr(M D_a M D_b), M = I - XX'
	for a := range n {
		g.Scale[a] = cross[a*n+a]
		for b := range a + 1 {
			v := cross[a*n+b]
			for i := range np {
				v -= 2 * second[a*n+b][i*np+i]
			}
			v += dot(dx[a], dx[b])
			g.Inner[a*n+b], g.Inner[b*n+a] = v, v
		}
	}
	return g
}

func dot(x, y []float64) float64 {
	var s float64
	for i, v := range x {
		s += v * y[i]
	}
	return s
}

// addCross adds x'y to m for rows x p matrices.
func addCross(m, x, y []float64, rows, p int) {
	for i := range rows {
		for a, v := range x[i*p : i*p+p] {
			for b, w := range y[i*p : i*p+p] {
				m[a*p+b] += v * w
			}
		}
	}
}
