package covstruct

import (
	"fmt"
	"math"
)

// stationary is a correlation that depends on the lag alone, in whole steps.
type stationary struct {
	lags int // the longest lag in the data
	pars int
	from []float64
	// sequence sets rho[0..lags] and the derivatives d[a][0..lags].
	sequence func(phi []float64, rho []float64, d [][]float64)
	report   func(phi, rho []float64) []Estimate
}

func (s *stationary) size() int        { return s.pars }
func (s *stationary) start() []float64 { return s.from }

func (s *stationary) tables(phi []float64) (rho []float64, d [][]float64) {
	rho, d = make([]float64, s.lags+1), make([][]float64, s.pars)
	for a := range d {
		d[a] = make([]float64, s.lags+1)
	}
	rho[0] = 1
	s.sequence(phi, rho, d)
	return rho, d
}

func (s *stationary) at(phi []float64) pairing {
	rho, table := s.tables(phi)
	return func(a, b place, d []float64) float64 {
		h := int(math.Abs(a.t - b.t))
		for i := range d {
			d[i] = table[i][h]
		}
		return rho[h]
	}
}

func (s *stationary) natural(phi []float64) []Estimate {
	rho, _ := s.tables(phi)
	return s.report(phi, rho)
}

// newAutoregression has partial autocorrelations tanh(phi_k), k = 1 ... order,
// and 0 beyond: an autoregression of that order, and with order = lags every
// positive definite Toeplitz matrix (Barndorff-Nielsen and Schou 1973).
func newAutoregression(order, lags int, byLag bool) *stationary {
	order = min(order, lags)
	s := &stationary{lags: lags, pars: order, from: make([]float64, order)}
	if order > 0 {
		s.from[0] = 0.3
	}
	s.sequence = func(phi []float64, rho []float64, d [][]float64) { levinson(phi, rho, d) }
	s.report = func(_, rho []float64) []Estimate {
		var out []Estimate
		switch {
		case order == 1 && !byLag:
			return []Estimate{{Name: "correlation at lag 1", Value: rho[1], Lower: -1, Upper: 1}}
		default:
			for k := 1; k <= order; k++ {
				out = append(out, Estimate{Name: fmt.Sprintf("correlation at lag %d", k), Value: rho[k], Lower: -1, Upper: 1})
			}
		}
		return out
	}
	return s
}

// levinson computes autocorrelations from partial ones, w_k = tanh(phi_k), by
// the recursion of Durbin and Levinson: with a the coefficients of order k - 1,
//
//	rho_k = w_k v_{k-1} + sum_j a_j rho_{k-j},   v_k = v_{k-1} (1 - w_k^2),
//	a_k = w_k,   a_j <- a_j - w_k a_{k-j},
//
// and their derivatives beside them.
func levinson(phi, rho []float64, d [][]float64) {
	q := len(phi)
	a, da := make([]float64, q), make([][]float64, q) // da[i][j] = d a_j / d phi_i
	old := make([]float64, q)
	dv := make([]float64, q)
	for i := range da {
		da[i] = make([]float64, q)
	}
	v := 1.0
	for k := 1; k < len(rho); k++ {
		n := min(k-1, q)
		var w, dw float64
		if k <= q {
			w = math.Tanh(phi[k-1])
			dw = 1 - w*w
		}
		rho[k] = w * v
		for j := 1; j <= n; j++ {
			rho[k] += a[j-1] * rho[k-j]
		}
		for i := range q {
			s := w * dv[i]
			if i == k-1 {
				s += dw * v
			}
			for j := 1; j <= n; j++ {
				s += da[i][j-1]*rho[k-j] + a[j-1]*d[i][k-j]
			}
			d[i][k] = s
		}
		if k > q {
			continue
		}
		copy(old, a[:n])
		for i := range q {
			prev := append([]float64(nil), da[i][:n]...)
			for j := 1; j <= n; j++ {
				da[i][j-1] = prev[j-1] - w*prev[n-j]
				if i == k-1 {
					da[i][j-1] -= dw * old[n-j]
				}
			}
			da[i][k-1] = 0
			dv[i] *= 1 - w*w
			if i == k-1 {
				da[i][k-1] = dw
				dv[i] -= 2 * w * dw * v
			}
		}
		for j := 1; j <= n; j++ {
			a[j-1] = old[j-1] - w*old[n-j]
		}
		a[k-1] = w
		v *= 1 - w*w
	}
}

// newMovingAverage is rho_1 = theta / (1 + theta^2), 0 beyond, theta =
// tanh(phi); nothing reaches |rho_1| > 1/2.
func newMovingAverage(lags int) *stationary {
	return &stationary{lags: lags, pars: 1, from: []float64{0.3},
		sequence: func(phi []float64, rho []float64, d [][]float64) {
			t := math.Tanh(phi[0])
			if len(rho) > 1 {
				rho[1] = t / (1 + t*t)
				d[0][1] = (1 - t*t) * (1 - t*t) / ((1 + t*t) * (1 + t*t))
			}
		},
		report: func(_, rho []float64) []Estimate {
			return []Estimate{{Name: "correlation at lag 1", Value: rho[1], Lower: -0.5, Upper: 0.5}}
		}}
}

// newARMA is ARMA(1, 1) with phi = tanh, theta = tanh of the parameters:
//
//	rho_1 = (1 + phi theta)(phi + theta) / (1 + 2 phi theta + theta^2),  rho_k = phi rho_{k-1}
//
// (Box, Jenkins and Reinsel 1994, sec. 3.4).
func newARMA(lags int) *stationary {
	return &stationary{lags: lags, pars: 2, from: []float64{0.6, 0.2},
		sequence: func(par []float64, rho []float64, d [][]float64) {
			f, t := math.Tanh(par[0]), math.Tanh(par[1])
			df, dt := 1-f*f, 1-t*t
			num, den := (1+f*t)*(f+t), 1+2*f*t+t*t
			if len(rho) < 2 {
				return
			}
			rho[1] = num / den
			d[0][1] = df * ((t*(f+t)+1+f*t)*den - num*2*t) / (den * den)
			d[1][1] = dt * ((f*(f+t)+1+f*t)*den - num*(2*f+2*t)) / (den * den)
			for k := 2; k < len(rho); k++ {
				rho[k] = f * rho[k-1]
				d[0][k] = f*d[0][k-1] + df*rho[k-1]
				d[1][k] = f * d[1][k-1]
			}
		},
		report: func(par, _ []float64) []Estimate {
			return []Estimate{{Name: "autoregression", Value: math.Tanh(par[0]), Lower: -1, Upper: 1},
				{Name: "moving average", Value: math.Tanh(par[1]), Lower: -1, Upper: 1}}
		}}
}

// newBands has a correlation for each of the first lags and 0 beyond. Its range
// has no simple form: phi are the correlations themselves, and where the matrix
// is not positive definite there is no criterion.
func newBands(bands, lags int) *stationary {
	bands = min(bands, lags)
	return &stationary{lags: lags, pars: bands, from: make([]float64, bands),
		sequence: func(phi []float64, rho []float64, d [][]float64) {
			for k, v := range phi {
				rho[k+1], d[k][k+1] = v, 1
			}
		},
		report: func(phi, _ []float64) []Estimate {
			var out []Estimate
			for k, v := range phi {
				out = append(out, Estimate{Name: fmt.Sprintf("correlation at lag %d", k+1), Value: v, Lower: -1, Upper: 1})
			}
			return out
		}}
}
