package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// Shares of the largest below which an eigenvalue counts as none; they are those
// of package diagnose. Components are standard deviations, the roots of the
// eigenvalues of Sigma.
const (
	componentCut = 1e-6
	curvatureCut = 1e-5
)

// leastShare is the share below which an eigenvalue stands on the line of 0.
const leastShare = 1e-9

// Eigenvalues draws, on a logarithmic scale, the standard deviations of the
// principal components of each grouping factor's covariance matrix, and the
// eigenvalues of the Hessian of the criterion in the variance parameters, as
// shares of the largest. Left of the dotted line, 1e-6 for components and 1e-5
// for the Hessian, a component does not vary and a direction is flat. What is
// below 1e-9 stands on the line of 0. A direction of the Hessian is named by the
// parameter that moves most along it.
//
// At most one Options may be given. Whatever prevents the figure is in its Err.
//
// Source: Bates, Kliegl, Vasishth and Baayen (2015), arXiv 1506.04967, sec. 3,
// for the components; Brooks et al. (2017), The R Journal 9, 378-400, for flat
// directions.
func Eigenvalues(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Eigenvalues"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	s, err := newRelative(m)
	if err != nil {
		f.err = err
		return f
	}
	var spectra []spectrum
	for _, g := range infer.RandomPCA(m) {
		q := spectrum{name: "components of " + opt.label(g.Group), head: opt.label(g.Group), limit: componentCut, values: g.SD}
		for i := range g.SD {
			q.labels = append(q.labels, fmt.Sprintf("component %d", i+1))
		}
		spectra = append(spectra, q)
	}
	h := spectrum{name: "Hessian", head: "Hessian", limit: curvatureCut}
	all := directionsOf(s)
	for i := len(all) - 1; i >= 0; i-- {
		h.values = append(h.values, all[i].curvature)
		h.labels = append(h.labels, all[i].movement(1, ", ", math.MaxFloat32))
	}
	if len(h.values) > 0 {
		spectra = append(spectra, h)
	}
	describeEigen(f, m, spectra)
	var sheets []sheet
	for _, q := range spectra {
		if len(q.values) > 0 {
			sheets = append(sheets, q.sheet())
		}
	}
	f.layOut(sheets, opt)
	return f
}

// spectrum are eigenvalues, the largest first.
type spectrum struct {
	name, head string
	labels     []string
	values     []float64
	limit      float64
}

// share is a value over the largest; NaN where it is negative or not known.
func (q *spectrum) share(i int) float64 {
	v := q.values[i] / q.values[0]
	if !(q.values[0] > 0) {
		v = 0
		if math.IsNaN(q.values[0]) {
			v = math.NaN()
		}
	}
	if v < -leastShare {
		return math.NaN()
	}
	return v
}

// sheet are the rows of the spectrum on the scale log10.
func (q *spectrum) sheet() sheet {
	floor := math.Log10(leastShare)
	p := newPlot()
	p.Title.Text = q.name
	p.X.Label.Text = "share of the largest"
	var marks []interval
	for i := range q.values {
		v, x := q.share(i), math.NaN()
		switch {
		case v <= leastShare:
			x = floor
		case drawable(v):
			x = math.Log10(v)
		}
		mark := disc(x, x, x, float64(i), fmt.Sprintf("%s: %s, share %s", q.labels[i], tickLabel3(q.values[i]), tickLabel3(v)))
		if !drawable(x) {
			mark.tip = q.labels[i] + ": not applicable"
		}
		if v < q.limit {
			mark.ink = Caution
		}
		marks = append(marks, mark)
	}
	p.Add(grid(), upright{x: math.Log10(q.limit), line: dotted()}, intervals{marks: marks})
	p.X.Tick.Marker = plot.ConstantTicks{{Value: floor, Label: "0"}, {Value: -6, Label: typeset("1e-6")}, {Value: -4, Label: typeset("1e-4")}, {Value: -2, Label: "0.01"}, {Value: 0, Label: "1"}}
	setScale(p, [2]float64{floor, 0})
	p.Y.Min, p.Y.Max = -0.5, float64(len(marks))-0.5
	return sheet{head: q.head, labels: q.labels, plots: []*plot.Plot{p}}
}

// describeEigen writes the figure's words.
func describeEigen(f *Figure, m *lmm.Model, spectra []spectrum) {
	var s strings.Builder
	s.WriteString("Standard deviations of the components of the random effects, and eigenvalues of the Hessian of the criterion, each as a share of the largest. Dotted: 1e-6 for components, 1e-5 for the Hessian, below which a component does not vary and a direction is flat.")
	fmt.Fprintf(&s, " Model: %s.", described(m))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"", "value", "share"}}
	for _, q := range spectra {
		cells = append(cells, []string{q.name})
		for i := range q.values {
			share := "-"
			if v := q.share(i); drawable(v) {
				share = fmt.Sprintf("%.3g", v)
			}
			value := "-"
			if drawable(q.values[i]) {
				value = fmt.Sprintf("%.4g", q.values[i])
			}
			cells = append(cells, []string{"  " + plainText(q.labels[i]), value, share})
		}
	}
	f.twin = f.caption + "\n\n" + align(cells)
}
