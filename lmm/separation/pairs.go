package separation

import "math"

// pairs are the constraints of rows that share an intercept of their own within
// each group: as that intercept is free, what counts is
//
//	(x_i - x_k)'z >= 0  for rows i, k of a group, i Up or Held, k Held or Down
//
// with equality for two that are Held. Groups with rows of one side alone are
// met by their intercept and ask nothing.
type pairs struct {
	f     *frame
	cells []cell
	gone  []cell // what was taken out of each
	out   []int
	eta   []float64
}

// cell are the rows of a group that are not yet separated.
type cell struct{ up, down, held []int }

// mixed says that a cell asks something.
func (c *cell) mixed() bool {
	kinds := 0
	for _, rows := range [][]int{c.up, c.down, c.held} {
		if len(rows) > 0 {
			kinds++
		}
	}
	return kinds > 1
}

func newPairs(f *frame, side []Side, level []int32, levels int) *pairs {
	s := &pairs{f: f, cells: make([]cell, levels), gone: make([]cell, levels), eta: make([]float64, f.n)}
	for i, k := range side {
		c := &s.cells[level[i]]
		switch k {
		case Up:
			c.up = append(c.up, i)
		case Down:
			c.down = append(c.down, i)
		default:
			c.held = append(c.held, i)
		}
	}
	return s
}

// difference is x_i - x_k.
func (s *pairs) difference(i, k int) []float64 {
	out := make([]float64, s.f.p)
	a, b := s.f.row(i), s.f.row(k)
	for j := range out {
		out[j] = a[j] - b[j]
	}
	return out
}

func (s *pairs) held(add func([]float64)) {
	for _, c := range s.cells {
		for n := 1; n < len(c.held); n++ {
			add(s.difference(c.held[n], c.held[0]))
		}
	}
}

func (s *pairs) span(add func([]float64)) {
	for g := range s.cells {
		c := &s.cells[g]
		if !c.mixed() {
			continue
		}
		first := append(append(append([]int(nil), c.held...), c.up...), c.down...)
		for _, i := range first[1:] {
			add(s.difference(i, first[0]))
		}
	}
}

func (s *pairs) objective() []float64 {
	c := make([]float64, s.f.p)
	for g := range s.cells {
		cell := &s.cells[g]
		if !cell.mixed() {
			continue
		}
		up, wu := s.sum(cell.up)
		down, wd := s.sum(cell.down)
		held, wh := s.sum(cell.held)
		size := float64(len(cell.up) + len(cell.down) + len(cell.held))
		for j := range c {
			c[j] += (up[j]*(wd+wh) - down[j]*(wu+wh) + held[j]*(wd-wu)) / size / float64(s.f.n)
		}
	}
	return c
}

// sum is the weighted sum of rows and that of their weights.
func (s *pairs) sum(rows []int) ([]float64, float64) {
	out, total := make([]float64, s.f.p), 0.0
	for _, i := range rows {
		w := weight(i)
		total += w
		for j, v := range s.f.row(i) {
			out[j] += w * v
		}
	}
	return out, total
}

// extreme is the row with the least (sign 1) or largest (sign -1) eta, -1 of none.
func (s *pairs) extreme(rows []int, sign float64) int {
	at := -1
	for _, i := range rows {
		if at < 0 || sign*s.eta[i] < sign*s.eta[at] {
			at = i
		}
	}
	return at
}

// bounds are the rows that bind: the lowest of those that must lie high and the
// highest of those that must lie low.
func (s *pairs) bounds(c *cell) (high, low [2]int) {
	up, down := s.extreme(c.up, 1), s.extreme(c.down, -1)
	high, low = [2]int{up, up}, [2]int{down, down}
	if len(c.held) > 0 {
		high, low = [2]int{up, c.held[0]}, [2]int{c.held[0], down}
	}
	return high, low
}

func (s *pairs) predict(z []float64) {
	for i := range s.eta {
		s.eta[i] = dot(s.f.row(i), z)
	}
}

func (s *pairs) worst(z []float64) []float64 {
	s.predict(z)
	i, k, least := -1, -1, -violated
	for g := range s.cells {
		c := &s.cells[g]
		high, low := s.bounds(c)
		for n := range high {
			if a, b := high[n], low[n]; a >= 0 && b >= 0 && s.eta[a]-s.eta[b] < least {
				i, k, least = a, b, s.eta[a]-s.eta[b]
			}
		}
	}
	if i < 0 {
		return nil
	}
	return s.difference(i, k)
}

func (s *pairs) settle(z []float64) (rows int, ok bool) {
	s.predict(z)
	length := norm(z)
	kept, gone := make([]cell, len(s.cells)), make([]cell, len(s.cells))
	for g := range s.cells {
		c := &s.cells[g]
		if !c.mixed() {
			kept[g] = *c
			continue
		}
		if kept[g], gone[g], ok = s.divide(c, length); !ok {
			return 0, false
		}
	}
	before := len(s.out)
	s.cells = kept
	for g := range gone {
		for i, rows := range [][]int{gone[g].up, gone[g].down} {
			into := []*[]int{&s.gone[g].up, &s.gone[g].down}[i]
			*into, s.out = append(*into, rows...), append(s.out, rows...)
		}
	}
	return len(s.out) - before, true
}

// divide is settle for one group: the rows at the intercept stay, those on their
// side of it go.
func (s *pairs) divide(c *cell, length float64) (kept, gone cell, ok bool) {
	var limit float64
	for _, set := range [][]int{c.up, c.down, c.held} {
		for _, i := range set {
			limit = math.Max(limit, 2*seen*length*norm(s.f.row(i)))
		}
	}
	var at float64
	if len(c.held) > 0 {
		at = s.eta[c.held[0]]
	} else {
		high, low := s.eta[s.extreme(c.up, 1)], s.eta[s.extreme(c.down, -1)]
		if high-low > limit {
			return cell{}, *c, true
		}
		at = (high + low) / 2
	}
	for _, i := range c.held {
		if math.Abs(s.eta[i]-at) > limit {
			return kept, gone, false
		}
	}
	kept.held, ok = c.held, true
	take := func(set []int, sign float64) (stay, leave []int) {
		for _, i := range set {
			v := sign * (s.eta[i] - at)
			ok = ok && v >= -limit
			if v > limit {
				leave = append(leave, i)
			} else {
				stay = append(stay, i)
			}
		}
		return stay, leave
	}
	kept.up, gone.up = take(c.up, 1)
	kept.down, gone.down = take(c.down, -1)
	return kept, gone, ok
}

func (s *pairs) narrowest(z []float64, margin float64) []float64 {
	s.predict(z)
	i, k, least := -1, -1, margin-violated
	see := func(a, b int) {
		if a >= 0 && b >= 0 && s.eta[a]-s.eta[b] < least {
			i, k, least = a, b, s.eta[a]-s.eta[b]
		}
	}
	for g := range s.gone {
		high, low := s.extreme(s.gone[g].up, 1), s.extreme(s.gone[g].down, -1)
		if anchor := s.cells[g].any(); anchor >= 0 {
			see(high, anchor)
			see(anchor, low)
			continue
		}
		see(high, low)
	}
	if i < 0 {
		return nil
	}
	return s.difference(i, k)
}

func (s *pairs) separated() []int { return s.out }

// any is a row of the cell, -1 if there is none.
func (c *cell) any() int {
	for _, rows := range [][]int{c.held, c.up, c.down} {
		if len(rows) > 0 {
			return rows[0]
		}
	}
	return -1
}
