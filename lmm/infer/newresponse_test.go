package infer_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// mixture is P(Y <= y) over a normal linear predictor, by a sum of 8001 terms with
// distributions of gonum.
func mixture(eta, sd, y float64, cdf func(eta, y float64) float64) float64 {
	var s, total float64
	for k := -4000; k <= 4000; k++ {
		x := float64(k) / 500
		w := math.Exp(-x * x / 2)
		s, total = s+w*cdf(eta+sd*x, y), total+w
	}
	return s / total
}

// Limits are the smallest values that reach 2.5 and 97.5 % of the predictive
// distribution, and the coverage is what lies between.
func TestNewResponsesAreQuantiles(t *testing.T) {
	poisson := general(t, "grouseticks", "TICKS ~ YEAR + cHEIGHT + (1 | BROOD)", &lmm.Options{Family: "poisson"})
	nb := general(t, "grouseticks", "TICKS ~ YEAR + cHEIGHT + (1 | BROOD)", &lmm.Options{Family: "negbinomial"})
	binomial := general(t, "cbpp", herds, &lmm.Options{Family: "binomial"})
	for _, c := range []struct {
		name string
		m    *lmm.Model
		unit func(i int) float64
		cdf  func(i int) func(eta, y float64) float64
	}{
		{"poisson", poisson, func(int) float64 { return 1 }, func(int) func(eta, y float64) float64 {
			return func(eta, y float64) float64 { return distuv.Poisson{Lambda: math.Exp(eta)}.CDF(y) }
		}},
		{"negbinomial", nb, func(int) float64 { return 1 }, func(int) func(eta, y float64) float64 {
			// Poisson given a gamma with this shape: the incomplete beta function.
			return func(eta, y float64) float64 {
				if y < 0 {
					return 0
				}
				return distuv.Beta{Alpha: nb.Shape(), Beta: y + 1}.CDF(nb.Shape() / (nb.Shape() + math.Exp(eta)))
			}
		}},
		{"binomial", binomial, func(i int) float64 { return 1 / binomial.RowWeight(i) }, func(i int) func(eta, y float64) float64 {
			n := binomial.RowWeight(i)
			return func(eta, y float64) float64 {
				if y < 0 {
					return 0
				}
				return distuv.Binomial{N: n, P: 1 / (1 + math.Exp(-eta))}.CDF(math.Round(y * n))
			}
		}},
	} {
		for _, population := range []bool{false, true} {
			got, err := infer.NewResponses(c.m, nil, &infer.ResponseOptions{Population: population})
			if err != nil {
				t.Fatal(err)
			}
			link, err := c.m.Predict(nil, &lmm.PredictOptions{Population: population, LinearPredictor: true})
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(got.Rows); i += 1 + len(got.Rows)/4 {
				v := link.SE[i] * link.SE[i]
				if population {
					sd := c.m.VarCorr()[0].SD[0]
					v += sd * sd
				}
				r, u := got.Rows[i], c.unit(i)
				at := func(y float64) float64 { return mixture(link.Mean[i], math.Sqrt(v), y, c.cdf(i)) }
				// Where a step of the distribution ends on a limit, either is right: 1e-7.
				if at(r.Lower) < 0.025-1e-7 || at(r.Lower-u) > 0.025+1e-7 || at(r.Upper) < 0.975-1e-7 || at(r.Upper-u) > 0.975+1e-7 {
					t.Errorf("%s row %d: %g to %g, probabilities %g %g, %g %g", c.name, i, r.Lower, r.Upper, at(r.Lower-u), at(r.Lower), at(r.Upper-u), at(r.Upper))
				}
				if want := at(r.Upper) - at(r.Lower-u); math.Abs(r.Coverage-want) > 1e-7 || r.Coverage < 0.95-1e-7 {
					t.Errorf("%s row %d: coverage %g, want %g", c.name, i, r.Coverage, want)
				}
			}
		}
	}
}

// Responses of new groups of a gamma model fall into the intervals as often as they say.
func TestNewResponsesCover(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	const shape, sd = 4.0, 0.5
	draw := func(groups int) (y, x []float64, g []string) {
		for j := range groups {
			b := sd * rng.NormFloat64()
			for range 5 {
				v := rng.NormFloat64()
				mu := math.Exp(1 + 0.3*v + b)
				y = append(y, distuv.Gamma{Alpha: shape, Beta: shape / mu, Src: rng}.Rand())
				x, g = append(x, v), append(g, string(rune('a'+j%26))+string(rune('a'+j/26)))
			}
		}
		return y, x, g
	}
	build := func(y, x []float64, g []string) *table.Table {
		tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
		if err != nil {
			t.Fatal(err)
		}
		return tab
	}
	m, err := lmm.Fit("y ~ x + (1 | g)", build(draw(200)), &lmm.Options{Family: "gamma"})
	if err != nil {
		t.Fatal(err)
	}
	y, x, g := draw(200)
	got, err := infer.NewResponses(m, build(y, x, g), &infer.ResponseOptions{Population: true, Level: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	inside := 0.0
	for i, r := range got.Rows {
		if math.Abs(r.Coverage-0.9) > 1e-9 {
			t.Fatalf("row %d: %+v", i, r)
		}
		if r.Lower <= y[i] && y[i] <= r.Upper {
			inside++
		}
	}
	// 1000 rows in groups of 5, half of the variance between: as 350 that are independent,
	// three standard errors.
	if share := inside / float64(len(y)); math.Abs(share-0.9) > 3*math.Sqrt(0.09/350) {
		t.Errorf("%g of the responses lie within", share)
	}
}

func TestNewResponsesRefuses(t *testing.T) {
	linear := fit(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	if _, err := infer.NewResponses(linear, nil, nil); err == nil {
		t.Error("a linear model")
	}
	m := general(t, "cbpp", herds, &lmm.Options{Family: "binomial"})
	tab := data(t, "cbpp")
	r, err := infer.NewResponses(m, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	if first := r.Rows[0]; !math.IsNaN(first.Lower) || first.Reason == "" {
		t.Errorf("the trials are not known: %+v", first)
	}
	trials := make([]float64, tab.Rows())
	for i := range trials {
		trials[i] = 10
	}
	if r, err = infer.NewResponses(m, tab, &infer.ResponseOptions{Trials: trials}); err != nil || !(r.Rows[0].Upper <= 1) {
		t.Errorf("%+v, %v", r.Rows[0], err)
	}
	if s := r.Document().Text(); !strings.Contains(s, "row 1 ") || strings.Contains(s, "NaN") {
		t.Error(s)
	}
	trials[3] = 2.5
	if _, err := infer.NewResponses(m, tab, &infer.ResponseOptions{Trials: trials}); err == nil {
		t.Error("2.5 trials")
	}
	if _, err := infer.NewResponses(m, tab, &infer.ResponseOptions{Trials: trials[:3]}); err == nil {
		t.Error("three trials")
	}
}
