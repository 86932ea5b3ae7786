package infer_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

func general(t testing.TB, data_, formula string, opt *lmm.Options) *lmm.Model {
	t.Helper()
	m, err := lmm.Fit(formula, data(t, data_), opt)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const herds = "cbind(incidence, size - incidence) ~ period + (1 | herd)"

// confint() of lme4 1.1-31 for glmer(cbind(incidence, size - incidence) ~ period +
// (1 | herd), cbpp, binomial): its profile is interpolated.
func TestGeneralProfile(t *testing.T) {
	p, err := infer.Profile(general(t, "cbpp", herds, &lmm.Options{Family: "binomial"}), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]float64{{0.346073203, 1.099974648}, {-1.901211955, -0.947754006}, {-1.616783256, -0.407763068}, {-1.801024366, -0.511536071}, {-2.500750563, -0.800755315}}
	if len(p.Curves) != len(want) {
		t.Fatalf("%d curves, want %d", len(p.Curves), len(want))
	}
	for i, c := range p.Curves {
		for k, got := range []float64{c.Lower.Value, c.Upper.Value} {
			if !(math.Abs(got-want[i][k]) <= 1e-4) {
				t.Errorf("%s: limit %.9f, want %.9f", c.Name, got, want[i][k])
			}
		}
		if !c.Monotone || c.Reason != "" {
			t.Errorf("%s: %v %q", c.Name, c.Monotone, c.Reason)
		}
	}
}

// The profile passes through the criterion of the fit with an offset in place of the
// coefficient, and of the size of a negative binomial through that at the size.
func TestGeneralProfileAt(t *testing.T) {
	m := general(t, "grouseticks", "TICKS ~ YEAR + cHEIGHT + (1 | BROOD)", &lmm.Options{Family: "negbinomial"})
	at, err := infer.ProfileAt(m, "size", []float64{1.5, m.Shape(), 8})
	if err != nil {
		t.Fatal(err)
	}
	if d := at[1].Criterion - m.Criterion(); math.Abs(d) > 1e-7 {
		t.Errorf("at the estimate the criterion is higher by %g", d)
	}
	for _, p := range []infer.CurvePoint{at[0], at[2]} {
		if !(p.Criterion > m.Criterion()+3) || math.Abs(p.Params[1]-p.Value) > 1e-9 {
			t.Errorf("at %g: %+v, of %g", p.Value, p, m.Criterion())
		}
	}
}

func TestGeneralTests(t *testing.T) {
	m := general(t, "cbpp", herds, &lmm.Options{Family: "binomial"})
	e, err := infer.Coefficients(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range m.FixedEffects() {
		r := e.Rows[i]
		if e.DF != infer.Normal || !math.IsInf(r.DF, 1) || math.Abs(r.SE-c.SE) > 1e-10*c.SE || math.Abs(r.T-c.Estimate/c.SE) > 1e-9*math.Abs(r.T) {
			t.Errorf("%+v, want %+v", r, c)
		}
	}
	for _, d := range []infer.DF{infer.Satterthwaite, infer.KenwardRoger} {
		var refused *infer.FamilyError
		if _, err := infer.Coefficients(m, &infer.Options{DF: d}); !errors.As(err, &refused) {
			t.Errorf("%v: %v", d, err)
		}
	}
	small := general(t, "cbpp", "cbind(incidence, size - incidence) ~ 1 + (1 | herd)", &lmm.Options{Family: "binomial"})
	lr, err := infer.LRT(small, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := lr.Statistic - (small.Criterion() - m.Criterion()); math.Abs(d) > 1e-9 || lr.DF != 3 || lr.Refitted {
		t.Errorf("%+v", lr)
	}
	// Wald and likelihood ratio agree roughly.
	a, err := infer.Anova(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w := 3 * a.Rows[0].F; math.Abs(w-lr.Statistic) > 0.2*lr.Statistic {
		t.Errorf("Wald chi-square %g, likelihood ratio %g", w, lr.Statistic)
	}
	drop, err := infer.DropRandom(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(drop) != 1 || drop[0].Simulated != nil || math.Abs(drop[0].MixtureP-drop[0].Naive/2) > 1e-12 {
		t.Errorf("%+v", drop[0])
	}
}

// A Poisson model is a negative binomial whose 1 / size is 0.
func TestGeneralFamilies(t *testing.T) {
	const src = "TICKS ~ YEAR + cHEIGHT + (1 | BROOD)"
	poisson, nb := general(t, "grouseticks", src, &lmm.Options{Family: "poisson"}), general(t, "grouseticks", src, &lmm.Options{Family: "negbinomial"})
	lr, err := infer.LRT(poisson, nb, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lr.DF != 1 || lr.Statistic < 100 || lr.P > 1e-20 {
		t.Errorf("%+v", lr)
	}
	if _, err := infer.Compare([]*lmm.Model{poisson, nb}, nil); err != nil {
		t.Error(err)
	}
	linear := fitted(t, src, data(t, "grouseticks"), true)
	var refused *infer.ComparisonError
	if _, err := infer.Compare([]*lmm.Model{poisson, linear}, nil); !errors.As(err, &refused) || !strings.Contains(refused.Msg, "continuous") {
		t.Errorf("a density was compared with a probability: %v", err)
	}
	laplace := general(t, "cbpp", herds, &lmm.Options{Family: "binomial"})
	more := general(t, "cbpp", "cbind(incidence, size - incidence) ~ 1 + (1 | herd)", &lmm.Options{Family: "binomial", Quadrature: 9})
	if _, err := infer.LRT(laplace, more, nil); !errors.As(err, &refused) || !strings.Contains(refused.Msg, "nodes") {
		t.Errorf("likelihoods by different nodes were compared: %v", err)
	}
}

// On the scale of the response the shares are those of simulated responses.
func TestGeneralShares(t *testing.T) {
	m := general(t, "cbpp", herds, &lmm.Options{Family: "binomial"})
	s := infer.VarianceShares(m)
	sd := m.VarCorr()[0].SD[0]
	if want := sd * sd / (sd*sd + math.Pi*math.Pi/3); math.Abs(s.ICC-want) > 1e-12 {
		t.Errorf("ICC %g, want %g", s.ICC, want)
	}
	// E and Var over u ~ N(0, sd^2) of the logistic function, by sums.
	link, err := m.Predict(nil, &lmm.PredictOptions{Population: true, LinearPredictor: true, MeanOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var random, residual float64
	for _, eta := range link.Mean {
		var m1, m2, total float64
		for x := -8.0; x <= 8; x += 0.01 {
			w, mu := math.Exp(-x*x/2), 1/(1+math.Exp(-eta-sd*x))
			m1, m2, total = m1+w*mu, m2+w*mu*mu, total+w
		}
		m1, m2 = m1/total, m2/total
		random, residual = random+m2-m1*m1, residual+m1-m2
	}
	if want := random / (random + residual); math.Abs(s.Observed.ICC-want) > 1e-9 {
		t.Errorf("ICC on the scale of the response %.12g, want %.12g", s.Observed.ICC, want)
	}
}

func TestGeneralMeans(t *testing.T) {
	m := general(t, "cbpp", herds, &lmm.Options{Family: "binomial"})
	s, err := infer.MarginalMeans(m, &infer.MeansOptions{Of: []string{"period"}, OnResponse: true})
	if err != nil {
		t.Fatal(err)
	}
	beta := m.Beta()
	for i, r := range s.Rows {
		eta := beta[0]
		if i > 0 {
			eta += beta[i]
		}
		v := m.Vcov()
		variance := v[0][0]
		if i > 0 {
			variance += v[i][i] + 2*v[0][i]
		}
		// The delta method; the limits are those of the linear predictor, taken over.
		logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
		mu, half := logistic(eta), 1.959963984540054*math.Sqrt(variance)
		for what, pair := range map[string][2]float64{"mean": {r.Value, mu}, "SE": {r.SE, mu * (1 - mu) * math.Sqrt(variance)},
			"lower": {r.Lower, logistic(eta - half)}, "upper": {r.Upper, logistic(eta + half)}} {
			if math.Abs(pair[0]-pair[1]) > 1e-9 {
				t.Errorf("%s, %s: %.12g, want %.12g", r.Name, what, pair[0], pair[1])
			}
		}
	}
	if p := s.Pairs[0]; p.Ratio == nil || math.Abs(p.Ratio.Value-math.Exp(-beta[1])) > 1e-12*p.Ratio.Value {
		t.Errorf("%+v", p)
	}
}

// What is not computed is refused, by a typed error.
func TestGeneralRefused(t *testing.T) {
	m := general(t, "cbpp", herds, &lmm.Options{Family: "binomial"})
	for name, call := range map[string]func() error{
		"robust":    func() error { _, err := infer.Robust(m, nil); return err },
		"outliers":  func() error { _, err := infer.OutlyingGroups(m); return err },
		"influence": func() error { _, err := infer.Influence(m, nil); return err },
		"residual bootstrap": func() error {
			_, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 5, Kind: infer.Residual})
			return err
		},
		"slice": func() error { _, err := infer.Slice(m, "period2", []float64{-1}); return err },
	} {
		var refused *infer.FamilyError
		if err := call(); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGeneralDeletion(t *testing.T) {
	m := general(t, "cbpp", herds, &lmm.Options{Family: "binomial"})
	f, err := infer.Influence(m, &infer.InfluenceOptions{Group: "herd", Refit: true})
	if err != nil {
		t.Fatal(err)
	}
	tab := data(t, "cbpp")
	var rows []int
	for i := range tab.Rows() {
		if tab.Column("herd").Text(i) != "8" {
			rows = append(rows, i)
		}
	}
	without, err := lmm.Fit(herds, tab.Take(rows), &lmm.Options{Family: "binomial"})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range f.Units {
		if u.Label != "8" {
			continue
		}
		for j, b := range without.Beta() {
			if math.Abs(u.Beta[j]-b) > 1e-7 {
				t.Errorf("%s: %g, want %g", f.Names[j], u.Beta[j], b)
			}
		}
	}
}

func TestGeneralBootstrap(t *testing.T) {
	m := general(t, "cbpp", herds, &lmm.Options{Family: "binomial"})
	run := func(workers int) *infer.BootstrapResult {
		r, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 20, Seed: 3, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	one, two := run(1), run(2)
	for i, v := range one.Values {
		if v != two.Values[i] {
			t.Fatalf("value %d is %v with one worker, %v with two", i, v, two.Values[i])
		}
	}
	if len(one.Failures) > 0 {
		t.Errorf("failures %v", one.Failures)
	}
	s, err := infer.ScaledResiduals(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range s.Residuals {
		if !(u >= 0 && u <= 1) {
			t.Fatalf("a residual of %g", u)
		}
	}
}

// Shares of Nakagawa, Johnson and Schielzeth (2017) by hand: the variance of X beta,
// that of the random intercepts, and the log-normal variance of the distribution at
// the mean lambda of the responses expected.
func TestGeneralSharesByHand(t *testing.T) {
	for name, distribution := range map[string]func(lambda, shape float64) float64{
		"poisson":     func(lambda, _ float64) float64 { return math.Log(1 + 1/lambda) },
		"negbinomial": func(lambda, size float64) float64 { return math.Log(1 + 1/lambda + 1/size) },
	} {
		m := general(t, "grouseticks", "TICKS ~ YEAR + cHEIGHT + (1 | BROOD)", &lmm.Options{Family: name})
		d, beta, sd := m.Frame(), m.Beta(), m.VarCorr()[0].SD[0]
		n := float64(d.X.Rows)
		var sum, square, lambda float64
		for i := range d.X.Rows {
			var eta float64
			for j, v := range d.X.Row(i) {
				eta += v * beta[j]
			}
			sum, square, lambda = sum+eta, square+eta*eta, lambda+math.Exp(eta+sd*sd/2)/n
		}
		fixed, random, residual := (square-sum*sum/n)/(n-1), sd*sd, distribution(lambda, m.Shape())
		all := fixed + random + residual
		s := infer.VarianceShares(m)
		for what, pair := range map[string][2]float64{
			"fixed": {s.Fixed, fixed}, "distribution": {s.Residual, residual}, "ICC": {s.ICC, random / (random + residual)},
			"marginal R2": {s.R2Marginal, fixed / all}, "conditional R2": {s.R2Conditional, (fixed + random) / all},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-10 {
				t.Errorf("%s, %s: %.12g, by hand %.12g", name, what, pair[0], pair[1])
			}
		}
	}
}
