package lmm

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/suffstat"
	"gonum.org/v1/gonum/mat"
)

// involved is the share of a null direction above which a parameter takes part
// in it; rounding is about 1e-9 in directions of eigenvalue below 1e-10.
const involved = 1e-5

// motion is how the variances move along a direction that the data cannot see,
// relative to what moves most.
type motion struct {
	sigma [][]float64 // a term, k x k: entries of Sigma times the root mean squares of their two columns
	other []float64   // the parameters of the residuals, then the residual variance
	most  float64     // how far that moves, for the length of the direction
}

// moved takes a null direction to the user's terms: dSigma = T dSigma~ T'.
func (m *Model) moved(co *suffstat.Coords, null []float64) motion {
	var out motion
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
				user[r*k+c] *= size[r] * size[c]
				out.most = math.Max(out.most, math.Abs(user[r*k+c]))
			}
		}
		out.sigma = append(out.sigma, user)
	}
	out.other = append(out.other, null[at:]...)
	for _, v := range out.other {
		out.most = math.Max(out.most, math.Abs(v))
	}
	for _, part := range append(out.sigma, out.other) {
		for i := range part {
			part[i] /= out.most
		}
	}
	return out
}

// reachable combines the directions that the data cannot see to those in which the
// covariance matrices can move: where a variance is 0 and stays 0, so do its
// covariances.
func (m *Model) reachable(co *suffstat.Coords, nulls [][]float64) [][]float64 {
	var motions []motion
	for _, null := range nulls {
		motions = append(motions, m.moved(co, null))
	}
	var still []float64 // rows of len(nulls): what has to stay 0
	for t, blk := range m.blocks {
		k := blk.K
		for r := range k {
			zero := blk.Shape == cone.Full && norm(m.lambda[t][r*k:r*k+k]) == 0
			if !zero || slices.ContainsFunc(motions, func(x motion) bool { return math.Abs(x.sigma[t][r*k+r]) > involved }) {
				continue
			}
			for c := range k {
				for _, x := range motions {
					still = append(still, x.sigma[t][r*k+c])
				}
			}
		}
	}
	var svd mat.SVD
	n := len(nulls)
	if len(still) == 0 || !svd.Factorize(mat.NewDense(len(still)/n, n, still), mat.SVDFullV) {
		return nulls
	}
	var v mat.Dense
	svd.VTo(&v)
	values := svd.Values(nil)
	var out [][]float64
	for j := range n {
		if j < len(values) && values[j] > involved {
			continue
		}
		x := make([]float64, len(nulls[0]))
		for i, null := range nulls {
			for a, w := range null {
				x[a] += v.At(i, j) * w / motions[i].most
			}
		}
		out = append(out, x)
	}
	return out
}

// hide marks the variances that take part in a direction the data cannot see.
func (m *Model) hide(co *suffstat.Coords, nulls [][]float64) {
	for _, b := range m.blocks {
		m.hidden = append(m.hidden, make([]bool, b.K*b.K))
	}
	for _, null := range nulls {
		x := m.moved(co, null)
		for t, user := range x.sigma {
			for i, v := range user {
				m.hidden[t][i] = m.hidden[t][i] || math.Abs(v) > involved
			}
		}
		last := len(x.other) - 1
		if m.residualHidden == nil {
			m.residualHidden = make([]bool, last)
		}
		for i, v := range x.other[:last] {
			m.residualHidden[i] = m.residualHidden[i] || math.Abs(v) > involved
		}
		m.sigmaHidden = m.sigmaHidden || math.Abs(x.other[last]) > involved
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
