package infer

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// GroupOutlier says how far the random effects of a level lie from 0.
type GroupOutlier struct {
	Group string `json:"group"`
	Level string `json:"level"`
	// Distance is b^' Var(b^)^- b^, over the rank of Var(b^) a mean square
	// around 1: a chi-square value on DF degrees of freedom, if the variances
	// were known.
	Distance float64 `json:"distance"`
	DF       int     `json:"df"`
	P        float64 `json:"p"`      // of a larger distance
	PHolm    float64 `json:"p_holm"` // adjusted for the levels of the group (Holm 1979)
}

// OutlyingGroups measures, for every level of every grouping factor, the
// conditional modes b^ against their own covariance,
//
//	Var(b^) = sigma^2 (Psi - C),  C = Psi - Psi Z'PZ Psi
//
// which is less than Sigma, the more so the fewer rows a level has. A factor
// whose variances are all 0 has no levels in the list. Without random effects they
// are the subjects of the residuals: their distance is that of their rows from what
// the other subjects predict, with a degree of freedom a row (Haslett 1999). Errors:
// a fit that has not converged, independent rows.
func OutlyingGroups(m *lmm.Model) ([]GroupOutlier, error) {
	if len(m.Frame().Terms) == 0 {
		if msg := settled(m); msg != "" {
			return nil, fmt.Errorf("outlying groups are not defined: %s", msg)
		}
		return outlyingSubjects(m)
	}
	if err := gaussianOnly(m, "distances of random effects from 0", "the caterpillar plot shows the modes with their spread, infer.Influence what each group does"); err != nil {
		return nil, err
	}
	f, err := newFixed(m, Normal)
	if err != nil {
		return nil, err
	}
	if reason := f.incomplete(); reason != "" {
		return nil, fmt.Errorf("outlying groups are not defined: %s", reason)
	}
	obj := m.Objective()
	sol := obj.Criterion.Solve(obj.Point)
	fixed := f.crit.FixedModes(obj.Point)
	condVar := f.crit.CondVar(obj.Point)
	var out []GroupOutlier
	for n, fx := range sol.Effects {
		term := &m.Frame().Terms[fx.Terms[0]]
		k := fx.K
		psi := make([]float64, k*k)
		at := 0
		for _, t := range fx.Terms {
			kt := obj.Blocks()[t].K
			part := make([]float64, kt*kt)
			cone.Cov(part, obj.Point[t], kt)
			for r := 0; r < kt; r++ {
				copy(psi[(at+r)*k+at:][:kt], part[r*kt:r*kt+kt])
			}
			at += kt
		}
		from := len(out)
		for j, level := range term.Levels {
			v := make([]float64, k*k)
			b := fixed[n][j*k*f.p:][:k*f.p]
			bt := make([]float64, k*f.p)
			for r := 0; r < k; r++ {
				for c := 0; c < f.p; c++ {
					bt[c*k+r] = b[r*f.p+c]
				}
			}
			dense.Mul(v, b, bt, k, f.p, k)
			for i := range v {
				v[i] = psi[i] - condVar[n][j*k*k+i] - v[i]
			}
			d, rank := distance(fx.Modes[j*k:][:k], v, psi, k)
			if rank > 0 {
				d /= sol.Sigma2
				out = append(out, GroupOutlier{Group: term.Group, Level: level, Distance: d, DF: rank,
					P: mathext.GammaIncRegComp(float64(rank)/2, d/2)})
			}
		}
		holm(out[from:])
	}
	return out, nil
}

// distance returns b'V^- b over the directions in which V is more than rounding
// against psi.
func distance(b, v, psi []float64, k int) (float64, int) {
	var eig mat.EigenSym
	var top float64
	for i := 0; i < k; i++ {
		top = math.Max(top, psi[i*k+i])
	}
	if top == 0 || !eig.Factorize(mat.NewSymDense(k, v), true) {
		return math.NaN(), 0
	}
	var vectors mat.Dense
	eig.VectorsTo(&vectors)
	var d float64
	rank := 0
	for i, value := range eig.Values(nil) {
		if value <= 1e-10*top {
			continue
		}
		var s float64
		for r := range b {
			s += vectors.At(r, i) * b[r]
		}
		d += s * s / value
		rank++
	}
	return d, rank
}

func holm(g []GroupOutlier) {
	ps := make([]float64, len(g))
	for i := range g {
		ps[i] = g[i].P
	}
	for i, p := range holmAdjusted(ps) {
		g[i].PHolm = p
	}
}

// holmAdjusted returns p values adjusted so that the chance of any false
// rejection is kept (Holm 1979).
func holmAdjusted(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(p))
	top := 0.0
	for i, at := range order {
		top = math.Max(top, math.Min(1, p[at]*float64(len(p)-i)))
		out[at] = top
	}
	return out
}
