package gee

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/table"
)

func loaded(t *testing.T, name string) *table.Table {
	t.Helper()
	tab, err := datasets.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// In balanced data with the identity link, exchangeable equations, a random
// intercept and compound symmetry have the same estimates: those of least squares.
func TestBesideIdentity(t *testing.T) {
	tab := loaded(t, "sleepstudy")
	r, err := Fit("Reaction ~ Days", tab, &Options{Subject: "Subject", Correlation: "exchangeable"})
	if err != nil {
		t.Fatal(err)
	}
	mixed, err := lmm.Fit("Reaction ~ Days + (1 | Subject)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	gls, err := lmm.Fit("Reaction ~ Days", tab, &lmm.Options{Residual: "cs(1 | Subject)"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Beside(mixed, gls)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Models) != 3 || len(c.Attenuations) != 0 || c.given() {
		t.Fatalf("%+v", c)
	}
	for _, m := range c.Models {
		for k, e := range m.Coefficients {
			if math.Abs(e.Estimate-r.Coefficients[k].Estimate) > 1e-6*r.Coefficients[k].SE { // where the fits stop
				t.Errorf("%s: %s is %v, want %v", m.Name, e.Name, e.Estimate, r.Coefficients[k].Estimate)
			}
		}
	}
	text := c.Document().Text()
	for _, want := range []string{"estimate the same coefficients", "GEE, exchangeable", "mixed, (1 | Subject)", "GLS, cs(1 | Subject)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "own scale") {
		t.Error(text)
	}
}

// cbpp is the model of lme4 1.1-31 (cbind(incidence, size - incidence) ~ period +
// (1 | herd), 9 quadrature points) in a family and link.
func cbpp(r *Result, intercepts float64) besideModel {
	m := besideModel{name: "mixed, (1 | herd)", formula: "incidence/size ~ period + (1 | herd)", family: r.Family, link: r.Link, y: r.y, random: true, intercepts: intercepts}
	for i, b := range []float64{-1.39923019257102, -0.991403876482249, -1.1278196773095, -1.57947101615823} {
		m.coefficients = append(m.coefficients, wald(r.Coefficients[i].Name, b, []float64{0.2289, 0.3055, 0.3261, 0.4289}[i]))
	}
	return m
}

func herds(t *testing.T, link string) *Result {
	t.Helper()
	r, err := Fit("incidence/size ~ period", loaded(t, "cbpp"), &Options{Subject: "herd", Family: "binomial", Link: link, Weights: "size", Correlation: "exchangeable"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mean is E h(eta + u), u normal with variance v, by the trapezium rule, whose
// error for analytic functions over the whole line is below rounding here.
func mean(h func(float64) float64, eta, v float64) float64 {
	const step = 0.01
	var sum float64
	for z := -9.0; z <= 9; z += step {
		sum += step * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * h(eta+z*math.Sqrt(v))
	}
	return sum
}

// Averaged coefficients give the averages of the mixed model: exactly for probit
// and log; for logit within 0.01, by which a logistic distribution differs from the
// normal one that is put for it.
func TestAveraged(t *testing.T) {
	for link, f := range map[string]struct {
		mean  func(float64) float64
		close float64
	}{
		"logit":  {func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, 0.01},
		"probit": {func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }, 1e-9},
		"log":    {math.Exp, 1e-9},
	} {
		c := &Comparison{Link: link}
		m := besideModel{formula: "y ~ 1 + x + (1 | g)", intercepts: 0.8, coefficients: []Coefficient{wald("(Intercept)", -1.4, 0.2), wald("x", 0.9, 0.3)}}
		c.average(m)
		if len(c.Models) != 1 || len(c.Attenuations) != 1 {
			t.Fatalf("%s: %+v", link, c)
		}
		a, b := c.Models[0].Coefficients[0].Estimate, c.Models[0].Coefficients[1].Estimate
		for _, x := range []float64{0, 1, 2} {
			if got, want := f.mean(a+b*x), mean(f.mean, -1.4+0.9*x, 0.8); math.Abs(got-want) > f.close {
				t.Errorf("%s: %v at x = %v, want %v", link, got, x, want)
			}
		}
		if f := c.Attenuations[0].Factor; math.Abs(c.Models[0].Coefficients[1].SE-0.3*f) > 1e-15 {
			t.Errorf("%s: SE %v", link, c.Models[0].Coefficients[1].SE)
		}
	}
}

// A coefficient given the subject stands below a break, and beside the equations
// what it is on average.
func TestBesideLogit(t *testing.T) {
	r := herds(t, "logit")
	c, err := r.beside([]besideModel{cbpp(r, 0.64751771201887*0.64751771201887)})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Models) != 3 || c.Models[1].Estimand != GivenSubject || c.Models[2].Estimand != PopulationAveraged || !c.Models[2].Approximate {
		t.Fatalf("%+v", c.Models)
	}
	// 1 / root(1 + 0.346 x 0.4193)
	if f := c.Attenuations[0].Factor; math.Abs(f-0.9345) > 1e-4 {
		t.Errorf("factor %v", f)
	}
	doc := c.Document()
	for _, want := range []string{"they are different numbers", "given the subject, own scale", "mixed, (1 | herd), averaged", "0.935", "Zeger, Liang and Albert"} {
		if !strings.Contains(doc.Text(), want) {
			t.Errorf("no %q in\n%s", want, doc.Text())
		}
	}
	if n := len(doc.HTML()); n > 16<<10 {
		t.Errorf("%d bytes of HTML", n)
	}
	slopes, err := r.beside([]besideModel{cbpp(r, math.NaN())})
	if err != nil || len(slopes.Attenuations) != 0 || len(slopes.Models) != 2 || len(slopes.Notes) != 1 {
		t.Errorf("random slopes: %v, %+v", err, slopes)
	}
	b, err := json.Marshal(c)
	var back struct {
		Models []struct {
			Estimand string
			Beta     []float64
		}
		Attenuation []struct{ Factor float64 }
	}
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil || len(back.Models) != 3 || back.Models[1].Estimand != "given the subject" || len(back.Attenuation) != 1 {
		t.Errorf("%v: %s", err, b)
	}
}

// The generalised mixed model of lmm stands beside the equations, however its
// proportions are written, and so does a regression without random effects.
func TestBesideGeneralised(t *testing.T) {
	r, tab := herds(t, "logit"), loaded(t, "cbpp")
	a, err := lmm.Fit("incidence/size ~ period + (1 | herd)", tab, &lmm.Options{Family: "binomial", Weights: "size"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := lmm.Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", tab, &lmm.Options{Family: "binomial"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Beside(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Models) != 5 || len(c.Attenuations) != 2 || c.Models[1].Estimand != GivenSubject {
		t.Fatalf("%+v", c.Models)
	}
	sd := a.VarCorr()[0].SD[0]
	if v := c.Attenuations[0].Variance; math.Abs(v-sd*sd) > 1e-12 {
		t.Errorf("variance %v, sd %v", v, sd)
	}
	for k, e := range c.Models[2].Coefficients {
		if want := a.FixedEffects()[k].Estimate * c.Attenuations[0].Factor; math.Abs(e.Estimate-want) > 1e-12 {
			t.Errorf("%s: %v, want %v", e.Name, e.Estimate, want)
		}
	}
	linear, err := lmm.Fit("I(incidence/size) ~ period + (1 | herd)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	var re *RowsError
	if _, err := r.Beside(linear); !errors.As(err, &re) || !strings.Contains(err.Error(), "gaussian and identity") {
		t.Errorf("%v", err)
	}
}

func TestBesideRefuses(t *testing.T) {
	r := herds(t, "logit")
	other := cbpp(r, 0.4)
	other.link = "probit"
	short := cbpp(r, 0.4)
	short.y = short.y[1:]
	moved := cbpp(r, 0.4)
	moved.y = append([]float64{2}, moved.y[1:]...)
	var re *RowsError
	for name, m := range map[string]besideModel{"link": other, "rows": short, "response": moved} {
		if _, err := r.beside([]besideModel{m}); !errors.As(err, &re) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Beside(); err == nil {
		t.Error("nothing beside")
	}
	if _, err := r.Beside(nil); err == nil {
		t.Error("a nil model")
	}
}
