package plots

import (
	"fmt"
	"strings"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"

	"github.com/golmm/golmm/lmm"
)

// ModesPairs draws the conditional modes of a grouping factor with several
// coefficients, one coefficient against another in each panel, and over them
// the dashed ellipse that holds 95 % of the levels by the estimated covariance
// matrix, its centre crossed. The correlation in each strip is the model's; the
// modes are shrunk, more in the direction that the data say little about, so
// their own correlation, in the text twin, can be quite another.
//
// Options.Group chooses the grouping factor, the first with two coefficients by
// default; at most 12 pairs are drawn. At most one Options may be given.
// Whatever prevents the figure is in its Err.
//
// Source: Bates, Maechler, Bolker and Walker (2015), J. Stat. Software 67(1),
// sec. 5.1.
func ModesPairs(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Pairs of conditional modes"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	t, err := pairedModes(m, opt)
	if err != nil {
		f.err = err
		return f
	}
	sigma := sigmaOf(m.VarCorr(), t)
	columns := make([][]float64, len(t.Names))
	for _, row := range t.Mode {
		for k, v := range row {
			columns[k] = append(columns[k], v)
		}
	}
	response := m.ResponseName()
	opt = opt.onLink(m, response)
	cells := [][]string{{"pair", "model", "modes"}}
	var panels []*plot.Plot
	for a := range t.Names {
		for b := a + 1; b < len(t.Names) && len(panels) < maxPanels; b++ {
			e := ellipse{0, 0, sigma.At(a, a), sigma.At(a, b), sigma.At(b, b)}
			own := stat.Correlation(columns[a], columns[b], nil)
			cells = append(cells, []string{opt.label(t.Names[a]) + ", " + opt.label(t.Names[b]), number(e.correlation(), 2), number(own, 2)})
			p := newPlot()
			p.Title.Text = "correlation " + typeset(number(e.correlation(), 2))
			if !drawable(e.correlation()) {
				p.Title.Text = "correlation not applicable"
			}
			p.X.Label.Text, p.Y.Label.Text = opt.coefficientAxis(response, t.Names[a]), opt.coefficientAxis(response, t.Names[b])
			px, py, _ := thinned(columns[a], columns[b])
			g := grid()
			g.Horizontal = lineStyle(Rule, gridWidth)
			p.Add(g, scatter{px, py, Accent}, e)
			hx, hy := e.half()
			span(&p.X, columns[a], []float64{-hx, hx})
			span(&p.Y, columns[b], []float64{-hy, hy})
			panels = append(panels, p)
		}
	}
	group := opt.label(t.Group)
	f.title = "Pairs of conditional modes of " + group
	var s strings.Builder
	fmt.Fprintf(&s, "Conditional modes of %d levels of %s, one coefficient against another. Dashed: 95 %% of the levels by the estimated covariance matrix; strips: its correlations.", len(t.Levels), group)
	if k := len(t.Names); k*(k-1)/2 > maxPanels {
		fmt.Fprintf(&s, " The first %d of %d pairs are drawn.", maxPanels, k*(k-1)/2)
	}
	s.WriteString(modelNote(m))
	f.caption, f.desc = s.String(), s.String()
	f.twin = plainText(f.caption) + "\n\nCorrelations\n" + align(cells)
	f.layOutGrid(facets{plots: panels}, opt)
	return f
}

// pairedModes are the modes of the first grouping factor with two coefficients.
func pairedModes(m *lmm.Model, opt Options) (lmm.Modes, error) {
	t, err := termOf(m, opt)
	if err != nil {
		return lmm.Modes{}, err
	}
	why := &DataError{Reason: "no grouping factor has two random coefficients to draw against each other"}
	if opt.Group != "" {
		why = &DataError{Group: t.Group, Reason: "it has one random coefficient; a pair needs two"}
	}
	for _, b := range m.RandomEffects() {
		if (opt.Group == "" || b.Group == opt.Group) && len(b.Names) > 1 {
			return b, nil
		}
	}
	return lmm.Modes{}, why
}
