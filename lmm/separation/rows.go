package separation

import "math"

// seen: a change of a linear predictor below this share of the length of the row
// times that of the direction is rounding.
const seen = 1e-8

// constraints are what a direction has to meet, in the coordinates of a frame.
type constraints interface {
	// held gives vectors that the direction must leave at 0.
	held(add func([]float64))
	// span gives vectors that span the constraints not yet separated.
	span(add func([]float64))
	// objective is a sum of all those constraints with positive weights.
	objective() []float64
	// worst is the most violated of them at z, nil where all are met.
	worst(z []float64) []float64
	// settle takes out what z separates, and tells how many rows that are; false
	// where z does not meet all constraints.
	settle(z []float64) (rows int, ok bool)
	// narrowest is the constraint, of those taken out, with the least b'z, nil if
	// that is margin or more.
	narrowest(z []float64, margin float64) []float64
	// separated are the rows that were taken out.
	separated() []int
}

// single are the constraints of rows by themselves: s_i x_i'z >= 0.
type single struct {
	f    *frame
	side []Side
	open []int // rows that are neither held nor separated
	out  []int
	sign []float64
}

func newSingle(f *frame, side []Side) *single {
	s := &single{f: f, side: side, sign: make([]float64, len(side))}
	for i, k := range side {
		switch k {
		case Up:
			s.sign[i] = 1
		case Down:
			s.sign[i] = -1
		default:
			continue
		}
		s.open = append(s.open, i)
	}
	return s
}

func (s *single) held(add func([]float64)) {
	for i, k := range s.side {
		if k == Held {
			add(s.f.row(i))
		}
	}
}

func (s *single) span(add func([]float64)) {
	for _, i := range s.open {
		add(s.f.row(i))
	}
}

func (s *single) objective() []float64 {
	c := make([]float64, s.f.p)
	for _, i := range s.open {
		w := weight(i) * s.sign[i] / float64(len(s.open))
		for j, v := range s.f.row(i) {
			c[j] += w * v
		}
	}
	return c
}

func (s *single) worst(z []float64) []float64 {
	at, least := -1, -violated
	for _, i := range s.open {
		if v := s.sign[i] * dot(s.f.row(i), z); v < least {
			at, least = i, v
		}
	}
	return s.signed(at)
}

func (s *single) narrowest(z []float64, margin float64) []float64 {
	at, least := -1, margin-violated
	for _, i := range s.out {
		if v := s.sign[i] * dot(s.f.row(i), z); v < least {
			at, least = i, v
		}
	}
	return s.signed(at)
}

// signed is s_i x_i, nil for -1.
func (s *single) signed(at int) []float64 {
	if at < 0 {
		return nil
	}
	b := make([]float64, s.f.p)
	for j, v := range s.f.row(at) {
		b[j] = s.sign[at] * v
	}
	return b
}

func (s *single) settle(z []float64) (rows int, ok bool) {
	length := norm(z)
	rest := make([]int, 0, len(s.open))
	for i, k := range s.side {
		if k == Held && math.Abs(dot(s.f.row(i), z)) > seen*length*norm(s.f.row(i)) {
			return 0, false
		}
	}
	var gone []int
	for _, i := range s.open {
		row := s.f.row(i)
		v, limit := s.sign[i]*dot(row, z), seen*length*norm(row)
		switch {
		case v < -limit:
			return 0, false
		case v > limit:
			gone = append(gone, i)
		default:
			rest = append(rest, i)
		}
	}
	s.open, s.out = rest, append(s.out, gone...)
	return len(gone), true
}

func (s *single) separated() []int { return s.out }
