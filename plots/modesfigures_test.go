package plots

import (
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm/infer"
)

func TestModesGolden(t *testing.T) {
	m := fitted(t, "score ~ Machine + (Machine | Worker)", "Machines")
	goldenSVG(t, ModesQQ(m), "modesqq")
	goldenSVG(t, ModesPairs(m), "modespairs")
	goldenSVG(t, RandomPCA(infer.RandomPCA(m)), "randompca")
}

// Point i of n stands at its mode and the normal quantile of (i - 1/2) / n.
func TestModesQQPlaces(t *testing.T) {
	s := sleepstudy(t)
	f := ModesQQ(s)
	for k, p := range f.panels {
		groups := parse(t, svgOf(t, f)).all("g")[18*k : 18*k+18]
		last := math.Inf(-1)
		for i, g := range groups {
			dot := g.all("circle")[0]
			want := float64(f.h) - float64(p.area.Min.Y) -
				float64(p.area.Size().Y)*(distuv.UnitNormal.Quantile((float64(i)+0.5)/18)-p.plot.Y.Min)/(p.plot.Y.Max-p.plot.Y.Min)
			// Coordinates are rounded to 0.01 pt; placing a panel leaves as much.
			if y := dot.number(t, "cy"); math.Abs(y-want) > 0.1 {
				t.Errorf("panel %d, point %d: y %v, want %v", k, i, y, want)
			}
			if x := dot.number(t, "cx"); x < last {
				t.Errorf("panel %d: point %d is left of the one before", k, i)
			} else {
				last = x
			}
		}
	}
	if f.Title() != "Normal quantiles of the conditional modes of Subject" || len(f.Plots()) != 2 {
		t.Errorf("%d panels of %q", len(f.Plots()), f.Title())
	}
}

// The strips have the model's correlations.
func TestModesPairsCorrelations(t *testing.T) {
	m := fitted(t, "score ~ Machine + (Machine | Worker)", "Machines")
	c := m.VarCorr()[0]
	want := []float64{c.Corr[0][1], c.Corr[0][2], c.Corr[1][2]}
	for i, p := range ModesPairs(m).Plots() {
		if got := "correlation " + typeset(number(want[i], 2)); p.Title.Text != got {
			t.Errorf("strip %q, want %q", p.Title.Text, got)
		}
	}
	var de *DataError
	if err := ModesPairs(fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff")).Err(); !errors.As(err, &de) {
		t.Errorf("one coefficient: %v", err)
	}
	var oe *OptionError
	if err := ModesPairs(m, Options{Group: "w"}).Err(); !errors.As(err, &oe) {
		t.Errorf("another group: %v", err)
	}
}

// A direction that does not vary is named.
func TestRandomPCASingular(t *testing.T) {
	g := infer.PCA{Group: "g", Names: []string{"(Intercept)", "x"}, SD: []float64{2, 0}, Share: []float64{1, 0},
		Loadings: [][]float64{{0.8, -0.6}, {0.6, 0.8}}}
	f := RandomPCA([]infer.PCA{{Group: "h", Names: []string{"(Intercept)"}, SD: []float64{1}, Share: []float64{1}, Loadings: [][]float64{{1}}}, g})
	if f.Title() != "Principal components of g" || !strings.Contains(f.Caption(), "The last component does not vary") {
		t.Errorf("%q: %s", f.Title(), f.Caption())
	}
	if ps := f.Plots(); len(ps) != 4 {
		t.Errorf("%d panels", len(ps))
	}
	nan := math.NaN()
	var de *DataError
	for _, bad := range [][]infer.PCA{
		nil,
		{{Group: "g", Names: []string{"x"}, SD: []float64{nan}, Share: []float64{nan}, Loadings: [][]float64{{nan}}, Reason: "sigma is not identified"}},
		{{Group: "g", Names: []string{"x"}, SD: []float64{0}, Share: []float64{nan}, Loadings: [][]float64{{1}}}},
	} {
		if err := RandomPCA(bad).Err(); !errors.As(err, &de) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	var oe *OptionError
	if err := RandomPCA([]infer.PCA{g}, Options{Group: "x"}).Err(); !errors.As(err, &oe) {
		t.Error(err)
	}
}
