package plots

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/infer"
)

func bootstrapOf(t testing.TB, formula, data string, n int) *infer.BootstrapResult {
	t.Helper()
	b, err := infer.Bootstrap(fitted(t, formula, data), &infer.BootstrapOptions{Replicates: n, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The bars end at the percentiles, the disc is the estimate, and replicates at
// 0 are a bar with their share.
func TestBootstrapDensitiesDrawsTheQuantiles(t *testing.T) {
	b := bootstrapOf(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff", 300)
	f := BootstrapDensities(b)
	outer, err := b.Intervals(infer.Percentile, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	groups := parse(t, svgOf(t, f)).all("g")
	if len(groups) != len(b.Names) {
		t.Fatalf("%d panels of %d values", len(groups), len(b.Names))
	}
	for i, g := range groups {
		dot := g.all("circle")[0]
		x, _ := f.dataAt(i, dot.number(t, "cx"), dot.number(t, "cy"))
		if near := f.closeX(i); !same(x, b.Estimate[i], near) {
			t.Errorf("%s: the estimate is at %v, want %v", b.Names[i], x, b.Estimate[i])
		}
		paths := g.all("path")
		found := false
		for _, p := range paths {
			if p.attr("stroke-width") != "1.1" {
				continue
			}
			v := pathNumbers(t, p.attr("d"))
			n := len(v)
			x0, _ := f.dataAt(i, v[n-4], v[n-3])
			x1, _ := f.dataAt(i, v[n-2], v[n-1])
			found = found || same(x0, outer[i].Lower.Value, f.closeX(i)) && same(x1, outer[i].Upper.Value, f.closeX(i))
		}
		if !found {
			t.Errorf("%s: no bar from %v to %v", b.Names[i], outer[i].Lower.Value, outer[i].Upper.Value)
		}
	}
	zero := 0
	for k := 0; k < len(b.Values); k += len(b.Names) {
		if b.Values[k] < 1e-6 {
			zero++
		}
	}
	if zero == 0 || zero != b.Singular {
		t.Fatalf("%d at zero, %d singular; choose another seed", zero, b.Singular)
	}
	if got := f.Caption(); !strings.Contains(got, "% of sd_(Intercept)|Batch are 0") {
		t.Errorf("the share at 0 is not said: %s", got)
	}
	goldenSVG(t, f, "bootstrap")
}

// The regions hold the shares of the replicates that they claim.
func TestBootstrapPairsHoldTheirShares(t *testing.T) {
	b := bootstrapOf(t, sleepFormula, "sleepstudy", 200)
	f := BootstrapPairs(b, Options{Parameters: []string{"(Intercept)", "Days"}})
	goldenSVG(t, f, "bootstrap2")
	list, err := replicated(b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	pair := newReplicaPair(b, list[4], list[5])
	for i, want := range [2]float64{0.5, 0.95} {
		inside := 0
		for k := range pair.x {
			if winding(pair.regions[i], pair.x[k], pair.y[k]) {
				inside++
			}
		}
		// The lattice moves points at the line from one side to the other.
		if got := float64(inside) / float64(len(pair.x)); math.Abs(got-want) > 0.03 {
			t.Errorf("%.0f %% are inside the region of %.0f %%", 100*got, 100*want)
		}
	}
	if n := len(BootstrapPairs(b).Plots()); n != maxPanels {
		t.Errorf("%d panels of 15 pairs", n)
	}
}

// winding says whether a point is inside an odd number of closed curves.
func winding(lines [][][2]float64, x, y float64) bool {
	in := false
	for _, l := range lines {
		for k := 1; k < len(l); k++ {
			a, b := l[k-1], l[k]
			if (a[1] > y) != (b[1] > y) && x < a[0]+(b[0]-a[0])*(y-a[1])/(b[1]-a[1]) {
				in = !in
			}
		}
	}
	return in
}

// Values that failed, values that are all equal, too few for an interval.
func TestBootstrapAwkward(t *testing.T) {
	nan := math.NaN()
	b := &infer.BootstrapResult{Formula: "y ~ 1 + (1 | g)", Kind: infer.Parametric, Names: []string{"sd_x|g", "never", "equal"},
		Estimate: []float64{0, nan, 2}, Values: []float64{0, nan, 2, 0, nan, 2, 1, nan, 2}, Replicates: 3, Failures: map[string]int{"C1: no maximum": 1}}
	f := BootstrapDensities(b)
	svg := svgOf(t, f)
	if !strings.Contains(svg, "not applicable") || strings.Contains(svg, "NaN") || !strings.Contains(f.Caption(), "1 have no values: C1: no maximum") {
		t.Errorf("caption %q", f.Caption())
	}
	svgOf(t, BootstrapPairs(b))
	empty := &infer.BootstrapResult{Names: []string{"a"}, Estimate: []float64{1}, Values: []float64{nan}, Replicates: 1}
	for _, bad := range []*Figure{BootstrapDensities(nil), BootstrapDensities(empty), BootstrapPairs(b, Options{Parameters: []string{"sd_x|g", "what"}}), BootstrapPairs(b, Options{Parameters: []string{"never"}})} {
		if bad.Err() == nil {
			t.Error("no error")
		}
	}
}
