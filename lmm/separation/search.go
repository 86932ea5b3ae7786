package separation

import "math"

// search takes out of c the largest set of rows that some direction of a basis
// separates, and returns one that separates them all, nil if there is none: what one
// direction separates goes before the next is sought, as a large multiple of the
// first added to the second separates both (Correia, Guimaraes and Zylkin 2019,
// sec. 3.1).
func search(among basis, c constraints) ([]float64, error) {
	var all []float64
	for {
		z, err := improve(among, c)
		if z == nil || err != nil {
			return all, err
		}
		rows, ok := c.settle(z)
		if !ok {
			return nil, errPivots
		}
		if rows == 0 {
			return all, nil
		}
		all = stack(all, z, c)
	}
}

// stack adds to z that multiple of what came before it with which the row that
// moves least moves most for the length of the sum.
func stack(before, z []float64, c constraints) []float64 {
	if before == nil {
		return z
	}
	var out []float64
	most := math.Inf(-1)
	for k := range 40 {
		sum := make([]float64, len(z))
		for j, v := range z {
			sum[j] = v/norm(z) + math.Ldexp(before[j]/norm(before), k)
		}
		if m := margin(sum, c) / norm(sum); m > most {
			out, most = sum, m
		}
	}
	return out
}

// margin is the least change of what was taken out along z.
func margin(z []float64, c constraints) float64 {
	b := c.narrowest(z, math.Inf(1))
	if b == nil {
		return 0
	}
	return dot(b, z)
}

// widest is the direction of a basis that separates all rows that search has
// taken out by as much as the box allows: the largest t with b'z >= t for them. It is
// nil where that is lost in rounding.
func widest(among basis, c constraints) []float64 {
	r := among.r
	goal := make([]float64, r+1)
	for j := range r {
		goal[j] = tilt * (weight(j) - 1.5)
	}
	goal[r] = 1
	b := make([]float64, r+1)
	best, err := maximise(goal, func(y []float64) []float64 {
		v := c.narrowest(among.apply(y[:r]), y[r])
		if v == nil {
			return nil
		}
		among.pull(b[:r], v)
		b[r] = -1
		return b
	})
	if err != nil || best[r] <= seen {
		return nil
	}
	return among.apply(best[:r])
}

// tilt is what the goal of widest gives to other directions, so that there are
// no ties.
const tilt = 1e-4

// improve is a direction of a basis that meets the constraints and moves
// something, nil if there is none.
func improve(among basis, c constraints) ([]float64, error) {
	if among.r == 0 {
		return nil, nil
	}
	y := make([]float64, among.r)
	scaled, _ := split(among.r, func(add func([]float64)) {
		c.span(func(v []float64) {
			among.pull(y, v)
			add(y)
		})
	})
	if scaled.r == 0 {
		return nil, nil
	}
	coordinates := among.times(scaled)
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
