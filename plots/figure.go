package plots

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// pngDPI gives a 150 mm figure 1134 pixels.
const pngDPI = 192

// Figure is a page of panels. A Figure whose Err is not nil has no panels, and
// SVG, PNG, Draw and Save return that error; so a figure can be passed on
// where it is made, and the failure is told where it is shown.
type Figure struct {
	title, desc, caption, twin string
	w, h                       vg.Length
	panels                     []panel
	notes                      []note
	keys                       []key
	full                       map[string]string // names that were shortened
	theme                      Theme
	err                        error
}

// panel is a plot and the rectangle of its data area on the page.
type panel struct {
	plot *plot.Plot
	area vg.Rectangle
}

// note is text on the page outside the panels.
type note struct {
	at    vg.Point
	style text.Style
	text  string
}

// Err says why there is no figure, nil if there is one.
func (f *Figure) Err() error { return f.err }

// Title is a short name of the figure.
func (f *Figure) Title() string { return f.title }

// Caption says in a few sentences what is drawn.
func (f *Figure) Caption() string { return f.caption }

// Text is the figure's content in plain text: the caption and the numbers.
func (f *Figure) Text() string {
	if f.err != nil {
		return f.err.Error() + "\n"
	}
	return f.twin
}

// Plots are the panels, row by row from the top left. They may be changed
// before the figure is written; their places on the page stay.
func (f *Figure) Plots() []*plot.Plot {
	ps := make([]*plot.Plot, len(f.panels))
	for i, p := range f.panels {
		ps[i] = p.plot
	}
	return ps
}

// Size is the width and height of the page.
func (f *Figure) Size() (w, h vg.Length) { return f.w, f.h }

// Draw draws the figure on a canvas of any gonum/plot back end. The lower left
// corner of the page is that of the canvas.
func (f *Figure) Draw(c draw.Canvas) error {
	if f.err != nil {
		return f.err
	}
	page := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
		Min: c.Min,
		Max: c.Min.Add(vg.Point{X: f.w, Y: f.h}),
	}}
	page.FillPolygon(Surface, []vg.Point{
		page.Min, {X: page.Max.X, Y: page.Min.Y}, page.Max, {X: page.Min.X, Y: page.Max.Y},
	})
	for _, p := range f.panels {
		p.draw(page)
	}
	for _, k := range f.keys {
		k.draw(page)
	}
	for _, n := range f.notes {
		page.FillText(n.style, n.at.Add(page.Min), n.text)
	}
	return nil
}

// note puts text on the page, shortened to a width.
func (f *Figure) note(at vg.Point, sty text.Style, s string, width vg.Length) {
	f.notes = append(f.notes, note{at: at, style: sty, text: f.shorten(s, sty, width)})
}

// shorten is elide, and the figure remembers the whole: in SVG a shortened text
// has it as its title.
func (f *Figure) shorten(s string, sty text.Style, width vg.Length) string {
	short := elide(s, sty, width/fontSlack)
	if short != s {
		if f.full == nil {
			f.full = make(map[string]string)
		}
		f.full[short] = s
	}
	return short
}

// shortenApart shortens names; where that makes two of them one, without the
// beginning that all share.
func (f *Figure) shortenApart(names []string, sty text.Style, width vg.Length) []string {
	short := make([]string, len(names))
	whole := make(map[string]string, len(names))
	clash := false
	for i, name := range names {
		short[i] = f.shorten(name, sty, width)
		if was, seen := whole[short[i]]; seen && was != name {
			clash = true
		}
		whole[short[i]] = name
	}
	shared := sharedBeginning(names)
	if !clash || shared == 0 {
		return short
	}
	for i, name := range names {
		short[i] = f.shorten("…"+name[shared:], sty, width)
		f.full[short[i]] = name
	}
	return short
}

// sharedBeginning is the length of what all names begin with.
func sharedBeginning(names []string) int {
	n := len(names[0])
	for _, name := range names {
		n = min(n, len(name))
		for n > 0 && (name[:n] != names[0][:n] || !utf8.RuneStart((name + " ")[n])) {
			n--
		}
	}
	return n
}

// draw draws the panel so that its data area falls on p.area. The title goes
// to the left edge of that area, where gonum/plot would centre it.
func (p panel) draw(page draw.Canvas) {
	want := vg.Rectangle{Min: p.area.Min.Add(page.Min), Max: p.area.Max.Add(page.Min)}
	untitled := *p.plot
	untitled.Title.Text = ""
	untitled.Draw(around(&untitled, draw.Canvas{Canvas: page.Canvas, Rectangle: want}))
	if t := p.plot.Title; t.Text != "" {
		page.FillText(t.TextStyle, vg.Point{X: want.Min.X, Y: want.Max.Y + t.Padding}, t.Text)
	}
}

// around is the canvas on which p.Draw puts its data area at want. What p
// reserves beside the data depends a little on the size that it is given, so
// the canvas is corrected until it fits.
func around(p *plot.Plot, want draw.Canvas) draw.Canvas {
	c := want
	const close = 0.01 // points
	for range 6 {
		got := p.DataCanvas(c)
		off := max(math.Abs(float64(want.Min.X-got.Min.X)), math.Abs(float64(want.Max.X-got.Max.X)),
			math.Abs(float64(want.Min.Y-got.Min.Y)), math.Abs(float64(want.Max.Y-got.Max.Y)))
		if off < close {
			break
		}
		c.Min.X += want.Min.X - got.Min.X
		c.Min.Y += want.Min.Y - got.Min.Y
		c.Max.X += want.Max.X - got.Max.X
		c.Max.Y += want.Max.Y - got.Max.Y
	}
	return c
}

// SVG writes the figure as an SVG document that can also stand inside a page
// of HTML: no XML prologue, no script, no ids. It follows the page's light or
// dark theme.
func (f *Figure) SVG() ([]byte, error) {
	c := newSVGCanvas(f.w, f.h)
	c.theme, c.full = f.theme, f.full
	if err := f.Draw(draw.New(c)); err != nil {
		return nil, err
	}
	return c.document(f.title, f.desc), nil
}

// PNG writes the figure as an image, with the light colours unless its theme is
// dark. Characters that
// the Liberation fonts lack, Chinese for example, are drawn as boxes; Missing
// names them, and SVG has them.
func (f *Figure) PNG() ([]byte, error) {
	if f.err != nil {
		return nil, f.err
	}
	c := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(f.w, f.h), vgimg.UseDPI(pngDPI))}
	if err := f.Draw(draw.New(inked{c, f.theme})); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, paletted(c.Image())); err != nil {
		return nil, fmt.Errorf("plots: %w", err)
	}
	return b.Bytes(), nil
}

// Save writes the figure to a file, SVG, PNG or PDF by the extension.
func (f *Figure) Save(path string) error {
	format, err := FormatOf(path)
	if err != nil {
		return err
	}
	var data []byte
	switch format {
	case ".svg":
		data, err = f.SVG()
	case ".png":
		data, err = f.PNG()
	case ".pdf":
		data, err = f.PDF()
	}
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o666)
}

// FormatOf is the format in which Save writes a file of that name: ".svg",
// ".png" or ".pdf"; a *FormatError for another.
func FormatOf(path string) (string, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".svg", ".png", ".pdf":
		return ext, nil
	default:
		return "", &FormatError{Path: path, Ext: ext}
	}
}
