package infer

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/nearest"
	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/table"
)

// axis is a predictor of the reference grid: a factor with the levels that the
// rows in the model have, or a covariate with the values it is held at.
type axis struct {
	name   string
	column *table.Column
	levels []string  // as text, in order
	from   []int     // a row of the table for each level; nil for a covariate
	values []float64 // of a covariate
	at     bool      // the values were asked for
	low    float64   // of a number, in the rows of the model
	high   float64
	code   []int // the level of each row in the model; nil for a covariate
}

// levelled says that the points of the axis are levels, not a value that a
// covariate is held at.
func (a *axis) levelled() bool { return a.from != nil || a.at }

func (a *axis) points() int {
	if a.from != nil {
		return len(a.from)
	}
	return len(a.values)
}

// label is the level or value of a point.
func (a *axis) label(i int) string {
	if a.from != nil {
		return a.levels[i]
	}
	return report.Rounded(a.values[i])
}

// fewValues: a covariate with so many distinct values has them as its levels.
const fewValues = 2

// maxGrid bounds the points of a reference grid.
const maxGrid = 200_000

// grid is the reference grid of a design: every combination of the levels of
// the factors among the fixed effects, with the covariates at their means
// (Searle, Speed and Milliken 1980; Lenth 2016).
type grid struct {
	d    *design.Design
	axes []*axis
	size int
}

// newGrid builds the grid of a design, some covariates at given values. A
// column of numbers counts as a factor where the formula makes it one, where
// it has two values or fewer, and where values are given.
func newGrid(d *design.Design, at map[string][]float64) (*grid, error) {
	coerced := map[string]bool{}
	var names []string
	for _, term := range d.Formula.Fixed {
		for _, v := range term.Vars {
			used, factor := design.Columns(v)
			for _, n := range used {
				if !slices.Contains(names, n) && d.Table().Column(n) != nil {
					names = append(names, n)
				}
				coerced[n] = coerced[n] || factor[n]
			}
		}
	}
	for n, values := range at {
		switch c := d.Table().Column(n); {
		case !slices.Contains(names, n):
			return nil, fmt.Errorf("%s cannot be held at a value: it is no predictor of the fixed effects; they are %s", n, list(names))
		case !c.Kind().Numeric():
			return nil, fmt.Errorf("%s is a factor and cannot be held at a number", n)
		case len(values) == 0 || slices.ContainsFunc(values, func(v float64) bool { return !finite(v) }):
			return nil, fmt.Errorf("the values for %s are %v: there must be one or more, all finite", n, values)
		}
	}
	g := &grid{d: d, size: 1}
	for _, n := range names {
		a := newAxis(d, n, coerced[n], at[n])
		g.axes = append(g.axes, a)
		if g.size *= a.points(); g.size > maxGrid {
			return nil, fmt.Errorf("the reference grid has more than %d points, from %s", maxGrid, list(names))
		}
	}
	return g, nil
}

func newAxis(d *design.Design, name string, coerced bool, at []float64) *axis {
	c := d.Table().Column(name)
	a := &axis{name: name, column: c, low: math.Inf(1), high: math.Inf(-1)}
	var sum float64
	for _, r := range d.Rows {
		x := c.Float(r)
		sum += x
		a.low, a.high = math.Min(a.low, x), math.Max(a.high, x)
	}
	if at != nil {
		a.values, a.at = slices.Clone(at), true
		return a
	}
	f := c.AsFactor()
	levels := f.Levels()
	first := make([]int, len(levels))
	for i := range first {
		first[i] = -1
	}
	used := 0
	for _, r := range d.Rows {
		if k := f.Code(r); k >= 0 && first[k] < 0 {
			first[k] = r
			used++
		}
	}
	if c.Kind().Numeric() && c.Kind() != table.Bool && !coerced && used > fewValues {
		a.values = []float64{sum / float64(len(d.Rows))}
		return a
	}
	place := make([]int, len(levels))
	for k, r := range first {
		if r >= 0 {
			place[k] = len(a.from)
			a.levels, a.from = append(a.levels, levels[k]), append(a.from, r)
		}
	}
	for _, r := range d.Rows {
		a.code = append(a.code, place[max(0, f.Code(r))])
	}
	return a
}

// find returns the axis of a variable.
func (g *grid) find(name string) (*axis, int, error) {
	for i, a := range g.axes {
		if a.name == name {
			return a, i, nil
		}
	}
	var names []string
	for _, a := range g.axes {
		names = append(names, a.name)
	}
	if near := nearest.Name(name, names); near != "" {
		return nil, 0, fmt.Errorf("%s is no predictor of the fixed effects; did you mean %s?", name, near)
	}
	return nil, 0, fmt.Errorf("%s is no predictor of the fixed effects; they are %s", name, list(names))
}

// point returns the position on each axis of a point; the first axis runs
// fastest.
func (g *grid) point(i int) []int {
	at := make([]int, len(g.axes))
	for k, a := range g.axes {
		at[k] = i % a.points()
		i /= a.points()
	}
	return at
}

// rows returns the fixed effects' columns, those without an estimate included,
// at all points; shift is added to the covariate named.
func (g *grid) rows(covariate string, shift float64) (design.Matrix, error) {
	if len(g.axes) == 0 {
		one, err := table.New(table.NewFloats("row", []float64{1}))
		if err != nil {
			return design.Matrix{}, err
		}
		return g.d.NewFixed(one)
	}
	positions := make([][]int, g.size)
	for i := range positions {
		positions[i] = g.point(i)
	}
	var columns []*table.Column
	for k, a := range g.axes {
		if a.from != nil {
			rows := make([]int, g.size)
			for i, p := range positions {
				rows[i] = a.from[p[k]]
			}
			one, err := table.New(a.column)
			if err != nil {
				return design.Matrix{}, err
			}
			column := one.Take(rows).Column(a.name)
			if a.name == covariate {
				column = shiftedColumn(column, shift)
			}
			columns = append(columns, column)
			continue
		}
		x := make([]float64, g.size)
		for i, p := range positions {
			x[i] = a.values[p[k]]
			if a.name == covariate {
				x[i] += shift
			}
		}
		columns = append(columns, table.NewFloats(a.name, x))
	}
	t, err := table.New(columns...)
	if err != nil {
		return design.Matrix{}, err
	}
	return g.d.NewFixed(t)
}

func shiftedColumn(c *table.Column, by float64) *table.Column {
	x := c.Floats()
	for i := range x {
		x[i] += by
	}
	return table.NewFloats(c.Name(), x)
}

// frequencies returns the number of rows in the model at each combination of
// the levels of some axes, as the sum over the axes of position times stride.
func (g *grid) frequencies(axes []int) (counts map[int]float64, key func(point []int) int) {
	key = func(point []int) int {
		k, stride := 0, 1
		for _, a := range axes {
			k += point[a] * stride
			stride *= g.axes[a].points()
		}
		return k
	}
	counts = map[int]float64{}
	point := make([]int, len(g.axes))
	for i := range g.d.Rows {
		for _, a := range axes {
			point[a] = g.axes[a].code[i]
		}
		counts[key(point)]++
	}
	return counts, key
}
