package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"

	"github.com/golmm/golmm/lmm"
)

// medianRoot is the median of sqrt(|Z|), Z standard normal.
const medianRoot = 0.8212751037468957

// ScaleLocation draws the square root of the absolute standardised residuals of
// a model against the fitted values, with a smoother: it rises or falls where
// the residual variance does, and stays near the dotted line, 0.82, where the
// variance is constant and the residuals normal. The smoother is that of
// Residuals.
//
// Over 5000 points those that share a cell of a fine lattice are drawn once,
// which the caption says; the smoother uses all. Options.Units[response] names
// the unit of the x axis. At most one Options may be given. Whatever prevents
// the figure is in its Err.
//
// Source: Cleveland (1993), Visualizing Data, sec. 3.2, spread-location plots.
func ScaleLocation(m ResidualSource, opts ...Options) *Figure {
	f := &Figure{title: "Scale and location of the residuals"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	x, r := m.Fitted(), m.Residuals(lmm.StandardisedResidual)
	if len(x) != len(r) {
		f.err = &DataError{Reason: fmt.Sprintf("there are %d fitted values and %d residuals", len(x), len(r))}
		return f
	}
	y := make([]float64, len(r))
	for i, v := range r {
		y[i] = math.Sqrt(math.Abs(v))
	}
	px, py, thin := thinned(x, y)
	if len(px) == 0 {
		f.err = &DataError{Reason: "the model has no standardised residuals: sigma is not identified, or their standard errors cannot be computed"}
		return f
	}
	cx, cy := lowess(x, y, smoothSpan)
	var s strings.Builder
	fmt.Fprintf(&s, "Square root of the absolute %s against fitted values. Dotted: 0.82, the median if they are normal with one variance.", standardised(m))
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
	p.X.Label.Text, p.Y.Label.Text = fittedAxis(m, opt), "√|standardised residual|"
	p.Add(level(), across{y: medianRoot, line: dotted()}, scatter{px, py, Accent})
	if cx != nil {
		p.Add(line2(cx, cy, lineStyle(Series2, 2)))
	}
	span(&p.X, x)
	span(&p.Y, y, []float64{0})
	p.Y.Min = 0
	f.layOutGrid(facets{plots: []*plot.Plot{p}}, opt)
	return f
}
