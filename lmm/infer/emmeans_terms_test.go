package infer_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// curved draws responses that bend in x and z; the numbers are long.
func curved(t *testing.T) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(4, 9))
	var y, x, z []float64
	var f, g []string
	for i := range 120 {
		a, b := 1+9*rng.Float64(), 50+7*rng.NormFloat64()
		kind := string("pqr"[i%3])
		y = append(y, 3*math.Log(a)-0.1*a*b/5+0.02*(b-50)*(b-50)+float64(i%3)*0.3*a+rng.NormFloat64()+float64(i%12)/3)
		x, z, f, g = append(x, a), append(z, b), append(f, kind), append(g, string("abcdefghijkl"[i%12]))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z), table.NewTexts("f", f), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// Values stand for the covariate itself wherever the formula has it: in
// logarithms, powers, standardised, centred, multiplied, polynomials. The numbers are the
// fixed effects times the terms at the values, computed here by hand.
func TestMeansAtValuesOfTerms(t *testing.T) {
	tab := curved(t)
	x, z := tab.Column("x").Floats(), tab.Column("z").Floats()
	moments := func(v []float64) (mean, sd float64) {
		for _, a := range v {
			mean += a / float64(len(v))
		}
		for _, a := range v {
			sd += (a - mean) * (a - mean)
		}
		return mean, math.Sqrt(sd / float64(len(v)-1))
	}
	mx, _ := moments(x)
	mz, sz := moments(z)
	const a, b = 2.5, 61.25
	for _, c := range []struct {
		src   string
		terms func(x, z float64) []float64 // of the intercept first
	}{
		{"y ~ log(x) + z + (1 | g)", func(x, z float64) []float64 { return []float64{1, math.Log(x), z} }},
		{"y ~ sqrt(x) * scale(z) + (1 | g)", func(x, z float64) []float64 {
			s := (z - mz) / sz
			return []float64{1, math.Sqrt(x), s, math.Sqrt(x) * s}
		}},
		{"y ~ x * z + I(z^2) + (1 | g)", func(x, z float64) []float64 { return []float64{1, x, z, z * z, x * z} }},
		{"y ~ x + scale(z, scale = FALSE):log(x) + (1 | g)", func(x, z float64) []float64 {
			return []float64{1, x, (z - mz) * math.Log(x)}
		}},
	} {
		m, err := lmm.Fit(c.src, tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		beta := m.Beta()
		hand := func(x, z float64) (s float64) {
			for j, v := range c.terms(x, z) {
				s += v * beta[j]
			}
			return s
		}
		at := means(t, m, &infer.MeansOptions{At: map[string][]float64{"x": {a}, "z": {b}}})
		matches(t, c.src+", at both", at.Rows[0].Value, hand(a, b), 1e-10)
		half := means(t, m, &infer.MeansOptions{At: map[string][]float64{"x": {a}}})
		matches(t, c.src+", z at its mean", half.Rows[0].Value, hand(a, mz), 1e-10)
		matches(t, c.src+", both at their means", means(t, m, nil).Rows[0].Value, hand(mx, mz), 1e-10)
		of := means(t, m, &infer.MeansOptions{Of: []string{"x"}, At: map[string][]float64{"x": {a, 2 * a}}})
		matches(t, c.src+", difference", of.Pairs[0].Value, hand(a, mz)-hand(2*a, mz), 1e-9)
		both := means(t, m, &infer.MeansOptions{At: map[string][]float64{"x": {a, 2 * a}}})
		matches(t, c.src+", averaged", both.Rows[0].Value, (hand(a, mz)+hand(2*a, mz))/2, 1e-10)

		slope, err := infer.Trends(m, "x", &infer.MeansOptions{At: map[string][]float64{"x": {a}, "z": {b}}})
		if err != nil {
			t.Fatal(err)
		}
		const h = 1e-4
		// Both by differences: the error of this one is h^2 f''' / 6, about 1e-9.
		matches(t, c.src+", slope", slope.Rows[0].Value, (hand(a+h, b)-hand(a-h, b))/(2*h), 1e-6)
	}
}

// A polynomial is the same curve in any coding: that of raw powers by hand.
func TestMeansOfPolynomialByFactor(t *testing.T) {
	tab := curved(t)
	m, err := lmm.Fit("y ~ f * poly(z, 2) + log(x) + (1 | g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := lmm.Fit("y ~ f + z + I(z^2) + f:z + f:I(z^2) + log(x) + (1 | g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := map[string]float64{}
	for _, c := range raw.FixedEffects() {
		b[c.Name] = c.Estimate
	}
	const x, z = 3.0, 44.0
	got := means(t, m, &infer.MeansOptions{Of: []string{"f"}, At: map[string][]float64{"x": {x}, "z": {z}}})
	for i, level := range []string{"p", "q", "r"} {
		want := b["(Intercept)"] + b["z"]*z + b["I(z^2)"]*z*z + b["log(x)"]*math.Log(x)
		if level != "p" {
			want += b["f"+level] + b["f"+level+":z"]*z + b["f"+level+":I(z^2)"]*z*z
		}
		matches(t, level, got.Rows[i].Value, want, 1e-6) // raw powers lose digits
	}
}

// The notes say where the covariates are, in six digits at most, and a slope of a curve
// says at what value it is.
func TestMeansSayWhereTheyAre(t *testing.T) {
	tab := curved(t)
	mean := func(name string) string {
		var sum float64
		for _, v := range tab.Column(name).Floats() {
			sum += v
		}
		return fmt.Sprintf("%s = %.6g", name, sum/float64(tab.Rows()))
	}
	m, err := lmm.Fit("y ~ log(x) * f + z + (1 | g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := func(s *infer.Means, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(s.Document().Text()), " ")
	}
	for _, c := range []struct {
		what      string
		got       string
		has, lack []string
	}{
		{"means", text(infer.MarginalMeans(m, &infer.MeansOptions{Of: []string{"f"}})),
			[]string{"Covariates at their means: " + mean("x") + ", " + mean("z") + "."}, []string{"At x", "levels"}},
		{"one asked for", text(infer.MarginalMeans(m, &infer.MeansOptions{Of: []string{"f"}, At: map[string][]float64{"x": {2}}})),
			[]string{"At x = 2.", "The covariate at its mean: " + mean("z") + "."}, []string{"Averaged"}},
		{"two asked for", text(infer.MarginalMeans(m, &infer.MeansOptions{Of: []string{"f"}, At: map[string][]float64{"x": {2, 1./3 + 3}}})),
			[]string{"Averaged over the levels of x with equal weights.", "The values of x are 2, 3.33333, weighed equally."}, []string{"At x"}},
		{"slope of a curve", text(infer.Trends(m, "x", &infer.MeansOptions{Of: []string{"f"}})),
			[]string{"The slope depends on x: it is that at " + mean("x") + "."}, nil},
		{"slope of a line", text(infer.Trends(m, "z", nil)), []string{"Averaged over the levels of f"}, []string{"depends on z"}},
		{"no logarithm", text(infer.MarginalMeans(m, &infer.MeansOptions{At: map[string][]float64{"x": {-1}}})),
			[]string{"a term of the formula has no value there", "x = -1 is outside the data"}, []string{"NaN", "missing"}},
	} {
		for _, s := range c.has {
			if !strings.Contains(c.got, s) {
				t.Errorf("%s: no %q in\n%s", c.what, s, c.got)
			}
		}
		for _, s := range c.lack {
			if strings.Contains(c.got, s) {
				t.Errorf("%s: %q in\n%s", c.what, s, c.got)
			}
		}
		for word := range strings.FieldsSeq(c.got) {
			if _, decimals, _ := strings.Cut(strings.Trim(word, ".,"), "."); len(decimals) > 6 {
				t.Errorf("%s: %s", c.what, word)
			}
		}
	}
}
