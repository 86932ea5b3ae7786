package gee

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestSeparation(t *testing.T) {
	var id, x, y []float64
	for i := range 60 {
		v := float64(i%6) - 2.5
		id, x = append(id, float64(i/6)), append(x, v)
		if v > 0 {
			y = append(y, 1)
		} else {
			y = append(y, 0)
		}
	}
	for _, link := range []string{"logit", "probit", "cloglog"} {
		r := fit(t, "y ~ x", columns(t, "id x y", id, x, y), Options{Subject: "id", Family: "binomial", Link: link, Correlation: "exchangeable"})
		if r.Converged || !has(r, "D7") || !math.IsNaN(r.Coefficients[1].Estimate) || !slices.Contains(r.Findings[0].Params, "x") || !strings.Contains(r.Document().Text(), "NO FINITE SOLUTION") {
			t.Errorf("%s: converged %v after %d, %+v", link, r.Converged, r.Iterations, r.Findings)
		}
	}
}

// Whatever the data, Fit returns: a result with its findings, or an error.
func TestHostileData(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	fitted := 0
	for range 300 {
		n, kind := 4+rng.IntN(40), rng.IntN(4)
		id, time, x, y := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range y {
			id[i], time[i] = float64(rng.IntN(1+n/2)), float64(rng.IntN(4))+0.5*float64(rng.IntN(2))
			x[i] = rng.NormFloat64() * math.Pow(10, float64(rng.IntN(12)-6))
			switch kind {
			case 0:
				y[i] = float64(rng.IntN(2))
			case 1:
				y[i] = math.Floor(math.Exp(3 * rng.NormFloat64()))
			case 2:
				y[i] = math.Exp(10 * rng.NormFloat64())
			default:
				y[i] = rng.NormFloat64() * 1e6
			}
		}
		tab := columns(t, "id t x y", id, time, x, y)
		for _, family := range familyNames() {
			for _, corr := range []string{"exchangeable", "ar1", "unstructured"} {
				opt := Options{Subject: "id", Family: family, Correlation: corr}
				if rng.IntN(2) == 0 {
					opt.Time = "t"
				}
				if rng.IntN(3) == 0 {
					opt.Link = linkNames()[rng.IntN(len(linkNames()))]
				}
				r, err := Fit("y ~ x", tab, &opt)
				if err != nil {
					continue
				}
				fitted++
				for _, c := range r.Coefficients {
					if r.Converged == math.IsNaN(c.Estimate) || math.IsInf(c.SE, 0) {
						t.Fatalf("%+v of %+v", c, r)
					}
				}
				if !r.Converged && !has(r, "C2") && !has(r, "D7") || r.Document().Text() == "" {
					t.Fatalf("not converged and not said: %+v", r)
				}
				if _, err := json.Marshal(r); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if fitted < 500 {
		t.Errorf("only %d were fitted", fitted)
	}
}

func TestErrors(t *testing.T) {
	tab := data4(t, "sleepstudy")
	for _, c := range []struct {
		formula string
		opt     Options
		words   string
	}{
		{"Reaction ~ Days", Options{}, "Options.Subject"},
		{"Reaction ~ Days", Options{Subject: "Subjct"}, "Subject"},
		{"Reaction ~ Days", Options{Subject: "Subject", Time: "Day"}, "Days"},
		{"Reaction ~ Days", Options{Subject: "Subject", Family: "binomial"}, "0 to 1"},
		{"Reaction ~ Days", Options{Subject: "Subject", Family: "normal"}, "gaussian"},
		{"Reaction ~ Days", Options{Subject: "Subject", Link: "logit"}, "probabilities"},
		{"Reaction ~ Days", Options{Subject: "Subject", Link: "loggit"}, "logit"},
		{"Reaction ~ Days", Options{Subject: "Subject", Correlation: "exchangable"}, "exchangeable"},
		{"Reaction ~ Days", Options{Subject: "Subject", SE: "robst"}, "robust"},
		{"Reaction ~ Days", Options{Subject: "Subject", Given: [][]float64{{1}}}, "10 occasions"},
		{"Reaction ~ Days + (1 | Subject)", Options{Subject: "Subject"}, "random term"},
		{"Reaction ~ Days", Options{Subject: "Days", Time: "Subject", Correlation: "given"}, "matrix"},
		{"Reaction ~ factor(Subject)", Options{Subject: "Subject"}, "18 subjects and 18 coefficients"},
		{"Reaction ~ Days", Options{Subject: "Subject", Given: func() [][]float64 {
			g := make([][]float64, 10)
			for i := range g {
				g[i] = make([]float64, 10)
				for j := range g[i] {
					g[i][j] = -0.5
				}
				g[i][i] = 1
			}
			return g
		}()}, "positive definite"},
		{"Reaction ~", Options{Subject: "Subject"}, "formula"},
	} {
		_, err := Fit(c.formula, tab, &c.opt)
		if err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s %+v: %v, want %q", c.formula, c.opt, err, c.words)
		}
	}
	twice := columns(t, "id t y", []float64{1, 1, 2, 2, 3}, []float64{1, 1, 1, 2, 1}, []float64{1, 2, 3, 4, 5})
	if _, err := Fit("y ~ 1", twice, &Options{Subject: "id", Time: "t"}); err == nil || !strings.Contains(err.Error(), "two rows at t = 1") {
		t.Errorf("duplicate times: %v", err)
	}
	apart := columns(t, "id t y", []float64{1, 1, 2, 2, 3, 4}, []float64{1, 2, 1, 3, 1, 2}, []float64{1, 2, 3, 4, 5, 7})
	if _, err := Fit("y ~ 1", apart, &Options{Subject: "id", Time: "t", Correlation: "unstructured"}); err == nil || !strings.Contains(err.Error(), "cannot be estimated") {
		t.Errorf("never together: %v", err)
	}
}
