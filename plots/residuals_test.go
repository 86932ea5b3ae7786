package plots

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
)

var _ ResidualSource = (*lmm.Model)(nil)

func TestResidualsGolden(t *testing.T) {
	goldenSVG(t, Residuals(fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")), "residuals")
}

// plain is a ResidualSource made by hand.
type plain struct{ fitted, residuals []float64 }

func (p plain) Formula() string                      { return "y ~ x" }
func (p plain) ResponseName() string                 { return "y" }
func (p plain) Fitted() []float64                    { return p.fitted }
func (p plain) Residuals(lmm.ResidualKind) []float64 { return p.residuals }

// Locally linear regression reproduces a line, and bisquare weights keep an
// outlier from moving it.
func TestLowessLine(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var x, y []float64
	for range 200 {
		v := 10 * rng.Float64()
		x, y = append(x, v), append(y, 3-2*v)
	}
	y[17] += 500
	x, y = append(x, math.NaN(), 1), append(y, 1, math.Inf(1))
	cx, cy := lowess(x, y, smoothSpan)
	if len(cx) < 50 {
		t.Fatalf("%d points of the curve", len(cx))
	}
	for i := range cx {
		// The outlier has weight 0 after the first pass; what it moved there is
		// damped by bisquare weights, not removed: a hundredth of its size at most.
		if d := cy[i] - (3 - 2*cx[i]); math.Abs(d) > 1e-2 {
			t.Errorf("%v at %v: off by %v", cy[i], cx[i], d)
		}
	}
	y[17] -= 500
	cx, cy = lowess(x, y, smoothSpan)
	for i := range cx {
		if d := cy[i] - (3 - 2*cx[i]); math.Abs(d) > 1e-10 { // rounding of values near 20
			t.Errorf("%v at %v: off by %v", cy[i], cx[i], d)
		}
	}
}

func TestLowessDegenerate(t *testing.T) {
	if x, _ := lowess([]float64{1, 1, 1, 1, 1, 1}, []float64{1, 2, 3, 4, 5, 6}, smoothSpan); x != nil {
		t.Error("a curve over a single x")
	}
	if x, _ := lowess([]float64{1, 2, 3}, []float64{1, 2, 3}, smoothSpan); x != nil {
		t.Error("a curve through 3 points")
	}
	// Two values of x: the curve joins the means.
	x, y := lowess([]float64{0, 0, 0, 0, 1, 1, 1, 1}, []float64{1, 2, 2, 3, 5, 6, 6, 7}, 0.5)
	if len(x) != 2 || math.Abs(y[0]-2) > 1e-9 || math.Abs(y[1]-6) > 1e-9 {
		t.Errorf("%v %v", x, y)
	}
}

// Any number of points stays under a megabyte, and the caption says how.
func TestResidualsOfManyRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var p plain
	for range 200000 {
		p.fitted, p.residuals = append(p.fitted, rng.NormFloat64()), append(p.residuals, rng.NormFloat64())
	}
	f := Residuals(p)
	if n := len(svgOf(t, f)); n > 1<<20 {
		t.Errorf("%d bytes", n)
	}
	if !strings.Contains(f.Caption(), "Of 200000 points") {
		t.Error(f.Caption())
	}
}

func TestResidualsExtremes(t *testing.T) {
	nan := math.NaN()
	for name, p := range map[string]plain{
		"one":   {[]float64{1}, []float64{0}},
		"equal": {[]float64{1, 1, 1, 1, 1}, []float64{0, 0, 0, 0, 0}},
		"gaps":  {[]float64{1, nan, 3, math.Inf(1)}, []float64{1, 2, nan, 1}},
	} {
		f := Residuals(p)
		if s := svgOf(t, f); strings.Contains(s, "NaN") || !strings.Contains(f.Caption(), "Too few") {
			t.Errorf("%s: %s", name, f.Caption())
		}
	}
	var de *DataError
	for _, p := range []plain{{}, {[]float64{1}, nil}, {[]float64{nan}, []float64{nan}}} {
		if err := Residuals(p).Err(); !errors.As(err, &de) {
			t.Errorf("%v: %v", p, err)
		}
	}
}
