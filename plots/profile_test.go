package plots

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
)

// fitted fits a model to an embedded data set.
func fitted(t testing.TB, formula, data string) *lmm.Model {
	t.Helper()
	tab, err := datasets.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(formula, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func profileOf(t testing.TB, formula, data string) *infer.ProfileResult {
	t.Helper()
	p, err := infer.Profile(fitted(t, formula, data), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProfileZetaGolden(t *testing.T) {
	goldenSVG(t, ProfileZeta(profileOf(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")), "profile")
}

// The thick bar on zeta = 0 runs from the lower to the upper limit, and the
// dotted lines at its ends meet the quantiles: the picture is affine in value
// and zeta.
func TestProfileZetaDrawsTheInterval(t *testing.T) {
	p := profileOf(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	f := ProfileZeta(p)
	groups := parse(t, svgOf(t, f)).all("g")
	if len(groups) != len(p.Curves) || len(f.Plots()) != len(p.Curves) {
		t.Fatalf("%d intervals in %d panels of %d curves", len(groups), len(f.Plots()), len(p.Curves))
	}
	for i, g := range groups {
		c, panel := p.Curves[i], f.panels[i]
		if title := g.all("title")[0].Text; !strings.HasPrefix(title, c.Name+": ") {
			t.Errorf("tooltip %q of %s", title, c.Name)
		}
		at := func(v float64) float64 {
			pl := panel.plot
			return float64(panel.area.Min.X) + float64(panel.area.Size().X)*(v-pl.X.Min)/(pl.X.Max-pl.X.Min)
		}
		// Coordinates are rounded to 0.01 pt; placing a panel leaves as much.
		const close = 0.05
		if x := g.all("circle")[0].number(t, "cx"); math.Abs(x-at(c.Estimate)) > close {
			t.Errorf("%s: the estimate is at %v, want %v", c.Name, x, at(c.Estimate))
		}
		var ends []float64
		for _, e := range g.all("path") {
			if e.attr("stroke-width") != "2.5" {
				continue
			}
			for _, piece := range strings.Split(strings.TrimPrefix(e.attr("d"), "M"), "M") {
				var x0, y, x1 float64
				if _, err := fmt.Sscanf(piece, "%g %gH%g", &x0, &y, &x1); err != nil {
					t.Fatalf("bar %q: %v", piece, err)
				}
				ends = append(ends, x1)
			}
		}
		if len(ends) != 2 || math.Abs(ends[0]-at(c.Lower.Value)) > close || math.Abs(ends[1]-at(c.Upper.Value)) > close {
			t.Errorf("%s: the bar ends at %v, want %v and %v", c.Name, ends, at(c.Lower.Value), at(c.Upper.Value))
		}
	}
}

// A smooth curve passes through the profile's points and rises where they do.
func TestSmoothCurve(t *testing.T) {
	for _, c := range profileOf(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff").Curves {
		ps := finitePoints(c)
		x, z := smoothCurve(ps)
		k := 0
		for i := range x {
			if i > 0 && (x[i] <= x[i-1] || c.Monotone && z[i] < z[i-1]) {
				t.Errorf("%s: not rising at %v", c.Name, x[i])
			}
			if k < len(ps) && x[i] == ps[k].Value {
				// Horner's rule at a knot rounds once.
				if math.Abs(z[i]-ps[k].Zeta) > 1e-12 {
					t.Errorf("%s: %v at %v, want %v", c.Name, z[i], x[i], ps[k].Zeta)
				}
				k++
			}
		}
		if k != len(ps) {
			t.Errorf("%s: %d of %d points are on the curve", c.Name, k, len(ps))
		}
	}
}

// The slope of a parabola through three points is exact.
func TestSlopeAtEstimate(t *testing.T) {
	var c []infer.CurvePoint
	for _, v := range []float64{1, 2, 3, 3.5, 5} {
		d := v - 3
		c = append(c, infer.CurvePoint{Value: v, Zeta: 2*d + 0.1*d*d})
	}
	if s := slopeAt(c, 3); math.Abs(s-2) > 1e-12 {
		t.Errorf("slope %v, want 2", s)
	}
	if s := slopeAt(c[2:], 3); !math.IsNaN(s) {
		t.Errorf("slope %v at the edge of a curve", s)
	}
}

// A variance of zero: the interval starts at the edge, which is drawn solid
// with the forbidden side shaded.
func TestProfileZetaBoundary(t *testing.T) {
	p := profileOf(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2")
	f := ProfileZeta(p)
	svg := svgOf(t, f)
	if !p.Curves[0].Lower.Boundary {
		t.Fatal("the limit is not on the boundary; choose other data")
	}
	for _, want := range []string{`fill-opacity="0.15"`, "the edge of the parameter space is not excluded"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	if !strings.Contains(f.Text(), p.Curves[0].Lower.Reason) {
		t.Errorf("the text does not say why:\n%s", f.Text())
	}
}

func TestProfileZetaRefuses(t *testing.T) {
	var de *DataError
	if err := ProfileZeta(nil).Err(); !errors.As(err, &de) {
		t.Errorf("nil: %v", err)
	}
	if err := ProfileZeta(&infer.ProfileResult{Level: 0.95, Curves: []infer.Curve{{Name: "sigma", Reason: "saturated"}}}).Err(); !errors.As(err, &de) || !strings.Contains(err.Error(), "saturated") {
		t.Errorf("no curve: %v", err)
	}
	p := profileOf(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff")
	var oe *OptionError
	if err := ProfileZeta(p, Options{Group: "batch"}).Err(); !errors.As(err, &oe) || oe.Known[0] != "Batch" {
		t.Errorf("unknown group: %v", err)
	}
	if f := ProfileZeta(p, Options{Group: "Batch"}); len(f.Plots()) != 1 {
		t.Errorf("%d panels of Batch", len(f.Plots()))
	}
}

// A limit that is missing and a curve that is missing are said, not drawn; any
// number of panels has its place on the page.
func TestProfileZetaPages(t *testing.T) {
	one := profileOf(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff").Curves[1]
	one.Upper = infer.Limit{Value: math.NaN(), Reason: "the curve is too flat"}
	for _, n := range []int{1, 2, 3, 4, 5, 7, 9, 12, 14} {
		p := &infer.ProfileResult{Level: 0.9, Curves: []infer.Curve{{Name: "gone", Reason: "aliased"}}}
		for range n {
			p.Curves = append(p.Curves, one)
		}
		f := ProfileZeta(p)
		svgOf(t, f)
		if len(f.panels) != min(n, maxPanels) {
			t.Fatalf("%d panels of %d", len(f.panels), n)
		}
		for i, a := range f.panels {
			if a.area.Min.X < 0 || a.area.Min.Y < 0 || a.area.Max.X > f.w || a.area.Max.Y > f.h || a.area.Size().X < 40*vg.Millimeter {
				t.Errorf("%d panels: panel %d is at %v on %v x %v", n, i, a.area, f.w, f.h)
			}
			for j, b := range f.panels[:i] {
				if a.area.Min.X < b.area.Max.X && b.area.Min.X < a.area.Max.X && a.area.Min.Y < b.area.Max.Y && b.area.Min.Y < a.area.Max.Y {
					t.Errorf("%d panels: %d and %d overlap", n, i, j)
				}
			}
		}
		for _, want := range []string{"gone has no profile: aliased", "the curve is too flat", " -\n"} {
			if !strings.Contains(f.Text(), want) {
				t.Errorf("the text lacks %q:\n%s", want, f.Text())
			}
		}
		if (n > maxPanels) != strings.Contains(f.Caption(), "Page 1 of 2: panels 1 to 12 of 14.") {
			t.Errorf("%d panels: %s", n, f.Caption())
		}
	}
}

// Words of one parameter and of several.
func TestProfileSaysHowMany(t *testing.T) {
	p := &infer.ProfileResult{Formula: "y ~ x", Family: "poisson", Link: "log", Names: []string{"a", "b", "c"}, Curves: []infer.Curve{{Name: "a"}}}
	if s := profileSource(p); s != " Of 3 parameters 1 was profiled. Model: y ~ x, Poisson, link log." {
		t.Errorf("%q", s)
	}
	p.Curves = append(p.Curves, infer.Curve{Name: "b"})
	if s := profileSource(p); !strings.HasPrefix(s, " Of 3 parameters 2 were profiled.") {
		t.Errorf("%q", s)
	}
}
