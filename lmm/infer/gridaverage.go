package infer

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/design"
)

// columns returns the rows of the grid, or their derivatives; bends says that those
// are others where the covariate is elsewhere.
func (g *grid) columns(slope string) (out [][]float64, bends bool, err error) {
	out = make([][]float64, g.size)
	if slope == "" {
		x, err := g.rows("", 0)
		for i := range out {
			out[i] = x.Row(i)
		}
		return out, false, err
	}
	a, _, err := g.find(slope)
	if err != nil {
		return nil, false, err
	}
	h := 1e-3 * (a.high - a.low)
	if !(h > 0) {
		return nil, false, fmt.Errorf("%s has the same value in all rows of the model: there is no slope", slope)
	}
	var at [4]design.Matrix
	for k, shift := range []float64{-2 * h, -h, h, 2 * h} {
		if at[k], err = g.rows(slope, shift); err != nil {
			return nil, false, err
		}
	}
	for i := range out {
		out[i] = make([]float64, at[0].Cols)
		for j := range out[i] {
			far, near := at[3].At(i, j)-at[0].At(i, j), at[2].At(i, j)-at[1].At(i, j)
			out[i][j] = (8*near - far) / (12 * h)
			// A line rises in 4 h by twice what it does in 2 h, and equally on both sides.
			left, right := at[1].At(i, j)-at[0].At(i, j), at[3].At(i, j)-at[2].At(i, j)
			bends = bends || math.Abs(right-left) > 1e-6*math.Max(math.Abs(left), math.Abs(right))
		}
	}
	return out, bends, nil
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
