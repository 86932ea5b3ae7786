package gee

import "math"

// quasi is the quasi-likelihood under independence at phi = 1, without
// constants (McCullagh and Nelder 1989, table 9.1).
func (s *state) quasi() float64 {
	var sum float64
	for i, y := range s.d.y {
		mu, w := s.mu[i], s.d.weight[i]
		switch s.fam.name {
		case "gaussian":
			sum -= w * (y - mu) * (y - mu) / 2
		case "binomial":
			sum += w * (y*math.Log(mu) + (1-y)*math.Log1p(-mu))
		case "poisson":
			sum += w * (y*math.Log(mu) - mu)
		case "gamma":
			sum -= w * (y/mu + math.Log(mu))
		}
	}
	return sum
}

// cic is the trace of the information under independence times the robust
// covariance (Hin and Wang 2009): the penalty of QIC, and alone a criterion for
// the working correlation. Both matrices are in the coordinates of data.q.
func cic(independent *state, robust []float64) float64 {
	var trace float64
	p := independent.d.p
	for i := range p {
		for j := range p {
			trace += independent.information[i*p+j] / independent.phi * robust[j*p+i]
		}
	}
	return trace
}

// QIC is the quasi-likelihood information criterion of Pan (2001),
//
//	-2 Q / scale + 2 trace(Omega_I V)
//
// smaller is better. Models can only be compared with one scale for all: 1 for
// counts and proportions, else the scale of the largest of the models. Omega_I
// is taken from the fit under independence.
func (r *Result) QIC(scale float64) float64 { return -2*r.QuasiLik/scale + 2*r.CIC }
