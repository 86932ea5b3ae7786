package plots

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// appendPath writes path data. Level and upright lines, most of what a figure
// has, take the short commands H and V.
func (c *svgCanvas) appendPath(b []byte, p vg.Path) []byte {
	var x, y float64
	m := c.state.m
	for _, s := range p {
		switch s.Type {
		case vg.MoveComp:
			x, y = m.apply(s.Pos)
			b = appendPair(append(b, 'M'), x, y)
		case vg.LineComp:
			nx, ny := m.apply(s.Pos)
			switch {
			case ny == y:
				b = appendNumber(append(b, 'H'), nx)
			case nx == x:
				b = appendNumber(append(b, 'V'), ny)
			default:
				b = appendPair(append(b, 'L'), nx, ny)
			}
			x, y = nx, ny
		case vg.ArcComp:
			b, x, y = c.appendArc(b, s, x, y)
		case vg.CurveComp:
			if len(s.Control) == 1 {
				b = append(b, 'Q')
			} else {
				b = append(b, 'C')
			}
			for _, q := range s.Control {
				qx, qy := m.apply(q)
				b = append(appendPair(b, qx, qy), ' ')
			}
			x, y = m.apply(s.Pos)
			b = appendPair(b, x, y)
		case vg.CloseComp:
			b = append(b, 'Z')
		default:
			panic(fmt.Sprintf("plots: unknown path component %d", s.Type))
		}
	}
	return b
}

// appendArc writes an arc in pieces of at most half a turn, since SVG cannot
// end an arc where it starts.
func (c *svgCanvas) appendArc(b []byte, s vg.PathComp, x, y float64) ([]byte, float64, float64) {
	m := c.state.m
	at := func(angle float64) (float64, float64) {
		sin, cos := math.Sincos(angle)
		return m.apply(vg.Point{X: s.Pos.X + s.Radius*vg.Length(cos), Y: s.Pos.Y + s.Radius*vg.Length(sin)})
	}
	if sx, sy := at(s.Start); math.Abs(sx-x) > 0.005 || math.Abs(sy-y) > 0.005 {
		b = appendPair(append(b, 'L'), sx, sy)
	}
	// The page has y down: an angle that grows turns against the clock.
	sweep := byte('0')
	if s.Angle*(m.a*m.d-m.b*m.c) > 0 {
		sweep = '1'
	}
	r := float64(s.Radius) * m.scale()
	n := int(math.Ceil(math.Abs(s.Angle)/math.Pi - 1e-9))
	for i := 1; i <= n; i++ {
		x, y = at(s.Start + s.Angle*float64(i)/float64(n))
		b = appendPair(append(b, 'A'), r, r)
		b = append(b, " 0 0 "...)
		b = append(b, sweep, ' ')
		b = appendPair(b, x, y)
	}
	return b, x, y
}

// circles recognises a path of full circles of one radius.
func circles(p vg.Path) (r vg.Length, centres []vg.Point) {
	for _, s := range p {
		switch s.Type {
		case vg.MoveComp, vg.CloseComp:
		case vg.ArcComp:
			if math.Abs(s.Angle) < 2*math.Pi || len(centres) > 0 && s.Radius != r {
				return 0, nil
			}
			r, centres = s.Radius, append(centres, s.Pos)
		default:
			return 0, nil
		}
	}
	return r, centres
}

// fillCircles writes one circle as such and many as the round ends of lines
// without length, which takes a third of the bytes.
func (c *svgCanvas) fillCircles(centres []vg.Point, r float64) {
	if len(centres) == 1 {
		x, y := c.state.m.apply(centres[0])
		c.body = append(c.body, "<circle"...)
		c.body, _ = c.paint(c.body, "fill")
		c.body = appendAttr(c.body, "cx", x)
		c.body = appendAttr(c.body, "cy", y)
		c.body = appendAttr(c.body, "r", r)
		c.body = append(c.body, "/>\n"...)
		return
	}
	c.body = append(c.body, "<path"...)
	c.body, _ = c.paint(c.body, "stroke")
	c.body = appendAttr(c.body, "stroke-width", 2*r)
	c.body = append(c.body, ` stroke-linecap="round" fill="none" d="`...)
	for _, p := range centres {
		x, y := c.state.m.apply(p)
		c.body = appendPair(append(c.body, 'M'), x, y)
		c.body = append(c.body, "h0"...)
	}
	c.body = append(c.body, "\"/>\n"...)
}

func appendAttr(b []byte, name string, v float64) []byte {
	b = append(append(append(b, ' '), name...), `="`...)
	return append(appendNumber(b, v), '"')
}

// appendNumber writes v with at most two decimals: 0.01 pt is 3.5 micrometres.
func appendNumber(b []byte, v float64) []byte {
	r := math.Round(v*100) / 100
	if r == 0 {
		return append(b, '0') // also for -0
	}
	return strconv.AppendFloat(b, r, 'f', -1, 64)
}

func appendPair(b []byte, x, y float64) []byte {
	b = append(appendNumber(b, x), ' ')
	return appendNumber(b, y)
}

func appendHex(b []byte, v uint32) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '#')
	for shift := 20; shift >= 0; shift -= 4 {
		b = append(b, digits[v>>shift&15])
	}
	return b
}
