package infer

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/finding"
)

// reach says how far a curve goes: to |zeta| = limit, with the interval at z.
type reach struct{ z, limit float64 }

// conditional is the optimum of all other parameters for a value of one.
type conditional struct {
	x     float64 // in the coordinate that is walked
	f     float64
	slope float64   // df/dx
	state []float64 // where the next search starts
	// tangent is the derivative of state with x, nil where it is not known.
	tangent []float64
	// model is the Hessian of the criterion in state, where it is approximate.
	model *mat.SymDense
	zeta  float64
	flat  bool // the value does not matter there: state is not that of the point
}

// path is the profile of one parameter in a coordinate x of it.
type path interface {
	// best is the estimate; its slope is 0, or it is at an end of the range.
	best() conditional
	// solve minimises over the other parameters at x, from the optimum at
	// another value.
	solve(x float64, from *conditional) (conditional, bool)
	// bounds are the ends of x, infinite where there are none.
	bounds() (lower, upper float64)
	step() float64 // a change of x that moves zeta by about a half
	value(x float64) float64
	params(c *conditional) []float64
}

const (
	zetaStep  = 0.4  // between points of a curve
	maxPoints = 80   // of a curve on one side
	dip       = 1e-6 // a fall of the criterion below this is rounding
)

// trace walks a path to both sides of the estimate.
func trace(c *Curve, p path, walk reach) {
	best := p.best()
	c.Estimate = p.value(best.x)
	if math.IsInf(best.f, 0) || math.IsNaN(best.f) {
		c.Reason = "the criterion cannot be computed at the estimates"
		c.Lower.Reason, c.Upper.Reason = c.Reason, c.Reason
		return
	}
	lower, upper := p.bounds()
	left, leftEnd := c.side(p, best, -1, lower, walk)
	right, rightEnd := c.side(p, best, 1, upper, walk)
	back(p, left, best)
	back(p, right, best)
	slices.Reverse(left)
	all := append(append(left, best), right...)
	for i := range all {
		c.Points = append(c.Points, CurvePoint{Value: p.value(all[i].x), Zeta: all[i].zeta, Criterion: all[i].f, Params: p.params(&all[i])})
	}
	c.Lower = c.limit(p, all, -1, leftEnd, walk)
	c.Upper = c.limit(p, all, 1, rightEnd, walk)
}

// back walks a side from its end to the estimate: where the criterion has several
// minima over the other parameters, the way out may have kept to one that is no
// longer the least.
func back(p path, side []conditional, best conditional) {
	if _, ok := p.(*ridge); !ok {
		return // a refit searches from several starts
	}
	for i := len(side) - 2; i >= 0; i-- {
		if side[i+1].flat {
			continue
		}
		next, ok := p.solve(side[i].x, &side[i+1])
		if !ok || next.f >= side[i].f-dip {
			return // the ways have met
		}
		next.zeta = math.Copysign(math.Sqrt(math.Max(0, next.f-best.f)), side[i].zeta)
		side[i] = next
	}
}

// ending says why a walk stopped.
type ending int

const (
	arrived ending = iota // at the limit of zeta
	atBound
	lost // the search failed, or the curve does not end
)

// side walks to one side of the estimate.
func (c *Curve) side(p path, best conditional, sign, bound float64, walk reach) ([]conditional, ending) {
	var out []conditional
	if best.x == bound {
		return nil, atBound
	}
	at, step := best, p.step()
	for len(out) < maxPoints {
		x := at.x + sign*step
		if sign*(x-bound) >= 0 {
			x = bound
		}
		next, ok := p.solve(x, &at)
		if !ok {
			return out, lost
		}
		falls := sign*next.slope*step < -dip
		if falls || next.f < at.f-dip {
			c.Monotone = false
		}
		next.zeta = sign * math.Sqrt(math.Max(0, next.f-best.f))
		out = append(out, next)
		switch {
		case x == bound:
			return out, atBound
		case math.Abs(next.zeta) >= walk.limit:
			return out, arrived
		}
		// The next step by the slope of zeta, its growth bounded.
		grown := 1.6 * step
		if falls {
			grown = step // into a valley, which a long step may cross
		}
		if slope := next.slope / (2 * next.zeta); slope > 0 {
			grown = math.Min(grown, zetaStep/slope)
		}
		step = math.Max(grown, step/4)
		at = next
	}
	return out, lost
}

// limit finds the outermost crossing of |zeta| = z on a side.
func (c *Curve) limit(p path, all []conditional, sign float64, end ending, walk reach) Limit {
	for n := range all[:len(all)-1] {
		inner, outer := n+1, n
		if sign > 0 {
			inner, outer = len(all)-2-n, len(all)-1-n
		}
		if sign*all[inner].zeta < walk.z && sign*all[outer].zeta >= walk.z {
			return c.cross(p, all[inner], all[outer], sign, walk.z)
		}
	}
	switch {
	case end == atBound:
		edge := all[0]
		if sign > 0 {
			edge = all[len(all)-1]
		}
		l := Limit{Value: p.value(edge.x), Boundary: true}
		l.Reason = fmt.Sprintf("the data do not exclude %.4g, the end of its range", l.Value)
		if math.IsInf(l.Value, 1) {
			l.Reason = "the data do not exclude that it is without bound"
		}
		return l
	}
	return Limit{Value: math.NaN(), Reason: "the likelihood does not fall far enough as far as it could be followed"}
}

// cross finds zeta = sign z between two points, by Newton's method within the
// bracket: zeta is nearly straight.
func (c *Curve) cross(p path, in, out conditional, sign, z float64) Limit {
	for range 40 {
		// From the nearer end along its slope, or else along the chord.
		x := in.x + (sign*z-in.zeta)/(out.zeta-in.zeta)*(out.x-in.x)
		near := out
		if math.Abs(math.Abs(in.zeta)-z) < math.Abs(math.Abs(out.zeta)-z) {
			near = in
		}
		if slope := near.slope / (2 * near.zeta); slope > 0 && !math.IsInf(slope, 1) {
			if n := near.x + (sign*z-near.zeta)/slope; n > math.Min(in.x, out.x) && n < math.Max(in.x, out.x) {
				x = n
			}
		}
		next, ok := p.solve(x, &near)
		if !ok {
			return Limit{Value: math.NaN(), Reason: "the search for the other parameters failed near the limit"}
		}
		next.zeta = sign * math.Sqrt(math.Max(0, next.f-p.best().f))
		if math.Abs(math.Abs(next.zeta)-z) < 1e-8 || math.Abs(out.x-in.x) < 1e-12*math.Max(math.Abs(out.x), p.step()) {
			return Limit{Value: p.value(next.x)}
		}
		if math.Abs(next.zeta) < z {
			in = next
		} else {
			out = next
		}
	}
	return Limit{Value: p.value((in.x + out.x) / 2)}
}

// observeCurve says what is unusual about a curve.
func observeCurve(c *Curve) []finding.Finding {
	var out []finding.Finding
	least := 0.0
	for _, p := range c.Points {
		if c.Estimate == p.Value {
			least = p.Criterion
		}
	}
	for _, p := range c.Points {
		if p.Criterion < least-1e-5 {
			out = append(out, finding.Finding{
				Code: "C5", Name: "MULTIMODE", Severity: finding.Serious, Params: []string{c.Name},
				Evidence: []finding.Evidence{{Check: "fall of the criterion along the profile of " + c.Name, Found: least - p.Criterion, Limit: 1e-5}},
				Meaning:  fmt.Sprintf("The profile finds a better fit at %s = %.4g: the fit is not the best maximum.", c.Name, p.Value),
				Remedies: []string{"Fit again from other starting points.", "Do not use the intervals of this profile."},
			})
			return out
		}
	}
	if !c.Monotone {
		out = append(out, finding.Finding{
			Code: "C5", Name: "MULTIMODE", Severity: finding.Caution, Params: []string{c.Name},
			Meaning:  fmt.Sprintf("The profile of %s falls again away from the estimate: more than one range of values fits well. The interval covers all of them that were found.", c.Name),
			Remedies: []string{"Look at the curve.", "Report the likelihood of both values."},
		})
	}
	return out
}
