package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// isolines traces the curves on which a surface has the value level, by
// marching squares with linear interpolation along the edges; the ambiguous
// square is decided by the mean of its corners. Squares with a corner that is
// not finite are left out. A closed curve ends where it starts.
func isolines(s surface, level float64) [][][2]float64 {
	type edge struct {
		i, j  int
		along bool // x
	}
	segments := make(map[edge][]edge)
	join := func(a, b edge) {
		segments[a] = append(segments[a], b)
		segments[b] = append(segments[b], a)
	}
	var order []edge
	for j := 0; j+1 < len(s.y); j++ {
		for i := 0; i+1 < len(s.x); i++ {
			z := [4]float64{s.z[j][i], s.z[j][i+1], s.z[j+1][i+1], s.z[j+1][i]}
			sides := [4]edge{{i, j, true}, {i + 1, j, false}, {i, j + 1, true}, {i, j, false}}
			var cut []edge
			finite := true
			for k := range z {
				finite = finite && drawable(z[k])
				if (z[k] > level) != (z[(k+1)%4] > level) {
					cut = append(cut, sides[k])
				}
			}
			switch {
			case !finite || len(cut) == 0:
				continue
			case len(cut) == 2:
				join(cut[0], cut[1])
			// Corner 0 and the middle on one side: the curves cut off corners 1 and 3.
			case (z[0] > level) == ((z[0]+z[1]+z[2]+z[3])/4 > level):
				join(cut[0], cut[1])
				join(cut[2], cut[3])
			default:
				join(cut[0], cut[3])
				join(cut[1], cut[2])
			}
			order = append(order, cut...)
		}
	}
	at := func(e edge) [2]float64 {
		a, x, y := s.z[e.j][e.i], s.x[e.i], s.y[e.j]
		if e.along {
			return [2]float64{x + (s.x[e.i+1]-x)*(level-a)/(s.z[e.j][e.i+1]-a), y}
		}
		return [2]float64{x, y + (s.y[e.j+1]-y)*(level-a)/(s.z[e.j+1][e.i]-a)}
	}
	take := func(a, b edge) { // removes b from the neighbours of a
		for k, n := range segments[a] {
			if n == b {
				segments[a] = append(segments[a][:k:k], segments[a][k+1:]...)
				return
			}
		}
	}
	follow := func(from edge) [][2]float64 {
		line := [][2]float64{at(from)}
		for len(segments[from]) > 0 {
			next := segments[from][0]
			take(from, next)
			take(next, from)
			line = append(line, at(next))
			from = next
		}
		return line
	}
	var lines [][][2]float64
	for _, open := range [2]bool{true, false} { // first those that end at an edge of the lattice
		for _, e := range order {
			if n := len(segments[e]); n == 1 || n > 0 && !open {
				lines = append(lines, follow(e))
			}
		}
	}
	return lines
}

// contourLines is a plotter: isolines in one style.
type contourLines struct {
	lines [][][2]float64
	style draw.LineStyle
}

// Plot draws the lines.
func (l contourLines) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	for _, line := range l.lines {
		pts := make([]vg.Point, len(line))
		for i, v := range line {
			pts[i] = vg.Point{X: tx(v[0]), Y: ty(v[1])}
		}
		c.StrokeLines(l.style, c.ClipLinesXY(simplified(pts))...)
	}
}

// simplified drops points of a line that lie within 0.05 pt of the line
// without them (Douglas and Peucker 1973, The Canadian Cartographer 10).
func simplified(pts []vg.Point) []vg.Point {
	const close = 0.05
	if len(pts) < 3 {
		return pts
	}
	first, last := pts[0], pts[len(pts)-1]
	far, at := vg.Length(0), 0
	d := last.Sub(first)
	length := vg.Length(math.Hypot(float64(d.X), float64(d.Y)))
	for i, p := range pts[1 : len(pts)-1] {
		e := p.Sub(first)
		off := vg.Length(math.Hypot(float64(e.X), float64(e.Y)))
		if length > 0 {
			off = vg.Length(math.Abs(float64(d.X*e.Y-d.Y*e.X))) / length
		}
		if off > far {
			far, at = off, i+1
		}
	}
	if far <= close {
		return []vg.Point{first, last}
	}
	left := simplified(pts[:at+1])
	return append(left[:len(left)-1:len(left)-1], simplified(pts[at:])...)
}
