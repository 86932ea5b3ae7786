package plots

import (
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm/infer"
)

// The share of the area over the interval is its level, what is cut off or
// beyond the curve left out.
func TestProfileDensityHasItsIntervals(t *testing.T) {
	for _, data := range [][2]string{{sleepFormula, "sleepstudy"}, {"Yield ~ 1 + (1 | Batch)", "Dyestuff2"}} {
		p := profileOf(t, data[0], data[1])
		for _, c := range p.Curves {
			d := newProfileDensity(c)
			ps := finitePoints(c)
			lowest, highest := ps[0].Zeta, ps[len(ps)-1].Zeta
			all, inside := 0.0, 0.0
			for i := 1; i < len(d.x); i++ {
				area := (d.x[i] - d.x[i-1]) * (d.y[i] + d.y[i-1]) / 2
				all += area
				if mid := (d.x[i] + d.x[i-1]) / 2; mid > c.Lower.Value && mid < c.Upper.Value {
					inside += area
				}
			}
			from := -1.959963984540054
			if c.Lower.Boundary {
				from = lowest
			}
			phi := distuv.UnitNormal.CDF
			want := (phi(1.959963984540054) - phi(from)) / (phi(highest) - phi(lowest))
			// A step of 1/160 of the curve at either end.
			if math.Abs(inside/all-want) > 0.006 {
				t.Errorf("%s: %v of the area is over the interval, want %v", c.Name, inside/all, want)
			}
			if wantCut := phi(lowest); c.Lower.Boundary && math.Abs(d.cut-wantCut) > 1e-12 {
				t.Errorf("%s: %v is cut off, want %v", c.Name, d.cut, wantCut)
			}
		}
	}
}

func TestProfileDensityDrawsTheIntervals(t *testing.T) {
	p := profileOf(t, sleepFormula, "sleepstudy")
	f := ProfileDensity(p)
	for i, g := range parse(t, svgOf(t, f)).all("g") {
		c := p.Curves[i]
		dot := g.all("circle")[0]
		x, _ := f.dataAt(i, dot.number(t, "cx"), dot.number(t, "cy"))
		if !same(x, c.Estimate, f.closeX(i)) {
			t.Errorf("%s: the estimate is at %v, want %v", c.Name, x, c.Estimate)
		}
		paths := g.all("path")
		v := pathNumbers(t, paths[len(paths)-1].attr("d"))
		x0, _ := f.dataAt(i, v[0], v[1])
		x1, _ := f.dataAt(i, v[len(v)-2], v[len(v)-1])
		if !same(x0, c.Lower.Value, f.closeX(i)) || !same(x1, c.Upper.Value, f.closeX(i)) {
			t.Errorf("%s: the bar is %v to %v, want %v to %v", c.Name, x0, x1, c.Lower.Value, c.Upper.Value)
		}
	}
	goldenSVG(t, f, "profiledensity")
	if ProfileDensity(nil).Err() == nil {
		t.Error("no error for nil")
	}
}

func TestProfileDensityAtTheBoundary(t *testing.T) {
	f := ProfileDensity(profileOf(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2"))
	if !strings.Contains(f.Caption(), "50 % of sd_(Intercept)|Batch is cut off") {
		t.Error(f.Caption())
	}
	goldenSVG(t, f, "profiledensity0")
}

// quadratic is the profile of a quadratic criterion in two parameters with
// standard deviations 1 and 2 and correlation rho.
func quadratic(rho float64) *infer.ProfileResult {
	p := &infer.ProfileResult{Level: 0.95, Names: []string{"a", "b"}}
	a, b := infer.Curve{Name: "a", Kind: infer.FixedEffect}, infer.Curve{Name: "b", Kind: infer.FixedEffect}
	for z := -3.0; z <= 3.01; z += 0.25 {
		a.Points = append(a.Points, infer.CurvePoint{Value: z, Zeta: z, Params: []float64{z, 2 * rho * z}})
		b.Points = append(b.Points, infer.CurvePoint{Value: 2 * z, Zeta: z, Params: []float64{rho * z, 2 * z}})
	}
	p.Curves = []infer.Curve{a, b}
	return p
}

// Of a quadratic criterion the contours are its ellipses.
func TestProfilePairsOfAQuadratic(t *testing.T) {
	for _, rho := range []float64{-0.9, -0.3, 0, 0.6, 0.95} {
		p := quadratic(rho)
		pair := newTracePair(p.Names, p.Curves[0], p.Curves[1])
		for k, level := range pairLevels {
			if pair.contours[k] == nil {
				t.Fatalf("rho %v: no contour of %v", rho, level)
			}
			for _, v := range pair.contours[k] {
				x, y := v[0], v[1]/2
				rise := (x*x - 2*rho*x*y + y*y) / (1 - rho*rho)
				// The phase is acos(rho) everywhere: rounding alone.
				if want := -2 * math.Log(1-level); math.Abs(rise-want) > 1e-6*want {
					t.Fatalf("rho %v: rise %v on the contour of %v", rho, rise, want)
				}
			}
		}
	}
}

// A contour touches the profile where one parameter is at its extreme, and the
// criterion of the fit is what it says there.
func TestProfilePairsTouchTheProfiles(t *testing.T) {
	p := profileOf(t, sleepFormula, "sleepstudy")
	pair := newTracePair(p.Names, p.Curves[0], p.Curves[2])
	r := math.Sqrt(-2 * math.Log(0.05))
	for k, c := range pair.curves {
		_, value := bothWays(finitePoints(c))
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, v := range pair.contours[2] {
			lo, hi = min(lo, v[k]), max(hi, v[k])
		}
		// 120 points on the curve: one is within 1/120 of a turn of the extreme.
		near := 0.002 * (value(r) - value(-r))
		if !same(lo, value(-r), near) || !same(hi, value(r), near) {
			t.Errorf("%s: the contour is from %v to %v, want %v to %v", c.Name, lo, hi, value(-r), value(r))
		}
	}
	f := ProfilePairs(p)
	if len(f.Plots()) != 7 || !strings.Contains(f.Caption(), "are not paired") {
		t.Errorf("%d panels: %s", len(f.Plots()), f.Caption())
	}
	goldenSVG(t, ProfilePairs(p, Options{Parameters: []string{"sd_(Intercept)|Subject", "sd_Days|Subject"}}), "profilepairs")
}

func TestProfilePairsAwkward(t *testing.T) {
	p := profileOf(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2")
	f := ProfilePairs(p)
	svgOf(t, f)
	if !strings.Contains(f.Caption(), "No 95 % contour for sd_(Intercept)|Batch with sigma: a profile ends before it") {
		t.Error(f.Caption())
	}
	var oe *OptionError
	if err := ProfilePairs(p, Options{Parameters: []string{"sigma", "what"}}).Err(); !errors.As(err, &oe) || oe.Value != "what" {
		t.Errorf("unknown name: %v", err)
	}
	for _, bad := range []*Figure{ProfilePairs(nil), ProfilePairs(p, Options{Parameters: []string{"sigma"}}), ProfilePairs(p, Options{Parameters: []string{"sigma", "(Intercept)"}})} {
		if bad.Err() == nil {
			t.Error("no error")
		}
	}
	q := quadratic(0.5)
	q.Curves[1].Points = q.Curves[1].Points[:2]
	svgOf(t, ProfilePairs(q))
}
