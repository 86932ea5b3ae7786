package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
)

// Information draws, for every parameter of a model, how much of what the data
// say of it is its own: with H the Hessian of the criterion in the parameters,
//
//	1 / (H_aa (H^-1)_aa),
//
// the information on parameter a with the others estimated over that with the
// others known. 1: the others do not matter; near 0: the data see only
// combinations of it with others. The right panel is the standard error of a
// standard deviation, relative to it, and of a correlation, from 2 H^-1. Variance parameters are standard deviations over sigma
// and correlations, beta and sigma at their best; for a fixed effect the share is
// the reciprocal of its variance inflation, with the intercept among the others.
// On the boundary there is no such information of a variance parameter: it has no
// point.
//
// Options.Parameters chooses parameters. At most one Options may be given.
// Whatever prevents the figure is in its Err.
//
// Source: Belsley, Kuh and Welsch (1980), Regression Diagnostics, sec. 3.1.
func Information(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Information by parameter"}
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
	all := append(s.information(), fixedInformation(m)...)
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = v.name
	}
	at, err := opt.choose(names)
	if err != nil {
		f.err = err
		return f
	}
	all = permuted(all, at)
	describeInformation(f, m, all)
	sh := sheet{head: "parameter"}
	var own, relative []interval
	top := 1.0
	for i, v := range all {
		sh.labels = append(sh.labels, opt.label(v.name))
		own = append(own, disc(v.own, v.own, v.own, float64(i), tooltipOne(sh.labels[i]+", share", v.own, 3, v.reason)))
		if !v.fixed {
			relative = append(relative, disc(v.relative, v.relative, v.relative, float64(i), tooltipOne(sh.labels[i]+", standard error", v.relative, 3, v.reason)))
		}
		if drawable(v.relative) {
			top = max(top, v.relative)
		}
	}
	for i, marks := range [2][]interval{own, relative} {
		p := newPlot()
		p.Title.Text = [2]string{"share of its own", "standard error"}[i]
		p.Add(grid(), upright{x: 0, line: lineStyle(Muted, zeroWidth)}, intervals{marks: marks})
		p.Y.Min, p.Y.Max = -0.5, float64(len(all))-0.5
		setScale(p, [2]float64{0, [2]float64{1, top}[i]})
		sh.plots = append(sh.plots, p)
	}
	f.layOut([]sheet{sh}, opt)
	return f
}

// informed is what the data say of one parameter; NaN with a reason where that
// is not defined.
type informed struct {
	name          string
	own, relative float64
	reason        string
	fixed         bool
}

// information turns the Hessian of the chart into that of the parameters:
// H_par = J^-T H J^-1, J the derivative of the parameters along the chart.
func (s *relative) information() []informed {
	out := make([]informed, len(s.names))
	for i, n := range s.names {
		out[i] = informed{name: n, own: math.NaN(), relative: math.NaN(), reason: "the fit is on the boundary, where the criterion has no such curvature in it"}
	}
	l := s.obj.Local
	n := len(s.names)
	for _, d := range l.Chart.Dirs {
		if d.Off {
			return out
		}
	}
	if len(l.Values) != n {
		return out
	}
	jacobian := mat.NewDense(n, n, nil)
	const h = 1e-5
	for a := range n {
		step := make([]float64, n)
		step[a] = h
		up := s.values(l.Chart.Move(step))
		step[a] = -h
		down := s.values(l.Chart.Move(step))
		for i := range n {
			jacobian.Set(i, a, (up[i]-down[i])/(2*h))
		}
	}
	var inverse, left, hess mat.Dense
	if inverse.Inverse(jacobian) != nil {
		return out
	}
	left.Mul(inverse.T(), mat.NewDense(n, n, l.Hess))
	hess.Mul(&left, &inverse)
	var cov mat.Dense
	if cov.Inverse(&hess) != nil {
		return out
	}
	here := s.values(s.obj.Point)
	for i := range n {
		if v := cov.At(i, i); v > 0 && hess.At(i, i) > 0 {
			out[i].own, out[i].reason = 1/(hess.At(i, i)*v), ""
			out[i].relative = math.Sqrt(2 * v)
			if e := s.places[i]; e.i == e.j {
				out[i].relative /= here[i]
			}
		}
	}
	return out
}

// fixedInformation is that of the fixed effects, from their covariance matrix.
func fixedInformation(m *lmm.Model) []informed {
	var out []informed
	v := m.Vcov()
	p := len(v)
	cov := mat.NewDense(max(p, 1), max(p, 1), nil)
	for i := range p {
		for j := range p {
			cov.Set(i, j, v[i][j])
		}
	}
	var inverse mat.Dense
	ok := p > 0 && inverse.Inverse(cov) == nil
	for _, c := range m.FixedEffects() {
		q := informed{name: c.Name, own: math.NaN(), relative: math.NaN(), reason: c.Reason, fixed: true}
		if k := slices.Index(m.Frame().XNames, c.Name); ok && k >= 0 && v[k][k] > 0 {
			q.own = 1 / (inverse.At(k, k) * v[k][k])
		}
		if !drawable(q.own) && q.reason == "" {
			q.reason = "the covariance matrix of the fixed effects cannot be inverted"
		}
		out = append(out, q)
	}
	return out
}

// describeInformation writes the figure's words.
func describeInformation(f *Figure, m *lmm.Model, all []informed) {
	var s strings.Builder
	fmt.Fprintf(&s, "Information on each parameter: left the share that remains when the others are estimated, too; right the standard error of a standard deviation, relative to it, or of a correlation. %s.", thetaIs(m))
	missing := 0
	for _, v := range all {
		if !drawable(v.own) {
			missing++
		}
	}
	if missing > 0 {
		fmt.Fprintf(&s, " %d of %d parameters have none.", missing, len(all))
	}
	fmt.Fprintf(&s, " Model: %s.", described(m))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"parameter", "share", "standard error"}}
	var notes strings.Builder
	for _, v := range all {
		cells = append(cells, []string{oneLine(v.name), number(v.own, 3), number(v.relative, 3)})
		if v.reason != "" {
			fmt.Fprintf(&notes, "%s: %s\n", oneLine(v.name), oneLine(v.reason))
		}
	}
	f.twin = f.caption + "\n\n" + align(cells) + notes.String()
}
