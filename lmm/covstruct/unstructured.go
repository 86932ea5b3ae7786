package covstruct

import "math"

// unstructured is any correlation matrix of m occasions: the rows of a unit
// lower triangular matrix with free entries, each divided by its length, are
// the rows of its Cholesky factor (Pinheiro and Bates 1996, sec. 2.3, have the
// same matrix in angles).
type unstructured struct{ occasions []string }

func (u unstructured) size() int        { m := len(u.occasions); return m * (m - 1) / 2 }
func (u unstructured) start() []float64 { return make([]float64, u.size()) }

// factor returns the rows of the Cholesky factor and their lengths before.
func (u unstructured) factor(phi []float64) (l []float64, length []float64) {
	m := len(u.occasions)
	l, length = make([]float64, m*m), make([]float64, m)
	at := 0
	for r := range m {
		row := l[r*m : r*m+m]
		copy(row, phi[at:at+r])
		at += r
		row[r] = 1
		for _, v := range row[:r+1] {
			length[r] = math.Hypot(length[r], v)
		}
		for c := range row[:r+1] {
			row[c] /= length[r]
		}
	}
	return l, length
}

func (u unstructured) at(phi []float64) pairing {
	m := len(u.occasions)
	l, length := u.factor(phi)
	c := make([]float64, m*m)
	for r := range m {
		for s := range m {
			for k := 0; k <= min(r, s); k++ {
				c[r*m+s] += l[r*m+k] * l[s*m+k]
			}
		}
	}
	return func(a, b place, d []float64) float64 {
		r, s := a.occ, b.occ
		rho := c[r*m+s]
		clear(d)
		// row r moves by (e_k - l_k l_r) / length
		for k := range r {
			d[r*(r-1)/2+k] += (l[s*m+k] - l[r*m+k]*rho) / length[r]
		}
		for k := range s {
			d[s*(s-1)/2+k] += (l[r*m+k] - l[s*m+k]*rho) / length[s]
		}
		return rho
	}
}

func (u unstructured) natural(phi []float64) []Estimate {
	pair := u.at(phi)
	var out []Estimate
	d := make([]float64, len(phi))
	for s := range u.occasions {
		for r := s + 1; r < len(u.occasions); r++ {
			out = append(out, Estimate{Name: "correlation of " + u.occasions[s] + " and " + u.occasions[r],
				Value: pair(place{occ: r}, place{occ: s}, d), Lower: -1, Upper: 1})
		}
	}
	return out
}
