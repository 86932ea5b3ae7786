package separation

import "math"

// search takes out of c the largest set of rows that some direction separates:
// what one direction separates goes before the next is sought, as a large
// multiple of the first added to the second separates both (Correia, Guimaraes
// and Zylkin 2019, sec. 3.1).
func search(f *frame, c constraints) error {
	if f.p == 0 {
		return nil
	}
	_, free := split(f.p, c.held)
	for {
		z, err := improve(f.p, free, c)
		if z == nil || err != nil {
			return err
		}
		rows, ok := c.settle(z)
		if !ok {
			return errPivots
		}
		if rows == 0 {
			return nil
		}
	}
}

// widest is a direction that separates all rows that search has taken out, by as
// much as the box allows, and the margin: the largest t with b'z >= t for them, 0 for
// the others.
func widest(f *frame, c constraints) (z []float64, margin float64, err error) {
	free := f.free(c)
	r := free.r
	goal := make([]float64, r+1)
	for j := range r {
		goal[j] = tilt * (weight(j) - 1.5)
	}
	goal[r] = 1
	b := make([]float64, r+1)
	best, err := maximise(goal, func(y []float64) []float64 {
		v := c.narrowest(free.apply(y[:r]), y[r])
		if v == nil {
			return nil
		}
		free.pull(b[:r], v)
		b[r] = -1
		return b
	})
	if err != nil {
		return nil, 0, err
	}
	if best[r] <= seen {
		return nil, 0, errPivots
	}
	return free.apply(best[:r]), best[r], nil
}

// tilt is what the goal of widest gives to other directions, so that there are
// no ties.
const tilt = 1e-4

// improve is a direction that meets the constraints and moves something, nil
// if there is none.
func improve(p int, free basis, c constraints) ([]float64, error) {
	if free.r == 0 {
		return nil, nil
	}
	y := make([]float64, free.r)
	scaled, _ := split(free.r, func(add func([]float64)) {
		c.span(func(v []float64) {
			free.pull(y, v)
			add(y)
		})
	})
	if scaled.r == 0 {
		return nil, nil
	}
	coordinates := free.times(scaled)
	goal := make([]float64, coordinates.r)
	coordinates.pull(goal, c.objective())
	if norm(goal) == 0 {
		return nil, nil
	}
	b := make([]float64, coordinates.r)
	best, err := maximise(goal, func(y []float64) []float64 {
		v := c.worst(coordinates.apply(y))
		if v == nil {
			return nil
		}
		coordinates.pull(b, v)
		return b
	})
	if err != nil {
		return nil, err
	}
	for _, v := range best {
		// The optimum is 0 or touches the box.
		if math.Abs(v) > 0.5 {
			return coordinates.apply(best), nil
		}
	}
	return nil, nil
}
