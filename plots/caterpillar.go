package plots

import "github.com/golmm/golmm/lmm"

// Source is what has random effects to draw. A *lmm.Model is one. A Source
// that also has the method Formula() string is named in the caption, and one
// that has ResponseName() string on the axes.
type Source interface {
	RandomEffects() []lmm.Modes
}

// z95 is the 0.975 quantile of the standard normal distribution.
const z95 = 1.959963984540054

// Caterpillar draws the conditional modes of the random effects, the values
// most probable given the data and the estimates, with 95 % intervals
//
//	mode +- 1.96 sqrt(conditional variance),
//
// a row for each level of a grouping factor and a panel for each of its
// coefficients. Several grouping factors stand one below the other; panels
// for the same coefficient share their scale. Terms with the same grouping
// factor, such as those of (x || g), are drawn together. A level whose
// conditional variance is NaN has a point without a bar.
//
// Up to 500 levels each row is drawn by itself, with as many labels as fit;
// over 500 the intervals join to a band, of over 2000 levels some are drawn,
// evenly spaced in their order. At most 12 coefficients of a factor are drawn.
//
// At most one Options may be given. Whatever prevents the figure (no random
// effects, an option that names what the model does not have) is in its Err.
//
// The intervals take the estimates as known and say nothing about the
// difference between two levels (Bates, Maechler, Bolker and Walker 2015,
// Journal of Statistical Software 67(1), section 5.1).
func Caterpillar(r Source, opts ...Options) *Figure {
	opt, err := only(opts)
	if err != nil {
		return &Figure{title: "Conditional modes", err: err}
	}
	blocks, err := collect(r.RandomEffects(), opt)
	if err != nil {
		return &Figure{title: "Conditional modes", err: err}
	}
	for i := range blocks {
		blocks[i].sort(opt)
	}
	f := describe(r, blocks, opt)
	most := rowLimit(panelCount(blocks))
	for i := range blocks {
		blocks[i].thin(most)
	}
	f.layOut(panelsOf(r, blocks, opt), opt)
	return f
}

// panelsOf makes the gonum plots, with a common scale for each coefficient.
func panelsOf(r Source, blocks []block, opt Options) []sheet {
	scales := make(map[string][2]float64)
	for _, b := range blocks {
		for j, name := range b.names {
			lo, hi, _, _ := newRows(b.bars[j], nil).DataRange()
			s := scales[name]
			scales[name] = [2]float64{min(s[0], lo), max(s[1], hi)}
		}
	}
	sheets := make([]sheet, len(blocks))
	for i, b := range blocks {
		sheets[i] = sheet{head: opt.label(b.group), labels: opt.labels(b.labels)}
		for j, name := range b.names {
			p := newPlot()
			p.Title.Text = opt.label(name)
			p.X.Label.Text = axisName(r, opt, name)
			p.Add(grid(), upright{x: 0, line: lineStyle(Muted, zeroWidth)}, newRows(b.bars[j], b.tips(j)))
			setScale(p, scales[name])
			sheets[i].plots = append(sheets[i].plots, p)
		}
	}
	return sheets
}

// axisName says what the x axis measures, as far as it is known.
func axisName(r Source, opt Options, coefficient string) string {
	response := responseOf(r)
	opt = opt.onLink(r, response)
	if u := opt.coefficientUnit(response, coefficient); u != "" {
		return "deviation, " + u
	}
	if response != "" && coefficient == "(Intercept)" {
		return "deviation of " + opt.label(response)
	}
	return "deviation"
}

// responseOf is the name of the response, "" where it is not known.
func responseOf(r any) string {
	if n, ok := r.(interface{ ResponseName() string }); ok {
		return n.ResponseName()
	}
	return ""
}
