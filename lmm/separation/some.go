package separation

import (
	"math"

	"github.com/golmm/golmm/lmm/design"
)

const (
	// someRows and someEach are how many rows, and how many for each column, are
	// looked at first.
	someRows, someEach = 2000, 100
	// someRank: a diagonal element of the triangular factor of a share of the
	// rows below this share of the length of its column may be 0.
	someRank = 1e-6
)

// someOverlap says that a share of the rows suffices to exclude separation: no
// direction separates them, and they tell all coefficients apart. More rows are
// more constraints, so that none separates all rows either.
func someOverlap(d *design.Design, side []Side) bool {
	n, p := d.X.Rows, d.X.Cols
	m := someRows + someEach*p
	if n < 2*m || p == 0 {
		return false
	}
	x, some := make([]float64, 0, m*p), make([]Side, 0, m)
	for k := range m {
		// One row of each of m stretches, at an irregular place within it.
		i := int((float64(k) + weight(k) - 1) * float64(n) / float64(m))
		x, some = append(x, d.X.Row(i)...), append(some, side[i])
	}
	f := newFrame(x, m, p)
	for j := range p {
		var length float64
		for l := range j + 1 {
			length = math.Hypot(length, f.r[l*p+j])
		}
		if !(f.r[j*p+j] > someRank*length) {
			return false
		}
	}
	c := newSingle(f, some)
	_, free := split(p, c.held)
	_, err := search(free, c)
	return err == nil && len(c.separated()) == 0
}
