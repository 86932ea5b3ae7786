package plots

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// somePanels are n panels with a line each.
func somePanels(n int) []*plot.Plot {
	ps := make([]*plot.Plot, n)
	for i := range ps {
		p := newPlot()
		p.Title.Text = fmt.Sprintf("panel %d", i+1)
		p.X.Label.Text, p.Y.Label.Text = "x", "y"
		x, y := []float64{0, 1, 2}, []float64{0, float64(i), 1}
		p.Add(level(), line2(x, y, lineStyle(Accent, dataWidth)))
		span(&p.X, x)
		span(&p.Y, y)
		ps[i] = p
	}
	return ps
}

// Panels of any number, with axes shared and a legend, stand on the page and
// not on each other.
func TestGridPlaces(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 12, 20} {
		for _, opt := range []Options{{}, {Width: 90 * vg.Millimeter, NoCaption: true}, {Height: 150 * vg.Millimeter, Title: "a title"}} {
			f := &Figure{caption: "words", title: "t", desc: "d"}
			g := facets{plots: somePanels(n), sharedX: true, sharedY: true, columns: 0,
				legend: legend{head: "model", entries: []entry{{name: "first", line: lineStyle(Series1, dataWidth)}, {name: strings.Repeat("long ", 20), area: Series2.Fade(bandOpacity)}}}}
			shareScales(g.plots, true, true)
			f.layOutGrid(g, opt)
			for i, p := range f.panels {
				a := p.area
				if a.Min.X < 0 || a.Min.Y < 0 || a.Max.X > f.w || a.Max.Y > f.h || a.Size().X < 10*vg.Millimeter || a.Size().Y < 10*vg.Millimeter {
					t.Errorf("%d panels, %+v: panel %d is at %v on a page of %v by %v", n, opt, i, a, f.w, f.h)
				}
				for _, q := range f.panels[:i] {
					if b := q.area; a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y {
						t.Errorf("%d panels, %+v: panel %d stands on another", n, opt, i)
					}
				}
			}
			if opt.Width > 0 && f.w != opt.Width && n == 1 {
				t.Errorf("%d panels: width %v, want %v", n, f.w, opt.Width)
			}
			// Below its strips and axes a panel keeps 14 mm.
			if d := f.h - opt.Height; opt.Height > 0 && n <= 12 && (d > 1 || d < -1) {
				t.Errorf("%d panels: height %v, want %v", n, f.h, opt.Height)
			}
			root := parse(t, svgOf(t, f))
			if opt.Title != "" && (root.all("title")[0].Text != opt.Title || f.Title() != opt.Title) {
				t.Errorf("title %q", root.all("title")[0].Text)
			}
			whole := false
			for _, e := range root.all("text") {
				for _, c := range e.all("title") {
					whole = whole || c.Text == strings.Repeat("long ", 20)
				}
			}
			if !whole {
				t.Errorf("%d panels: a name that was shortened is not told whole", n)
			}
		}
	}
}

func TestShareScales(t *testing.T) {
	ps := somePanels(3)
	lo, hi := ps[2].Y.Min, ps[2].Y.Max
	shareScales(ps, false, true)
	for _, p := range ps {
		if p.Y.Min > lo || p.Y.Max < hi || p.Y.Max != ps[0].Y.Max {
			t.Errorf("%v to %v", p.Y.Min, p.Y.Max)
		}
	}
}

func TestPages(t *testing.T) {
	from, to, words, err := Options{Page: 2}.pageOf(45, 20)
	if from != 20 || to != 40 || err != nil || words != " Page 2 of 3: panels 21 to 40 of 45." {
		t.Errorf("%d to %d, %q, %v", from, to, words, err)
	}
	if from, to, words, err := (Options{}).pageOf(20, 20); from != 0 || to != 20 || words != "" || err != nil {
		t.Errorf("%d to %d, %q, %v", from, to, words, err)
	}
	var oe *OptionError
	if _, _, _, err := (Options{Page: 4}).pageOf(45, 20); !errors.As(err, &oe) || oe.Known[0] != "1 to 3" {
		t.Errorf("page 4 of 3: %v", err)
	}
}

// A figure with a theme of its own has the colours of that theme and no
// classes that a page could change.
func TestThemes(t *testing.T) {
	m := sleepstudy(t)
	dark := svgOf(t, Caterpillar(m, Options{Theme: DarkTheme}))
	if !strings.Contains(dark, `stroke="#7db5f2"`) || strings.Contains(dark, "#1d4f91") || strings.Contains(dark, "light-dark") {
		t.Error("the dark figure is not dark")
	}
	light := svgOf(t, Caterpillar(m, Options{Theme: LightTheme}))
	if !strings.Contains(light, `stroke="#1d4f91"`) || strings.Contains(light, "#7db5f2") || strings.Contains(light, ` class="s-`) {
		t.Error("the light figure is not light")
	}
	b, err := Caterpillar(m, Options{Theme: DarkTheme}).PNG()
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := decode(t, b).At(0, 0).RGBA(); r>>8 != 0x16 || g>>8 != 0x19 || b>>8 != 0x1d {
		t.Errorf("the page of the dark PNG is %x %x %x", r>>8, g>>8, b>>8)
	}
}
