package plots

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/plotter"
)

func TestTrellisGolden(t *testing.T) {
	goldenSVG(t, Trellis(fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy"), Options{Units: DataUnits("sleepstudy")}), "trellis")
}

// The dashed line of a panel is least squares in the rows of its level, and
// panels follow its slope.
func TestTrellisOwnLines(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	d, err := newTrellis(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	last := math.Inf(-1)
	for _, l := range d.levels {
		var mx, my, sxx, sxy float64
		for i := range l.x {
			mx += l.x[i] / float64(len(l.x))
			my += l.y[i] / float64(len(l.x))
		}
		for i := range l.x {
			sxx += (l.x[i] - mx) * (l.x[i] - mx)
			sxy += (l.x[i] - mx) * (l.y[i] - my)
		}
		// Sums of ten numbers around 300 have 13 digits.
		if math.Abs(l.slope-sxy/sxx) > 1e-10 || math.Abs(l.intercept-(my-sxy/sxx*mx)) > 1e-9 {
			t.Errorf("%s: %v + %v x", l.name, l.intercept, l.slope)
		}
		if l.slope < last {
			t.Errorf("%s comes after a steeper level", l.name)
		}
		last = l.slope
	}
	f := Trellis(m)
	ps := f.Plots()
	if len(ps) != 18 || ps[0].Title.Text != "335" || ps[17].Title.Text != "308" {
		t.Errorf("%d panels, %s first", len(ps), ps[0].Title.Text)
	}
	for _, p := range ps {
		if p.X.Min != ps[0].X.Min || p.X.Max != ps[0].X.Max || p.Y.Min != ps[0].Y.Min || p.Y.Max != ps[0].Y.Max {
			t.Errorf("panel %s has a scale of its own", p.Title.Text)
		}
	}
}

func TestTrellisChooses(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	some := Trellis(m, Options{Levels: []string{"370", "309"}, LevelOrder: true}).Plots()
	if len(some) != 2 || some[0].Title.Text != "309" {
		t.Errorf("%d panels", len(some))
	}
	byMean := Trellis(m, Options{OrderBy: "mean"})
	if got := byMean.Plots()[0].Title.Text; got != "309" || !strings.Contains(byMean.Caption(), "Ordered by the mean response") {
		t.Errorf("by mean: %s first", got)
	}
	var oe *OptionError
	for _, o := range []Options{{OrderBy: "x"}, {Levels: []string{"1"}}, {Page: 2}, {Group: "x"}} {
		if err := Trellis(m, o).Err(); !errors.As(err, &oe) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	var de *DataError
	if err := Trellis(fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff")).Err(); !errors.As(err, &de) || !strings.Contains(de.Reason, "Batch") {
		t.Errorf("without a covariate: %v", err)
	}
}

// The columns of a model are found in transformed terms too.
func TestCovariateOf(t *testing.T) {
	for formula, want := range map[string]string{
		"Reaction ~ Days + (Days | Subject)":         "Days",
		"Reaction ~ poly(Days, 2) + (1 | Subject)":   "Days",
		"Reaction ~ I(Days^2) + (I(Days^2)|Subject)": "Days",
	} {
		m := fitted(t, formula, "sleepstudy")
		term, err := termOf(m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := covariateOf(m, term, Options{}); got != want || err != nil {
			t.Errorf("%s: %q, %v", formula, got, err)
		}
	}
}

// Thinning keeps at least a point of each cell and no more than one.
func TestThinnedTo(t *testing.T) {
	n := 100_000
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = float64(i%977), float64(i%787)
	}
	for _, most := range []int{200, 2000, 20000} {
		px, py := thinnedTo(x, y, most)
		if len(px) != len(py) || len(px) < most/4 || len(px) > 2*most {
			t.Errorf("%d points for %d", len(px), most)
		}
		if slices.Min(px) > 977.0/10 || slices.Max(px) < 977*0.9 {
			t.Errorf("the range shrank to %v to %v", slices.Min(px), slices.Max(px))
		}
	}
	if l := line2([]float64{1, math.NaN()}, []float64{1, 1}, lineStyle(Text, 1)); len(l.XYs) != 1 || l.XYs[0] != (plotter.XY{X: 1, Y: 1}) {
		t.Errorf("%v", l.XYs)
	}
}
