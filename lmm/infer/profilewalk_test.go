package infer

import (
	"math"
	"testing"
)

// hill is a path with a given criterion.
type hill struct {
	f, slope func(x float64) float64
	start    float64
	lower    float64
}

func (h hill) best() conditional { return conditional{x: h.start, f: h.f(h.start)} }

func (h hill) solve(x float64, _ *conditional) (conditional, bool) {
	return conditional{x: x, f: h.f(x), slope: h.slope(x)}, true
}

func (h hill) bounds() (lower, upper float64) { return h.lower, math.Inf(1) }

func (h hill) step() float64 { return 0.3 }

func (h hill) value(x float64) float64 { return x }

func (h hill) params(*conditional) []float64 { return nil }

// A second minimum is reported, and the interval reaches to its far side.
func TestProfileWithTwoMinima(t *testing.T) {
	h := hill{
		f:     func(x float64) float64 { return x*x - 4*math.Exp(-2*(x-2.2)*(x-2.2)) },
		slope: func(x float64) float64 { return 2*x + 16*(x-2.2)*math.Exp(-2*(x-2.2)*(x-2.2)) },
		lower: math.Inf(-1),
	}
	c := Curve{Name: "hill", Monotone: true}
	walk := reach{z: 1.5, limit: 2.8}
	trace(&c, h, walk)
	if c.Monotone {
		t.Error("the second minimum was not seen")
	}
	at := c.Upper.Value
	if z := math.Sqrt(h.f(at) - h.f(0)); math.Abs(z-walk.z) > 1e-7 || !(at > 2.2) {
		t.Errorf("upper limit %v with zeta %v", at, z)
	}
	found := observeCurve(&c)
	if len(found) != 1 || found[0].Code != "C5" {
		t.Errorf("findings %+v", found)
	}
}

// A better minimum than the estimate is serious.
func TestProfileFindsABetterFit(t *testing.T) {
	h := hill{
		f:     func(x float64) float64 { return x*x - 12*math.Exp(-2*(x-2.2)*(x-2.2)) },
		slope: func(x float64) float64 { return 2*x + 48*(x-2.2)*math.Exp(-2*(x-2.2)*(x-2.2)) },
		lower: -1,
	}
	c := Curve{Name: "hill", Monotone: true}
	trace(&c, h, reach{z: 1.96, limit: 2.8})
	found := observeCurve(&c)
	if len(found) != 1 || found[0].Severity.String() != "serious" {
		t.Errorf("findings %+v", found)
	}
	if !c.Lower.Boundary || c.Lower.Value != -1 {
		t.Errorf("lower limit %+v", c.Lower)
	}
}

// A likelihood that does not fall has no limit, and says so.
func TestProfileWithoutEnd(t *testing.T) {
	h := hill{f: func(x float64) float64 { return 1 - 1/(1+x*x) }, slope: func(x float64) float64 { return 2 * x / ((1 + x*x) * (1 + x*x)) }, lower: math.Inf(-1)}
	c := Curve{Name: "flat", Monotone: true}
	trace(&c, h, reach{z: 1.96, limit: 2.8})
	for _, l := range []Limit{c.Lower, c.Upper} {
		if !math.IsNaN(l.Value) || l.Reason == "" {
			t.Errorf("limit %+v", l)
		}
	}
}
