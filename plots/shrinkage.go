package plots

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot"
)

// Shrinkage draws how the model moves each level of a grouping factor from
// what its own rows say, by least squares within the level (ring), to its
// coefficient in the model, fixed effect + conditional mode (disc), with an
// arrow. The cross is the population, the fixed effects alone, and the dashed
// ellipse holds 95 % of the levels of a normal population with the estimated
// covariance matrix.
//
// With one random coefficient there is a row for each level; with more, a panel
// for each pair of coefficients, at most 12. A level whose rows do not
// determine its coefficients has a disc alone. Levels are named where a name
// has room; in SVG every level has a tooltip. Of over 300 levels some are drawn,
// evenly spaced by their coefficient.
//
// Options.Group chooses the grouping factor, the first by default,
// Options.Units the units of the coefficients; Options.OrderBy and LevelOrder
// order rows as in Caterpillar, by the shrunk values. At most one Options may
// be given. Whatever prevents the figure is in its Err.
//
// Sources: Bates, Maechler, Bolker and Walker (2015), J. Stat. Software 67(1),
// sec. 5.1; Gelman and Hill (2007), Data Analysis Using Regression and
// Multilevel Models, sec. 12.2.
func Shrinkage(m ShrinkageSource, opts ...Options) *Figure {
	f := &Figure{title: "Shrinkage"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	if g := familyOf(m); g != nil {
		f.err = &DataError{Reason: fmt.Sprintf("a level of a %s model has no estimate by least squares that its random effects could shrink; Caterpillar draws the modes", g.Name())}
		return f
	}
	terms := m.RandomEffects()
	if len(terms) > 0 && opt.Group == "" {
		opt.Group = terms[0].Group
	}
	blocks, err := collect(terms, opt)
	if err != nil {
		f.err = err
		return f
	}
	s, ok := shrinkageOf(m, opt.Group)
	if !ok {
		f.err = &DataError{opt.Group, "its terms are not those of the design"}
		return f
	}
	describeShrinkage(f, m, s)
	pairs := len(s.names) * (len(s.names) - 1) / 2
	most := arrowLimit(min(pairs, maxPanels))
	if len(s.names) == 1 {
		s.order(&blocks[0], opt)
		s.thin(most)
		f.layOut([]sheet{{head: opt.label(s.group), labels: opt.labels(s.labels), plots: []*plot.Plot{shrunkRows(s, m, opt)}}}, opt)
		return f
	}
	if len(s.labels) > most {
		s.order(&blocks[0], Options{OrderBy: s.names[0]})
		s.thin(most)
	}
	var panels []*plot.Plot
	for a := range s.names {
		for b := a + 1; b < len(s.names) && len(panels) < maxPanels; b++ {
			panels = append(panels, shrunkPair(s, m, a, b, opt))
		}
	}
	f.layOutGrid(facets{plots: panels}, opt)
	return f
}

// order sorts the levels as those of a caterpillar.
func (s *shrunk) order(b *block, opt Options) {
	b.sort(opt)
	at := make(map[string]int, len(s.labels))
	for i, l := range s.labels {
		at[l] = i
	}
	index := make([]int, len(b.labels))
	for i, l := range b.labels {
		index[i] = at[l]
	}
	s.labels, s.mode, s.within = permuted(s.labels, index), permuted(s.mode, index), permuted(s.within, index)
}

// thin keeps at most most levels, evenly spaced.
func (s *shrunk) thin(most int) {
	at := spaced(len(s.labels), most)
	s.labels, s.mode, s.within = permuted(s.labels, at), permuted(s.mode, at), permuted(s.within, at)
}

// describeShrinkage writes the figure's words.
func describeShrinkage(f *Figure, m ShrinkageSource, s *shrunk) {
	group := oneLine(s.group)
	f.title = "Shrinkage of " + group
	var b strings.Builder
	fmt.Fprintf(&b, "Coefficients of the levels of %s: by least squares within the level (rings) and in the model (discs).", group)
	if len(s.names) == 1 {
		b.WriteString(" Line: the population.")
	} else {
		b.WriteString(" Cross: the population; dashed: 95 % of its levels, by the estimated covariance matrix.")
	}
	pairs := len(s.names) * (len(s.names) - 1) / 2
	b.WriteString(sampled(arrowLimit(min(pairs, maxPanels)), len(s.labels), "levels", oneLine(s.names[0])))
	if n := s.alone(); n > 0 {
		fmt.Fprintf(&b, " %d of %d levels have no estimate of their own: too few different rows.", n, len(s.labels))
	}
	if pairs > maxPanels {
		fmt.Fprintf(&b, " The first %d of %d pairs are drawn.", maxPanels, pairs)
	}
	fmt.Fprintf(&b, " Model: %s.", described(m))
	f.caption = b.String()
	f.desc = f.caption

	head := []string{group}
	for _, n := range s.names {
		head = append(head, oneLine(n)+" within", "model")
	}
	population := []string{"(population)"}
	for k := range s.names {
		population = append(population, "", number(s.population[k], s.decimals(k)))
	}
	cells := [][]string{head, population}
	for j, l := range s.labels {
		if len(s.labels) > 2*twinRows && j >= twinRows && j < len(s.labels)-twinRows {
			if j == twinRows {
				cells = append(cells, []string{fmt.Sprintf("... %d more", len(s.labels)-2*twinRows)})
			}
			continue
		}
		row := []string{oneLine(l)}
		for k := range s.names {
			row = append(row, number(s.within[j][k], s.decimals(k)), number(s.mode[j][k], s.decimals(k)))
		}
		cells = append(cells, row)
	}
	f.twin = strings.ReplaceAll(f.caption, minus, "-") + "\n\n" + align(cells)
}

// shrunkRows is the panel of a single coefficient.
func shrunkRows(s *shrunk, m Source, opt Options) *plot.Plot {
	p := newPlot()
	p.Title.Text = opt.label(s.names[0])
	p.X.Label.Text = opt.coefficientUnit(responseOf(m), s.names[0])
	if p.X.Label.Text == "" && s.names[0] == "(Intercept)" {
		p.X.Label.Text = opt.label(responseOf(m))
	}
	a := newArrows(s)
	lo, hi := s.population[0], s.population[0]
	for j := range s.labels {
		a.add(s.within[j][0], float64(j), s.mode[j][0], float64(j), s.tip(j, 0))
		for _, v := range []float64{s.within[j][0], s.mode[j][0]} {
			if drawable(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	p.Add(grid(), upright{x: s.population[0], line: lineStyle(Text, zeroWidth)}, a)
	p.Y.Min, p.Y.Max = -0.5, float64(len(s.labels))-0.5
	setScale(p, [2]float64{lo, hi})
	return p
}

// shrunkPair is the panel of two coefficients.
func shrunkPair(s *shrunk, m Source, x, y int, opt Options) *plot.Plot {
	p := newPlot()
	r := responseOf(m)
	p.X.Label.Text, p.Y.Label.Text = opt.coefficientAxis(r, s.names[x]), opt.coefficientAxis(r, s.names[y])
	a := newArrows(s)
	a.labels = opt.labels(s.labels)
	for j := range s.labels {
		a.add(s.within[j][x], s.within[j][y], s.mode[j][x], s.mode[j][y], s.tip(j, x, y))
	}
	g := grid()
	g.Horizontal = lineStyle(Rule, gridWidth)
	e := ellipse{s.population[x], s.population[y], s.sigma.At(x, x), s.sigma.At(x, y), s.sigma.At(y, y)}
	a.avoid = &e
	p.Add(g, e, a)
	fit(&p.X, &p.Y, a, e)
	return p
}
