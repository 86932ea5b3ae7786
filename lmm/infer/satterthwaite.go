package infer

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/criterion"
)

// flatBelow is the size of an eigenvalue of the Hessian, relative to the
// largest, below which a direction counts as not identified; a Hessian by
// differences has errors of about 1e-7.
const flatBelow = 1e-7

// satterthwaite has what the degrees of freedom of a contrast need. With v(t)
// the variance of l'beta^ along the face, sigma^2 profiled out, H the Hessian
// of -2 log L there and g the derivative of log v,
//
//	df = 2 v^2 / Var(v^) = 1 / (1/nu + g'H^-1 g),
//	g_a = x'First_a x / x'x - y'P D_a P y / r2
//
// because Var of (t, sigma^2) is twice the inverse of their joint Hessian, of
// which 1/nu is the part of sigma^2.
type satterthwaite struct {
	nu    float64
	p     int
	first [][]float64 // p x p, a direction of the face
	drift []float64   // d log sigma^2 along it, negative
	value []float64   // eigenvalues of H
	basis *mat.Dense  // eigenvectors, by columns
}

func newSatterthwaite(s *criterion.Sensitivity, l *certify.Local, nu float64) (*satterthwaite, error) {
	out := &satterthwaite{nu: nu}
	for out.p*out.p < len(s.Root) {
		out.p++
	}
	var keep []int
	x := make([]float64, len(s.Pairs))
	for a, dir := range l.Chart.Dirs {
		if dir.Off {
			continue
		}
		keep = append(keep, a)
		l.Chart.Vech(x, a)
		first := make([]float64, out.p*out.p)
		drift := 0.0
		for b, v := range x {
			axpy(v, s.First[b], first)
			drift += v * s.Quad[b] / (nu * s.Sigma2)
		}
		out.first, out.drift = append(out.first, first), append(out.drift, drift)
	}
	m := len(keep)
	if m == 0 {
		return out, nil
	}
	h := mat.NewSymDense(m, nil)
	for i, a := range keep {
		for j, b := range keep[:i+1] {
			h.SetSym(i, j, l.Hess[a*len(l.Chart.Dirs)+b])
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(h, true) {
		return nil, fmt.Errorf("infer: the eigenvalues of the Hessian cannot be computed")
	}
	out.value = eig.Values(nil)
	out.basis = new(mat.Dense)
	eig.VectorsTo(out.basis)
	return out, nil
}

// df returns the degrees of freedom for a row of length 1 in white coordinates.
func (s *satterthwaite) df(x []float64) (float64, string) {
	m := len(s.first)
	g := make([]float64, m)
	for a := range g {
		g[a] = bilinear(x, s.first[a], x) - s.drift[a]
	}
	sum := 1 / s.nu
	for i := 0; i < m; i++ {
		var gi float64
		for a := range g {
			gi += s.basis.At(a, i) * g[a]
		}
		// A direction of a chart is so long that it changes the model: 1 is a
		// small curvature.
		switch top := math.Max(1, s.value[m-1]); {
		case s.value[i] > flatBelow*top:
			sum += gi * gi / s.value[i]
		case math.Abs(gi) > 1e-6:
			return math.NaN(), "its standard error depends on a variance that the data do not determine"
		}
	}
	return 1 / sum, ""
}

// split returns the degrees of freedom of an F test of orthogonal rows: with
// nu_m those of row m, E = sum nu_m / (nu_m - 2) over nu_m > 2 and df = 2 E / (E
// - q), so that F has the mean of the sum of q squared t values over q (Fai and
// Cornelius 1996, sec. 3). Which orthogonal rows they are matters a little: here
// they are those that are orthogonal in the least squares metric, too.
func (s *satterthwaite) split(span [][]float64) (float64, string) {
	q := float64(len(span))
	var e, sum float64
	least, most := math.Inf(1), 0.0
	for _, x := range span {
		nu, reason := s.df(x)
		if reason != "" {
			return nu, reason
		}
		if nu > 2 {
			e += nu / (nu - 2)
		}
		sum += nu
		least, most = math.Min(least, nu), math.Max(most, nu)
	}
	switch {
	case most-least < 1e-8*most:
		return sum / q, ""
	case least <= 2:
		return 2, "" // the mean of F is infinite
	}
	return 2 * e / (e - q), ""
}
