package covstruct

import (
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
	if len(o.rows.Blocks) == 0 {
		return sol
	}
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
