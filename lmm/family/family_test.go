package family_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/family"
)

// each runs a test for every family and link.
func each(t *testing.T, test func(t *testing.T, f *family.Family)) {
	for _, name := range family.Names() {
		for _, link := range family.Links(name) {
			f, err := family.New(name, link)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(name+"/"+link, func(t *testing.T) { test(t, f) })
		}
	}
}

// responses are values that a family can have.
func responses(f *family.Family) []float64 {
	switch f.Name() {
	case "binomial":
		return []float64{0, 0.3, 1}
	case "gamma":
		return []float64{0.01, 1, 7.5}
	}
	return []float64{0, 1, 6, 250}
}

// predictors are values of eta that a link can have.
func predictors(f *family.Family) []float64 {
	switch f.Link() {
	case "inverse", "identity", "sqrt":
		return []float64{0.05, 0.7, 1, 4, 30}
	}
	return []float64{-30, -12, -5.001, -4.999, -1.3, 0, 0.4, 2, 3.5}
}

func shapes(f *family.Family) []float64 {
	if f.HasShape() {
		return []float64{0.3, 2, 900, 5e4}
	}
	return []float64{1}
}

// slope is a difference of fourth order. Its error is that of rounding, eps f / h,
// and of the fifth derivative, h^4.
func slope(f func(float64) float64, x, h float64) float64 {
	return (8*(f(x+h)-f(x-h)) - (f(x+2*h) - f(x-2*h))) / (12 * h)
}

// near compares with a tolerance relative to a size that rounding goes by.
func near(t *testing.T, what string, got, want, size, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*(math.Abs(want)+size)) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

func TestDerivativesAreThoseOfTheLogLikelihood(t *testing.T) {
	each(t, func(t *testing.T, f *family.Family) {
		for _, shape := range shapes(f) {
			for _, y := range responses(f) {
				for _, eta := range predictors(f) {
					at := fmt.Sprintf("y %g, eta %g, shape %g", y, eta, shape)
					const w = 3
					l, d1, d2, d3 := f.Row(y, w, eta, shape)
					h := 1e-3 * math.Min(1, math.Abs(eta)+boolTo(f.Link() != "inverse" && f.Link() != "identity" && f.Link() != "sqrt"))
					part := func(which int) func(float64) float64 {
						return func(x float64) float64 {
							a, b, c, _ := f.Row(y, w, x, shape)
							return []float64{a, b, c}[which]
						}
					}
					near(t, at+": d1", d1, slope(part(0), eta, h), 1e-3+math.Abs(d2)+1e-6*math.Abs(l)/h, 1e-7)
					near(t, at+": d2", d2, slope(part(1), eta, h), 1e-6*math.Abs(d1)/h, 1e-6)
					near(t, at+": d3", d3, slope(part(2), eta, h), 1e-6*math.Abs(d2)/h, 1e-6)
				}
			}
		}
	})
}

func boolTo(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// The parameter is 1/size of the negative binomial, the log of the gamma's shape.
func TestSlopesInTheShape(t *testing.T) {
	each(t, func(t *testing.T, f *family.Family) {
		if !f.HasShape() {
			return
		}
		to := func(x float64) float64 { return 1 / x }
		from := to
		if f.Name() == "gamma" {
			to, from = math.Log, math.Exp
		}
		for _, shape := range []float64{0.3, 2, 45, 950, 1e5} {
			for _, y := range append(responses(f), 66, 12.5) {
				x := to(shape)
				h := 1e-3 * math.Min(math.Abs(x), 1)
				at := fmt.Sprintf("y %g, shape %g", y, shape)
				c := func(x float64) float64 { return f.Constant(y, 2, from(x)) }
				near(t, at+": constant", f.ConstantSlope(y, 2, shape), slope(c, x, h), 1e-9*math.Abs(c(x))/h+1e-6, 1e-6)
				for _, eta := range predictors(f) {
					at := fmt.Sprintf("%s, eta %g", at, eta)
					l, d1, d2 := f.KernelSlope(y, eta, shape)
					for i, got := range []float64{l, d1, d2} {
						part := func(x float64) float64 {
							a, b, c, _ := f.Kernel(y, eta, from(x))
							return []float64{a, b, c}[i]
						}
						near(t, fmt.Sprintf("%s, part %d", at, i), got, slope(part, x, h), 1e-9*math.Abs(part(x))/h+1e-6, 1e-6)
					}
				}
			}
		}
	})
}

// A negative binomial of infinite size is the Poisson distribution, and is
// approached without a jump.
func TestTheSizeGoesToInfinity(t *testing.T) {
	for _, link := range family.Links("poisson") {
		p, _ := family.New("poisson", link)
		n, _ := family.New("negbinomial", link)
		for _, y := range responses(p) {
			for _, eta := range []float64{0.3, 1, 3} {
				a, a1, a2, a3 := p.Row(y, 1, eta, 0)
				for _, size := range []float64{math.Inf(1), 1e300, 1e17, 1e12} {
					b, b1, b2, b3 := n.Row(y, 1, eta, size)
					for _, pair := range [][2]float64{{a, b}, {a1, b1}, {a2, b2}, {a3, b3}} {
						near(t, fmt.Sprintf("%s, y %g, eta %g, size %g", link, y, eta, size), pair[1], pair[0], 1, 1e-7)
					}
				}
				// From the log of the probabilities: d/da at 0 is ((y-mu)^2 - y)/2.
				l, _, _ := n.KernelSlope(y, eta, math.Inf(1))
				mu := n.Mean(eta)
				near(t, "slope at the Poisson", l+n.ConstantSlope(y, 1, math.Inf(1)), ((y-mu)*(y-mu)-y)/2, 1, 1e-12)
			}
		}
	}
}

// Probabilities sum, and densities integrate, to 1, with the mean and the
// variance that the family says, and CDF is their sum.
func TestProbabilitiesSumToOne(t *testing.T) {
	each(t, func(t *testing.T, f *family.Family) {
		for _, shape := range shapes(f) {
			for _, eta := range predictors(f) {
				mu := f.Mean(eta)
				if mu < 1e-3 || mu > 8 || f.Variance(mu, shape) < 1e-9 || f.Name() == "gamma" && shape > 1e3 {
					continue
				}
				at := fmt.Sprintf("eta %g, shape %g", eta, shape)
				w, step, last := 1.0, 1.0, 3000
				switch f.Name() {
				case "binomial":
					w, last = 7, 7
					step = 1 / w
				case "gamma":
					integrateGamma(t, f, at, eta, shape)
					continue
				}
				var sum, mean, square float64
				for i := range last + 1 {
					y := float64(i) * step
					l, _, _, _ := f.Row(y, w, eta, shape)
					near(t, at+": below", f.Below(y, mu, w, shape), sum, 1, 1e-10)
					sum += math.Exp(l)
					mean += y * math.Exp(l)
					square += (y - mu) * (y - mu) * math.Exp(l)
					near(t, at+": CDF", f.CDF(y, mu, w, shape), sum, 1, 1e-10)
				}
				near(t, at+": sum", sum, 1, 0, 1e-10)
				near(t, at+": mean", mean, mu, 0, 1e-9)
				near(t, at+": variance", square*w, f.Variance(mu, shape), 0, 1e-9)
			}
		}
	})
}

// integrateGamma uses the trapezoid rule in log y, which converges faster than any
// power for a function that dies away on both sides.
func integrateGamma(t *testing.T, f *family.Family, at string, eta, shape float64) {
	t.Helper()
	mu := f.Mean(eta)
	var sum, mean, square float64
	const h = 4e-3
	for z := -40.0 / math.Min(shape, 1); z < 8; z += h {
		y := mu * math.Exp(z)
		l, _, _, _ := f.Row(y, 1, eta, shape)
		p := math.Exp(l) * y * h
		sum, mean, square = sum+p, mean+y*p, square+(y-mu)*(y-mu)*p
	}
	near(t, at+": sum", sum, 1, 0, 1e-7)
	near(t, at+": mean", mean, mu, 0, 1e-7)
	near(t, at+": variance", square, f.Variance(mu, shape), 0, 1e-7)
}

// The expected information is the mean of the observed one.
func TestExpectedInformation(t *testing.T) {
	each(t, func(t *testing.T, f *family.Family) {
		for _, shape := range shapes(f) {
			for _, eta := range predictors(f) {
				mu := f.Mean(eta)
				if mu > 8 || f.Name() == "gamma" || f.Name() == "binomial" && eta < -8 {
					continue // gamma: below
				}
				last := 3000.0
				if f.Name() == "binomial" {
					last = 1
				}
				var want float64
				for y := 0.0; y <= last; y++ {
					l, _, d2, _ := f.Row(y, 1, eta, shape)
					want -= math.Exp(l) * d2
				}
				got := f.Expected(1, eta, shape)
				near(t, fmt.Sprintf("eta %g, shape %g", eta, shape), got, want, 1e-9, 1e-7)
				slope := f.MeanSlope(eta)
				if v := f.Variance(mu, shape); v > 1e-9 {
					near(t, "slope^2 / variance", slope*slope/v, got, 1e-9, 1e-6)
				}
			}
		}
	})
	g, _ := family.New("gamma", "identity")
	// The second derivative is linear in y, whose mean is mu.
	_, _, d2, _ := g.Row(3, 1, 3, 2)
	near(t, "gamma", g.Expected(1, 3, 2), -d2, 0, 1e-14)
}

// Whatever finite eta: no NaN, and no infinity but -Inf for an impossible mean.
func TestExtremePredictors(t *testing.T) {
	each(t, func(t *testing.T, f *family.Family) {
		for _, shape := range append(shapes(f), 1e-3, 1e12) {
			for _, y := range responses(f) {
				for _, eta := range []float64{-1e6, -700, -37, -1e-300, 0, 1e-300, 37, 700, 1e6} {
					l, d1, d2, d3 := f.Row(y, 2, eta, shape)
					values := []float64{d1, d2, d3, f.Expected(2, eta, shape)}
					s0, s1, s2 := f.KernelSlope(y, eta, shape)
					values = append(values, s0, s1, s2)
					for i, v := range values {
						if math.IsNaN(v) || math.Abs(eta) <= 700 && math.Abs(eta) >= 1e-3 && math.IsInf(v, 0) {
							t.Errorf("y %g, eta %g, shape %g: value %d is %g", y, eta, shape, i, v)
						}
					}
					if math.IsNaN(l) || math.IsInf(l, 1) {
						t.Errorf("y %g, eta %g, shape %g: l is %g", y, eta, shape, l)
					}
				}
			}
		}
	})
}

func TestLinksAreInvertedAndTheirSlopesAreRight(t *testing.T) {
	each(t, func(t *testing.T, f *family.Family) {
		for _, eta := range predictors(f) {
			mu := f.Mean(eta)
			if f.Name() == "binomial" && mu > 1-1e-9 || mu < 1e-14 {
				continue // 1 - mu has few digits
			}
			near(t, "eta", f.Eta(mu), eta, 1, 1e-7)
			near(t, "slope", f.MeanSlope(eta), slope(f.Mean, eta, 1e-3*math.Min(1, math.Abs(eta)+0.01)), 1e-3*mu, 1e-7)
		}
	})
}

// Twice what the log-likelihood rises by if the mean is the response.
func TestDeviance(t *testing.T) {
	each(t, func(t *testing.T, f *family.Family) {
		for _, shape := range shapes(f) {
			for _, y := range responses(f) {
				if y == 0 || f.Name() == "binomial" && y == 1 {
					continue
				}
				for _, eta := range predictors(f) {
					if f.Mean(eta) > 1e3 || f.Mean(eta) < 1e-3 || f.Name() == "binomial" && f.Mean(eta) > 0.999 {
						continue
					}
					l, _, _, _ := f.Row(y, 3, eta, shape)
					top, _, _, _ := f.Row(y, 3, f.Eta(y), shape)
					mu := f.Mean(eta)
					near(t, fmt.Sprintf("y %g, eta %g, shape %g", y, eta, shape), f.Deviance(y, mu, 3, shape), 2*(top-l), 1e-6*(1+math.Abs(l)), 1e-6)
					if r := f.DevianceResidual(y, mu, 3, shape); r*(y-mu) < 0 {
						t.Errorf("residual %g for y %g, mu %g", r, y, mu)
					}
				}
			}
		}
	})
}

func TestUnknownNames(t *testing.T) {
	for _, tt := range []struct{ name, link, want string }{
		{"binomal", "", `did you mean "binomial"?`},
		{"binomial", "probt", `did you mean "probit"?`},
		{"poisson", "logit", "known: log, sqrt, identity"},
		{"weibull", "", "known: binomial, poisson, negbinomial, gamma"},
	} {
		_, err := family.New(tt.name, tt.link)
		var unknown *family.UnknownError
		if !errors.As(err, &unknown) || !strings.Contains(strings.ToLower(err.Error()), tt.want) {
			t.Errorf("%s %s: %v", tt.name, tt.link, err)
		}
	}
	for name, link := range map[string]string{"binomial": "logit", "poisson": "log", "negbinomial": "log", "gamma": "log"} {
		if f, err := family.New(name, ""); err != nil || f.Link() != link || f.Name() != name {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

func TestCheckNamesTheFirstOffendingRow(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, tt := range []struct {
		family string
		y, w   []float64
		row    int // -1: none
	}{
		{"binomial", []float64{0, 1, 0.5}, nil, -1},
		{"binomial", []float64{0, 1, 2}, nil, 2},
		{"binomial", []float64{0, -0.1}, nil, 1},
		{"binomial", []float64{nan}, nil, 0},
		{"binomial", []float64{1, 1}, []float64{3, 0}, 1},
		{"binomial", []float64{1, 1}, []float64{inf, 1}, 0},
		{"poisson", []float64{3, 0, -1}, nil, 2},
		{"poisson", []float64{inf}, nil, 0},
		{"negbinomial", []float64{3, -9}, nil, 1},
		{"gamma", []float64{3, 0}, nil, 1},
		{"gamma", []float64{3, 0.1}, []float64{1, 1}, -1},
	} {
		f, _ := family.New(tt.family, "")
		err := f.Check(tt.y, tt.w)
		switch {
		case err == nil && tt.row >= 0, err != nil && err.Row != tt.row:
			t.Errorf("%s %v %v: %v", tt.family, tt.y, tt.w, err)
		case err != nil && !strings.Contains(err.Error(), tt.family):
			t.Errorf("%v does not name the family", err)
		}
	}
}

func TestNotesSayWhatIsOdd(t *testing.T) {
	b, _ := family.New("binomial", "")
	p, _ := family.New("poisson", "")
	g, _ := family.New("gamma", "")
	for _, tt := range []struct {
		f    *family.Family
		y, w []float64
		want []family.Note
	}{
		{b, []float64{0, 0.25, 1}, []float64{3, 4, 1}, nil},
		{b, []float64{1.0 / 3}, []float64{3}, nil},
		{b, []float64{0, 0.3, 0.7}, nil, []family.Note{{Kind: family.NotCount, Row: 1, Value: 0.3, Rows: 2}}},
		{b, []float64{0, 0.5}, []float64{1.5, 2}, []family.Note{{Kind: family.NotTrials, Value: 1.5, Rows: 1}}},
		{p, []float64{0, 2.5}, nil, []family.Note{{Kind: family.NotCount, Row: 1, Value: 2.5, Rows: 1}}},
		{g, []float64{2.5}, nil, nil},
	} {
		got := tt.f.Notes(tt.y, tt.w)
		if fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s %v %v: %v, want %v", tt.f.Name(), tt.y, tt.w, got, tt.want)
		}
		for _, n := range got {
			if !strings.Contains(n.Text(), fmt.Sprintf("row %d", n.Row+1)) {
				t.Errorf("%q", n.Text())
			}
		}
	}
}
