package gee

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// Covariance is an estimate of the covariance of the coefficients.
type Covariance string

const (
	// Robust is the sandwich of Liang and Zeger (1986), right for many subjects
	// whatever the working correlation is. With few it is too small.
	Robust Covariance = "robust"
	// KauermannCarroll multiplies the residuals of a subject by
	// (I - H_ii)^(-1/2) (Kauermann and Carroll 2001, sec. 3).
	KauermannCarroll Covariance = "kauermann-carroll"
	// ManclDeRouen multiplies them by (I - H_ii)^-1 (Mancl and DeRouen 2001,
	// eq. 6); it leans to the large side.
	ManclDeRouen Covariance = "mancl-derouen"
	// ModelBased is phi (sum D'R^-1 D)^-1, right if the working correlation is.
	ModelBased Covariance = "model"
)

// covariances lists them in the order of the tables.
func covariances() []Covariance {
	return []Covariance{Robust, KauermannCarroll, ManclDeRouen, ModelBased}
}

// fullLeverage: a subject with an eigenvalue of H_ii above 1 minus this alone
// determines a coefficient, and its residual is 0 whatever it does.
const fullLeverage = 1e-10

// sandwich computes all covariances, p x p in the coordinates of data.q. One
// that is not defined is nil.
//
// With the whitened rows D, e of a subject, M = sum D'D = L L' and
// G = L^-1 D'D L^-T, whose eigenvalues are those of H_ii, the corrected
// contribution D' f(H_ii) e is L f(G) L^-1 D'e.
func (s *state) sandwich() map[Covariance][]float64 {
	p := s.d.p
	c := p + 1
	l := append([]float64(nil), s.information...)
	if !dense.Cholesky(l, p) {
		return map[Covariance][]float64{}
	}
	meat := map[Covariance][]float64{Robust: make([]float64, p*p), KauermannCarroll: make([]float64, p*p), ManclDeRouen: make([]float64, p*p)}
	g := make([]float64, p*p)
	u := make([]float64, p)
	turned := make([]float64, p)
	var eigen mat.EigenSym
	var vectors mat.Dense
	terms := series()
	for i := range s.d.subject {
		block, m := s.subjectBlock(i)
		clear(g)
		clear(u)
		for k := range m {
			row := block[k*c : (k+1)*c]
			for a, x := range row[:p] {
				u[a] += x * row[p]
				for b := range a + 1 {
					g[a*p+b] += x * row[b]
				}
			}
		}
		for a := range p {
			for b := range a {
				g[b*p+a] = g[a*p+b]
			}
		}
		// u = L^-1 D'e, g = L^-1 D'D L^-T.
		dense.SolveLower(l, p, u, 1)
		dense.SolveLower(l, p, g, p)
		transpose(g, p)
		dense.SolveLower(l, p, g, p)
		outer(meat[Robust], u)
		if meat[ManclDeRouen] == nil {
			continue
		}
		if trace(g, p) < smallTrace {
			for kind, c := range terms {
				polynomial(turned, c, g, u)
				outer(meat[kind], turned)
			}
			continue
		}
		if !eigen.Factorize(symmetric(g, p), true) {
			meat[KauermannCarroll], meat[ManclDeRouen] = nil, nil
			continue
		}
		eigen.VectorsTo(&vectors)
		values := eigen.Values(nil)
		if values[p-1] > 1-fullLeverage {
			meat[KauermannCarroll], meat[ManclDeRouen] = nil, nil
			continue
		}
		for kind, f := range map[Covariance]func(float64) float64{
			KauermannCarroll: func(x float64) float64 { return 1 / math.Sqrt(1-x) },
			ManclDeRouen:     func(x float64) float64 { return 1 / (1 - x) },
		} {
			clear(turned)
			for k, v := range values {
				var dot float64
				for a := range p {
					dot += vectors.At(a, k) * u[a]
				}
				dot *= f(v)
				for a := range p {
					turned[a] += dot * vectors.At(a, k)
				}
			}
			outer(meat[kind], turned)
		}
	}
	out := map[Covariance][]float64{ModelBased: make([]float64, p*p)}
	for j := range p {
		out[ModelBased][j*p+j] = s.phi
	}
	for kind, v := range meat {
		if v != nil {
			out[kind] = v
		}
	}
	// The meat stands between L^-1: V = L^-T meat L^-1.
	for _, v := range out {
		dense.SolveLowerTrans(l, p, v, p)
		transpose(v, p)
		dense.SolveLowerTrans(l, p, v, p)
	}
	return out
}

// smallTrace is the trace of G below which six terms of the power series of
// (1-x)^(-1/2) and (1-x)^-1 are right to 1e-18.
const smallTrace = 1e-3

// series are the coefficients of the two corrections.
func series() map[Covariance][6]float64 {
	return map[Covariance][6]float64{
		KauermannCarroll: {1, 1. / 2, 3. / 8, 5. / 16, 35. / 128, 63. / 256},
		ManclDeRouen:     {1, 1, 1, 1, 1, 1},
	}
}

// polynomial sets out to the polynomial of the symmetric g, times u, by
// Horner's rule.
func polynomial(out []float64, c [6]float64, g, u []float64) {
	p := len(u)
	next := make([]float64, p)
	for i, x := range u {
		out[i] = c[5] * x
	}
	for k := 4; k >= 0; k-- {
		for i := range next {
			next[i] = c[k] * u[i]
			for j, x := range out {
				next[i] += g[i*p+j] * x
			}
		}
		copy(out, next)
	}
}

func trace(g []float64, p int) float64 {
	var sum float64
	for i := range p {
		sum += g[i*p+i]
	}
	return sum
}

func outer(a []float64, u []float64) {
	p := len(u)
	for i, x := range u {
		for j, y := range u {
			a[i*p+j] += x * y
		}
	}
}

func transpose(a []float64, p int) {
	for i := range p {
		for j := range i {
			a[i*p+j], a[j*p+i] = a[j*p+i], a[i*p+j]
		}
	}
}

func symmetric(a []float64, p int) *mat.SymDense {
	out := mat.NewSymDense(p, nil)
	for i := range p {
		for j := range i + 1 {
			out.SetSym(i, j, (a[i*p+j]+a[j*p+i])/2)
		}
	}
	return out
}
