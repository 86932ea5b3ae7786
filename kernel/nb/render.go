package nb

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/summary"
	"github.com/golmm/golmm/lmm/table"
)

// figure is what a plot looks like from here. Cells link no plotting code
// unless they draw.
type figure interface {
	SVG() ([]byte, error)
	Title() string
	Text() string
}

// documented is a result that writes its own document, as those of package
// infer do.
type documented interface{ Document() *report.Doc }

// headRows is how many rows of a table are shown.
const headRows = 6

// bundleOf returns the formats of a value.
func bundleOf(thing any) (bundle, error) {
	if v := reflect.ValueOf(thing); v.Kind() == reflect.Pointer && v.IsNil() {
		return plain(fmt.Sprintf("nothing to show: a nil %T", thing)), nil
	}
	switch v := thing.(type) {
	case nil:
		return plain("nothing to show: nil"), nil
	case lazy:
		x, err := v.shown()
		if err != nil {
			return bundle{}, err
		}
		return bundleOf(x)
	case figure:
		return figureBundle(v)
	}
	if doc := documentOf(thing); doc != nil {
		return document(doc), nil
	}
	switch v := thing.(type) {
	case error:
		return plain(v.Error()), nil
	case fmt.Stringer:
		return plain(v.String()), nil
	case string:
		return plain(v), nil
	case []float64:
		return plain(numbers(v)), nil
	}
	if doc := structTable(thing); doc != nil {
		return document(doc), nil
	}
	if doc := valueTable(thing); doc != nil {
		return document(doc), nil
	}
	return plain(fmt.Sprintf("%+v", thing)), nil
}

// documentOf is the document of a value that has one, else nil.
func documentOf(thing any) *report.Doc {
	switch v := thing.(type) {
	case summary.Model:
		return summary.Of(v)
	case *report.Doc:
		return v
	case documented:
		return v.Document()
	case *table.Table:
		return summary.Head(v, headRows)
	case *lmm.Prediction:
		return predictionDocument(v)
	case []lmm.Coefficient:
		return coefficientsDocument(v)
	case []lmm.Component:
		return componentsDocument(v)
	case []lmm.Modes:
		return modesDocument(v)
	case finding.Finding:
		return summary.Findings([]finding.Finding{v})
	case []finding.Finding:
		return summary.Findings(v)
	case []infer.PCA:
		return infer.PCADocument(v)
	case []infer.Inflation:
		return infer.InflationDocument(v)
	case []infer.GroupOutlier:
		return infer.OutlierDocument(v)
	case []*infer.LRTest:
		return infer.TestsDocument(v)
	}
	return nil
}

// document is a document in all its formats.
func document(d *report.Doc) bundle {
	return bundle{text: d.Text(), html: d.HTML(), markdown: d.Markdown(), latex: d.LaTeX()}
}

// plain is text alone, which front ends show in fixed width.
func plain(s string) bundle { return bundle{text: s} }

// figureBundle is a figure as inline SVG, which follows the light or dark theme
// of the page, as PNG where it has one, for programs that make a PDF, and by its
// text.
func figureBundle(f figure) (bundle, error) {
	svg, err := f.SVG()
	if err != nil {
		return bundle{}, err
	}
	text, image := f.Text(), string(svg)
	if !strings.HasPrefix(text, f.Title()) {
		text = f.Title() + "\n" + text
	}
	b := bundle{text: text, html: inlineSVG(image), svg: image}
	if p, ok := f.(interface{ PNG() ([]byte, error) }); ok {
		b.png, err = p.PNG()
	}
	return b, err
}

// inlineSVG wraps an SVG document for HTML, without what only files have: the
// XML declaration and the document type.
func inlineSVG(svg string) string {
	if i := strings.Index(svg, "<svg"); i > 0 {
		svg = svg[i:]
	}
	return `<div style="max-width:100%;overflow-x:auto">` + svg + "</div>"
}
