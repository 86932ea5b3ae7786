package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/infer"
)

// RandomPCA draws the principal components of the random effects, the result of
// infer.RandomPCA. Above, a row for each component: its share of the variance
// and the share of it and those before; a share of 0 is a direction in which
// the levels do not vary, and the term has more parameters than the data
// support. Below, the loadings: what each coefficient contributes to each
// component, a panel for each. A component with share 0 has the combination of
// coefficients that does not vary.
//
// Options.Group chooses the grouping factor, the one with most coefficients by
// default. At most 12 components are drawn. At most one Options may be given.
// Whatever prevents the figure is in its Err.
//
// Source: Bates, Kliegl, Vasishth and Baayen (2015), Parsimonious mixed models,
// arXiv:1506.04967, sec. 3.
func RandomPCA(groups []infer.PCA, opts ...Options) *Figure {
	f := &Figure{title: "Principal components of the random effects"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	g, err := pcaOf(groups, opt)
	if err != nil {
		f.err = err
		return f
	}
	k := min(len(g.SD), maxPanels)
	group := opt.label(g.Group)
	f.title = "Principal components of " + group
	f.describePCA(g, k, opt)

	scree := sheet{head: "component"}
	var share, total []bar
	sum := 0.0
	for i, v := range g.Share[:k] {
		sum += v
		share, total = append(share, bar{100 * v, math.NaN()}), append(total, bar{100 * min(sum, 1), math.NaN()})
		scree.labels = append(scree.labels, fmt.Sprintf("PC%d", i+1))
	}
	for i, bars := range [][]bar{share, total} {
		p := newPlot()
		p.Title.Text = [2]string{"share of the variance", "with those before"}[i]
		p.X.Label.Text = "%"
		p.Add(grid(), stems{bars: bars, tips: stemTips(scree.labels, bars, " %")})
		p.Y.Min, p.Y.Max = -0.5, float64(k)-0.5
		setScale(p, [2]float64{0, 100})
		scree.plots = append(scree.plots, p)
	}
	loadings := sheet{head: group}
	for _, n := range g.Names {
		loadings.labels = append(loadings.labels, opt.label(n))
	}
	for i := range k {
		bars := make([]bar, len(g.Names))
		for j := range bars {
			bars[j] = bar{g.Loadings[j][i], math.NaN()}
		}
		p := newPlot()
		p.Title.Text = fmt.Sprintf("loadings of PC%d", i+1)
		p.X.Label.Text = "loading"
		p.Add(grid(), upright{x: 0, line: lineStyle(Muted, zeroWidth)}, stems{bars: bars, tips: stemTips(loadings.labels, bars, "")})
		p.Y.Min, p.Y.Max = -0.5, float64(len(bars))-0.5
		setScale(p, [2]float64{-1, 1})
		loadings.plots = append(loadings.plots, p)
	}
	f.layOut([]sheet{scree, loadings}, opt)
	return f
}

// pcaOf is the grouping factor to draw.
func pcaOf(groups []infer.PCA, opt Options) (infer.PCA, error) {
	var known []string
	at := -1
	for i, g := range groups {
		known = append(known, g.Group)
		if opt.Group == g.Group || opt.Group == "" && (at < 0 || len(g.Names) > len(groups[at].Names)) {
			at = i
		}
	}
	switch {
	case len(groups) == 0:
		return infer.PCA{}, &DataError{Reason: "the model has no random effects, so there are no components to draw"}
	case at < 0:
		return infer.PCA{}, &OptionError{Option: "Group", Value: opt.Group, Known: known}
	}
	g := groups[at]
	if len(g.SD) == 0 || !drawable(g.SD[0]) {
		why := g.Reason
		if why == "" {
			why = "its covariance matrix is not known"
		}
		return infer.PCA{}, &DataError{Reason: fmt.Sprintf("the components of %s cannot be drawn: %s", g.Group, why)}
	}
	if !slices.ContainsFunc(g.Share, drawable) {
		return infer.PCA{}, &DataError{Reason: fmt.Sprintf("the components of %s cannot be drawn: all its variances are 0", g.Group)}
	}
	return g, nil
}

// describePCA writes the figure's words.
func (f *Figure) describePCA(g infer.PCA, k int, opt Options) {
	var s strings.Builder
	relative := ", relative to sigma"
	if g.Absolute {
		relative = ""
	}
	fmt.Fprintf(&s, "Principal components of the random effects of %s: shares of the variance%s, and loadings.", opt.label(g.Group), relative)
	const none = 1e-6 // of the variance: its root is a thousandth of the spread
	zero := 0
	for _, v := range g.Share {
		if v < none {
			zero++
		}
	}
	switch {
	case zero == 1:
		s.WriteString(" The last component does not vary: its combination of coefficients is the same in all levels.")
	case zero > 1:
		fmt.Fprintf(&s, " The last %d components do not vary: these combinations of coefficients are the same in all levels.", zero)
	}
	if n := len(g.SD); n > k {
		fmt.Fprintf(&s, " The first %d of %d components are drawn.", k, n)
	}
	s.WriteString(" Shares depend on the units of the covariates.")
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"", "sd / sigma", "share, %"}}
	if g.Absolute {
		cells[0][1] = "sd"
	}
	for _, n := range g.Names {
		cells[0] = append(cells[0], opt.label(n))
	}
	for i := range k {
		row := []string{fmt.Sprintf("PC%d", i+1), significant(g.SD[i]), number(100*g.Share[i], 2)}
		for j := range g.Names {
			row = append(row, number(g.Loadings[j][i], 3))
		}
		cells = append(cells, row)
	}
	f.twin = f.caption + "\n\n" + align(cells)
}

// stemTips are tooltips of values by name.
func stemTips(names []string, bars []bar, unit string) []string {
	tips := make([]string, len(bars))
	for i, b := range bars {
		tips[i] = names[i] + ": " + typeset(number(b.value, 2)) + unit
	}
	return tips
}
