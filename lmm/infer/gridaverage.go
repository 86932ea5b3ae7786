package infer

import (
	"fmt"
	"slices"
)

// columns returns the rows of the grid, or their derivatives.
func (g *grid) columns(slope string) ([][]float64, error) {
	out := make([][]float64, g.size)
	add := func(shift, factor float64) error {
		x, err := g.rows(slope, shift)
		if err != nil {
			return err
		}
		for i := range out {
			if out[i] == nil {
				out[i] = make([]float64, x.Cols)
			}
			axpy(factor, x.Row(i), out[i])
		}
		return nil
	}
	if slope == "" {
		return out, add(0, 1)
	}
	a, _, err := g.find(slope)
	if err != nil {
		return nil, err
	}
	h := 1e-3 * (a.high - a.low)
	if !(h > 0) {
		return nil, fmt.Errorf("%s has the same value in all rows of the model: there is no slope", slope)
	}
	for _, s := range []struct{ shift, factor float64 }{{h, 8}, {-h, -8}, {2 * h, -1}, {-2 * h, 1}} {
		if err := add(s.shift, s.factor/(12*h)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// cell is a combination of levels of the focal axes: a point of the grid that
// has it, and the average of the rows.
type cell struct {
	point   []int
	weights []float64
}

// average averages the rows of the grid over all axes but the focal ones. The
// first of these runs fastest.
func (g *grid) average(x [][]float64, focal []int, w Weights) ([]cell, error) {
	cells := 1
	var rest []int
	for i, a := range g.axes {
		if !slices.Contains(focal, i) && a.code != nil {
			rest = append(rest, i)
		}
	}
	for _, a := range focal {
		cells *= g.axes[a].points()
	}
	out, total := make([]cell, cells), make([]float64, cells)
	counts, key := g.frequencies(rest)
	for i, row := range x {
		point := g.point(i)
		at, stride := 0, 1
		for _, a := range focal {
			at += point[a] * stride
			stride *= g.axes[a].points()
		}
		weight := 1.0
		if w == ProportionalWeights {
			weight = counts[key(point)]
		}
		c := &out[at]
		if c.weights == nil {
			c.point, c.weights = point, make([]float64, len(row))
		}
		axpy(weight, row, c.weights)
		total[at] += weight
	}
	for i := range out {
		scale(out[i].weights, 1/total[i])
	}
	return out, nil
}

func (g *grid) labels(axes, point []int) []string {
	out := make([]string, len(axes))
	for i, a := range axes {
		out[i] = g.axes[a].label(point[a])
	}
	return out
}
