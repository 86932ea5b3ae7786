package separation

import "math"

// loose: a coefficient that moves by more than this along a unit vector of a
// space of directions, in coordinates of size 1, is not held by it.
const loose = 1e-7

// infinite are the columns whose coefficients the rows that are not separated do not
// determine, though all rows would: those of e_j in the row space of all
// constraints but not in that of the rest. was and is are the directions that leave
// the former and the latter at 0.
func (f *frame) infinite(was, is basis) []int {
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

// freely are the directions of a basis in the columns of X, along each of which the
// row that moves most moves by 1.
func (f *frame) freely(b basis) [][]float64 {
	out := make([][]float64, b.r)
	for k := range out {
		z := make([]float64, f.p)
		for i := range z {
			z[i] = b.data[i*b.r+k]
		}
		most := 0.0
		for i := range f.n {
			most = math.Max(most, math.Abs(dot(f.row(i), z)))
		}
		out[k] = f.back(z)
		for j := range out[k] {
			out[k][j] /= most
		}
	}
	return out
}

// determined are the columns that do not depend on those before them, in what
// is not separated: those whose unit vector, taken across the directions that are free, b, and
// the columns chosen so far, leaves something.
func (f *frame) determined(b basis) []int {
	var taken [][]float64 // orthonormal
	for k := range b.r {
		z := make([]float64, f.p)
		for i := range z {
			z[i] = b.data[i*b.r+k]
		}
		taken = append(taken, z)
	}
	var out []int
	for j := range f.p {
		z := make([]float64, f.p) // the step of the coefficient j
		for i := range j + 1 {
			z[i] = f.r[i*f.p+j]
		}
		whole := norm(z)
		for range 2 { // twice is enough
			for _, q := range taken {
				s := dot(q, z)
				for i := range z {
					z[i] -= s * q[i]
				}
			}
		}
		if left := norm(z); left > loose*whole {
			for i := range z {
				z[i] /= left
			}
			taken, out = append(taken, z), append(out, j)
		}
	}
	return out
}

// moves is the largest change of a coefficient along a unit vector of a basis,
// in units of the largest it can have along any.
func (f *frame) moves(b basis, j int) float64 {
	g := f.coefficient(j)
	return norm(b.coordinates(g)) / norm(g)
}
