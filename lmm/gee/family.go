package gee

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm/nearest"
)

// family is a variance function with a link.
type family struct {
	name, link string
	variance   func(mu float64) float64
	// mean returns mu and d mu / d eta.
	mean func(eta float64) (mu, slope float64)
	// eta is the link itself.
	eta func(mu float64) float64
}

// familyNames and linkNames are what newFamily knows.
func familyNames() []string { return []string{"gaussian", "binomial", "poisson", "gamma"} }
func linkNames() []string   { return []string{"identity", "log", "logit", "probit", "cloglog"} }

// probabilityFloor keeps fitted probabilities and means off their bounds, where
// the variance is 0; an estimate that gets there is reported as separation.
const probabilityFloor = 1e-14

func newFamily(name, link string) (*family, error) {
	f := &family{name: strings.ToLower(name), link: strings.ToLower(link)}
	switch f.name {
	case "", "gaussian":
		f.name = "gaussian"
		f.variance = func(float64) float64 { return 1 }
	case "binomial":
		f.variance = func(mu float64) float64 { return mu * (1 - mu) }
	case "poisson":
		f.variance = func(mu float64) float64 { return mu }
	case "gamma":
		f.variance = func(mu float64) float64 { return mu * mu }
	default:
		return nil, unknownName("family", name, familyNames())
	}
	if f.link == "" {
		f.link = map[string]string{"gaussian": "identity", "binomial": "logit", "poisson": "log", "gamma": "log"}[f.name]
	}
	switch f.link {
	case "identity":
		f.mean = func(eta float64) (float64, float64) { return eta, 1 }
		f.eta = func(mu float64) float64 { return mu }
	case "log":
		f.mean = func(eta float64) (float64, float64) { mu := math.Exp(math.Min(eta, 700)); return mu, mu }
		f.eta = math.Log
	case "logit":
		f.mean = func(eta float64) (float64, float64) {
			mu := 1 / (1 + math.Exp(-eta))
			return mu, mu * (1 - mu)
		}
		f.eta = func(mu float64) float64 { return math.Log(mu / (1 - mu)) }
	case "probit":
		f.mean = func(eta float64) (float64, float64) {
			return distuv.UnitNormal.CDF(eta), distuv.UnitNormal.Prob(eta)
		}
		f.eta = distuv.UnitNormal.Quantile
	case "cloglog":
		f.mean = func(eta float64) (float64, float64) {
			h := math.Exp(math.Min(eta, 700))
			return -math.Expm1(-h), h * math.Exp(-h)
		}
		f.eta = func(mu float64) float64 { return math.Log(-math.Log1p(-mu)) }
	default:
		return nil, unknownName("link", link, linkNames())
	}
	if probability := f.link == "logit" || f.link == "probit" || f.link == "cloglog"; probability && f.name != "binomial" {
		return nil, fmt.Errorf("the link %s is for probabilities; with the family %s take identity or log", f.link, f.name)
	}
	return f, nil
}

func unknownName(what, name string, among []string) error {
	hint := ""
	if near := nearest.Name(name, among); near != "" {
		hint = "; did you mean " + near + "?"
	}
	return fmt.Errorf("there is no %s %q%s; known are %s", what, name, hint, strings.Join(among, ", "))
}

// clamp keeps a mean where its variance is above 0. It reports whether mu is a
// mean of the family at all.
func (f *family) clamp(mu float64) (float64, bool) {
	switch f.name {
	case "binomial":
		if !(mu > -1e-9 && mu < 1+1e-9) {
			return mu, false
		}
		return math.Min(math.Max(mu, probabilityFloor), 1-probabilityFloor), true
	case "poisson", "gamma":
		if !(mu >= 0) || math.IsInf(mu, 1) {
			return mu, false
		}
		return math.Max(mu, probabilityFloor), true
	}
	return mu, !math.IsNaN(mu) && !math.IsInf(mu, 0)
}

// start is a mean close to the response and inside its range.
func (f *family) start(y, mean float64) float64 {
	switch f.name {
	case "binomial":
		return (y + 0.5) / 2
	case "poisson":
		return y + 0.1
	case "gamma":
		return y
	}
	if f.link == "log" {
		return math.Max(y, 0.1*math.Abs(mean)+1e-300)
	}
	return y
}

// check refuses responses that the family does not have.
func (f *family) check(d *data, response string) error {
	refuse := func(i int, what string) error {
		return fmt.Errorf("the response %s is %g in row %d of the table; the family %s has %s", response, d.y[i], d.rows[i]+1, f.name, what)
	}
	for i, y := range d.y {
		switch {
		case f.name == "binomial" && (y < 0 || y > 1):
			return refuse(i, "values from 0 to 1: give a factor, 0 and 1, or cbind(successes, failures)")
		case f.name == "poisson" && y < 0:
			return refuse(i, "no negative values")
		case f.name == "gamma" && y <= 0:
			return refuse(i, "positive values only")
		case d.counts && f.name != "binomial":
			return fmt.Errorf("the response %s is a pair of counts, which only the family binomial has", response)
		}
	}
	return nil
}
