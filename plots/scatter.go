package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Points beyond thinOver are drawn once for each cell of a lattice over their
// range, which keeps a file of any number of points small: the cells are about as
// large as the points. The lattice is for fullLattice points.
const (
	thinOver    = 5000
	fullLattice = 20000
	latticeX    = 220
	latticeY    = 120
)

// scatter is a plotter: points, smaller and paler where they are many.
type scatter struct {
	x, y []float64
	ink  Ink
}

// thinned keeps the drawable points, or one of each cell where they are too
// many, and says in words what it left out.
func thinned(x, y []float64) (px, py []float64, words string) {
	px, py = onLattice(x, y, thinOver, latticeX, latticeY)
	n := 0
	for i := range x {
		if drawable(x[i]) && drawable(y[i]) {
			n++
		}
	}
	if len(px) < n {
		words = fmt.Sprintf(" Of %d points those in one cell of a %d by %d lattice are drawn once.", n, latticeX, latticeY)
	}
	return px, py, words
}

// thinnedTo keeps the drawable points, or one of each cell of a lattice of
// about so many where they are more.
func thinnedTo(x, y []float64, most int) (px, py []float64) {
	shrink := min(1, math.Sqrt(float64(most)/fullLattice))
	return onLattice(x, y, most, max(2, int(latticeX*shrink)), max(2, int(latticeY*shrink)))
}

// onLattice keeps the drawable points, or one of each cell where they are more than
// most.
func onLattice(x, y []float64, most, columns, rows int) (px, py []float64) {
	xlo, xhi, ylo, yhi := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	n := 0
	for i := range x {
		if drawable(x[i]) && drawable(y[i]) {
			xlo, xhi, ylo, yhi = min(xlo, x[i]), max(xhi, x[i]), min(ylo, y[i]), max(yhi, y[i])
			n++
		}
	}
	seen := make([]bool, columns*rows)
	for i := range x {
		if !drawable(x[i]) || !drawable(y[i]) {
			continue
		}
		if n > most {
			cell := int(cellOf(x[i], xlo, xhi)*float64(columns-1))*rows + int(cellOf(y[i], ylo, yhi)*float64(rows-1))
			if seen[cell] {
				continue
			}
			seen[cell] = true
		}
		px, py = append(px, x[i]), append(py, y[i])
	}
	return px, py
}

// cellOf is where v lies between lo and hi, from 0 to 1.
func cellOf(v, lo, hi float64) float64 {
	if !(hi > lo) {
		return 0
	}
	return (v - lo) / (hi - lo)
}

// Plot draws the points.
func (s scatter) Plot(c draw.Canvas, p *plot.Plot) {
	opacity := 0.7
	if len(s.x) > denseRows {
		opacity = 0.5
	}
	drawDots(c, p, s.x, s.y, s.ink.Fade(opacity))
}

// backdrop is a plotter: points behind what is drawn on them.
type backdrop struct{ x, y []float64 }

// Plot draws the points.
func (s backdrop) Plot(c draw.Canvas, p *plot.Plot) { drawDots(c, p, s.x, s.y, Muted.Fade(0.35)) }

// drawDots draws points in one path, smaller where they are many.
func drawDots(c draw.Canvas, p *plot.Plot, x, y []float64, ink color.Color) {
	tx, ty := p.Transforms(&c)
	r := pointRadius - 0.5
	if len(x) > denseRows {
		r = denseRadius
	}
	if len(x) > 10*denseRows {
		r = denseRadius / 2
	}
	c.SetColor(ink)
	var dots vg.Path
	for i := range x {
		at := vg.Point{X: tx(x[i]), Y: ty(y[i])}
		if !c.Contains(at) {
			continue
		}
		dots.Move(vg.Point{X: at.X + r, Y: at.Y})
		dots.Arc(at, r, 0, 2*math.Pi)
		dots.Close()
	}
	c.Fill(dots)
}

// span sets an axis to the finite values with a margin.
func span(a *plot.Axis, vs ...[]float64) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, s := range vs {
		for _, v := range s {
			if drawable(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	pad := 0.05 * (hi - lo)
	switch {
	case lo > hi:
		lo, hi = -1, 1
	case !(pad > 0):
		pad = max(1e-9, math.Abs(lo)) / 2
	}
	a.Min, a.Max = lo-pad, hi+pad
}
