package infer_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// A Wald interval and a profile interval have the same width where the level is
// so small that the profile is a parabola.
func TestWaldIsTheCurvatureOfTheProfile(t *testing.T) {
	for _, c := range []struct{ data, formula string }{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)"},
		{"Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"},
		{"Machines", "score ~ Machine + cs(Machine | Worker)"},
	} {
		m := fitted(t, c.formula, data(t, c.data), false)
		wald, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: infer.ByWald, Level: 0.02})
		if err != nil {
			t.Fatal(err)
		}
		profile, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Level: 0.02})
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range wald.Rows {
			p := profile.Rows[i]
			if a, b := w.Upper.Value-w.Lower.Value, p.Upper.Value-p.Lower.Value; math.Abs(a/b-1) > 2e-3 || !(w.SE > 0) || w.Name != p.Name {
				t.Errorf("%s: %s is %v to %v by the curvature, %v to %v by the profile", c.formula, w.Name, w.Lower.Value, w.Upper.Value, p.Lower.Value, p.Upper.Value)
			}
		}
	}
}

func TestVarianceIntervals(t *testing.T) {
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", data(t, "Dyestuff2"), false)
	for _, method := range []infer.VarianceMethod{infer.ByProfile, infer.ByBootstrap, infer.ByWald} {
		v, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: method, Replicates: 200})
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Rows) != 2 || v.Rows[0].Estimate != 0 {
			t.Errorf("%s: %+v", method, v.Rows)
		}
		text := v.Document().Text()
		if want := map[infer.VarianceMethod]string{infer.ByProfile: "do not exclude 0", infer.ByWald: "not applicable"}[method]; !strings.Contains(text, want) || strings.Contains(text, "NaN") {
			t.Errorf("%s:\n%s", method, text)
		}
		if _, err := json.Marshal(v); err != nil {
			t.Error(err)
		}
	}
	if _, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: "jackknife"}); err == nil {
		t.Error("an unknown method")
	}
}

// The shape of a family is profiled in a coordinate of its own: the interval by the
// curvature is on the scale of the shape.
func TestWaldOfShapes(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	var y, k []float64
	var g []string
	for i := range 200 {
		mu := math.Exp(1 + 0.3*math.Sin(float64(i%20)))
		gamma := distuv.Gamma{Alpha: 3, Beta: 3 / mu, Src: rng}.Rand()
		y, g = append(y, gamma), append(g, fmt.Sprint(i%20))
		k = append(k, distuv.Poisson{Lambda: gamma, Src: rng}.Rand())
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("k", k), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ src, family, name string }{{"y ~ 1 + (1 | g)", "gamma", "shape"}, {"k ~ 1 + (1 | g)", "negbinomial", "size"}} {
		m, err := lmm.Fit(c.src, tab, &lmm.Options{Family: c.family})
		if err != nil {
			t.Fatal(err)
		}
		wald, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: infer.ByWald, Level: 0.02})
		if err != nil {
			t.Fatal(err)
		}
		profile, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Level: 0.02})
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range wald.Rows {
			p := profile.Rows[i]
			if w.Name != c.name {
				continue
			}
			if a, b := w.Upper.Value-w.Lower.Value, p.Upper.Value-p.Lower.Value; !(math.Abs(a/b-1) < 1e-2) {
				t.Errorf("%s: %v to %v by the curvature, %v to %v by the profile", c.name, w.Lower.Value, w.Upper.Value, p.Lower.Value, p.Upper.Value)
			}
			// The standard error has the unit of the shape.
			if z := distuv.UnitNormal.Quantile(0.51); math.Abs((w.Upper.Value-w.Lower.Value)/(2*z*w.SE)-1) > 1e-2 {
				t.Errorf("%s: SE %v, %v to %v", c.name, w.SE, w.Lower.Value, w.Upper.Value)
			}
		}
	}
}
