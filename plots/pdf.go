package plots

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// pdfCanvas is a vg.Canvas that writes the content of a page of PDF (ISO
// 32000-1, section 8): text as text in subsets of the fonts, which are embedded
// with their Unicode values. Coordinates are points with y up, as PDF has them.
type pdfCanvas struct {
	w, h  vg.Length
	theme Theme
	body  []byte
	state pdfState
	stack []pdfState

	fonts  []*pdfFont
	alphas []float64 // of the graphics states /A0, /A1 and so on
	images []image.Image
}

// pdfState is what a canvas keeps. The colour and the line style go into the
// content before each path, the transformation where it is made.
type pdfState struct {
	color   color.Color
	width   vg.Length
	dashes  []vg.Length
	dashOff vg.Length
}

// drawsPDF says whether a pdfCanvas is under the crops of a draw.Canvas.
func drawsPDF(c vg.Canvas) bool {
	_, ok := unwrap(c).(*pdfCanvas)
	return ok
}

func newPDFCanvas(w, h vg.Length) *pdfCanvas {
	c := &pdfCanvas{w: w, h: h}
	vg.Initialize(c)
	return c
}

func (c *pdfCanvas) Size() (w, h vg.Length)       { return c.w, c.h }
func (c *pdfCanvas) SetLineWidth(w vg.Length)     { c.state.width = w }
func (c *pdfCanvas) SetColor(k color.Color)       { c.state.color = k }
func (c *pdfCanvas) Translate(p vg.Point)         { c.concat(1, 0, 0, 1, float64(p.X), float64(p.Y)) }
func (c *pdfCanvas) Scale(x, y float64)           { c.concat(x, 0, 0, y, 0, 0) }
func (c *pdfCanvas) concat(m ...float64)          { c.op("cm", m...) }
func (c *pdfCanvas) op(name string, v ...float64) { c.body = appendOp(c.body, name, v...) }

func (c *pdfCanvas) SetLineDash(d []vg.Length, off vg.Length) {
	c.state.dashes, c.state.dashOff = d, off
}

func (c *pdfCanvas) Rotate(rad float64) {
	s, k := math.Sincos(rad)
	c.concat(k, s, -s, k, 0, 0)
}

func (c *pdfCanvas) Push() {
	c.stack = append(c.stack, c.state)
	c.op("q")
}

func (c *pdfCanvas) Pop() {
	c.state = c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
	c.op("Q")
}

// appendOp writes operands and an operator.
func appendOp(b []byte, name string, v ...float64) []byte {
	for _, x := range v {
		b = append(appendFine(b, x), ' ')
	}
	return append(append(b, name...), '\n')
}

// paint sets the colour, its opacity and, for a stroke, the line style.
func (c *pdfCanvas) paint(stroke bool) {
	opacity, value := 1.0, uint32(0)
	k := c.state.color
	if f, ok := k.(faded); ok {
		k, opacity = f.ink, f.opacity
	}
	switch k := k.(type) {
	case nil:
	case Ink:
		value = k.in(c.theme)
	default:
		n := color.NRGBAModel.Convert(k).(color.NRGBA)
		value, opacity = uint32(n.R)<<16|uint32(n.G)<<8|uint32(n.B), float64(n.A)/255
	}
	c.body = fmt.Appendf(c.body, "/A%d gs\n", c.alpha(opacity))
	r, g, b := float64(value>>16)/255, float64(value>>8&255)/255, float64(value&255)/255
	if !stroke {
		c.op("rg", r, g, b)
		return
	}
	c.op("RG", r, g, b)
	c.op("w", float64(c.state.width))
	c.body = append(c.body, '[')
	for _, d := range c.state.dashes {
		c.body = append(appendFine(c.body, float64(d)), ' ')
	}
	c.body = append(c.body, "] "...)
	c.op("d", float64(c.state.dashOff))
}

// alpha is the index of an opacity.
func (c *pdfCanvas) alpha(v float64) int {
	v = math.Round(v*1000) / 1000
	for i, a := range c.alphas {
		if a == v {
			return i
		}
	}
	c.alphas = append(c.alphas, v)
	return len(c.alphas) - 1
}

// Stroke draws a path.
func (c *pdfCanvas) Stroke(p vg.Path) {
	if len(p) == 0 || c.state.width <= 0 || !finitePath(p) {
		return
	}
	c.paint(true)
	c.path(p)
	c.op("S")
}

// Fill fills a path. Many circles of one size are the round ends of lines
// without length.
func (c *pdfCanvas) Fill(p vg.Path) {
	if len(p) == 0 || !finitePath(p) {
		return
	}
	if r, centres := circles(p); len(centres) > 1 {
		old := c.state
		c.state.width, c.state.dashes = 2*r, nil
		c.paint(true)
		c.state = old
		c.op("J", 1)
		for _, p := range centres {
			c.op("m", float64(p.X), float64(p.Y))
			c.op("l", float64(p.X), float64(p.Y))
		}
		c.op("S")
		c.op("J", 0)
		return
	}
	c.paint(false)
	c.path(p)
	c.op("f")
}

// path writes a path; an arc becomes cubic curves of at most an eighth of a
// turn, which are 4e-6 of the radius off.
func (c *pdfCanvas) path(p vg.Path) {
	var x, y float64
	for _, s := range p {
		px, py := float64(s.Pos.X), float64(s.Pos.Y)
		switch s.Type {
		case vg.MoveComp:
			c.op("m", px, py)
			x, y = px, py
		case vg.LineComp:
			c.op("l", px, py)
			x, y = px, py
		case vg.ArcComp:
			x, y = c.arc(s, x, y)
		case vg.CurveComp:
			c.curve(s, x, y)
			x, y = px, py
		case vg.CloseComp:
			c.op("h")
		default:
			panic(fmt.Sprintf("plots: unknown path component %d", s.Type))
		}
	}
}

// curve writes a cubic curve; a quadratic one is raised by a degree.
func (c *pdfCanvas) curve(s vg.PathComp, x, y float64) {
	px, py := float64(s.Pos.X), float64(s.Pos.Y)
	if len(s.Control) == 2 {
		a, b := s.Control[0], s.Control[1]
		c.op("c", float64(a.X), float64(a.Y), float64(b.X), float64(b.Y), px, py)
		return
	}
	qx, qy := float64(s.Control[0].X), float64(s.Control[0].Y)
	c.op("c", x+(qx-x)*2/3, y+(qy-y)*2/3, px+(qx-px)*2/3, py+(qy-py)*2/3, px, py)
}

func (c *pdfCanvas) arc(s vg.PathComp, x, y float64) (float64, float64) {
	r := float64(s.Radius)
	at := func(angle float64) (px, py, dx, dy float64) {
		sin, cos := math.Sincos(angle)
		return float64(s.Pos.X) + r*cos, float64(s.Pos.Y) + r*sin, -r * sin, r * cos
	}
	sx, sy, dx, dy := at(s.Start)
	if math.Abs(sx-x) > 0.005 || math.Abs(sy-y) > 0.005 {
		c.op("l", sx, sy)
	}
	n := int(math.Ceil(math.Abs(s.Angle)/(math.Pi/4) - 1e-9))
	step := s.Angle / float64(n)
	k := 4.0 / 3 * math.Tan(step/4)
	x, y = sx, sy
	for i := 1; i <= n; i++ {
		nx, ny, ndx, ndy := at(s.Start + step*float64(i))
		c.op("c", x+k*dx, y+k*dy, nx-k*ndx, ny-k*ndy, nx, ny)
		x, y, dx, dy = nx, ny, ndx, ndy
	}
	return x, y
}

// FillString writes text that starts at pt, kerned as it was measured.
func (c *pdfCanvas) FillString(f font.Face, pt vg.Point, s string) {
	if f.Font.Size == 0 || s == "" {
		return
	}
	c.paint(false)
	i, subset := c.font(f)
	c.body = fmt.Appendf(c.body, "BT /F%d ", i)
	c.op("Tf", float64(f.Font.Size))
	c.op("Td", float64(pt.X), float64(pt.Y))
	c.body = append(c.body, '[')
	c.body = subset.appendText(c.body, s)
	c.body = append(c.body, "] TJ ET\n"...)
}

// font is the subset of a face, of any size, and its index.
func (c *pdfCanvas) font(f font.Face) (int, *pdfFont) {
	name := f.Name()
	for i, have := range c.fonts {
		if have.name == name {
			return i, have
		}
	}
	c.fonts = append(c.fonts, newPDFFont(name, f.Face))
	return len(c.fonts) - 1, c.fonts[len(c.fonts)-1]
}

// DrawImage writes an image.
func (c *pdfCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	size := rect.Size()
	c.op("q")
	c.concat(float64(size.X), 0, 0, float64(size.Y), float64(rect.Min.X), float64(rect.Min.Y))
	c.body = fmt.Appendf(c.body, "/A%d gs /I%d Do\n", c.alpha(1), len(c.images))
	c.op("Q")
	c.images = append(c.images, img)
}

func finitePath(p vg.Path) bool {
	for _, s := range p {
		if x, y := float64(s.Pos.X), float64(s.Pos.Y); math.IsNaN(x+y) || math.IsInf(x, 0) || math.IsInf(y, 0) {
			return false
		}
	}
	return true
}
