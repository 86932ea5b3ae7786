package infer_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm/infer"
)

// Of a balanced one-way layout with a groups of n rows the restricted likelihood
// of theta is known (Searle, Casella and McCulloch 1992, sec. 3.8): but for a
// constant,
//
//	(a - 1) log(1 + n theta^2) + (a n - 1) log(SSW + SSB / (1 + n theta^2)).
func TestProfileOfThetaBalanced(t *testing.T) {
	tab := data(t, "Dyestuff")
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", tab, false)
	const a, n = 6, 5
	y := tab.Column("Yield").Floats() // batch by batch
	var grand, between, within float64
	for _, v := range y {
		grand += v / (a * n)
	}
	for g := range a {
		var mean float64
		for _, v := range y[g*n : g*n+n] {
			mean += v / n
		}
		between += n * (mean - grand) * (mean - grand)
		for _, v := range y[g*n : g*n+n] {
			within += (v - mean) * (v - mean)
		}
	}
	f := func(theta float64) float64 {
		r := 1 + n*theta*theta
		return (a-1)*math.Log(r) + (a*n-1)*math.Log(within+between/r)
	}
	best := math.Sqrt((between/(a-1)/(within/(a*(n-1))) - 1) / n)
	const name = "theta_(Intercept)|Batch"
	p, err := infer.Profile(m, &infer.ProfileOptions{Params: []string{name}})
	if err != nil {
		t.Fatal(err)
	}
	c := p.Curves[0]
	if c.Kind != infer.RelativeSD || math.Abs(c.Estimate/best-1) > 1e-6 || math.Abs(c.Estimate/m.Theta()[0]-1) > 1e-9 {
		t.Errorf("estimate %v, theta %v", c.Estimate, best)
	}
	for _, q := range c.Points {
		if zeta := math.Copysign(math.Sqrt(math.Max(0, f(q.Value)-f(best))), q.Value-best); math.Abs(q.Zeta-zeta) > 1e-5 {
			t.Errorf("zeta(%v) = %v, want %v", q.Value, q.Zeta, zeta)
		}
		// Params: sd is theta times sigma.
		if math.Abs(q.Params[0]-q.Value*q.Params[1]) > 1e-9*q.Params[1] {
			t.Errorf("theta %v: sd %v, sigma %v", q.Value, q.Params[0], q.Params[1])
		}
	}
	// The curve is interpolated between its points.
	if z := math.Sqrt(f(c.Upper.Value) - f(best)); math.Abs(z-1.959964) > 1e-3 {
		t.Errorf("zeta of the upper limit %v", z)
	}
	points, err := infer.Slice(m, name, []float64{1})
	if err != nil || math.Abs(points[0].Params[0]-m.Sigma()) > 1e-9*m.Sigma() {
		t.Errorf("%v: %+v", err, points)
	}
	if at, err := infer.ProfileAt(m, name, []float64{1}); err != nil || at[0].Criterion > points[0].Criterion+1e-9 {
		t.Errorf("%v: profile %+v above the slice %+v", err, at, points)
	}
}

// Theta of lme4 is sd over sigma where a term has one coefficient; the zeta of its
// profile is that of the standard deviation at 0, where both say that the term is
// absent.
func TestProfileOfThetaAgreesAtZero(t *testing.T) {
	for _, c := range []struct{ data, formula, name string }{
		{"Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", "(Intercept)|sample"},
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)", "Days|Subject"},
		{"Machines", "score ~ Machine + cs(Machine | Worker)", "cs|Worker"},
	} {
		m := fitted(t, c.formula, data(t, c.data), true)
		a, err := infer.ProfileAt(m, "sd_"+c.name, []float64{0})
		if err != nil {
			t.Fatal(err)
		}
		b, err := infer.ProfileAt(m, "theta_"+c.name, []float64{0})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(a[0].Criterion-b[0].Criterion) > 1e-6 {
			t.Errorf("%s: %v and %v at 0", c.formula, a[0].Criterion, b[0].Criterion)
		}
	}
}
