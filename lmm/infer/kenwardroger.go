package infer

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/criterion"
)

// kenwardRoger has the adjusted covariance and the degrees of freedom of
// Kenward and Roger (1997). In the basis {D_a, V} of the parameters of the
// covariance, twice the information is
//
//	tr(P D_a P D_b), tr(P D_a), nu
//
// W, the covariance of the estimates of the first block, is the inverse of
//
//	S_ab = (tr(P D_a P D_b) - tr(P D_a) tr(P D_b) / nu) / 2.
//
// V itself adds nothing to the adjustment, which is in white coordinates
//
//	Phi_A = sigma^2 (I + 2 sum W_ab (Second_ab - Curved_ab / 4)),
//
// Curved being 0 but for structures of the residuals, in whose parameters V is not
// linear (their R_ij).
type kenwardRoger struct {
	nu    float64
	p     int
	first [][]float64 // p x p, a pair
	trace []float64   // tr(P D_a)
	w     []float64   // pairs x pairs
	extra []float64   // p x p: sum W_ab (Second_ab - Curved_ab / 4)
	// null are changes of Psi that the information does not see.
	null [][]float64
}

// newKenwardRoger takes the directions in which Psi can move, each by its
// entries at the pairs.
func newKenwardRoger(s *criterion.Sensitivity, span [][]float64, nu float64, p int) (*kenwardRoger, error) {
	n := len(s.Pairs)
	k := &kenwardRoger{nu: nu, p: p, first: s.First, trace: s.Trace, w: make([]float64, n*n), extra: make([]float64, p*p)}
	m := len(span)
	if m == 0 { // sigma alone
		return k, nil
	}
	info, scale := mat.NewSymDense(m, nil), make([]float64, m)
	trace := make([]float64, m)
	for i, x := range span {
		trace[i] = dot(x, s.Trace)
		scale[i] = math.Sqrt(unprojected(s, x, p))
		if !(scale[i] > 0) {
			scale[i] = 1
		}
	}
	for i, x := range span {
		for j, y := range span[:i+1] {
			v := (bilinear(x, s.Info, y) - trace[i]*trace[j]/nu) / 2
			info.SetSym(i, j, v/(scale[i]*scale[j]))
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(info, true) {
		return nil, fmt.Errorf("infer: the eigenvalues of the information cannot be computed")
	}
	var vectors mat.Dense
	eig.VectorsTo(&vectors)
	for e, value := range eig.Values(nil) {
		dir := make([]float64, n)
		for i, x := range span {
			axpy(vectors.At(i, e)/scale[i], x, dir)
		}
		if value < flatBelow {
			k.null = append(k.null, dir)
			continue
		}
		for a, v := range dir {
			axpy(v/value, dir, k.w[a*n:a*n+n])
		}
	}
	for a := 0; a < n; a++ {
		for b := 0; b <= a; b++ {
			v := k.w[a*n+b]
			if a != b {
				v *= 2
			}
			axpy(v, s.Second[a][b], k.extra)
			if s.Curved != nil && s.Curved[a][b] != nil {
				axpy(-v/4, s.Curved[a][b], k.extra)
			}
		}
	}
	return k, nil
}

// unprojected is tr(V^-1 D V^-1 D), D the direction with the entries x: the
// size of tr(P D P D) before X takes its part.
func unprojected(s *criterion.Sensitivity, x []float64, p int) float64 {
	v := bilinear(x, s.Info, x)
	first := make([]float64, p*p)
	for a, xa := range x {
		axpy(xa, s.First[a], first)
		for b, xb := range x[:a+1] {
			f := 2 * xa * xb
			if a != b {
				f *= 2
			}
			v += f * traceOf(s.Second[a][b], p)
		}
	}
	return v + dot(first, first)
}

// df returns the denominator degrees of freedom and the factor of F for a
// hypothesis with orthonormal rows in white coordinates (Kenward and Roger
// 1997, sec. 3): with Theta the projection onto the rows,
//
//	A1 = sum W_ab tr(Theta P_a) tr(Theta P_b),  A2 = sum W_ab tr(Theta P_a Theta P_b)
//
// over all parameters, from which the mean and the variance of F follow.
func (k *kenwardRoger) df(rows [][]float64) (df, scaling float64, reason string) {
	q := len(rows)
	n := len(k.first)
	g := make([][]float64, n) // q x q: rows First_a rows', less its part along V
	for a := range g {
		g[a] = make([]float64, q*q)
		for i, x := range rows {
			for j, y := range rows {
				g[a][i*q+j] = bilinear(x, k.first[a], y)
			}
			g[a][i*q+i] -= k.trace[a] / k.nu
		}
	}
	for _, dir := range k.null {
		change := make([]float64, q*q)
		for a, v := range dir {
			axpy(v, g[a], change)
		}
		for _, v := range change {
			if math.Abs(v) > 1e-6 {
				return math.NaN(), math.NaN(), "its standard error depends on a variance that the data do not determine"
			}
		}
	}
	fq := float64(q)
	a1, a2 := 2*fq*fq/k.nu, 2*fq/k.nu
	for a := 0; a < n; a++ {
		ta := traceOf(g[a], q)
		for b := 0; b < n; b++ {
			w := k.w[a*n+b]
			a1 += w * ta * traceOf(g[b], q)
			for i, v := range g[a] {
				a2 += w * v * g[b][i]
			}
		}
	}
	df, scaling = match(a1, a2, fq)
	if !(df > 0) || !(scaling > 0) {
		return math.NaN(), math.NaN(), "no F distribution has the mean and variance that Kenward and Roger's approximation gives"
	}
	return df, scaling, ""
}

func traceOf(a []float64, n int) float64 {
	var s float64
	for i := 0; i < n; i++ {
		s += a[i*n+i]
	}
	return s
}

// match returns the m and lambda for which lambda F has the mean and variance
// of an F distribution with q and m degrees of freedom (Kenward and Roger 1997,
// sec. 3.3, with the adjustments that make balanced cases exact).
func match(a1, a2, q float64) (m, lambda float64) {
	b := (a1 + 6*a2) / (2 * q)
	g := ((q+1)*a1 - (q+4)*a2) / ((q + 2) * a2)
	d := 3*q + 2*(1-g)
	c1, c2, c3 := g/d, (q-g)/d, (q+2-g)/d
	v0, v1, v2 := 1+c1*b, 1-c2*b, 1-c3*b
	if math.Abs(v0) < 1e-10 {
		v0 = 0
	}
	e := 1 - a2/q
	ratio := e / v1
	if math.Abs(e) < 1e-14 && math.Abs(v1) < 1e-14 {
		ratio = 1
	}
	rho := ratio * ratio * v0 / (q * v2)
	m = 4 + (q+2)/(q*rho-1)
	lambda = 1
	if math.Abs(m-2) >= 1e-2 {
		lambda = m * e / (m - 2)
	}
	return m, lambda
}
