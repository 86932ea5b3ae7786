package lmm_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

func cbpp(t *testing.T, opt *lmm.Options) *lmm.Model {
	t.Helper()
	return fitOf(t, "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", opt)
}

func fitOf(t *testing.T, data, formula string, opt *lmm.Options) *lmm.Model {
	t.Helper()
	tab, err := reference.Table(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(formula, tab, opt)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// glmer 1.1-31 with nloptwrap to 1e-12 and tolPwrss = 1e-13 gives these residuals,
// means and linear predictors.
func TestGeneralisedResiduals(t *testing.T) {
	m := cbpp(t, &lmm.Options{Family: "binomial"})
	pop, err := m.Predict(nil, &lmm.PredictOptions{Population: true})
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct{ got, want []float64 }{
		"deviance": {m.Residuals(lmm.DevianceResidual), []float64{-1.43803187689, 0.988743206667, 2.35699784505, -0.936858033262, -0.24318458338}},
		"Pearson":  {m.Residuals(lmm.PearsonResidual), []float64{-1.33986163436, 1.07512593824, 2.8796156244, -0.677264048864, -0.239084078407}},
		"raw":      {m.Residuals(lmm.RawResidual), []float64{-0.165350501432, 0.108251748584, 0.31848691758, -0.0840287465058, -0.0184376698575}},
		"link":     {m.LinearPredictor(), []float64{-0.808512120993, -1.80084486288, -1.93718420899, -2.38882602093, -1.69742934104}},
		"mean":     {pop.Mean, []float64{0.198049143028, 0.0838719531672, 0.0739729320981, 0.0483907401354, 0.198049143028}},
	} {
		for i, v := range c.want {
			if d := math.Abs(c.got[i] - v); !(d <= 2e-6*(1+math.Abs(v))) {
				t.Errorf("%s %d: %.10g, want %.10g", what, i+1, c.got[i], v)
			}
		}
	}
}

// In the joint approximation the fixed and the random effects are the mode of one
// density: a leverage is the derivative of the mean at given variances.
func TestGeneralisedLeverage(t *testing.T) {
	m := cbpp(t, &lmm.Options{Family: "binomial", Quadrature: lmm.JointApproximation})
	leverage := m.Leverage()
	var sum float64
	for _, h := range leverage {
		sum += h
	}
	if sum < 4 || sum > 19 {
		t.Errorf("the leverages sum to %g: they are no effective parameters of 4 fixed and 15 random effects", sum)
	}
	const h = 1e-4
	for _, i := range []int{0, 7, 30} {
		var mean [2]float64
		for k, sign := range []float64{1, -1} {
			y := append([]float64(nil), m.Frame().Y...)
			y[i] = math.Max(y[i], h) + sign*h
			other, err := m.Refit(y)
			if err != nil {
				t.Fatal(err)
			}
			if other, err = other.At(m.Theta()); err != nil {
				t.Fatal(err)
			}
			mean[k] = other.Fitted()[i]
		}
		if d := (mean[0] - mean[1]) / (2 * h); !(math.Abs(d-leverage[i]) <= 1e-3*leverage[i]) {
			t.Errorf("row %d: leverage %.8g, the fitted value moves by %.8g", i+1, leverage[i], d)
		}
	}
}

// The mean over the levels is that of Gauss and Hermite's rule, found here by sums.
func TestPredictMarginal(t *testing.T) {
	m := fitOf(t, "Contraception", "use ~ age + urban + (urban | district)", &lmm.Options{Family: "binomial"})
	p, err := m.Predict(nil, &lmm.PredictOptions{Marginal: true})
	if err != nil {
		t.Fatal(err)
	}
	link, err := m.Predict(nil, &lmm.PredictOptions{Population: true, LinearPredictor: true})
	if err != nil {
		t.Fatal(err)
	}
	c := m.VarCorr()[0].Cov
	for i := range 20 {
		u := m.Frame().X.At(i, 2)
		sd := math.Sqrt(c[0][0] + 2*u*c[0][1] + u*u*c[1][1])
		var mean, total float64
		for x := -8.0; x <= 8; x += 0.001 {
			w := math.Exp(-x * x / 2)
			mean += w / (1 + math.Exp(-link.Mean[i]-sd*x))
			total += w
		}
		if mean /= total; !(math.Abs(p.Mean[i]-mean) <= 1e-10) {
			t.Errorf("row %d: mean %.12g, want %.12g", i+1, p.Mean[i], mean)
		}
		if !(p.Confidence.Lower[i] < mean && mean < p.Confidence.Upper[i]) || !(p.SE[i] > 0) {
			t.Errorf("row %d: %g has the SE %g and the limits %g to %g", i+1, mean, p.SE[i], p.Confidence.Lower[i], p.Confidence.Upper[i])
		}
	}
}

// Where the mean over normal linear predictors has a closed form, the sum agrees
// with it: the logistic function is between two probits and has none.
func TestIntegrated(t *testing.T) {
	for _, c := range []struct {
		name, link string
		want       func(eta, v float64) float64
	}{
		{"poisson", "log", func(eta, v float64) float64 { return math.Exp(eta + v/2) }},
		{"poisson", "sqrt", func(eta, v float64) float64 { return eta*eta + v }},
		{"binomial", "probit", func(eta, v float64) float64 { return math.Erfc(-eta/math.Sqrt(2*(1+v))) / 2 }},
		// E(1 - exp(-exp(eta + s x))) at v = 0
		{"binomial", "cloglog", func(eta, _ float64) float64 { return -math.Expm1(-math.Exp(eta)) }},
	} {
		fam, err := family.New(c.name, c.link)
		if err != nil {
			t.Fatal(err)
		}
		for _, eta := range []float64{-2, 0.3, 1.5} {
			for _, v := range []float64{0, 0.01, 1, 30} {
				if c.link == "cloglog" && v > 0 {
					continue
				}
				got, slope := lmm.Integrated(fam, eta, v)
				want := c.want(eta, v)
				if !(math.Abs(got-want) <= 1e-12*math.Abs(want)) {
					t.Errorf("%s %s at %g, %g: %.15g, want %.15g", c.name, c.link, eta, v, got, want)
				}
				const h = 1e-5
				up, _ := lmm.Integrated(fam, eta+h, v)
				down, _ := lmm.Integrated(fam, eta-h, v)
				if d := (up - down) / (2 * h); math.Abs(d-slope) > 1e-7*(1+math.Abs(d)) {
					t.Errorf("%s %s at %g, %g: slope %.10g, by differences %.10g", c.name, c.link, eta, v, slope, d)
				}
			}
		}
	}
	logit, _ := family.New("binomial", "logit")
	// A very steep step: the mean is the probability of a normal number above 0.
	if got, _ := lmm.Integrated(logit, 100, 1e4); math.Abs(got-0.8413) > 1e-3 {
		t.Errorf("a variance of 1e4: %g, want about 0.8413", got)
	}
	inverse, _ := family.New("gamma", "inverse")
	if got, _ := lmm.Integrated(inverse, 1, 0.5); !math.IsNaN(got) {
		t.Errorf("the inverse link has the mean %g, which does not exist", got)
	}
}

// Simulated responses have the moments of the family over its random effects.
func TestGeneralisedSimulate(t *testing.T) {
	m := cbpp(t, &lmm.Options{Family: "binomial"})
	const n = 4000
	sims := m.Simulate(n, 7)
	marginal, err := m.Predict(nil, &lmm.PredictOptions{Marginal: true, MeanOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		size := m.RowWeight(i)
		var mean, square float64
		for _, y := range sims {
			if s := y[i] * size; math.Abs(s-math.Round(s)) > 1e-9 || s < 0 || s > size {
				t.Fatalf("%g successes of %g", s, size)
			}
			mean += y[i] / n
			square += y[i] * y[i] / n
		}
		se := math.Sqrt((square - mean*mean) / n)
		if d := (mean - marginal.Mean[i]) / se; math.Abs(d) > 4 {
			t.Errorf("row %d: mean %.4g, want %.4g, %.1f SE apart", i+1, mean, marginal.Mean[i], d)
		}
	}
	again := m.Draw(rand.New(rand.NewPCG(7, 3)))
	for i, v := range again {
		if v != sims[3][i] {
			t.Fatal("Draw and Simulate differ for one seed")
		}
	}
}

// The criterion does not depend on where a search starts.
func TestGeneralisedStarts(t *testing.T) {
	for name, m := range map[string]*lmm.Model{
		"cbpp":          cbpp(t, &lmm.Options{Family: "binomial"}),
		"Contraception": fitOf(t, "Contraception", "use ~ age + urban + (urban | district)", &lmm.Options{Family: "binomial"}),
		"grouseticks":   fitOf(t, "grouseticks", "TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION)", &lmm.Options{Family: "poisson"}),
		"NB2":           fitOf(t, "grouseticks", "TICKS ~ YEAR + cHEIGHT + (1 | BROOD)", &lmm.Options{Family: "negbinomial"}),
	} {
		obj := m.Objective()
		for r := range 20 {
			rng := rand.New(rand.NewPCG(11, uint64(r)))
			start := make(cone.Point, len(obj.Point))
			for b, l := range obj.Point {
				k := obj.Blocks()[b].K
				start[b] = make([]float64, len(l))
				for i := range k {
					for j := range i + 1 {
						start[b][i*k+j] = rng.NormFloat64() * math.Exp(rng.NormFloat64())
					}
				}
			}
			other, err := m.FitFrom(start, "newton", 0)
			if err != nil {
				t.Fatal(err)
			}
			if d := other.Criterion() - m.Criterion(); !(math.Abs(d) <= 1e-8) {
				t.Errorf("%s from start %d: criterion %.10f, want %.10f, %.2g apart; %+v", name, r, other.Criterion(), m.Criterion(), d, other.Verdict())
			}
		}
	}
}

// A variance of 0 is an estimate of a generalised model too; without the term the
// likelihood is that of the model without random effects.
func TestGeneralisedBoundary(t *testing.T) {
	x, y, g := make([]float64, 60), make([]float64, 60), make([]string, 60)
	for i := range x {
		x[i], y[i], g[i] = float64(i%5), float64((i/6)%3), string(rune('a'+i%6))
	}
	tab, err := table.New(table.NewFloats("x", x), table.NewFloats("y", y), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ x + (1 | g)", tab, &lmm.Options{Family: "poisson"})
	if err != nil {
		t.Fatal(err)
	}
	if v := m.Verdict(); v.Convergence != certify.Converged || v.Place != certify.Boundary || m.VarCorr()[0].SD[0] != 0 {
		t.Errorf("verdict %+v, sd %g", v, m.VarCorr()[0].SD[0])
	}
	// the score equations of Poisson regression: X'(y - mu) = 0
	var a, b float64
	for i, mu := range m.Fitted() {
		a += y[i] - mu
		b += x[i] * (y[i] - mu)
	}
	if math.Abs(a) > 1e-6 || math.Abs(b) > 1e-6 {
		t.Errorf("the residuals sum to %g and %g with x", a, b)
	}
	// and its information: the variances of a variance at 0 play no part
	vcov, given := m.Vcov(), m.VcovGiven()
	for i := range vcov {
		for j := range vcov {
			if math.Abs(vcov[i][j]-given[i][j]) > 1e-6*math.Sqrt(given[i][i]*given[j][j]) {
				t.Errorf("vcov[%d][%d] is %g, given theta %g", i, j, vcov[i][j], given[i][j])
			}
		}
	}
}

func TestGeneralisedSaved(t *testing.T) {
	tab, err := reference.Table("cbpp")
	if err != nil {
		t.Fatal(err)
	}
	opt := lmm.Options{Family: "binomial"}
	const src = "cbind(incidence, size - incidence) ~ period + (1 | herd)"
	m, err := lmm.Fit(src, tab, &opt)
	if err != nil {
		t.Fatal(err)
	}
	opt.Saved = m.Save()
	again, err := lmm.Fit(src, tab, &opt)
	if err != nil {
		t.Fatal(err)
	}
	if again.Log().Evaluations != m.Log().Evaluations || again.Criterion() != m.Criterion() {
		t.Errorf("after %d evaluations %.12f, saved %d, %.12f", again.Log().Evaluations, again.Criterion(), m.Log().Evaluations, m.Criterion())
	}
}

func TestGeneralisedJSON(t *testing.T) {
	b, err := json.Marshal(cbpp(t, &lmm.Options{Family: "binomial"}))
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Family, Link string
		REML         bool
		NAGQ         *int        `json:"nAGQ"`
		VcovRX       [][]float64 `json:"vcov_rx"`
		Shape        *float64
		Sigma        float64
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	if out.Family != "binomial" || out.Link != "logit" || out.REML || out.NAGQ == nil || *out.NAGQ != 1 || len(out.VcovRX) != 4 || out.Shape != nil || out.Sigma != 1 {
		t.Errorf("%+v", out)
	}
	for _, bad := range []string{"NaN", "Inf"} {
		if strings.Contains(string(b), bad) {
			t.Errorf("%s in the JSON", bad)
		}
	}
}

func TestGeneralisedMistakes(t *testing.T) {
	tab, err := reference.Table("cbpp")
	if err != nil {
		t.Fatal(err)
	}
	zero := make([]float64, tab.Rows())
	minus := append([]float64(nil), zero...)
	minus[4] = -3
	minus[5] = 2
	if tab, err = tab.With(table.NewFloats("zero", zero)); err != nil {
		t.Fatal(err)
	}
	if tab, err = tab.With(table.NewFloats("minus", minus)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		formula string
		opt     lmm.Options
		says    string
	}{
		{"minus ~ period + (1 | herd)", lmm.Options{Family: "poisson"}, "is -3 in row 5"},
		{"incidence ~ period + (1 | herd)", lmm.Options{Family: "binomial"}, "is 2 in row 1"},
		{"incidence ~ period + (1 | herd)", lmm.Options{Family: "gamma"}, "needs responses above 0"},
		{"zero ~ period + (1 | herd)", lmm.Options{Family: "poisson"}, "nothing to explain"},
		{"cbind(zero, size) ~ period + (1 | herd)", lmm.Options{Family: "binomial"}, "without a success"},
		{"cbind(incidence, size) ~ period + (1 | herd)", lmm.Options{Family: "poisson"}, "belongs to the binomial family"},
		{"incidence ~ period + (1 | herd)", lmm.Options{Family: "poissonian"}, `Did you mean "poisson"`},
		{"incidence ~ period + (1 | herd)", lmm.Options{Family: "poisson", Link: "logit"}, "Known: log, sqrt, identity"},
		{"incidence ~ period + (1 | herd)", lmm.Options{Link: "log"}, "belongs to a family"},
		{"incidence ~ period + (1 | herd)", lmm.Options{Quadrature: 5}, "belongs to a Family"},
		{"incidence ~ period + (1 | herd)", lmm.Options{Family: "poisson", Quadrature: -3}, "no number of nodes"},
		{"incidence ~ period + (1 | herd)", lmm.Options{Family: "poisson", Residual: "ar1(1 | herd)"}, "no residuals with a structure"},
		{"incidence ~ period + (1 | herd)", lmm.Options{Family: "poisson", Unbounded: true}, "below 0"},
		{"incidence ~ (1 | period) + (1 | herd)", lmm.Options{Family: "poisson", Quadrature: 5}, "one grouping factor"},
	} {
		_, err := lmm.Fit(c.formula, tab, &c.opt)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %+v: %v, want it to say %q", c.formula, c.opt, err, c.says)
		}
	}
	var wrong *lmm.ResponseError
	if _, err := lmm.Fit("minus ~ period + (1 | herd)", tab, &lmm.Options{Family: "poisson"}); !errors.As(err, &wrong) || wrong.Row != 5 {
		t.Errorf("%v is no *ResponseError of row 5", err)
	}
	m, err := lmm.Fit("incidence/size ~ period + (1 | herd)", tab, &lmm.Options{Family: "binomial"})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range m.Findings() {
		found = found || f.Code == "D11"
	}
	if !found {
		t.Error("proportions without weights raise no finding")
	}
	if _, err := m.Refit(zero); err == nil {
		t.Error("a response without successes was fitted")
	}
}
