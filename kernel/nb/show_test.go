package nb

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/table"
	"gonum.org/v1/gonum/mat"
)

// record is a screen that remembers.
type record struct{ shown []bundle }

func (r *record) show(b bundle) { r.shown = append(r.shown, b) }
func (r *record) sync()         {}

type drawing struct{ err error }

func (d drawing) SVG() ([]byte, error) {
	return []byte(`<?xml version="1.0"?>` + "\n" + `<svg xmlns="http://www.w3.org/2000/svg"></svg>`), d.err
}
func (drawing) Title() string { return "A figure" }
func (drawing) Text() string  { return "its text" }

type panics struct{}

func (panics) String() string { panic("boom") }

func TestShowGoesOnAfterAFailure(t *testing.T) {
	var r record
	failures := show(&r, []any{"one", drawing{errors.New("no groups")}, panics{}, "four"})
	if len(failures) != 2 || len(r.shown) != 4 {
		t.Fatalf("%d failures, %d displays", len(failures), len(r.shown))
	}
	for i, want := range []string{"one", "display 2 of 4 (nb.drawing) failed: no groups", "display 3 of 4 (nb.panics) failed: panic: boom\nat ", "four"} {
		if !strings.HasPrefix(r.shown[i].text, want) {
			t.Errorf("display %d: %q, want %q", i+1, r.shown[i].text, want)
		}
	}
	if !strings.Contains(failures[0].text, "no groups") {
		t.Error(failures[0])
	}
}

func TestBundles(t *testing.T) {
	tab, err := table.New(table.NewFloats("x", []float64{1.5, 2}), table.NewTexts("name", []string{"<b>", "c"}))
	if err != nil {
		t.Fatal(err)
	}
	note := finding.Finding{Code: "B1", Severity: finding.Caution, Meaning: "A variance is 0."}
	for _, c := range []struct {
		thing any
		text  string // part of the text
		rich  bool   // whether there are other formats
	}{
		{(&report.Doc{}).Add(report.Sentence{Text: report.Words("hello")}), "hello", true},
		{drawing{}, "A figure\nits text", true},
		{tab, "2 rows, 2 columns", true},
		{note, "CAUTION: A variance is 0.", true},
		{[]finding.Finding{note}, "CAUTION: A variance is 0.", true},
		{[]finding.Finding(nil), "Nothing was found", true},
		{errors.New("y ~ Dayz\n    ^"), "y ~ Dayz\n    ^", false},
		{table.Factor, "factor", false},
		{"text", "text", false},
		{[]int{1, 2}, "[1 2]", false},
		{[]struct{ A, b int }{{3, 4}}, "A\n", true},
		{[]struct{ a int }{{3}}, "[{a:3}]", false},
		{Data("sleepstudy"), "180 rows, 3 columns", true},
		{(*Model)(nil), "nothing to show: a nil *nb.Model", false},
		{struct{ A int }{3}, "A   3", true},
		{&struct{ X, Y float64 }{math.NaN(), 1.0 / 3}, "Y   0.3333333\n-: not a finite number.", true},
		{struct{ a int }{3}, "{a:3}", false},
		{map[string]float64{"<b>": 2, "a": 1}, "<b>   2", true},
		{map[int]string{10: "ten", 9: "nine"}, "9    nine\n10   ten", true},
		{map[string]int{}, "map[]", false},
		{[][]float64{{1.5, 2}, {3, math.NaN()}}, "2   3.0   -", true},
		{[][]float64{{1}, {1, 2}}, "[[1] [1 2]]", false},
		{mat.NewSymDense(2, []float64{1, 2, 2, 4}), "2   2   4", true},
		{[]float64{1.0 / 3, math.NaN(), 2}, "0.3333333 - 2", false},
		{make([]float64, 1001), "The first 1000 of 1001 numbers.", false},
		{[]lmm.Modes{}, "There are no random effects.", true},
		{nil, "nothing to show: nil", false},
		{(*table.Table)(nil), "nothing to show: a nil *table.Table", false},
		{(*report.Doc)(nil), "nothing to show: a nil *report.Doc", false},
	} {
		b, err := render(c.thing)
		if err != nil {
			t.Errorf("%T: %v", c.thing, err)
			continue
		}
		if !strings.Contains(b.text, c.text) {
			t.Errorf("%T: text %q, want %q", c.thing, b.text, c.text)
		}
		if (b.html != "") != c.rich {
			t.Errorf("%T: HTML %q", c.thing, b.html)
		}
		if strings.Contains(b.html, "<b>") {
			t.Errorf("%T: a level is not escaped", c.thing)
		}
	}
}

func TestFigureIsInline(t *testing.T) {
	b, err := render(drawing{})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.html, "<?xml") || !strings.Contains(b.html, "<svg") {
		t.Errorf("HTML %q", b.html)
	}
	if !strings.HasPrefix(b.svg, "<?xml") {
		t.Errorf("SVG %q", b.svg)
	}
	data := b.data()
	for _, mime := range []string{"text/plain", "text/html", "image/svg+xml"} {
		found := false
		for k := range data {
			found = found || string(k) == mime
		}
		if !found {
			t.Errorf("no %s", mime)
		}
	}
	if len(data) != 3 {
		t.Errorf("formats %v", data)
	}
}

func TestTerminal(t *testing.T) {
	var b bytes.Buffer
	show(terminal{&b}, []any{"one\n", drawing{}})
	if want := "one\n\nA figure\nits text\n\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
