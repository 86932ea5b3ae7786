package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm/diagnose"
)

// AllFit draws where every optimizer ended from every start: a row for each
// optimizer, in the first panel how far the criterion is above the lowest of all
// runs, on a logarithmic scale, in the others the fixed effects that the run
// gives:
//
//	r, err := diagnose.AllFit(m, nil)
//	fig := plots.AllFit(r)
//
// Disc: a run that ended at a maximum; ring: one that did not. What is less than
// 1e-8 above the lowest stands on the line of 0. The dotted line is the fixed
// effect at the lowest criterion.
//
// Options.Parameters chooses fixed effects; a page has the criterion and 11 of
// them, Options.Page turns it. At most one Options may be given. Whatever
// prevents the figure is in its Err.
//
// Source: Bates, Maechler, Bolker and Walker (2015), J. Stat. Software 67(1);
// lme4's allFit.
func AllFit(r *diagnose.AllFitResult, opts ...Options) *Figure {
	f := &Figure{title: "All optimizers"}
	opt, err := only(opts)
	switch {
	case err != nil:
	case r == nil:
		err = &DataError{Reason: "there are no runs to draw: the result is nil; was the error of diagnose.AllFit looked at?"}
	case len(r.Runs) == 0:
		err = &DataError{Reason: "no optimizer was run"}
	}
	if err != nil {
		f.err = err
		return f
	}
	at, err := opt.choose(r.FixedNames)
	if err != nil {
		f.err = err
		return f
	}
	from, to, words, err := opt.pageOf(len(at), maxPanels-1)
	if err != nil {
		f.err = err
		return f
	}
	at = at[from:to]
	describeAllFit(f, r, words)
	s := sheet{head: "optimizer"}
	var names []string
	for _, run := range r.Runs {
		if !slices.Contains(names, run.Optimizer) {
			names = append(names, run.Optimizer)
			s.labels = append(s.labels, opt.label(run.Optimizer))
		}
	}
	s.plots = append(s.plots, abovePanel(r, names, 1+len(at)))
	best := lowestRun(r)
	for _, k := range at {
		var marks []interval
		d := decimals([]bar{{0, spreadOf(r, k) / 2}})
		for i := range r.Runs {
			run := &r.Runs[i]
			v := math.NaN()
			if k < len(run.Fixed) {
				v = run.Fixed[k]
			}
			marks = append(marks, runMark(run, slices.Index(names, run.Optimizer), v, tooltipOne(runName(run)+", "+opt.label(r.FixedNames[k]), v, d, run.Status)))
		}
		p := newPlot()
		p.Title.Text = opt.label(r.FixedNames[k])
		p.X.Label.Text = oneLine(opt.Units[r.FixedNames[k]])
		p.Add(grid())
		lo, hi := leastMost(valuesOf(marks))
		if best >= 0 && k < len(r.Runs[best].Fixed) && drawable(r.Runs[best].Fixed[k]) {
			p.Add(upright{x: r.Runs[best].Fixed[k], line: dotted()})
		}
		p.Add(intervals{marks: marks})
		if hi-lo < 1e-6*math.Abs(lo) { // all agree: the scale is not that of rounding
			pad := 0.05*math.Abs(lo) + 1e-9
			lo, hi = lo-pad, hi+pad
		}
		setScale(p, [2]float64{lo, hi})
		s.plots = append(s.plots, p)
	}
	for _, p := range s.plots {
		p.Y.Min, p.Y.Max = -0.5, float64(len(names))-0.5
	}
	f.layOut([]sheet{s}, opt)
	return f
}

// leastAbove is a difference of criteria that is drawn as 0.
const leastAbove = 1e-8

// abovePanel is the panel of the criterion, one of so many.
func abovePanel(r *diagnose.AllFitResult, names []string, panels int) *plot.Plot {
	floor, top := math.Log10(leastAbove), 0.0
	var marks []interval
	for i := range r.Runs {
		run := &r.Runs[i]
		x := math.NaN()
		switch {
		case run.Above <= leastAbove:
			x = floor
		case drawable(run.Above):
			x = math.Log10(run.Above)
			top = max(top, math.Ceil(x))
		}
		tip := runName(run) + ": " + tickLabel3(run.Above) + " above the lowest, " + oneLine(run.Code+" "+run.Status)
		if !drawable(run.Above) {
			tip = runName(run) + ": not applicable, " + oneLine(run.Code+" "+run.Status)
		}
		marks = append(marks, runMark(run, slices.Index(names, run.Optimizer), x, tip))
	}
	p := newPlot()
	p.Title.Text = "above the lowest"
	ticks := plot.ConstantTicks{{Value: floor, Label: "0"}}
	steps := 5.0
	if panels >= maxColumns { // as narrow as panels of rows become
		steps = 2
	}
	step := math.Ceil((top - floor) / steps)
	for e := top; e > floor+0.9*step; e -= step {
		label := typeset(fmt.Sprintf("1e%g", e))
		if e == 0 {
			label = "1"
		}
		ticks = append(ticks, plot.Tick{Value: e, Label: label})
	}
	p.X.Tick.Marker = ticks
	p.Add(grid(), intervals{marks: marks})
	setScale(p, [2]float64{floor, top})
	p.X.Tick.Marker = ticks
	return p
}

// runMark is a run on its row.
func runMark(run *diagnose.OptimizerRun, row int, v float64, tip string) interval {
	m := disc(v, v, v, float64(row), tip)
	if run.Maximum < 0 {
		m.ink, m.shape = Caution, draw.RingGlyph{}
	}
	return m
}

func runName(run *diagnose.OptimizerRun) string {
	return oneLine(run.Optimizer + " from " + run.Start)
}

func valuesOf(marks []interval) []float64 {
	out := make([]float64, len(marks))
	for i, v := range marks {
		out[i] = v.value
	}
	return out
}

// lowestRun is the run with the lowest criterion at a maximum, -1 for none.
func lowestRun(r *diagnose.AllFitResult) int {
	best := -1
	for i, run := range r.Runs {
		if run.Maximum >= 0 && drawable(run.Criterion) && (best < 0 || run.Criterion < r.Runs[best].Criterion) {
			best = i
		}
	}
	return best
}

// spreadOf is the range of a fixed effect over the runs, or a hundredth of it
// where they agree.
func spreadOf(r *diagnose.AllFitResult, k int) float64 {
	var v []float64
	for _, run := range r.Runs {
		if k < len(run.Fixed) {
			v = append(v, run.Fixed[k])
		}
	}
	lo, hi := leastMost(v)
	return max(hi-lo, 0.01*math.Abs(hi))
}

// describeAllFit writes the figure's words.
func describeAllFit(f *Figure, r *diagnose.AllFitResult, page string) {
	var s strings.Builder
	fmt.Fprintf(&s, "Where %d runs of all optimizers ended: the criterion above the lowest, and fixed effects. Disc: at a maximum; ring: not. %s%s Model: %s.", len(r.Runs), oneLine(r.Sentence()), page, withFamily(r.Formula, r.Family, r.Link))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{append([]string{"run", "above", "code"}, oneLines(r.FixedNames)...)}
	for i := range r.Runs {
		run := &r.Runs[i]
		row := []string{runName(run), "-", oneLine(run.Code)}
		if drawable(run.Above) {
			row[1] = fmt.Sprintf("%.2g", run.Above)
		}
		for _, v := range run.Fixed {
			row = append(row, number(v, 4))
		}
		cells = append(cells, row)
	}
	f.twin = plainText(f.caption) + "\n\n" + align(cells)
}
