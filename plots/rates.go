package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/diagnose"
)

// StudyRates draws how often fits to data from a known truth showed what: a panel
// for each model, and a row for each verdict and code that came up, with Wilson
// intervals; below, how often the interval of each fixed effect, estimate +- z
// SE, had the truth in it, with the rate that it claims as the dotted line:
//
//	r, err := diagnose.Study(ctx, tab, truth, opt)
//	fig := plots.StudyRates(r)
//
// A model under which something never came up leaves the row empty. A page has
// 12 models, Options.Page turns it. At most one Options may be given. Whatever
// prevents the figure is in its Err.
//
// Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212; Morris, White and
// Crowther (2019), Statistics in Medicine 38, 2074-2102.
func StudyRates(r *diagnose.StudyResult, opts ...Options) *Figure {
	f := &Figure{title: "Rates of a simulation study"}
	opt, err := only(opts)
	switch {
	case err != nil:
	case r == nil:
		err = &DataError{Reason: "there is no study to draw: it is nil; was the error of diagnose.Study looked at?"}
	case len(r.Models) == 0 || r.Replicates == 0:
		err = &DataError{Reason: "the study has no models or no data sets that are done"}
	}
	if err != nil {
		f.err = err
		return f
	}
	from, to, words, err := opt.pageOf(len(r.Models), maxPanels)
	if err != nil {
		f.err = err
		return f
	}
	said := make([][]diagnose.StudyRate, len(r.Models))
	covered := make([][]diagnose.StudyRate, len(r.Models))
	for i := range r.Models {
		said[i] = append(r.Models[i].Verdicts(r.Level), r.Models[i].Codes(r.Level)...)
		for k, q := range said[i] {
			if n := r.CodeNames[q.What]; n != "" {
				said[i][k].What = q.What + " " + n
			}
		}
		for _, e := range r.EffectsOf(i) {
			if e.Coverage.Of > 0 {
				c := e.Coverage
				c.What = e.Name
				covered[i] = append(covered[i], c)
			}
		}
	}
	describeRates(f, r, said, covered, words)
	sheets := []sheet{rateSheet("shown by", r, said, from, to, opt, -1)}
	if s := rateSheet("coverage", r, covered, from, to, opt, r.Level); len(s.labels) > 0 {
		sheets = append(sheets, s)
	}
	f.layOut(sheets, opt)
	return f
}

// rateSheet are the rates of all models on common rows; line is a rate that is
// claimed, negative for none.
func rateSheet(head string, r *diagnose.StudyResult, rates [][]diagnose.StudyRate, from, to int, opt Options, line float64) sheet {
	s := sheet{head: head}
	var rows []string
	for _, list := range rates {
		for _, q := range list {
			if !slices.Contains(rows, q.What) {
				rows = append(rows, q.What)
				s.labels = append(s.labels, opt.label(q.What))
			}
		}
	}
	if len(rows) == 0 {
		return s
	}
	for i := from; i < to; i++ {
		p := newPlot()
		p.Title.Text = opt.label(r.Models[i].Model.Formula)
		p.X.Label.Text = "share of data sets"
		var marks []interval
		for _, q := range rates[i] {
			row := slices.Index(rows, q.What)
			marks = append(marks, disc(q.Rate, q.Low, q.High, float64(row), tooltip(s.labels[row], r.Level, q.Rate, q.Low, q.High, 3)))
		}
		p.Add(grid())
		if line >= 0 {
			p.Add(upright{x: line, line: dotted()})
		}
		p.Add(intervals{marks: marks})
		setScale(p, [2]float64{0, 1})
		p.Y.Min, p.Y.Max = -0.5, float64(len(rows))-0.5
		s.plots = append(s.plots, p)
	}
	return s
}

// describeRates writes the figure's words.
func describeRates(f *Figure, r *diagnose.StudyResult, said, covered [][]diagnose.StudyRate, page string) {
	var s strings.Builder
	fmt.Fprintf(&s, "Verdicts and codes of fits to %d data sets of %d rows from a known truth (seed %d), with %s Wilson intervals; below, how often intervals had the truth in them (dotted: %s).%s",
		r.Replicates, r.Rows, r.Seed, percent(r.Level), percent(r.Level), page)
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"model", "count", "rate", "lower", "upper"}}
	for i := range r.Models {
		cells = append(cells, []string{oneLine(r.Models[i].Model.Formula)})
		for _, q := range slices.Concat(said[i], covered[i]) {
			cells = append(cells, []string{"  " + oneLine(q.What), fmt.Sprint(q.Count), number(q.Rate, 3), number(q.Low, 3), number(q.High, 3)})
		}
	}
	f.twin = f.caption + "\n\n" + align(cells)
}
