package separation

import "math"

// loose: a coefficient that moves by more than this along a unit vector of a
// space of directions, in coordinates of size 1, is not held by it.
const loose = 1e-7

// infinite are the columns whose coefficients the rows that are not separated do not
// determine, though all rows would: those of e_j in the row space of all
// constraints but not in that of the rest.
func infinite(f *frame, before, after constraints) []int {
	was, is := f.free(before), f.free(after)
	var out []int
	for j := range f.p {
		if f.moves(was, j) <= loose && f.moves(is, j) > loose {
			out = append(out, j)
		}
	}
	return out
}

// free are the directions that leave all constraints at 0.
func (f *frame) free(c constraints) basis {
	_, null := split(f.p, func(add func([]float64)) {
		c.held(add)
		c.span(add)
	})
	return null
}

// moves is the largest change of a coefficient along a unit vector of a basis,
// in units of the largest it can have along any.
func (f *frame) moves(b basis, j int) float64 {
	var part, whole float64
	z := make([]float64, f.p)
	for k := range f.p {
		clear(z)
		z[k] = 1
		v := f.back(z)[j]
		whole += v * v
	}
	for k := range b.r {
		for i := range z {
			z[i] = b.data[i*b.r+k]
		}
		v := f.back(z)[j]
		part += v * v
	}
	return math.Sqrt(part / whole)
}
