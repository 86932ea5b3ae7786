package lmm

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/suffstat"
)

// involved is the share of a null direction above which a parameter takes part
// in it; rounding is about 1e-9 in directions of eigenvalue below 1e-10.
const involved = 1e-5

// hide marks the entries of Sigma and the residual variance that take part in
// a direction the data cannot see: dSigma = T dSigma~ T' in the user's terms,
// each entry measured by the root mean squares of its two columns.
func (m *Model) hide(co *suffstat.Coords, id *certify.Identifiability) {
	for _, b := range m.blocks {
		m.hidden = append(m.hidden, make([]bool, b.K*b.K))
	}
	for _, null := range id.Null {
		sigma := math.Abs(null[len(null)-1])
		share, top := make([][]float64, len(m.blocks)), sigma
		at := 0
		for t, blk := range m.blocks {
			k := blk.K
			d := make([]float64, k*k)
			for r := 0; r < k; r++ {
				for c := 0; c <= r; c++ {
					if blk.Shape == cone.Diagonal && r != c {
						continue
					}
					d[r*k+c], d[c*k+r] = null[at], null[at]
					at++
				}
			}
			user, size := make([]float64, k*k), columnSizes(co.T[t], k)
			tmp, tt := make([]float64, k*k), make([]float64, k*k)
			for r := 0; r < k; r++ {
				for c := 0; c < k; c++ {
					tt[c*k+r] = co.T[t][r*k+c]
				}
			}
			dense.Mul(tmp, co.T[t], d, k, k, k)
			dense.Mul(user, tmp, tt, k, k, k)
			for r := 0; r < k; r++ {
				for c := 0; c < k; c++ {
					user[r*k+c] = math.Abs(user[r*k+c]) * size[r] * size[c]
					top = math.Max(top, user[r*k+c])
				}
			}
			share[t] = user
		}
		residual := null[at : len(null)-1]
		for _, v := range residual {
			top = math.Max(top, math.Abs(v))
		}
		if m.residualHidden == nil {
			m.residualHidden = make([]bool, len(residual))
		}
		for i, v := range residual {
			m.residualHidden[i] = m.residualHidden[i] || math.Abs(v) > involved*top
		}
		m.sigmaHidden = m.sigmaHidden || sigma > involved*top
		for t := range share {
			for i, v := range share[t] {
				m.hidden[t][i] = m.hidden[t][i] || v > involved*top
			}
		}
	}
}

// columnSizes returns the root mean squares of the columns of Z, the lengths
// of the columns of T^-1.
func columnSizes(t []float64, k int) []float64 {
	inv := make([]float64, k*k) // upper triangular
	size := make([]float64, k)
	for j := 0; j < k; j++ {
		inv[j*k+j] = 1 / t[j*k+j]
		for i := j - 1; i >= 0; i-- {
			var s float64
			for l := i + 1; l <= j; l++ {
				s += t[i*k+l] * inv[l*k+j]
			}
			inv[i*k+j] = -s / t[i*k+i]
		}
		for i := 0; i <= j; i++ {
			size[j] = math.Hypot(size[j], inv[i*k+j])
		}
	}
	return size
}

// notIdentifiable names the parameters that hide marked.
func (m *Model) notIdentifiable() []string {
	var names []string
	for t := range m.design.Terms {
		term := &m.design.Terms[t]
		k := len(term.Names)
		if term.Shape == formula.CompSymm {
			if slices.Contains(m.hidden[t], true) {
				names = append(names, "variance and correlation of "+term.Src)
			}
			continue
		}
		for r := 0; r < k; r++ {
			for c := 0; c <= r; c++ {
				switch {
				case !m.hidden[t][r*k+c]:
				case r == c:
					names = append(names, "variance of "+term.Names[r]+" between levels of "+term.Group)
				case !independent(term.Shape):
					names = append(names, "covariance of "+term.Names[c]+" and "+term.Names[r]+" between levels of "+term.Group)
				}
			}
		}
	}
	if slices.Contains(m.residualHidden, true) {
		what := "parameters of " + m.opt.Residual
		if g := m.source.general; g != nil {
			what = "shape of the " + g.fam.Name() + " family"
		}
		names = append(names, what)
	}
	if m.sigmaHidden {
		names = append(names, "residual variance")
	}
	return names
}
