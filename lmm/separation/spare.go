package separation

import "slices"

// spare leaves out columns of X as long as those that remain separate the same
// rows: the columns that are kept, the basis of their directions and one that
// separates. among is a basis of the directions that leave all other rows at
// 0, z one that separates. A column is left out with those after it in order,
// twice as many at a time as long as that succeeds, half as many where it does not: what is
// kept is what leaving them out one by one would keep.
func (f *frame) spare(order []int, among basis, z []float64, rows int, build func() constraints) ([]int, basis, []float64) {
	var kept []int
	for at, step := 0, 1; at < len(order); {
		step = min(step, len(order)-at)
		fewer := f.without(among, order[at:at+step])
		c := build()
		direction, err := search(fewer, c)
		if err == nil && len(c.separated()) == rows {
			among, z = fewer, direction
			at, step = at+step, 2*step
			continue
		}
		if step == 1 {
			kept = append(kept, order[at])
			at++
		}
		step = max(step/2, 1)
	}
	slices.Sort(kept)
	return kept, among, z
}

// without are the directions of a basis that leave coefficients at 0.
func (f *frame) without(among basis, columns []int) basis {
	y := make([]float64, among.r)
	_, null := split(among.r, func(add func([]float64)) {
		for _, j := range columns {
			g := f.coefficient(j)
			size := norm(g)
			for i := range g {
				g[i] /= size
			}
			among.pull(y, g)
			add(y)
		}
	})
	return among.times(null)
}

// coefficient is the vector whose product with a direction of the frame is the
// coefficient of a column: r'^-1 e_j.
func (f *frame) coefficient(j int) []float64 {
	g := make([]float64, f.p)
	g[j] = 1
	for i := range f.p {
		for l := range i {
			g[i] -= f.r[l*f.p+i] * g[l]
		}
		g[i] /= f.r[i*f.p+i]
	}
	return g
}
