package plots

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// mark is a disc or a bar of a picture in the coordinates of its panel.
type mark struct {
	tip    string // title of its group
	panel  int
	x, y   float64 // of the first circle, NaN without one
	x0, x1 float64 // of the first line, NaN without one
	y0, y1 float64
}

// drawn reads the marks that have tooltips back from the picture.
func drawn(t testing.TB, f *Figure) []mark {
	t.Helper()
	var marks []mark
	for _, g := range parse(t, svgOf(t, f)).all("g") {
		m := mark{tip: g.all("title")[0].Text, x: math.NaN(), y: math.NaN(), x0: math.NaN(), x1: math.NaN(), y0: math.NaN(), y1: math.NaN()}
		px, py := math.NaN(), math.NaN()
		var ends []float64
		for _, e := range g.all("path") {
			if e.attr("stroke") != "" && e.attr("stroke-linecap") == "" {
				ends = pathEnds(t, e.attr("d"))
				px, py = ends[0], ends[1]
				break
			}
		}
		if c := g.all("circle"); len(c) > 0 {
			px, py = c[0].number(t, "cx"), c[0].number(t, "cy")
			m.x, m.y = px, py
		}
		if math.IsNaN(px) {
			marks = append(marks, m)
			continue
		}
		m.panel = f.panelAt(px, py)
		if m.panel < 0 {
			t.Fatalf("%s is at %v, %v, in no panel", m.tip, px, py)
		}
		m.x, m.y = f.dataAt(m.panel, m.x, m.y)
		if ends != nil {
			m.x0, m.y0 = f.dataAt(m.panel, ends[0], ends[1])
			m.x1, m.y1 = f.dataAt(m.panel, ends[2], ends[3])
		}
		marks = append(marks, m)
	}
	return marks
}

// pathEnds are the first two points of path data.
func pathEnds(t testing.TB, d string) []float64 {
	t.Helper()
	re := regexp.MustCompile(`^M([-\d.]+) ([-\d.]+)(?:H([-\d.]+)|V([-\d.]+)|L([-\d.]+) ([-\d.]+))`)
	s := re.FindStringSubmatch(d)
	if s == nil {
		t.Fatalf("path %q", d)
	}
	v := make([]float64, len(s))
	for i := range s {
		v[i], _ = strconv.ParseFloat(s[i], 64)
	}
	switch {
	case s[3] != "":
		return []float64{v[1], v[2], v[3], v[2]}
	case s[4] != "":
		return []float64{v[1], v[2], v[1], v[4]}
	}
	return []float64{v[1], v[2], v[5], v[6]}
}

// panelAt is the panel under a point of the SVG, -1 for none.
func (f *Figure) panelAt(x, y float64) int {
	const edge = 0.1
	y = float64(f.h) - y
	for i, p := range f.panels {
		if x >= float64(p.area.Min.X)-edge && x <= float64(p.area.Max.X)+edge && y >= float64(p.area.Min.Y)-edge && y <= float64(p.area.Max.Y)+edge {
			return i
		}
	}
	return -1
}

// dataAt turns a point of the SVG into data.
func (f *Figure) dataAt(panel int, x, y float64) (float64, float64) {
	p := f.panels[panel]
	at := func(v float64, lo, hi vg.Length) float64 { return (v - float64(lo)) / float64(hi-lo) }
	u, w := at(x, p.area.Min.X, p.area.Max.X), at(float64(f.h)-y, p.area.Min.Y, p.area.Max.Y)
	ax, ay := p.plot.X, p.plot.Y
	back := func(share, lo, hi float64, unit float64) float64 {
		if unit > 0.5 { // inverted
			share = 1 - share
		}
		return lo + share*(hi-lo)
	}
	return back(u, ax.Min, ax.Max, ax.Scale.Normalize(ax.Min, ax.Max, ax.Min)), back(w, ay.Min, ay.Max, ay.Scale.Normalize(ay.Min, ay.Max, ay.Min))
}

// closeX is what 0.1 pt is worth on the x axis of a panel: coordinates are
// rounded to 0.01 pt, and placing a panel leaves as much again.
func (f *Figure) closeX(panel int) float64 {
	p := f.panels[panel]
	return 0.1 * (p.plot.X.Max - p.plot.X.Min) / float64(p.area.Size().X)
}

func (f *Figure) closeY(panel int) float64 {
	p := f.panels[panel]
	return 0.1 * (p.plot.Y.Max - p.plot.Y.Min) / float64(p.area.Size().Y)
}

// same compares two numbers of which both may be NaN.
func same(a, b, tolerance float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= tolerance
}

// tipped finds the mark whose tooltip begins with a name.
func tipped(t testing.TB, marks []mark, panel int, name string) mark {
	t.Helper()
	for _, m := range marks {
		if m.panel == panel && strings.HasPrefix(m.tip, name+": ") {
			return m
		}
	}
	t.Fatalf("no mark %q in panel %d", name, panel)
	return mark{}
}

var (
	numeral        = regexp.MustCompile(`-?\d+(\.\d+)?`)
	regexpCommands = regexp.MustCompile(`([MLHV])([^MLHVZ]*)`)
)

func parsed(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}

// goldenSVG compares a figure with the picture that was looked at: the same
// elements, attributes and words in the same order, numbers to 0.06, which is
// a fifth of a hair of 0.3 pt and more than processors differ by. The picture
// has its light and its dark colours.
func goldenSVG(t *testing.T, f *Figure, name string) {
	t.Helper()
	got := svgOf(t, f)
	path := "testdata/" + name + ".svg"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := string(b)
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	if len(g) != len(w) {
		t.Fatalf("%d lines, %s has %d; look at the picture, then run with -update", len(g), path, len(w))
	}
	for i := range g {
		if numeral.ReplaceAllString(g[i], "#") != numeral.ReplaceAllString(w[i], "#") {
			t.Fatalf("line %d is\n%.300s\n, in %s\n%.300s\nlook at the picture, then run with -update", i+1, g[i], path, w[i])
		}
		a, b := numeral.FindAllString(g[i], -1), numeral.FindAllString(w[i], -1)
		for k := range a {
			x, _ := strconv.ParseFloat(a[k], 64)
			y, _ := strconv.ParseFloat(b[k], 64)
			if !(math.Abs(x-y) <= 0.06) {
				t.Fatalf("line %d has %v, in %s %v; look at the picture, then run with -update", i+1, x, path, y)
			}
		}
	}
}
