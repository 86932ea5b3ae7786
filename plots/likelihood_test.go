package plots

import (
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
)

const pastesFormula = "strength ~ 1 + (1 | sample) + (1 | batch)"

func relativeOf(t testing.TB, formula, data string) *relative {
	t.Helper()
	s, err := newRelative(fitted(t, formula, data))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The parameters at the estimates are those of the model; moved and read back
// they are what they were moved to.
func TestRelativeParameters(t *testing.T) {
	s := relativeOf(t, sleepFormula, "sleepstudy")
	v := s.m.VarCorr()[0]
	sigma := s.m.Sigma()
	got := s.values(s.obj.Point)
	for i, want := range []float64{v.SD[0] / sigma, v.Corr[0][1], v.SD[1] / sigma} {
		if math.Abs(got[i]-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", s.names[i], got[i], want)
		}
	}
	q, ok := s.move(s.obj.Point, []int{0, 1, 2}, []float64{0.5, -1, 0.3})
	if !ok {
		t.Fatal("a singular matrix is refused")
	}
	for i, want := range []float64{0.5, -1, 0.3} {
		if got := s.values(q)[i]; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", s.names[i], got, want)
		}
	}
	if _, ok := s.move(s.obj.Point, []int{1}, []float64{1.1}); ok {
		t.Error("a correlation of 1.1 is accepted")
	}
	names := infer.ProfileParameters(s.m)
	for i, n := range s.names {
		if want := strings.Replace(names[i], "sd_", "theta_", 1); n != want {
			t.Errorf("parameter %d is %q, want %q", i, n, want)
		}
	}
}

// On a contour the criterion of the model at that theta is above its minimum
// by the rise of the contour.
func TestContoursHaveTheirRise(t *testing.T) {
	s := relativeOf(t, pastesFormula, "Pastes")
	k := newContours(s, [2]int{0, 1}, contourWork{61, 24})
	for i, level := range contourLevels {
		if len(k.lines[i]) == 0 {
			t.Fatalf("no contour of %v", level.rise)
		}
		for _, line := range k.lines[i] {
			for n := 0; n < len(line); n += 9 {
				m, err := s.m.At([]float64{line[n][0], line[n][1]})
				if err != nil {
					t.Fatal(err)
				}
				// The criterion is linear between points of a 61 x 61 lattice: off by
				// an eighth of its second difference there, 0.07 at the innermost.
				if rise := m.Criterion() - s.m.Criterion(); math.Abs(rise-level.rise) > 0.1 {
					t.Errorf("rise %v at %v, want %v", rise, line[n], level.rise)
				}
			}
		}
	}
	if len(k.minima) != 1 || math.Abs(k.minima[0].at[0]-s.m.Theta()[0]) > 1e-3 {
		t.Errorf("the minima are %v, want %v", k.minima, s.m.Theta())
	}
}

func TestContoursDrawTheMinimum(t *testing.T) {
	m := fitted(t, pastesFormula, "Pastes")
	f := CriterionContours(m)
	marks := drawn(t, f)
	if theta := m.Theta(); len(marks) != 1 || !same(marks[0].x, theta[0], f.closeX(0)) || !same(marks[0].y, theta[1], f.closeY(0)) {
		t.Errorf("the minimum is drawn at %+v, want %v", marks, theta)
	}
	if p := f.Plots()[0]; p.X.Min >= 0 || p.Y.Min >= 0 {
		t.Error("the boundary is not in view")
	}
	goldenSVG(t, f, "contours")
}

// A second minimum is a ring with its rise.
func TestContoursMarkAllMinima(t *testing.T) {
	s := relativeOf(t, pastesFormula, "Pastes")
	k := newContours(s, [2]int{0, 1}, contourWork{61, 24})
	k.minima = append(k.minima, minimum{[2]float64{1, 0}, 2.5})
	f := &Figure{}
	describeContours(f, s.m, k)
	p := newPlot()
	p.Add(k)
	k.frame(p)
	f.layOutGrid(facets{plots: []*plot.Plot{p}, height: 80 * vg.Millimeter}, Options{})
	if svg := svgOf(t, f); !strings.Contains(svg, ">rise 2.5</text>") || !strings.Contains(f.Caption(), "ring: the other minimum found") {
		t.Error("the second minimum is not told")
	}
}

// Where only the sum of two variances is known, the minimum is a ridge, not as
// many minima as the search has starts.
func TestContoursOfRidge(t *testing.T) {
	tab, err := datasets.Load("wards")
	if err != nil {
		t.Fatal(err)
	}
	if tab, err = tab.With(tab.Column("ward").Renamed("copy")); err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ 1 + (1 | ward) + (1 | copy)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := CriterionContours(m).Text()
	if strings.Contains(text, "other minim") || !strings.Contains(text, "one point of it") {
		t.Errorf("the figure says:\n%s", text)
	}
}

func TestContoursRefuse(t *testing.T) {
	var oe *OptionError
	m := fitted(t, sleepFormula, "sleepstudy")
	for _, p := range [][]string{{"theta_Days|Subject"}, {"theta_Days|Subject", "theta_Days|Subject"}, {"what", "theta_Days|Subject"}} {
		if err := CriterionContours(m, Options{Parameters: p}).Err(); !errors.As(err, &oe) {
			t.Errorf("%v: %v", p, err)
		}
	}
	var de *DataError
	if err := CriterionContours(fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff")).Err(); !errors.As(err, &de) || !strings.Contains(err.Error(), "CriterionSlices") {
		t.Errorf("one parameter: %v", err)
	}
	svgOf(t, CriterionContours(m, Options{Parameters: []string{"theta_Days|Subject", "cor_Days.(Intercept)|Subject"}}))
}

// The profile and the slice are those of package infer, drawn where they belong.
func TestSlicesDrawTheCriterion(t *testing.T) {
	m := fitted(t, sleepFormula, "sleepstudy")
	f := CriterionSlices(m, Options{Parameters: []string{"sd_Days|Subject", "Days"}})
	for i, g := range parse(t, svgOf(t, f)).all("g") {
		name := []string{"sd_Days|Subject", "Days"}[i]
		paths := g.all("path")
		for k, at := range []func() ([]float64, []float64){
			func() ([]float64, []float64) { return readCurve(t, f, i, paths[2].attr("d")) },
			func() ([]float64, []float64) { return readCurve(t, f, i, paths[3].attr("d")) },
		} {
			x, y := at()
			for n := 0; n < len(x); n += max(1, len(x)/6) {
				if y[n] > 0.98*sliceTop {
					continue // cut at the top
				}
				verb := infer.Slice
				if k == 1 {
					verb = infer.ProfileAt
				}
				p, err := verb(m, name, x[n:n+1])
				if err != nil {
					t.Fatal(err)
				}
				// 0.05 pt of simplification and 0.01 of rounding, in x and y; the curve
				// is interpolated between points of the profile.
				if want := p[0].Zeta * p[0].Zeta; math.Abs(y[n]-want) > 0.03 {
					t.Errorf("%s, curve %d: rise %v at %v, want %v", name, k, y[n], x[n], want)
				}
			}
		}
	}
	goldenSVG(t, f, "slices")
}

// readCurve is a polyline of the picture in data.
func readCurve(t testing.TB, f *Figure, panel int, d string) (x, y []float64) {
	t.Helper()
	v := pathNumbers(t, d)
	for i := 0; i < len(v); i += 2 {
		a, b := f.dataAt(panel, v[i], v[i+1])
		x, y = append(x, a), append(y, b)
	}
	return x, y
}

func TestSlicesAtTheBoundary(t *testing.T) {
	f := CriterionSlices(fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2"))
	goldenSVG(t, f, "slices0")
	if CriterionSlices(fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2"), Options{Parameters: []string{"what"}}).Err() == nil {
		t.Error("no error for an unknown parameter")
	}
}

// Along every direction the criterion has the curvature that the strip says,
// and the directions are orthogonal.
func TestFlatDirectionsHaveTheirCurvature(t *testing.T) {
	for _, data := range [][2]string{{sleepFormula, "sleepstudy"}, {"Yield ~ 1 + (1 | Batch)", "Dyestuff2"}, {pastesFormula, "Pastes"}} {
		s := relativeOf(t, data[0], data[1])
		all := directionsOf(s)
		for i, d := range all {
			const h = 0.01
			at := func(step float64) float64 { return s.obj.Value(s.obj.Local.Chart.Move(times(d.vector, step))) }
			second := (at(h) - 2*at(0) + at(-h)) / (h * h)
			// Differences of the criterion at h: its fourth derivative and rounding
			// leave three digits; crossed factors have a Hessian from differences.
			if math.Abs(second-d.curvature) > 5e-3*max(1, d.curvature) {
				t.Errorf("%s: curvature %v, want %v", data[0], d.curvature, second)
			}
			if i > 0 && d.curvature < all[i-1].curvature {
				t.Error("not the flattest first")
			}
			for _, o := range all[:i] {
				dot := 0.0
				for k := range d.vector {
					dot += d.vector[k] * o.vector[k]
				}
				if math.Abs(dot) > 1e-9 {
					t.Errorf("the product of two directions is %v", dot)
				}
			}
		}
	}
	f := FlatDirections(fitted(t, sleepFormula, "sleepstudy"))
	goldenSVG(t, f, "directions")
	if n := len(f.Plots()); n != 3 {
		t.Errorf("%d panels of 3 parameters", n)
	}
}

// The marks stand at the exponents of the log.
func TestOptimiserPathDrawsTheLog(t *testing.T) {
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2")
	f := OptimiserPath(m)
	log := m.Log().Iterations
	last := log[len(log)-1].Criterion
	marks := drawn(t, f)
	if len(marks) != 2*len(log) {
		t.Fatalf("%d marks of %d iterations", len(marks), len(log))
	}
	for i, v := range marks {
		it := log[i%len(log)]
		want := it.Criterion - last
		if v.panel == 1 {
			want = it.Decrement
		}
		height := math.Log10(want)
		if want <= leastStep {
			height = math.Round(f.Plots()[v.panel].Y.Min + 0.3)
		}
		if !same(v.y, height, f.closeY(v.panel)) || !same(v.x, float64(i%len(log)+1), f.closeX(v.panel)) {
			t.Errorf("%s is at %v, %v, want height %v", v.tip, v.x, v.y, height)
		}
	}
	goldenSVG(t, f, "path")
	one := OptimiserPath(fitted(t, sleepFormula, "sleepstudy"))
	svgOf(t, one)
	if !strings.Contains(one.Caption(), "The start was the minimum") {
		t.Error(one.Caption())
	}
}
