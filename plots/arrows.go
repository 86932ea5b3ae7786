package plots

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// arrows is a plotter: rings at the tails, discs at the heads.
type arrows struct {
	tailX, tailY, headX, headY []float64
	tips                       []string
	labels                     []string // beside the arrows where there is room; nil for none
	avoid                      *ellipse // of which names keep clear too; may be nil
	radius                     vg.Length
}

func newArrows(s *shrunk) *arrows {
	a := &arrows{radius: pointRadius}
	if len(s.labels) > denseRows/5 {
		a.radius = denseRadius
	}
	return a
}

func (a *arrows) add(x0, y0, x1, y1 float64, tip string) {
	a.tailX, a.tailY = append(a.tailX, x0), append(a.tailY, y0)
	a.headX, a.headY = append(a.headX, x1), append(a.headY, y1)
	a.tips = append(a.tips, tip)
}

// Plot draws the arrows, then the names.
func (a *arrows) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	svg := unwrapSVG(c.Canvas)
	tips := len(a.tips) <= denseRows
	var marks []vg.Point // what names keep clear of
	for i := range a.headX {
		if !drawable(a.headX[i]) || !drawable(a.headY[i]) {
			continue
		}
		head := vg.Point{X: tx(a.headX[i]), Y: ty(a.headY[i])}
		if svg != nil && tips {
			svg.beginGroup(a.tips[i])
		}
		if drawable(a.tailX[i]) && drawable(a.tailY[i]) {
			tail := vg.Point{X: tx(a.tailX[i]), Y: ty(a.tailY[i])}
			a.shaft(c, tail, head)
			marks = append(append(marks, alongLine(tail, head)...), beside(tail, 0, 0, a.radius-1)...)
		}
		c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: a.radius, Shape: draw.CircleGlyph{}}, head)
		marks = append(marks, beside(head, 0, 0, a.radius-1)...)
		if svg != nil && tips {
			svg.endGroup()
		}
	}
	if a.avoid != nil {
		marks = append(marks, a.avoid.outline(tx, ty)...)
		cross := vg.Point{X: tx(a.avoid.x), Y: ty(a.avoid.y)}
		arm := vg.Point{X: crossArm}
		marks = append(marks, alongLine(cross.Sub(arm), cross.Add(arm))...)
	}
	a.plotNames(c, tx, ty, marks)
}

// shaft draws a ring, a line and, where there is room, an arrow's head.
func (a *arrows) shaft(c draw.Canvas, tail, head vg.Point) {
	line := lineStyle(Muted, zeroWidth)
	ring := a.radius - zeroWidth/2
	c.SetLineStyle(line)
	var path vg.Path
	path.Move(vg.Point{X: tail.X + ring, Y: tail.Y})
	path.Arc(tail, ring, 0, 2*math.Pi)
	path.Close()
	c.Stroke(path)

	d := head.Sub(tail)
	length := vg.Length(math.Hypot(float64(d.X), float64(d.Y)))
	if length <= 2*a.radius {
		return
	}
	u := d.Scale(1 / length)
	from, to := tail.Add(u.Scale(a.radius)), head.Sub(u.Scale(a.radius))
	c.StrokeLine2(line, from.X, from.Y, to.X, to.Y)
	const long, wide = 4, 1.6
	if length > 2*a.radius+1.5*long {
		base, side := to.Sub(u.Scale(long)), vg.Point{X: -u.Y, Y: u.X}
		c.FillPolygon(Muted, []vg.Point{to, base.Add(side.Scale(wide)), base.Sub(side.Scale(wide))})
	}
}

// alongLine are points on a line, a few points of length apart.
func alongLine(from, to vg.Point) []vg.Point {
	d := to.Sub(from)
	n := min(200, 1+int(math.Hypot(float64(d.X), float64(d.Y))/3))
	ps := make([]vg.Point, 0, n+1)
	for i := range n + 1 {
		ps = append(ps, from.Add(d.Scale(vg.Length(i)/vg.Length(n))))
	}
	return ps
}

// plotNames writes the name of a level beside its ring or disc where it meets neither
// a mark nor another name, longest arrows first.
func (a *arrows) plotNames(c draw.Canvas, tx, ty func(float64) vg.Length, marks []vg.Point) {
	const most = 60 // names; more would be gray
	var order []int
	for i := range a.labels {
		if drawable(a.tailX[i]) && drawable(a.tailY[i]) && drawable(a.headX[i]) && drawable(a.headY[i]) {
			order = append(order, i)
		}
	}
	far := func(i int) float64 {
		return math.Hypot(float64(tx(a.tailX[i])-tx(a.headX[i])), float64(ty(a.tailY[i])-ty(a.headY[i])))
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(far(j), far(i)) })
	sty := textStyle(Muted, smallSize, 0, text.XLeft, text.YCenter)
	var taken []vg.Rectangle
	for _, i := range order[:min(len(order), most)] {
		name := elide(oneLine(a.labels[i]), sty, maxLabelWidth/2)
		w, h := sty.Width(name)*fontSlack, sty.Font.Size
		tail, head := vg.Point{X: tx(a.tailX[i]), Y: ty(a.tailY[i])}, vg.Point{X: tx(a.headX[i]), Y: ty(a.headY[i])}
		for _, corner := range append(beside(tail, w, h, a.radius+2), beside(head, w, h, a.radius+2)...) {
			box := vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: w, Y: h})}
			if w == 0 || !roomFor(box, c.Rectangle, marks, taken) {
				continue
			}
			taken = append(taken, box)
			mid := sty
			mid.XAlign = text.XCenter
			c.FillText(mid, vg.Point{X: corner.X + w/2, Y: corner.Y + h/2 + sty.FontExtents().Descent/2}, name)
			break
		}
	}
}

// beside are the lower left corners of a box of w by h to the right, left, top
// and bottom of a mark.
func beside(at vg.Point, w, h, gap vg.Length) []vg.Point {
	return []vg.Point{
		{X: at.X + gap, Y: at.Y - h/2}, {X: at.X - gap - w, Y: at.Y - h/2},
		{X: at.X - w/2, Y: at.Y + gap}, {X: at.X - w/2, Y: at.Y - gap - h},
	}
}

// roomFor says whether box lies on the page clear of marks and other boxes.
func roomFor(box, page vg.Rectangle, marks []vg.Point, taken []vg.Rectangle) bool {
	if box.Min.X < page.Min.X || box.Max.X > page.Max.X || box.Min.Y < page.Min.Y || box.Max.Y > page.Max.Y {
		return false
	}
	const clear = 1.2 // points from a letter to the middle of a line
	for _, m := range marks {
		if m.X > box.Min.X-clear && m.X < box.Max.X+clear && m.Y > box.Min.Y-clear && m.Y < box.Max.Y+clear {
			return false
		}
	}
	for _, t := range taken {
		if box.Min.X < t.Max.X && t.Min.X < box.Max.X && box.Min.Y < t.Max.Y && t.Min.Y < box.Max.Y {
			return false
		}
	}
	return true
}

// fit sets both axes to what the arrows and the ellipse cover.
func fit(x, y *plot.Axis, a *arrows, e ellipse) {
	hx, hy := e.half()
	set := func(ax *plot.Axis, centre, half float64, vs ...[]float64) {
		lo, hi := centre-half, centre+half
		for _, s := range vs {
			for _, v := range s {
				if drawable(v) {
					lo, hi = min(lo, v), max(hi, v)
				}
			}
		}
		pad := 0.05 * (hi - lo)
		if !(pad > 0) {
			pad = max(1, math.Abs(lo)) / 2
		}
		ax.Min, ax.Max = lo-pad, hi+pad
	}
	set(x, e.x, hx, a.tailX, a.headX)
	set(y, e.y, hy, a.tailY, a.headY)
}
