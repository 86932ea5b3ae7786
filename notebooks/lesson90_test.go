package notebooks_test

import (
	"strings"
	"testing"

	"github.com/golmm/golmm/plots"
)

// check90 holds that every kind of figure is shown: its SVG with a title,
// and in words.
func check90(t *testing.T, p *page) {
	figures := 0
	for id, c := range p.cells {
		svg := c.all(t, "image/svg+xml")
		figures += strings.Count(svg, "<svg ")
		if strings.Count(svg, "<svg ") != strings.Count(svg, "<desc>") || strings.Contains(svg, "NaN") || strings.Contains(svg, "<script") {
			t.Errorf("cell %s has a figure without a description, with NaN or with a script", id)
		}
	}
	if n := len(plots.Kinds()); figures < n {
		t.Errorf("%d figures are shown, there are %d kinds", figures, n)
	}
	p.expect(t, "odd", "text/plain", "All modes of Batch are 0", "two random coefficients")
	p.expect(t, "options", "image/svg+xml", "<title>Reaction to short nights</title>", "milliseconds from the average", ">rested</text>")
}
