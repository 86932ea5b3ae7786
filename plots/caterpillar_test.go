package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/golmm/golmm/lmm"
)

// The points of a panel are an affine picture of the modes, the bars of the
// intervals, and the rows are evenly spaced.
func TestCaterpillarDrawsTheModes(t *testing.T) {
	m := sleepstudy(t)
	root := parse(t, svgOf(t, Caterpillar(m)))
	term := m.source[0]
	mode := make(map[string][]float64)
	half := make(map[string][]float64)
	for i, l := range term.Levels {
		mode[l] = term.Mode[i]
		half[l] = []float64{z95 * math.Sqrt(term.CondVar[i][0][0]), z95 * math.Sqrt(term.CondVar[i][1][1])}
	}
	groups := root.all("g")
	if len(groups) != 36 {
		t.Fatalf("%d rows, want 18 in each of 2 panels", len(groups))
	}
	for panel := range 2 {
		rows := groups[18*panel : 18*panel+18]
		var x, y, v, left, right, hw []float64
		for _, g := range rows {
			level, _, _ := strings.Cut(g.all("title")[0].Text, ":")
			dot, bar := g.all("circle")[0], g.all("path")[0]
			var x0, yb, x1 float64
			if _, err := fmt.Sscanf(bar.attr("d"), "M%g %gH%g", &x0, &yb, &x1); err != nil {
				t.Fatalf("bar %q: %v", bar.attr("d"), err)
			}
			if yb != dot.number(t, "cy") {
				t.Errorf("%s: the bar is at %v, the point at %v", level, yb, dot.number(t, "cy"))
			}
			x, y = append(x, dot.number(t, "cx")), append(y, yb)
			left, right = append(left, x0), append(right, x1)
			v, hw = append(v, mode[level][panel]), append(hw, half[level][panel])
		}
		scale := (slices.Max(x) - slices.Min(x)) / (slices.Max(v) - slices.Min(v))
		for i := range x {
			// Coordinates are rounded to 0.01 pt.
			if d := x[i] - x[0] - scale*(v[i]-v[0]); math.Abs(d) > 0.03 {
				t.Errorf("panel %d row %d: the point is %v pt off", panel, i, d)
			}
			if d := right[i] - left[i] - 2*scale*hw[i]; math.Abs(d) > 0.03 {
				t.Errorf("panel %d row %d: the bar is %v pt too long", panel, i, d)
			}
			// A row has 4.5 mm.
			if d := y[i] - y[0] - float64(i)*float64(rowPitch); math.Abs(d) > 0.03 {
				t.Errorf("panel %d row %d: %v pt off its place", panel, i, d)
			}
			if panel == 1 && i > 0 && v[i] < v[i-1] {
				t.Errorf("rows are not ordered by Days: %v after %v", v[i], v[i-1])
			}
		}
	}
}

func TestCaterpillarWords(t *testing.T) {
	f := Caterpillar(sleepstudy(t), Options{Units: DataUnits("sleepstudy")})
	root := parse(t, svgOf(t, f))
	if got := root.all("title")[0].Text; got != "Conditional modes of Subject" || got != f.Title() {
		t.Errorf("title %q", got)
	}
	desc := root.all("desc")[0].Text
	for _, want := range []string{"95 % intervals", "ordered by Days", "2 panels", "18 levels", "335 is lowest", "308 highest", "Reaction ~ Days"} {
		if !strings.Contains(desc, want) {
			t.Errorf("desc lacks %q: %s", want, desc)
		}
	}
	if root.attr("role") != "img" || root.attr("class") != "golmm-fig" {
		t.Error("the svg element lacks its role or class")
	}
	var words []string
	for _, e := range root.all("text") {
		words = append(words, e.Text)
		if v := e.number(t, "font-size"); v < 8 {
			t.Errorf("text %q has %v pt", e.Text, v)
		}
	}
	all := strings.Join(words, "|")
	for _, want := range []string{"|(Intercept)|", "|Days|", "335|309|310", "−40|−20|0|20", "deviation, ms", "deviation, ms per day"} {
		if !strings.Contains("|"+all+"|", want) {
			t.Errorf("the picture lacks %q: %s", want, all)
		}
	}
	if text := f.Text(); !strings.Contains(text, "335             -0.3  -24.0    23.3  -10.75  -15.27   -6.23\n") || strings.Contains(text, minus) {
		t.Errorf("text twin:\n%s", text)
	}
}

func TestCaterpillarOrders(t *testing.T) {
	m := sleepstudy(t)
	first := func(o Options) string {
		t.Helper()
		root := parse(t, svgOf(t, Caterpillar(m, o)))
		level, _, _ := strings.Cut(root.all("g")[0].all("title")[0].Text, ":")
		return level
	}
	for _, c := range []struct {
		opt  Options
		want string
	}{
		{Options{}, "335"},
		{Options{OrderBy: "(Intercept)"}, "309"},
		{Options{LevelOrder: true}, "308"},
	} {
		if got := first(c.opt); got != c.want {
			t.Errorf("%+v: %s on top, want %s", c.opt, got, c.want)
		}
	}
}

// Terms of one grouping factor are one block; factors stand below each other
// and share the scale of a coefficient.
func TestCaterpillarTerms(t *testing.T) {
	f := Caterpillar(source{simulated("a", 5, "(Intercept)"), simulated("a", 5, "x"), simulated("b", 3, "(Intercept)")})
	ps := f.Plots()
	if len(ps) != 3 || ps[0].Title.Text != "(Intercept)" || ps[1].Title.Text != "x" || ps[2].Title.Text != "(Intercept)" {
		t.Fatalf("%d panels", len(ps))
	}
	if ps[0].X.Min != ps[2].X.Min || ps[0].X.Max != ps[2].X.Max {
		t.Error("the intercepts of a and b have different scales")
	}
	if f.panels[0].area.Min.X != f.panels[2].area.Min.X || f.panels[0].area.Min.Y <= f.panels[2].area.Max.Y {
		t.Error("b does not stand below a")
	}
	only := Caterpillar(source{simulated("a", 5, "(Intercept)"), simulated("b", 3, "(Intercept)")}, Options{Group: "b"})
	if len(only.Plots()) != 1 || only.Title() != "Conditional modes of b" {
		t.Errorf("Group: b gives %d panels and %q", len(only.Plots()), only.Title())
	}
}

// A user's change to a panel is in the picture, and panels keep their places.
func TestCaterpillarPanelsCanBeChanged(t *testing.T) {
	f := Caterpillar(sleepstudy(t))
	f.Plots()[1].Title.Text = "Slope"
	f.Plots()[1].X.Min, f.Plots()[1].X.Max = -5, 5
	root := parse(t, svgOf(t, f))
	right := float64(f.panels[1].area.Max.X)
	left := float64(f.panels[1].area.Min.X)
	for _, g := range root.all("g")[18:] {
		for _, bar := range g.all("path") {
			var x0, y, x1 float64
			if _, err := fmt.Sscanf(bar.attr("d"), "M%g %gH%g", &x0, &y, &x1); err != nil {
				t.Fatal(err)
			}
			if x0 < left-0.01 || x1 > right+0.01 {
				t.Errorf("a bar leaves the panel: %v to %v outside %v to %v", x0, x1, left, right)
			}
		}
	}
	if !strings.Contains(svgOf(t, f), ">Slope</text>") {
		t.Error("the new strip is not drawn")
	}
}

func TestCaterpillarSaysWhatIsWrong(t *testing.T) {
	short := simulated("g", 3, "(Intercept)")
	short.Mode = short.Mode[:2]
	ragged := simulated("g", 3, "(Intercept)", "x")
	ragged.Mode[1] = ragged.Mode[1][:1]
	good := source{simulated("g", 3, "(Intercept)")}
	for name, c := range map[string]struct {
		f    *Figure
		want string
	}{
		"none":    {Caterpillar(source{}), "no random effects"},
		"short":   {Caterpillar(source{short}), "3 levels have 2 rows of modes"},
		"ragged":  {Caterpillar(source{ragged}), `level "g 2" has 1 modes for 2 coefficients`},
		"empty":   {Caterpillar(source{{Group: "g"}}), "no levels"},
		"group":   {Caterpillar(good, Options{Group: "h"}), `Options.Group is "h"; the model has g`},
		"order":   {Caterpillar(good, Options{OrderBy: "x"}), `Options.OrderBy is "x"; the model has (Intercept)`},
		"options": {Caterpillar(good, Options{}, Options{}), "more than one Options"},
	} {
		_, svg := c.f.SVG()
		_, png := c.f.PNG()
		save := c.f.Save("x.svg")
		for _, err := range []error{c.f.Err(), svg, png, save} {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got %v, want it to say %q", name, err, c.want)
			}
		}
		if !strings.Contains(c.f.Text(), c.want) {
			t.Errorf("%s: Text does not tell the error", name)
		}
	}
	var oe *OptionError
	if err := Caterpillar(good, Options{Group: "h"}).Err(); !errors.As(err, &oe) || oe.Known[0] != "g" {
		t.Errorf("not an OptionError: %v", err)
	}
}

func TestCaterpillarAwkward(t *testing.T) {
	f := Caterpillar(awkward())
	svg := svgOf(t, f)
	if n := strings.Count(svg, ">not applicable</text>"); n != 7 {
		t.Errorf("%d rows say that they have no interval, want 7", n)
	}
	for _, want := range []string{"学校の名前はとても長いです", "Élève n° 5 à Zürich", "…", "6 of 8 levels of g have no interval"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Error("the picture has NaN or Inf")
	}
}

func TestCaterpillarAtZeroVariance(t *testing.T) {
	m := simulated("Batch", 6, "(Intercept)")
	for i := range m.Mode {
		m.Mode[i][0], m.CondVar[i][0][0] = 0, 0
	}
	svg := svgOf(t, Caterpillar(source{m}))
	if !strings.Contains(svg, "All modes of Batch are 0") {
		t.Error("the caption does not say that all modes are 0")
	}
	if n := strings.Count(svg, "<circle"); n != 6 {
		t.Errorf("%d points, want 6", n)
	}
}

// A page has at most 240 mm, at whatever number of levels; labels thin out and
// keep both ends.
func TestCaterpillarManyLevels(t *testing.T) {
	for _, n := range []int{1, 2, 40, 53, 54, 120, 501, 3000} {
		f := Caterpillar(source{simulated("g", n, "(Intercept)")})
		_, h := f.Size()
		if h > maxPage+0.01 {
			t.Errorf("%d levels: the page is %v mm high", n, float64(h/maxPage)*240)
		}
		p := f.Plots()[0]
		ticks := p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max)
		pitch := float64(f.panels[0].area.Size().Y) / (p.Y.Max - p.Y.Min)
		for i := 1; i < len(ticks); i++ {
			if d := (ticks[i].Value - ticks[i-1].Value) * pitch; d < 9 {
				t.Errorf("%d levels: labels %d and %d are %v pt apart", n, i-1, i, d)
			}
		}
		if ticks[0].Value != 0 || ticks[len(ticks)-1].Value != float64(min(n, maxRows)-1) {
			t.Errorf("%d levels: the ends have no labels", n)
		}
		svgOf(t, f)
	}
}

// No names and numbers, however odd, stop a picture from being XML.
func TestCaterpillarAnyModes(t *testing.T) {
	value := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-3, 3), rapid.Just(math.NaN()), rapid.Just(math.Inf(-1)))
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.IntRange(1, 14).Draw(rt, "coefficients")
		m := lmm.Modes{Group: rapid.String().Draw(rt, "group")}
		for range k {
			m.Names = append(m.Names, rapid.String().Draw(rt, "name"))
		}
		for range rapid.IntRange(1, 5).Draw(rt, "levels") {
			m.Levels = append(m.Levels, rapid.String().Draw(rt, "level"))
			row, cond := make([]float64, k), make([][]float64, k)
			for j := range row {
				row[j] = value.Draw(rt, "mode")
				cond[j] = make([]float64, k)
				cond[j][j] = value.Draw(rt, "variance")
			}
			m.Mode, m.CondVar = append(m.Mode, row), append(m.CondVar, cond)
		}
		svg := svgOf(t, Caterpillar(source{m}))
		parse(t, svg)
		if strings.Contains(svg, `"NaN`) || strings.Contains(svg, `Inf"`) {
			rt.Fatalf("a coordinate is not finite:\n%s", svg)
		}
	})
}

func BenchmarkCaterpillarSVG(b *testing.B) {
	m := sleepstudy(b)
	b.ReportAllocs()
	for b.Loop() {
		svg, err := Caterpillar(m).SVG()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(svg)), "bytes")
	}
}
