package plots

import (
	"iter"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// textHandler is gonum's plain text with two differences. In SVG the
// alignment is handed to the reader's program, whose font is not ours. And a
// character that the font lacks, such as Chinese, counts one em.
type textHandler struct{ text.Plain }

// Box is the width, height and depth of one line.
func (h textHandler) Box(s string, f font.Font) (width, height, depth vg.Length) {
	width, height, depth = h.Plain.Box(s, f)
	if isASCII(s) {
		return width, height, depth
	}
	var have strings.Builder
	lack := 0
	for r, ok := range h.glyphs(s, f) {
		if ok {
			have.WriteRune(r)
		} else {
			lack++
		}
	}
	if lack > 0 {
		face := h.Fonts.Lookup(f, f.Size)
		width = face.Width(have.String()) + vg.Length(lack)*f.Size
	}
	return width, height, depth
}

// glyphs are the characters of s and whether the font has them.
func (h textHandler) glyphs(s string, f font.Font) iter.Seq2[rune, bool] {
	return func(yield func(rune, bool) bool) {
		var buf sfnt.Buffer
		face := h.Fonts.Lookup(f, f.Size)
		for _, r := range s {
			i, err := face.Face.GlyphIndex(&buf, r)
			if !yield(r, err == nil && i > 0) {
				return
			}
		}
	}
}

// boxed puts a square for characters that the font lacks, which images would
// leave out. PDF draws boxes of its own, and keeps the characters.
func (h textHandler) boxed(c vg.Canvas, s string, f font.Font) string {
	if isASCII(s) || drawsPDF(c) {
		return s
	}
	var b strings.Builder
	for r, ok := range h.glyphs(s, f) {
		if !ok {
			r = '□'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Draw writes text on a canvas.
func (h textHandler) Draw(c vg.Canvas, s string, sty text.Style, pt vg.Point) {
	svg := unwrapSVG(c)
	if svg == nil {
		h.Plain.Draw(c, h.boxed(c, s, sty.Font), sty, pt)
		return
	}
	s = strings.TrimRight(s, "\n")
	if s == "" {
		return
	}
	anchor, shift := "start", sty.XAlign
	switch sty.XAlign {
	case text.XCenter:
		anchor, shift = "middle", 0
	case text.XRight:
		anchor, shift = "end", 0
	}
	svg.SetColor(sty.Color)
	svg.Push()
	defer svg.Pop()
	svg.Rotate(sty.Rotation)
	sin64, cos64 := math.Sincos(sty.Rotation)
	sin, cos := vg.Length(sin64), vg.Length(cos64)
	pt.X, pt.Y = pt.Y*sin+pt.X*cos, pt.Y*cos-pt.X*sin

	lines := h.Lines(s)
	pt.Y += sty.Height(s)*vg.Length(sty.YAlign) - sty.FontExtents().Ascent
	for i, line := range lines {
		at := vg.Point{X: pt.X, Y: pt.Y + vg.Length(len(lines)-i)*sty.Font.Size}
		if shift != 0 {
			at.X += vg.Length(shift) * sty.Width(line)
		}
		svg.text(sty.Font, at, anchor, line)
	}
}

// text writes one line whose anchor (start, middle, end) stands at pt.
func (c *svgCanvas) text(f font.Font, pt vg.Point, anchor, s string) {
	if f.Size == 0 || strings.TrimSpace(s) == "" {
		return
	}
	c.flush()
	x, y := c.state.m.apply(pt)
	b := append(c.body, "<text"...)
	b, _ = c.paint(b, "fill")
	b = appendAttr(b, "x", x)
	b = appendAttr(b, "y", y)
	if anchor != "start" {
		b = append(append(append(b, ` text-anchor="`...), anchor...), '"')
	}
	b = appendAttr(b, "font-size", float64(f.Size)*c.state.m.scale())
	if f.Weight >= xfont.WeightSemiBold {
		b = append(b, ` font-weight="600"`...)
	}
	// Upright text has the matrix (1, 0, 0, -1), since the page has y down.
	if turn := math.Atan2(c.state.m.b, c.state.m.a); math.Abs(turn) > 1e-9 {
		b = append(b, ` transform="rotate(`...)
		b = append(appendNumber(b, turn*180/math.Pi), ' ')
		b = append(appendPair(b, x, y), `)"`...)
	}
	b = append(b, '>')
	if whole, ok := c.full[s]; ok {
		b = append(b, "<title>"...)
		b = append(appendEscaped(b, whole), "</title>"...)
	}
	b = appendEscaped(b, s)
	c.body = append(b, "</text>\n"...)
}

// appendEscaped writes s as XML character data. What XML cannot hold becomes
// U+FFFD.
func appendEscaped(b []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '"':
			b = append(b, "&quot;"...)
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0xfffe, r == 0xffff:
			b = utf8.AppendRune(b, utf8.RuneError)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// oneLine makes a name from data fit for a line of text: no breaks, no
// control characters, valid UTF-8.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// elide shortens s in the middle until it fits the width: names that share a
// beginning often differ at the end.
func elide(s string, sty text.Style, width vg.Length) string {
	if sty.Width(s) <= width {
		return s
	}
	r := []rune(s)
	lo, hi := 0, len(r) // lo runes fit, hi do not
	cut := func(n int) string { return string(r[:(n+1)/2]) + "…" + string(r[len(r)-n/2:]) }
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; sty.Width(cut(mid)) <= width {
			lo = mid
		} else {
			hi = mid
		}
	}
	return cut(lo)
}

// wrap breaks s at spaces into lines of at most the width; a longer word has
// a line of its own.
func wrap(s string, sty text.Style, width vg.Length) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(s) {
		switch {
		case line == "":
			line = w
		case sty.Width(line+" "+w) <= width:
			line += " " + w
		default:
			lines = append(lines, line)
			line = w
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
