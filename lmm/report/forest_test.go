package report_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/report"
)

func forest() report.Forest {
	nan := math.NaN()
	return report.Forest{Title: "Effects", How: "bars", Heads: []string{"estimate"}, Groups: []report.ForestGroup{
		{Name: "x <b>", Rows: []report.ForestRow{
			{Label: report.Words("as it stands"), Mark: report.Judged, Value: 2, Lower: 1, Upper: 3, Cells: []report.Cell{report.Num("2.0")}},
			{Label: report.Words("another"), Mark: report.Same, Value: 2.5, Lower: 1.5, Upper: 3.5, Cells: []report.Cell{report.Num("-2.5")}},
			{Label: report.Words("no interval"), Mark: report.Same, Value: 2, Lower: nan, Upper: nan, Cells: []report.Cell{report.Num("2.0")}},
			{Label: report.Words("nothing"), Mark: report.Same, Value: nan, Lower: nan, Upper: nan, Cells: []report.Cell{report.Num(report.Missing)}}}},
		{Name: "x", Aside: "another estimand", Broken: true, Rows: []report.ForestRow{
			{Label: report.Words("far off"), Mark: report.Other, Value: 200, Lower: 100, Upper: 300, Cells: []report.Cell{report.Num("200")}}}},
	}}
}

// The picture of each group has its own scale, the interval inside of it; what is
// not known is not drawn.
func TestForest(t *testing.T) {
	doc := (&report.Doc{}).Add(forest())
	page := doc.HTML()
	for _, bad := range []string{"NaN", "Inf", "%!", "<b>"} {
		if strings.Contains(page, bad) {
			t.Errorf("%s in %s", bad, page)
		}
	}
	if n := strings.Count(page, `<svg role="img"`); n != 4 {
		t.Errorf("%d marks, want 4", n)
	}
	if !strings.Contains(page, "g-b") || !strings.Contains(page, "<path") || !strings.Contains(page, "&lt;b&gt;") {
		t.Errorf("no break, no diamond or no escape in %s", page)
	}
	// The estimate judged is in the middle of 1 to 3.5: (2 - 1 + 0.15) / 2.8.
	if !strings.Contains(page, `cx="41.1%"`) {
		t.Errorf("the ring is elsewhere in %s", page)
	}
	text := doc.Text()
	var strips []string
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "|-") {
			strips = append(strips, line)
		}
	}
	if len(strips) != 3 || !strings.Contains(strips[0], "o") || !strings.Contains(strips[1], "*") || !strings.Contains(strips[2], "+") {
		t.Errorf("%q in\n%s", strips, text)
	}
	for _, other := range []string{doc.Markdown(), doc.LaTeX()} {
		if !strings.Contains(other, "another estimand") || !strings.Contains(other, "200") || strings.Contains(other, "NaN") {
			t.Errorf("%s", other)
		}
	}
}

// A single point, or values far from 0 and near each other, have a scale.
func TestForestScales(t *testing.T) {
	for _, v := range [][3]float64{{0, 0, 0}, {5, 5, 5}, {1e9, 1e9 - 1, 1e9 + 1}, {1e-9, 0, 2e-9}, {-3e5, -4e5, -2e5}} {
		f := report.Forest{Title: "t", Heads: []string{"a"}, Groups: []report.ForestGroup{{Name: "x", Rows: []report.ForestRow{
			{Label: report.Words("r"), Value: v[0], Lower: v[1], Upper: v[2]}}}}}
		page := (&report.Doc{}).Add(f).HTML()
		if n := strings.Count(page, "<text"); n < 1 || n > 6 || strings.Contains(page, "NaN") || strings.Contains(page, "Inf") {
			t.Errorf("%v: %d ticks", v, n)
		}
		_ = (&report.Doc{}).Add(f).Text()
	}
}
