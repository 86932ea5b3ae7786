package plots

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
)

// ResidualSource is what has fitted values and residuals. A *lmm.Model is one.
type ResidualSource interface {
	Formula() string
	ResponseName() string
	Fitted() []float64
	Residuals(lmm.ResidualKind) []float64
}

// smoothSpan is the share of the points in a neighbourhood of the smoother.
const smoothSpan = 2.0 / 3

// Residuals draws the conditional residuals of a model, response - fitted,
// against the fitted values, with a smoother of the points: a curve away from
// zero says that the mean is wrong somewhere, a funnel that the variance is not
// constant. Those of a generalised model are Pearson residuals, over the standard
// deviation that its mean gives. The smoother is robust locally linear regression over two thirds of
// the points (Cleveland 1979).
//
// Over 5000 points those that share a cell of a fine lattice are drawn once,
// which the caption says; the smoother uses all. Options.Units[response] names
// the unit of both axes. At most one Options may be given. Whatever prevents
// the figure is in its Err.
//
// Source: Pinheiro and Bates (2000), Mixed-Effects Models in S and S-PLUS,
// sec. 4.3.1.
func Residuals(m ResidualSource, opts ...Options) *Figure {
	f := &Figure{title: "Residuals and fitted values"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	kind, name := lmm.RawResidual, "Conditional"
	if familyOf(m) != nil { // raw ones have a variance that changes with the mean
		kind, name = lmm.PearsonResidual, "Pearson"
	}
	x, y := m.Fitted(), m.Residuals(kind)
	if len(x) != len(y) {
		f.err = &DataError{Reason: fmt.Sprintf("there are %d fitted values and %d residuals", len(x), len(y))}
		return f
	}
	px, py, thin := thinned(x, y)
	if len(px) == 0 {
		f.err = &DataError{Reason: "the model has no fitted values to draw: none of them is a number"}
		return f
	}
	cx, cy := lowess(x, y, smoothSpan)

	var s strings.Builder
	fmt.Fprintf(&s, "%s residuals against fitted values.", name)
	if cx != nil {
		s.WriteString(" Curve: robust local regression over two thirds of the points.")
	} else {
		s.WriteString(" Too few different fitted values for a smoother.")
	}
	fmt.Fprintf(&s, "%s Model: %s.", thin, described(m))
	f.caption, f.desc = s.String(), s.String()
	f.twin = f.caption + "\n"
	if cx != nil {
		f.twin += "\n" + curveTable("fitted", "smooth", cx, cy, y)
	}

	p := newPlot()
	p.X.Label.Text, p.Y.Label.Text = fittedAxis(m, opt), "residual"
	if kind == lmm.PearsonResidual {
		p.Y.Label.Text = "Pearson residual"
	} else if u := opt.Units[m.ResponseName()]; u != "" {
		p.Y.Label.Text += ", " + oneLine(u)
	}
	p.Add(level(), across{y: 0, line: lineStyle(Text, zeroWidth)}, scatter{px, py, Accent})
	if cx != nil {
		p.Add(line2(cx, cy, lineStyle(Series2, 2)))
	}
	span(&p.X, x)
	span(&p.Y, y, []float64{0})
	f.layOutGrid(facets{plots: []*plot.Plot{p}}, opt)
	return f
}

// fittedAxis names the axis of fitted values; those of a generalised model are
// means of the response, not of its link.
func fittedAxis(m ResidualSource, opt Options) string {
	if familyOf(m) != nil {
		return "fitted " + opt.label(m.ResponseName()) + ", response scale"
	}
	return "fitted " + opt.withUnit(m.ResponseName())
}

// standardised is what the standardised residuals of a model are called in a
// caption.
func standardised(m any) string {
	if familyOf(m) != nil {
		return "standardised Pearson residuals"
	}
	return "standardised residuals"
}

// capital is the beginning of a sentence.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// line2 is a line through points.
func line2(x, y []float64, style draw.LineStyle) *plotter.Line {
	xy := make(plotter.XYs, 0, len(x))
	for i := range x {
		if drawable(x[i]) && drawable(y[i]) {
			xy = append(xy, plotter.XY{X: x[i], Y: y[i]})
		}
	}
	return &plotter.Line{XYs: xy, LineStyle: style}
}

// across is a plotter: a line at one y.
type across struct {
	y    float64
	line draw.LineStyle
}

// Plot draws the line over the width of the canvas.
func (a across) Plot(c draw.Canvas, p *plot.Plot) {
	_, ty := p.Transforms(&c)
	if y := ty(a.y); c.ContainsY(y) {
		c.StrokeLine2(a.line, c.Min.X, y, c.Max.X, y)
	}
}

// curveTable prints about ten points of a curve, with digits for a hundredth
// of the spread of like.
func curveTable(xName, yName string, x, y, like []float64) string {
	var a plot.Axis
	span(&a, like)
	d := decimals([]bar{{0, (a.Max - a.Min) / 2}})
	cells := [][]string{{xName, yName}}
	const rows = 10
	step := max(1, (len(x)-1)/(rows-1))
	for i := 0; i < len(x); i += step {
		cells = append(cells, []string{number(x[i], d), number(y[i], d)})
	}
	return align(cells)
}
