package plots

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// svgCanvas is a vg.Canvas that writes the body of an SVG document: shapes
// with a class for each Ink and its light value as a presentation attribute,
// text as text. A figure with a theme of its own has the value alone. Coordinates are points with y down; transformations are
// applied to the points, so that no nested groups are written.
type svgCanvas struct {
	w, h  vg.Length
	body  []byte
	state svgState
	stack []svgState
	used  [2][inkCount]bool // by fill, stroke
	theme Theme
	full  map[string]string // what shortened texts stand for

	// open holds the attributes of a stroked path that the next stroke of
	// the same style continues; nil when there is none.
	open, data []byte
}

type svgState struct {
	color   color.Color
	width   vg.Length
	dashes  []vg.Length
	dashOff vg.Length
	m       affine
}

// affine maps (x, y) to (a x + c y + e, b x + d y + f).
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) times(n affine) affine {
	return affine{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

func (m affine) apply(p vg.Point) (x, y float64) {
	return m.a*float64(p.X) + m.c*float64(p.Y) + m.e, m.b*float64(p.X) + m.d*float64(p.Y) + m.f
}

// scale is the factor by which lengths grow.
func (m affine) scale() float64 { return math.Sqrt(math.Abs(m.a*m.d - m.b*m.c)) }

func newSVGCanvas(w, h vg.Length) *svgCanvas {
	c := &svgCanvas{w: w, h: h}
	c.state.m = affine{a: 1, d: -1, f: float64(h)}
	vg.Initialize(c)
	return c
}

// unwrapSVG finds the svgCanvas under the crops of a draw.Canvas, or nil.
func unwrapSVG(c vg.Canvas) *svgCanvas {
	svg, _ := unwrap(c).(*svgCanvas)
	return svg
}

// unwrap is the canvas under the crops of a draw.Canvas.
func unwrap(c vg.Canvas) vg.Canvas {
	for {
		switch v := c.(type) {
		case draw.Canvas:
			c = v.Canvas
		case *draw.Canvas:
			c = v.Canvas
		default:
			return c
		}
	}
}

func (c *svgCanvas) Size() (w, h vg.Length)   { return c.w, c.h }
func (c *svgCanvas) SetLineWidth(w vg.Length) { c.state.width = w }
func (c *svgCanvas) Push()                    { c.stack = append(c.stack, c.state) }
func (c *svgCanvas) Translate(p vg.Point) {
	c.transform(affine{1, 0, 0, 1, float64(p.X), float64(p.Y)})
}
func (c *svgCanvas) Scale(x, y float64) { c.transform(affine{a: x, d: y}) }
func (c *svgCanvas) transform(m affine) { c.state.m = c.state.m.times(m) }
func (c *svgCanvas) SetLineDash(d []vg.Length, off vg.Length) {
	c.state.dashes, c.state.dashOff = d, off
}

func (c *svgCanvas) SetColor(col color.Color) {
	if col == nil {
		col = color.Black
	}
	c.state.color = col
}

func (c *svgCanvas) Rotate(rad float64) {
	s, k := math.Sincos(rad)
	c.transform(affine{a: k, b: s, c: -s, d: k})
}

func (c *svgCanvas) Pop() {
	c.state = c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
}

// beginGroup opens a group with a title, which browsers show as a tooltip and
// readers read aloud.
func (c *svgCanvas) beginGroup(title string) {
	c.flush()
	c.body = append(c.body, "<g><title>"...)
	c.body = appendEscaped(c.body, title)
	c.body = append(c.body, "</title>"...)
}

func (c *svgCanvas) endGroup() {
	c.flush()
	c.body = append(c.body, "</g>\n"...)
}

func (c *svgCanvas) Stroke(p vg.Path) {
	if len(p) == 0 || c.state.width <= 0 || !c.finite(p) {
		return
	}
	attrs, opaque := c.paint(nil, "stroke")
	attrs = append(attrs, ` stroke-width="`...)
	attrs = appendNumber(attrs, float64(c.state.width)*c.state.m.scale())
	attrs = append(attrs, '"')
	if len(c.state.dashes) > 0 {
		attrs = append(attrs, ` stroke-dasharray="`...)
		for i, d := range c.state.dashes {
			if i > 0 {
				attrs = append(attrs, ' ')
			}
			attrs = appendNumber(attrs, float64(d))
		}
		attrs = append(attrs, `" stroke-dashoffset="`...)
		attrs = appendNumber(attrs, float64(c.state.dashOff))
		attrs = append(attrs, '"')
	}
	if c.open == nil || !opaque || !bytes.Equal(attrs, c.open) {
		c.flush()
		c.open = attrs
	}
	c.data = c.appendPath(c.data, p)
	if !opaque {
		c.flush() // translucent strokes darken where they overlap
	}
}

// flush ends the stroked path that is open.
func (c *svgCanvas) flush() {
	if c.open == nil {
		return
	}
	c.body = append(c.body, "<path"...)
	c.body = append(c.body, c.open...)
	c.body = append(c.body, ` fill="none" d="`...)
	c.body = append(c.body, c.data...)
	c.body = append(c.body, "\"/>\n"...)
	c.open, c.data = nil, c.data[:0]
}

func (c *svgCanvas) Fill(p vg.Path) {
	if len(p) == 0 || !c.finite(p) {
		return
	}
	c.flush()
	if r, centres := circles(p); len(centres) > 0 {
		c.fillCircles(centres, float64(r)*c.state.m.scale())
		return
	}
	c.body = append(c.body, "<path"...)
	c.body, _ = c.paint(c.body, "fill")
	c.body = append(c.body, ` d="`...)
	c.body = c.appendPath(c.body, p)
	c.body = append(c.body, "\"/>\n"...)
}

// FillString writes text that starts at pt.
func (c *svgCanvas) FillString(f font.Face, pt vg.Point, s string) {
	c.text(f.Font, pt, "start", s)
}

// DrawImage writes the image as embedded PNG. An image that cannot be encoded
// is left out.
func (c *svgCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return
	}
	c.flush()
	x, y := c.state.m.apply(vg.Point{X: rect.Min.X, Y: rect.Max.Y})
	s := c.state.m.scale()
	c.body = append(c.body, "<image"...)
	c.body = appendAttr(c.body, "x", x)
	c.body = appendAttr(c.body, "y", y)
	c.body = appendAttr(c.body, "width", float64(rect.Size().X)*s)
	c.body = appendAttr(c.body, "height", float64(rect.Size().Y)*s)
	c.body = append(c.body, ` preserveAspectRatio="none" href="data:image/png;base64,`...)
	c.body = append(c.body, base64.StdEncoding.EncodeToString(b.Bytes())...)
	c.body = append(c.body, "\"/>\n"...)
}

// paint writes the class and the attribute of the current colour for what, a
// fill or a stroke, and says whether the colour is opaque.
func (c *svgCanvas) paint(b []byte, what string) (attrs []byte, opaque bool) {
	opacity, value := 1.0, uint32(0)
	ink, themed := c.state.color.(Ink)
	if f, ok := c.state.color.(faded); ok {
		ink, themed, opacity = f.ink, true, f.opacity
	}
	if themed {
		value = ink.in(c.theme)
		if c.theme == PageTheme {
			c.used[kindIndex(what)][ink] = true
			b = append(b, ` class="`...)
			b = append(append(b, what[0], '-'), inkValues[ink].name...)
			b = append(b, '"')
		}
	} else {
		n := color.NRGBAModel.Convert(c.state.color).(color.NRGBA)
		value = uint32(n.R)<<16 | uint32(n.G)<<8 | uint32(n.B)
		opacity = float64(n.A) / 255
	}
	b = append(append(append(b, ' '), what...), `="`...)
	b = append(appendHex(b, value), '"')
	if opacity < 1 {
		b = append(append(append(b, ' '), what...), `-opacity="`...)
		b = append(appendNumber(b, opacity), '"')
	}
	return b, opacity == 1
}

func kindIndex(what string) int {
	if what == "stroke" {
		return 1
	}
	return 0
}

// finite guards the document: a path with NaN or infinite points is not drawn.
func (c *svgCanvas) finite(p vg.Path) bool {
	for _, s := range p {
		if x, y := c.state.m.apply(s.Pos); math.IsNaN(x+y) || math.IsInf(x, 0) || math.IsInf(y, 0) {
			return false
		}
	}
	return true
}
