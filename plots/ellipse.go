package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ellipse is a plotter: the 95 % ellipse of a normal distribution in two
// dimensions and a cross at its mean.
type ellipse struct{ x, y, vxx, vxy, vyy float64 }

// chi2 is the 0.95 quantile of chi-square with 2 degrees of freedom, -2 log 0.05.
const chi2 = 5.991464547107979

// crossArm is half the width of the cross, in points.
const crossArm vg.Length = 5

// half is half the width and height of the ellipse, 0 where there is none.
func (e ellipse) half() (x, y float64) {
	if !drawable(e.vxx) || !drawable(e.vyy) || !drawable(e.vxy) {
		return 0, 0
	}
	return math.Sqrt(chi2 * max(e.vxx, 0)), math.Sqrt(chi2 * max(e.vyy, 0))
}

// correlation is NaN beside a variance of 0.
func (e ellipse) correlation() float64 {
	if hx, hy := e.half(); hx > 0 && hy > 0 {
		return min(max(e.vxy/math.Sqrt(e.vxx*e.vyy), -1), 1)
	}
	return math.NaN()
}

// outline is the image of a circle under the Cholesky factor; nil where the
// ellipse is a point.
func (e ellipse) outline(tx, ty func(float64) vg.Length) []vg.Point {
	hx, hy := e.half()
	if hx == 0 && hy == 0 {
		return nil
	}
	r := e.correlation()
	if math.IsNaN(r) {
		r = 0
	}
	const steps = 180
	curve := make([]vg.Point, steps+1)
	for i := range curve {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / steps)
		curve[i] = vg.Point{X: tx(e.x + hx*cos), Y: ty(e.y + hy*(r*cos+math.Sqrt(1-r*r)*sin))}
	}
	return curve
}

// Plot draws the outline, dashed, and the cross.
func (e ellipse) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if curve := e.outline(tx, ty); curve != nil {
		dashed := lineStyle(Muted, zeroWidth)
		dashed.Dashes = []vg.Length{4, 2}
		c.StrokeLines(dashed, c.ClipLinesXY(curve)...)
	}
	x, y := tx(e.x), ty(e.y)
	c.StrokeLine2(lineStyle(Text, 1.5), x-crossArm, y, x+crossArm, y)
	c.StrokeLine2(lineStyle(Text, 1.5), x, y-crossArm, x, y+crossArm)
}
