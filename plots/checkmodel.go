package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/golmm/golmm/lmm"
)

// CheckModel draws what to look at before a model is believed, on one page:
// residuals against fitted values, their scale and location, their normal
// quantiles with a simulated envelope, the normal quantiles of the conditional
// modes of each grouping factor's first coefficient, the residuals over time
// where rows have one, and standardised residuals against leverage. Each panel
// is explained, alone and larger, by the figure that it is taken from: Residuals,
// ScaleLocation, ResidualsQQ, ModesQQ, ResidualACF, Influence.
//
// What the model does not have is left out, and the caption says so. Options are
// those of the figures. At most one Options may be given. Whatever prevents the
// figure is in its Err.
func CheckModel(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Checks of the model"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	parts := []struct {
		strip string
		fig   *Figure
	}{
		{"mean: flat", Residuals(m, opt)},
		{"variance: flat", ScaleLocation(m, opt)},
		{"normal: in the band", ResidualsQQ(m, opt)},
		{"modes: on the line", ModesQQ(m, opt)},
		{"time: in the band", ResidualACF(m, opt)},
		{"no row alone", leveragePanel(m)},
	}
	var panels []*plot.Plot
	var drawn, missing, twins []string
	for _, part := range parts {
		if part.fig.err != nil {
			missing = append(missing, fmt.Sprintf("%s (%s)", strings.ToLower(part.fig.title), strings.TrimPrefix(oneLine(part.fig.err.Error()), "plots: ")))
			continue
		}
		p := part.fig.panels[0].plot
		p.Title.Text = part.strip
		panels = append(panels, p)
		drawn = append(drawn, part.strip)
		twins = append(twins, part.strip+"\n"+part.fig.twin)
	}
	if len(panels) == 0 {
		f.err = parts[0].fig.err
		return f
	}
	var s strings.Builder
	fmt.Fprintf(&s, "Checks; each strip says what a model that holds looks like: %s.", strings.Join(drawn, "; "))
	for _, w := range missing {
		fmt.Fprintf(&s, " Left out: %s.", w)
	}
	fmt.Fprintf(&s, " Model: %s.", described(m))
	f.caption, f.desc = s.String(), s.String()
	f.twin = plainText(f.caption) + "\n\n" + strings.Join(twins, "\n")
	f.layOutGrid(facets{plots: panels, height: 42 * vg.Millimeter}, opt)
	return f
}

// leveragePanel is standardised residuals against leverage, with the lines on
// which the conditional Cook's distance is 0.5 and 1.
func leveragePanel(m *lmm.Model) *Figure {
	f := &Figure{title: "Residuals and leverage"}
	h, r := m.Leverage(), m.Residuals(lmm.StandardisedResidual)
	px, py, thin := thinned(h, r)
	if len(px) == 0 {
		f.err = &DataError{Reason: "the model has no leverages: sigma is not identified, or standard errors cannot be computed"}
		return f
	}
	p := newPlot()
	p.X.Label.Text, p.Y.Label.Text = "leverage", "standardised residual"
	p.Add(level(), across{y: 0, line: lineStyle(Text, zeroWidth)}, scatter{px, py, Accent})
	span(&p.X, h, []float64{0})
	span(&p.Y, r, []float64{0})
	p.X.Min = max(0, p.X.Min)
	// h e^2 / ((1 - h) p) with e standardised: infer.Unit.Conditional.
	coefficients := 0
	for _, c := range m.FixedEffects() {
		if drawable(c.Estimate) {
			coefficients++
		}
	}
	for _, distance := range []float64{0.5, 1} {
		for _, sign := range []float64{1, -1} {
			var x, y []float64
			for _, v := range evenly(max(p.X.Max/200, 1e-6), min(p.X.Max, 0.999), 60) {
				e := sign * math.Sqrt(distance*float64(max(coefficients, 1))*(1-v)/v)
				if e >= p.Y.Min && e <= p.Y.Max {
					x, y = append(x, v), append(y, e)
				}
			}
			if len(x) > 1 {
				p.Add(line2(x, y, dotted()))
			}
		}
	}
	f.caption = "Standardised residuals against leverage. Dotted: where Cook's distance of a linear model is 0.5 and 1." + thin
	f.twin = f.caption + "\n"
	f.layOutGrid(facets{plots: []*plot.Plot{p}}, Options{NoCaption: true})
	return f
}
