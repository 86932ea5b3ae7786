package lmm

import (
	"cmp"
	"slices"
	"sync"

	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// factor is a grouping factor: the terms that share it.
type factor struct {
	terms []int
	k     int // sum of their columns
	at    int // in the order of criterion.Solution.Effects
}

// effects takes the conditional modes to the user's terms, b = s T b~.
func (m *Model) effects(sol *criterion.Solution) {
	co := m.source.coords
	m.modes = make([][]float64, len(m.blocks))
	for i, fx := range sol.Effects {
		levels, at := len(m.design.Terms[fx.Terms[0]].Levels), 0
		for _, t := range fx.Terms {
			k := m.blocks[t].K
			modes := make([]float64, levels*k)
			for j := 0; j < levels; j++ {
				dense.Mul(modes[j*k:][:k], co.T[t], fx.Modes[j*fx.K+at:][:k], k, k, 1)
			}
			for i := range modes {
				modes[i] *= co.YScale
			}
			m.modes[t] = modes
			at += k
		}
		m.factors = append(m.factors, factor{terms: fx.Terms, k: fx.K, at: i})
	}
	slices.SortFunc(m.factors, func(a, b factor) int { return cmp.Compare(slices.Min(a.terms), slices.Min(b.terms)) })
	m.condVar = sync.OnceValue(m.conditionalVariances)
}

// conditionalVariances returns sigma^2 T v T' for the conditional covariance
// matrices v of the random effects in internal coordinates.
func (m *Model) conditionalVariances() [][]float64 {
	internal := m.source.fork().CondVar(m.found.Point)
	all := make([][]float64, len(m.factors))
	for i, f := range m.factors {
		k, v := f.k, internal[f.at]
		whole, turned := make([]float64, k*k), make([]float64, k*k) // T of all terms, and its transpose times sigma^2
		at := 0
		for _, t := range f.terms {
			kt, tt := m.blocks[t].K, m.source.coords.T[t]
			for r := 0; r < kt; r++ {
				for c := 0; c < kt; c++ {
					whole[(at+r)*k+at+c] = tt[r*kt+c]
					turned[(at+c)*k+at+r] = tt[r*kt+c] * m.sigma * m.sigma / (m.scale * m.scale)
				}
			}
			at += kt
		}
		tmp := make([]float64, k*k)
		all[i] = make([]float64, len(v))
		for j := 0; j < len(v); j += k * k {
			dense.Mul(tmp, whole, v[j:j+k*k], k, k, k)
			dense.Mul(all[i][j:j+k*k], tmp, turned, k, k, k)
		}
	}
	return all
}
