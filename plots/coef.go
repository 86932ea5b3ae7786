package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"

	"github.com/golmm/golmm/lmm/infer"
)

// NamedEstimates are the estimates of one model of several.
type NamedEstimates struct {
	Name      string // of the model, as rows name it
	Estimates *infer.Estimates
}

// Coefficients draws fixed effects, or other combinations of them, with their
// intervals, a row for each:
//
//	e, err := infer.Coefficients(m, nil)
//	fig := plots.Coefficients(e)
//
// Rows whose intervals differ in width by no more than a factor of 20 share a
// scale; the others, and the intercept, stand below on scales of their own. The
// line is zero, which a scale includes unless it is far away. An estimate that
// the data do not determine has no point, and says so.
//
// Options.Parameters chooses coefficients, Options.Units name the axes by
// coefficient. At most one Options may be given. Whatever prevents the figure is
// in its Err.
//
// Source: Gelman and Hill (2007), Data Analysis Using Regression and
// Multilevel/Hierarchical Models, sec. 5.4 and app. B.
func Coefficients(e *infer.Estimates, opts ...Options) *Figure {
	f := &Figure{title: "Estimates"}
	opt, err := only(opts)
	if err == nil {
		err = checkEstimates(e)
	}
	if err != nil {
		f.err = err
		return f
	}
	if e, err = chosenEstimates(e, opt); err != nil {
		f.err = err
		return f
	}
	marks, d := coefficientMarks(e)
	describeCoefficients(f, []NamedEstimates{{"", e}}, "")
	var sheets []sheet
	for _, rows := range similarScale(e.Rows) {
		s := sheet{labels: make([]string, len(rows))}
		here := make([]interval, len(rows))
		for i, r := range rows {
			s.labels[i] = opt.label(e.Rows[r].Name)
			here[i] = marks[r]
			here[i].at = float64(i)
			here[i].tip = tooltip(s.labels[i], e.Level, marks[r].value, marks[r].lower, marks[r].upper, d[r])
		}
		p := rowPanel(here)
		p.X.Label.Text = sharedUnit(e, rows, opt)
		s.plots = []*plot.Plot{p}
		sheets = append(sheets, s)
	}
	f.layOut(sheets, opt)
	return f
}

// CompareCoefficients draws the estimates of several models: a panel for each
// coefficient, with a scale of its own, and a row for each model. A coefficient
// that a model does not have leaves its row empty. A page has 12 coefficients,
// Options.Page turns it. Otherwise it is as Coefficients.
func CompareCoefficients(models []NamedEstimates, opts ...Options) *Figure {
	f := &Figure{title: "Estimates of several models"}
	opt, err := only(opts)
	if err == nil && len(models) == 0 {
		err = &DataError{Reason: "there are no models whose estimates could be compared"}
	}
	for _, m := range models {
		if err == nil {
			err = checkEstimates(m.Estimates)
		}
	}
	if err != nil {
		f.err = err
		return f
	}
	all := coefficientNames(models)
	at, err := opt.choose(all)
	if err != nil {
		f.err = err
		return f
	}
	names := permuted(all, at)
	from, to, words, err := opt.pageOf(len(names), maxPanels)
	if err != nil {
		f.err = err
		return f
	}
	describeCoefficients(f, models, words)
	s := sheet{head: "model"}
	for _, m := range models {
		s.labels = append(s.labels, opt.label(m.Name))
	}
	for _, name := range names[from:to] {
		var marks []interval
		for i, m := range models {
			k := slices.IndexFunc(m.Estimates.Rows, func(r infer.Estimate) bool { return r.Name == name })
			if k < 0 {
				continue
			}
			all, d := coefficientMarks(m.Estimates)
			v := all[k]
			v.at = float64(i)
			v.tip = tooltip(opt.label(m.Name)+", "+opt.label(name), m.Estimates.Level, v.value, v.lower, v.upper, d[k])
			marks = append(marks, v)
		}
		p := rowPanel(marks)
		p.Title.Text = opt.label(name)
		p.X.Label.Text = oneLine(opt.Units[name])
		p.Y.Min, p.Y.Max = -0.5, float64(len(models))-0.5
		s.plots = append(s.plots, p)
	}
	f.layOut([]sheet{s}, opt)
	return f
}

func checkEstimates(e *infer.Estimates) error {
	switch {
	case e == nil:
		return &DataError{Reason: "there are no estimates to draw: they are nil; was the error of infer.Coefficients looked at?"}
	case len(e.Rows) == 0:
		return &DataError{Reason: "the model has no fixed effects to draw"}
	}
	return nil
}

// chosenEstimates are the rows that the options choose.
func chosenEstimates(e *infer.Estimates, opt Options) (*infer.Estimates, error) {
	names := make([]string, len(e.Rows))
	for i, r := range e.Rows {
		names[i] = r.Name
	}
	at, err := opt.choose(names)
	if err != nil {
		return nil, err
	}
	out := *e
	out.Rows = permuted(e.Rows, at)
	return &out, nil
}

// coefficientMarks are the estimates as intervals, and the decimals of each.
func coefficientMarks(e *infer.Estimates) (marks []interval, d []int) {
	for i, r := range e.Rows {
		v := disc(r.Value, r.Lower, r.Upper, float64(i), "")
		marks = append(marks, v)
		d = append(d, decimals(halves([]interval{v})))
	}
	return marks, d
}

// coefficientNames are the names in any of the models, in the order of the
// first model that has them.
func coefficientNames(models []NamedEstimates) []string {
	var names []string
	for _, m := range models {
		for _, r := range m.Estimates.Rows {
			if !slices.Contains(names, r.Name) {
				names = append(names, r.Name)
			}
		}
	}
	return names
}

// similarScale splits rows into groups that can share a scale: the intercept by
// itself, the others where their intervals are of similar width.
func similarScale(rows []infer.Estimate) [][]int {
	const ratio = 20 // then the narrowest has about 5 mm of a panel of 100
	type group struct {
		rows     []int
		min, max float64
	}
	var groups []*group
	var intercept []int
	for i, r := range rows {
		w := r.Upper - r.Lower
		if r.Name == "(Intercept)" && len(rows) > 1 {
			intercept = append(intercept, i)
			continue
		}
		if !(w > 0) || !drawable(w) {
			w = math.NaN() // fits anywhere
		}
		at := slices.IndexFunc(groups, func(g *group) bool {
			return math.IsNaN(w) || math.IsNaN(g.min) || max(g.max, w) <= ratio*min(g.min, w)
		})
		if at < 0 {
			groups = append(groups, &group{min: w, max: w})
			at = len(groups) - 1
		}
		g := groups[at]
		g.rows = append(g.rows, i)
		if !math.IsNaN(w) {
			if math.IsNaN(g.min) {
				g.min, g.max = w, w
			}
			g.min, g.max = min(g.min, w), max(g.max, w)
		}
	}
	var out [][]int
	if intercept != nil {
		out = append(out, intercept)
	}
	for _, g := range groups {
		out = append(out, g.rows)
	}
	return out
}

// rowPanel is a panel of rows with the line of zero.
func rowPanel(marks []interval) *plot.Plot {
	p := newPlot()
	p.Add(grid(), upright{x: 0, line: lineStyle(Muted, zeroWidth)}, intervals{marks: marks})
	p.Y.Min, p.Y.Max = -0.5, float64(len(marks))-0.5
	setScale(p, reach(marks))
	return p
}

// sharedUnit is the unit of some rows, "" where they differ.
func sharedUnit(e *infer.Estimates, rows []int, opt Options) string {
	u := opt.Units[e.Rows[rows[0]].Name]
	for _, r := range rows {
		if opt.Units[e.Rows[r].Name] != u {
			return ""
		}
	}
	return oneLine(u)
}

// describeCoefficients writes the figure's words.
func describeCoefficients(f *Figure, models []NamedEstimates, page string) {
	e := models[0].Estimates
	var s strings.Builder
	what := "Fixed effects"
	if e.Title != "" {
		what = oneLine(e.Title)
	}
	f.title = what
	fmt.Fprintf(&s, "%s with %s intervals (%s).", what, percent(e.Level), intervalKind(e.DF, e.Why))
	if len(models) > 1 {
		f.title += " of several models"
		for _, m := range models[1:] {
			if m.Estimates.Level != e.Level || m.Estimates.DF != e.DF {
				fmt.Fprintf(&s, " %s: %s intervals (%s).", oneLine(m.Name), percent(m.Estimates.Level), intervalKind(m.Estimates.DF, ""))
			}
		}
	}
	s.WriteString(page)
	f.caption = s.String()
	f.desc = f.caption

	cells := [][]string{{"coefficient", "estimate", "lower", "upper"}}
	var notes strings.Builder
	for _, m := range models {
		if len(models) > 1 {
			cells = append(cells, []string{oneLine(m.Name)})
		}
		marks, d := coefficientMarks(m.Estimates)
		for i, r := range m.Estimates.Rows {
			v := marks[i]
			cells = append(cells, []string{oneLine(r.Name), number(v.value, d[i]), number(v.lower, d[i]), number(v.upper, d[i])})
			if r.Reason != "" {
				fmt.Fprintf(&notes, "%s: %s\n", oneLine(r.Name), oneLine(r.Reason))
			}
		}
	}
	f.twin = f.caption + "\n\n" + align(cells) + notes.String()
}

// intervalKind says where the width of an interval comes from.
func intervalKind(df infer.DF, why string) string {
	s := "t, " + df.String() + " degrees of freedom"
	switch {
	case df == infer.Normal && why != "":
		s = "normal"
	case df == infer.Normal:
		s = "normal, the variances taken as known"
	}
	if why != "" {
		s += ", " + oneLine(why)
	}
	return s
}

// percent writes a share, "95 %".
func percent(level float64) string { return fmt.Sprintf("%.4g %%", 100*level) }
