package plots

import "github.com/golmm/golmm/lmm"

// Source is what has random effects to draw. A *lmm.Model is one. A Source
// that also has the method Formula() string is named in the caption, and one
// that has ResponseName() string on the axes.
type Source interface {
	RandomEffects() []lmm.Modes
}

// Options choose what a figure shows. The zero value draws all there is. A
// figure says which fields it reads besides NoCaption; the others change nothing.
type Options struct {
	// Group is the grouping factor to draw, such as "Subject"; "" draws all.
	Group string
	// OrderBy is the coefficient by which rows are ordered, lowest on top; ""
	// is the last coefficient of each grouping factor.
	OrderBy string
	// LevelOrder keeps the levels in the order of the factor instead.
	LevelOrder bool
	// Units are the units of the coefficients, by name, for the axes:
	// {"(Intercept)": "ms", "Days": "ms per day"}.
	Units map[string]string
	// Seed starts the random numbers of a figure that simulates.
	Seed uint64
	// NoCaption leaves the caption off the picture; Caption still returns it.
	NoCaption bool
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
// over 500 the intervals join to a band. At most 12 coefficients of a factor
// are drawn.
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
	f.layOut(panelsOf(r, blocks, opt), !opt.NoCaption)
	return f
}

// only is the options given, or the defaults.
func only(opts []Options) (Options, error) {
	switch len(opts) {
	case 0:
		return Options{}, nil
	case 1:
		return opts[0], nil
	}
	return Options{}, &DataError{Reason: "more than one Options was given; put the settings into one"}
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
		sheets[i] = sheet{head: oneLine(b.group), labels: b.labels}
		for j, name := range b.names {
			p := newPlot()
			p.Title.Text = oneLine(name)
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
	if u := opt.Units[coefficient]; u != "" {
		return "deviation, " + oneLine(u)
	}
	if n, ok := r.(interface{ ResponseName() string }); ok && coefficient == "(Intercept)" && n.ResponseName() != "" {
		return "deviation of " + oneLine(n.ResponseName())
	}
	return "deviation"
}
