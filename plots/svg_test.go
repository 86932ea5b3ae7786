package plots

import (
	"encoding/xml"
	"errors"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// element is an element of a parsed document.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e *element) number(t testing.TB, name string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(e.attr(name), 64)
	if err != nil {
		t.Fatalf("<%s> has %s=%q", e.XMLName.Local, name, e.attr(name))
	}
	return v
}

// all are the elements with a name, in the order of the document.
func (e *element) all(name string) []*element {
	var out []*element
	for i := range e.Children {
		if c := &e.Children[i]; c.XMLName.Local == name {
			out = append(out, c)
		}
		out = append(out, e.Children[i].all(name)...)
	}
	return out
}

func parse(t testing.TB, svg string) *element {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(strings.TrimSpace(svg)))
	var root element
	if err := dec.Decode(&root); err != nil {
		t.Fatalf("not XML: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		t.Fatalf("something follows the svg element: %v", err)
	}
	return &root
}

// Every shape has a class that a style can turn dark and, for programs that
// know no classes, the light colour beside it.
func TestSVGInksHaveClassAndFallback(t *testing.T) {
	root := parse(t, svgOf(t, Caterpillar(sleepstudy(t))))
	style := root.all("style")[0].Text
	for _, name := range []string{"path", "circle", "text"} {
		shapes := root.all(name)
		if len(shapes) == 0 {
			t.Errorf("no <%s>", name)
		}
		for _, s := range shapes {
			kind := "fill"
			if s.attr("stroke") != "" {
				kind = "stroke"
			}
			class := s.attr("class")
			if !strings.Contains(style, ".golmm-fig ."+class+"{"+kind+":var(--"+class[2:]+")}") {
				t.Errorf("<%s class=%q>: the style has no rule for it", name, class)
			}
			if !strings.Contains(style, "--"+class[2:]+":"+s.attr(kind)+";") {
				t.Errorf("<%s class=%q %s=%q>: the style declares another light value", name, class, kind, s.attr(kind))
			}
			if s.attr("style") != "" || s.attr("id") != "" {
				t.Errorf("<%s> has a style or an id", name)
			}
		}
	}
	if len(root.all("script")) > 0 || strings.Contains(style, "@import") || strings.Contains(style, "url(") {
		t.Error("the figure loads or runs something")
	}
}

// A canvas draws what it is told whatever transformation is in force.
func TestSVGCanvasTransforms(t *testing.T) {
	c := newSVGCanvas(100, 50)
	c.Push()
	c.Translate(vg.Point{X: 10, Y: 20})
	c.Rotate(math.Pi / 2)
	c.Scale(2, 2)
	var p vg.Path
	p.Move(vg.Point{})
	p.Line(vg.Point{X: 5})
	c.SetColor(color.NRGBA{R: 255, A: 128})
	c.SetLineWidth(1)
	c.SetLineDash([]vg.Length{3, 1}, 0.5)
	c.Stroke(p)
	c.Pop()
	c.SetColor(nil)
	var q vg.Path
	q.Move(vg.Point{X: 12, Y: 10})
	q.Arc(vg.Point{X: 10, Y: 10}, 2, 0, math.Pi)
	q.CubeTo(vg.Point{X: 1, Y: 1}, vg.Point{X: 2, Y: 2}, vg.Point{X: 3, Y: 3})
	q.QuadTo(vg.Point{X: 4, Y: 4}, vg.Point{X: 5, Y: 5})
	q.Close()
	c.Fill(q)
	got := string(c.document("", ""))
	for _, want := range []string{
		// From (10, 20) 10 up: y 30 to 20 with y down; the line is twice as wide.
		`stroke="#ff0000" stroke-opacity="0.5" stroke-width="2" stroke-dasharray="3 1" stroke-dashoffset="0.5" fill="none" d="M10 30V20"`,
		// Half a turn against the clock ends on the left.
		`<path fill="#000000" d="M12 40A2 2 0 0 0 8 40C1 49 2 48 3 47Q4 46 5 45Z"/>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %s in\n%s", want, got)
		}
	}
}

func TestSVGCanvasLeavesOutWhatIsNotFinite(t *testing.T) {
	c := newSVGCanvas(10, 10)
	var p vg.Path
	p.Move(vg.Point{X: vg.Length(math.NaN())})
	p.Line(vg.Point{X: 1})
	c.Stroke(p)
	c.Fill(p)
	c.Stroke(nil)
	if got := string(c.document("t", "d")); strings.Contains(got, "<path") || strings.Contains(got, "NaN") {
		t.Errorf("drew %s", got)
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		`a<b>&"c"`:       "a&lt;b&gt;&amp;&quot;c&quot;",
		"\x00\x0b\xff":   "\ufffd\ufffd\ufffd",
		"学校\ufffe":       "学校\ufffd",
		"tab\tnewline\n": "tab\tnewline\n",
	} {
		if got := string(appendEscaped(nil, in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestNumbersAreShort(t *testing.T) {
	for in, want := range map[float64]string{0: "0", -0.001: "0", 1: "1", 1.005: "1", -2.346: "-2.35", 120.5: "120.5"} {
		if got := string(appendNumber(nil, in)); got != want {
			t.Errorf("%v: got %s, want %s", in, got, want)
		}
	}
}
