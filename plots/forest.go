package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
)

// Forest draws the fixed effects of a model under each remedy that a diagnosis
// tried, a row for each remedy and a panel for each effect, with bars of 1.96
// standard errors:
//
//	r, err := diagnose.Run(m, &diagnose.Options{Try: true})
//	fig := plots.Forest(r)
//
// Ring: the fit as it stands, its bar dashed if it is not at a maximum; its
// estimate is the dotted line. Disc: a remedy under which the effects mean the
// same. Remedies that change what an effect means stand below a break, as
// diamonds on a scale of their own, and the caption says what changes. A remedy
// that could not be fitted has no point. Bars compare standard errors; tests are
// those of package infer.
//
// Options.Parameters chooses effects; a page has 12, Options.Page turns it.
// Options.Units name the axes by effect. At most one Options may be given.
// Whatever prevents the figure is in its Err.
//
// Source: Gelman and Hill (2007), Data Analysis Using Regression and
// Multilevel/Hierarchical Models, sec. 5.4, for estimates of several models.
func Forest(r *diagnose.Report, opts ...Options) *Figure {
	f := &Figure{title: "Fixed effects under the remedies"}
	opt, err := only(opts)
	switch {
	case err != nil:
	case r == nil:
		err = &DataError{Reason: "there is no diagnosis to draw: it is nil; was the error of diagnose.Run looked at?"}
	case !r.Tried:
		err = &DataError{Reason: "no remedies were tried; ask for them with diagnose.Options{Try: true}"}
	}
	if err != nil {
		f.err = err
		return f
	}
	names, before := judged(r)
	if len(names) == 0 {
		f.err = &DataError{Reason: "the diagnosis tried no remedy with fixed effects to compare: it found nothing that needs one"}
		return f
	}
	at, err := opt.choose(names)
	if err != nil {
		f.err = err
		return f
	}
	from, to, words, err := opt.pageOf(len(at), maxPanels)
	if err != nil {
		f.err = err
		return f
	}
	at = at[from:to]
	describeForest(f, r, names, at, before, words)
	same, other := remediesOf(r)
	sheets := []sheet{forestSheet(r, same, names, at, before, opt, true)}
	if len(other) > 0 {
		sheets = append(sheets, forestSheet(r, other, names, at, before, opt, false))
	}
	f.layOut(sheets, opt)
	return f
}

// judged are the fixed effects of the fit as it stands, from the remedies.
func judged(r *diagnose.Report) (names []string, before map[string]interval) {
	before = make(map[string]interval)
	for _, q := range r.Remedies {
		for _, s := range q.Fixed {
			if _, seen := before[s.Name]; !seen && drawable(s.Before) {
				names = append(names, s.Name)
				before[s.Name] = interval{value: s.Before, lower: s.Before - z95*s.BeforeSE, upper: s.Before + z95*s.BeforeSE}
			}
		}
	}
	return names, before
}

// remediesOf are the places of the remedies under which effects mean the same,
// and of the others.
func remediesOf(r *diagnose.Report) (same, other []int) {
	for i, q := range r.Remedies {
		if q.Estimand == "" {
			same = append(same, i)
		} else {
			other = append(other, i)
		}
	}
	return same, other
}

// shifted is an effect under a remedy; NaN where it has none.
func shifted(q *diagnose.Remedy, name string) interval {
	k := slices.IndexFunc(q.Fixed, func(s diagnose.Shift) bool { return s.Name == name })
	if k < 0 {
		return interval{value: math.NaN(), lower: math.NaN(), upper: math.NaN()}
	}
	s := q.Fixed[k]
	return interval{value: s.After, lower: s.After - z95*s.AfterSE, upper: s.After + z95*s.AfterSE}
}

// remedyWidth is the room for the names of remedies, which are phrases.
const remedyWidth = 68 * vg.Millimeter

// forestSheet are the rows of some remedies, the fit as it stands on top where
// the effects mean the same.
func forestSheet(r *diagnose.Report, rows []int, names []string, at []int, before map[string]interval, opt Options, same bool) sheet {
	s := sheet{head: "another meaning", most: remedyWidth}
	if same {
		s.head = "remedy"
		s.labels = append(s.labels, "as it stands")
	}
	for _, i := range rows {
		s.labels = append(s.labels, oneLine(r.Remedies[i].What))
	}
	for _, k := range at {
		name := names[k]
		var marks []interval
		if same {
			v := before[name]
			v.ink, v.shape, v.dashed = Text, draw.RingGlyph{}, r.Verdict.Convergence != certify.Converged
			marks = append(marks, v)
		}
		for _, i := range rows {
			v := shifted(&r.Remedies[i], name)
			v.ink, v.shape = Accent, draw.CircleGlyph{}
			if !same {
				v.ink, v.shape = Muted, diamond{}
			}
			marks = append(marks, v)
		}
		d := decimals(halves(marks))
		for i := range marks {
			marks[i].at = float64(i)
			marks[i].tip = tooltip(s.labels[i]+", "+opt.label(name), 0.95, marks[i].value, marks[i].lower, marks[i].upper, d)
		}
		p := newPlot()
		p.Title.Text = opt.label(name)
		p.X.Label.Text = oneLine(opt.Units[name])
		p.Add(grid())
		scale := reach(marks)
		if same {
			p.Add(upright{x: before[name].value, line: dotted()})
		}
		p.Add(upright{x: 0, line: lineStyle(Muted, zeroWidth)}, intervals{marks: marks})
		p.Y.Min, p.Y.Max = -0.5, float64(len(marks))-0.5
		setScale(p, scale)
		s.plots = append(s.plots, p)
	}
	return s
}

// diamond is a glyph: a square on its corner.
type diamond struct{}

// DrawGlyph fills the diamond.
func (diamond) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) {
	r := 1.3 * sty.Radius
	c.FillPolygon(sty.Color, []vg.Point{{X: at.X - r, Y: at.Y}, {X: at.X, Y: at.Y + r}, {X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y - r}})
}

// describeForest writes the figure's words.
func describeForest(f *Figure, r *diagnose.Report, names []string, at []int, before map[string]interval, page string) {
	var s strings.Builder
	s.WriteString("Fixed effects as the fit stands (ring) and under each remedy (disc), bars of 1.96 standard errors; dotted: the estimate as it stands.")
	for _, q := range r.Remedies {
		if q.Estimand != "" {
			fmt.Fprintf(&s, " Diamond, %s: %s.", oneLine(q.What), strings.TrimSuffix(oneLine(q.Estimand), "."))
		}
		if q.Failed != "" {
			fmt.Fprintf(&s, " Not fitted, %s: %s.", oneLine(q.What), strings.TrimSuffix(oneLine(q.Failed), "."))
		}
	}
	fmt.Fprintf(&s, "%s Model: %s", page, withFamily(r.Formula, r.Family, r.Link))
	if r.Residual != "" {
		fmt.Fprintf(&s, ", residuals %s", oneLine(r.Residual))
	}
	s.WriteString(".")
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"effect", "estimate", "lower", "upper"}}
	for _, k := range at {
		name := names[k]
		cells = append(cells, []string{oneLine(name)})
		v := before[name]
		d := decimals(halves([]interval{v}))
		cells = append(cells, []string{"  as it stands", number(v.value, d), number(v.lower, d), number(v.upper, d)})
		for i := range r.Remedies {
			v := shifted(&r.Remedies[i], name)
			cells = append(cells, []string{"  " + oneLine(r.Remedies[i].What), number(v.value, d), number(v.lower, d), number(v.upper, d)})
		}
	}
	f.twin = plainText(f.caption) + "\n\n" + align(cells)
}
