package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/interp"
	"gonum.org/v1/gonum/stat/distuv"
	"gonum.org/v1/plot"

	"github.com/golmm/golmm/lmm/infer"
)

// ProfileZeta draws the profile likelihood of the parameters of a model, a
// panel for each, as
//
//	zeta = sign(value - estimate) sqrt(profile criterion - minimum)
//
// against the value. Where the log likelihood is quadratic the curve is the
// straight dashed line through the estimate; the more it bends, the less a
// symmetric interval is worth. The interval of p.Level, drawn on zeta = 0, ends
// where the curve meets the normal quantiles named on the axis. The end of the
// parameter space, where it is in view, is a solid line with the forbidden side
// shaded. The curve is drawn through the points of the profile by monotone
// cubics (Fritsch and Butland 1984).
//
// Options.Group draws the parameters of one grouping factor, Options.Parameters
// those named; Options.Units name the x axes by parameter. A page has 12
// parameters, Options.Page turns it. At most one Options may be given. Whatever
// prevents the figure is in its Err.
//
// Source: Bates and Watts (1988), Nonlinear Regression Analysis, ch. 6; Bates,
// Maechler, Bolker and Walker (2015), J. Stat. Software 67(1), sec. 5.1.
func ProfileZeta(p *infer.ProfileResult, opts ...Options) *Figure {
	f := &Figure{title: "Profile likelihood"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	curves, missing, words, err := profiled(p, opt)
	if err != nil {
		f.err = err
		return f
	}
	describeProfile(f, p, curves, missing, words)

	q := distuv.UnitNormal.Quantile((1 + p.Level) / 2)
	zmin, zmax := -q-0.4, q+0.4
	panels := make([]*plot.Plot, len(curves))
	for i, c := range curves {
		panels[i] = zetaPanel(c, q, zmin, zmax)
		panels[i].Title.Text = opt.label(c.Name)
		panels[i].X.Label.Text = opt.parameterUnit(p.Formula, c.Name)
		if i%gridColumns(len(curves)) == 0 {
			panels[i].Y.Label.Text = "ζ"
		}
	}
	f.layOutGrid(facets{plots: panels, sharedY: true}, opt)
	return f
}

// profiled are the curves on the page asked for, and those that cannot be drawn.
func profiled(p *infer.ProfileResult, opt Options) (drawn, missing []infer.Curve, words string, err error) {
	all, missing, err := profiledAll(p, opt)
	if err != nil {
		return nil, nil, "", err
	}
	from, to, words, err := opt.pageOf(len(all), maxPanels)
	if err != nil {
		return nil, nil, "", err
	}
	return all[from:to], missing, words, nil
}

// profiledAll splits the curves chosen into those that can be drawn and those
// that cannot.
func profiledAll(p *infer.ProfileResult, opt Options) (drawn, missing []infer.Curve, err error) {
	if p == nil {
		return nil, nil, &DataError{Reason: "there is no profile to draw: it is nil; was the error of infer.Profile looked at?"}
	}
	names := make([]string, len(p.Curves))
	for i, c := range p.Curves {
		names[i] = c.Name
	}
	at, err := opt.choose(names)
	if err != nil {
		return nil, nil, err
	}
	var known []string
	for _, c := range permuted(p.Curves, at) {
		if !slices.Contains(known, c.Group) && c.Group != "" {
			known = append(known, c.Group)
		}
		switch {
		case opt.Group != "" && c.Group != opt.Group:
		case len(finitePoints(c)) < 2:
			missing = append(missing, c)
		default:
			drawn = append(drawn, c)
		}
	}
	switch {
	case opt.Group != "" && !slices.Contains(known, opt.Group):
		return nil, nil, &OptionError{Option: "Group", Value: opt.Group, Known: known}
	case len(drawn) == 0:
		why := "the profile has no parameters"
		if len(missing) > 0 {
			why = fmt.Sprintf("no parameter has a profile; %s: %s", missing[0].Name, missing[0].Reason)
		}
		return nil, nil, &DataError{Reason: why}
	}
	return drawn, missing, nil
}

// finitePoints are the points of a curve that can be drawn, by increasing
// value, each value once.
func finitePoints(c infer.Curve) []infer.CurvePoint {
	var ps []infer.CurvePoint
	for _, p := range c.Points {
		if drawable(p.Value) && drawable(p.Zeta) && (len(ps) == 0 || p.Value > ps[len(ps)-1].Value) {
			ps = append(ps, p)
		}
	}
	return ps
}

// smoothCurve evaluates the interpolant of a curve at evenly spaced values,
// the given points among them.
func smoothCurve(ps []infer.CurvePoint) (x, z []float64) {
	xs, zs := make([]float64, len(ps)), make([]float64, len(ps))
	for i, p := range ps {
		xs[i], zs[i] = p.Value, p.Zeta
	}
	var spline interp.FritschButland
	if len(ps) < 3 || spline.Fit(xs, zs) != nil {
		return xs, zs
	}
	const pieces = 8 // between two points; then corners are under 0.1 pt
	for i := 1; i < len(xs); i++ {
		for k := range pieces {
			v := xs[i-1] + (xs[i]-xs[i-1])*float64(k)/pieces
			x, z = append(x, v), append(z, spline.Predict(v))
		}
	}
	return append(x, xs[len(xs)-1]), append(z, zs[len(zs)-1])
}

// slopeAt is the derivative of zeta at the estimate, by the parabola through
// it and its neighbours; NaN where it has none on one side.
func slopeAt(ps []infer.CurvePoint, estimate float64) float64 {
	const same = 1e-9
	var lo, hi *infer.CurvePoint
	for i := range ps {
		switch p := &ps[i]; {
		case p.Zeta < -same && p.Value < estimate:
			lo = p
		case p.Zeta > same && p.Value > estimate && hi == nil:
			hi = p
		}
	}
	if lo == nil || hi == nil {
		return math.NaN()
	}
	a, b := lo.Value-estimate, hi.Value-estimate
	return (lo.Zeta/a*b - hi.Zeta/b*a) / (b - a)
}

// profileSource says of which model a profile is, and how much of it.
func profileSource(p *infer.ProfileResult) string {
	s := ""
	if n, all := len(p.Curves), len(p.Names); n < all {
		verb := "were"
		if n == 1 {
			verb = "was"
		}
		s = fmt.Sprintf(" Of %d parameters %d %s profiled.", all, n, verb)
	}
	if p.Formula != "" {
		s += fmt.Sprintf(" Model: %s.", withFamily(p.Formula, p.Family, p.Link))
	}
	return s
}

// describeProfile writes the figure's words.
func describeProfile(f *Figure, p *infer.ProfileResult, curves, missing []infer.Curve, page string) {
	var s strings.Builder
	fmt.Fprintf(&s, "Profile ζ, the signed root of the rise of the profiled criterion, with %g %% intervals where ζ is within the normal quantiles (bars; points are estimates). "+
		"Dashed: the line of a quadratic log likelihood.", 100*p.Level)
	if p.REML {
		s.WriteString(" Fixed effects by −2 log L, the others by REML.")
	} else {
		s.WriteString(" The criterion is −2 log L.")
	}
	for _, c := range missing {
		fmt.Fprintf(&s, " %s has no profile: %s.", oneLine(c.Name), strings.TrimSuffix(oneLine(c.Reason), "."))
	}
	s.WriteString(page)
	s.WriteString(profileSource(p))
	f.caption = s.String()

	names := make([]string, len(curves))
	cells := [][]string{{"parameter", "estimate", fmt.Sprintf("%.4g %%", 50*(1-p.Level)), fmt.Sprintf("%.4g %%", 50*(1+p.Level))}}
	var notes strings.Builder
	for i, c := range curves {
		names[i] = oneLine(c.Name)
		est, lo, hi := curveNumbers(c)
		cells = append(cells, []string{names[i], est, lo, hi})
		for _, l := range []struct {
			end string
			infer.Limit
		}{{"lower", c.Lower}, {"upper", c.Upper}} {
			if l.Reason != "" {
				fmt.Fprintf(&notes, "%s, %s limit: %s\n", names[i], l.end, oneLine(l.Reason))
			}
		}
	}
	f.desc = fmt.Sprintf("%s Panels: %s.", f.caption, and(names))
	f.twin = strings.NewReplacer(minus, "-", "ζ", "zeta").Replace(f.caption+"\n\n"+align(cells)) + notes.String()
}

// curveNumbers prints the estimate and the limits to the digits that the
// interval is worth.
func curveNumbers(c infer.Curve) (estimate, lower, upper string) {
	half := (c.Upper.Value - c.Lower.Value) / 2
	switch {
	case !math.IsNaN(half):
	case math.IsNaN(c.Lower.Value):
		half = c.Upper.Value - c.Estimate
	default:
		half = c.Estimate - c.Lower.Value
	}
	d := decimals([]bar{{c.Estimate, half}})
	return number(c.Estimate, d), number(c.Lower.Value, d), number(c.Upper.Value, d)
}
