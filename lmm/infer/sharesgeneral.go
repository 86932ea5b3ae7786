package infer

import (
	"encoding/json"
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

// ObservedShares split the variance of a response on its own scale, of a single
// trial for a binomial one. With mu(u) the mean of a row given the part u of its
// random effects, and all three averaged over the rows,
//
//	Random = Var_u(mu(u)),   Residual = E_u(Var(y | mu(u))),   Fixed = Var over rows of E_u(mu(u))
//
// exact or by quadrature (Goldstein, Browne and Rasbash 2002; de Villemereuil,
// Schielzeth, Nakagawa and Morrissey 2016).
type ObservedShares struct {
	Fixed, Random, Residual float64
	// ICC and the others as in Shares.
	ICC, ICCUnadjusted, R2Marginal, R2Conditional float64
	trial                                         bool
}

func (o *ObservedShares) values() []float64 {
	return []float64{o.ICC, o.ICCUnadjusted, o.R2Marginal, o.R2Conditional}
}

func (o *ObservedShares) meaning() string {
	if o.trial {
		return "On the scale of the response: of single trials."
	}
	return "On the scale of the response: of single rows."
}

// MarshalJSON writes fixed, random, residual, icc, icc_unadjusted, r2_marginal,
// r2_conditional.
func (o *ObservedShares) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Fixed         jsonnum.Number `json:"fixed"`
		Random        jsonnum.Number `json:"random"`
		Residual      jsonnum.Number `json:"residual"`
		ICC           jsonnum.Number `json:"icc"`
		ICCUnadjusted jsonnum.Number `json:"icc_unadjusted"`
		R2Marginal    jsonnum.Number `json:"r2_marginal"`
		R2Conditional jsonnum.Number `json:"r2_conditional"`
	}{jsonnum.Number(o.Fixed), jsonnum.Number(o.Random), jsonnum.Number(o.Residual), jsonnum.Number(o.ICC), jsonnum.Number(o.ICCUnadjusted),
		jsonnum.Number(o.R2Marginal), jsonnum.Number(o.R2Conditional)})
}

// general sets what a generalised model has in place of a residual variance, covs
// the covariance matrices of its terms.
func (s *Shares) general(m *lmm.Model, covs [][]float64) {
	fam, shape := m.Family(), m.Shape()
	s.Residual = math.NaN()
	s.Observed = &ObservedShares{trial: fam.Name() == "binomial"}
	eta := populationPredictor(m)
	n := float64(len(eta))
	d := m.Frame()
	known := map[[2]float64]moments{}
	var mean, square float64
	for i, v := range eta {
		var spread float64
		for t := range d.Terms {
			z := d.Terms[t].Z.Row(i)
			spread += bilinear(z, covs[t], z)
		}
		key := [2]float64{v, spread}
		at, ok := known[key]
		if !ok {
			at = momentsOf(fam, v, spread)
			known[key] = at
		}
		mean += at.mean / n
		square += at.mean * at.mean / n
		s.Observed.Random += (at.square - at.mean*at.mean) / n
		s.Observed.Residual += conditionalVariance(fam, shape, at) / n
	}
	s.Observed.finish(square-mean*mean, n)
	s.Residual, s.Distribution, s.Reason = latentVariance(fam, shape, mean)
}

// finish fills in the shares; between is the variance of the means, over n rows.
func (o *ObservedShares) finish(between, n float64) {
	o.Fixed = math.Max(0, between) * n / (n - 1)
	within := o.Random + o.Residual
	all := within + o.Fixed
	o.ICC, o.ICCUnadjusted = o.Random/within, o.Random/all
	o.R2Marginal, o.R2Conditional = o.Fixed/all, (o.Fixed+o.Random)/all
}

// populationPredictor is X beta + offset.
func populationPredictor(m *lmm.Model) []float64 {
	d, beta := m.Frame(), m.Beta()
	out := make([]float64, len(d.Y))
	for i := range out {
		out[i] = offset(d, i) + dot(d.X.Row(i), beta)
	}
	return out
}

// latentVariance is the variance of the distribution on the scale of the link
// (Nakagawa, Johnson and Schielzeth 2017, tables 1 and 2): of the distribution of
// which a binomial response is the sign, or by the log-normal approximation at the
// mean lambda.
func latentVariance(fam *family.Family, shape, lambda float64) (v float64, how, reason string) {
	switch fam.Link() {
	case "logit":
		return math.Pi * math.Pi / 3, "pi^2 / 3, of the logistic distribution", ""
	case "probit":
		return 1, "1, of the standard normal distribution", ""
	case "cloglog":
		return math.Pi * math.Pi / 6, "pi^2 / 6, of the Gumbel distribution", ""
	case "sqrt":
		v := 0.25
		if fam.Name() == "negbinomial" {
			v *= 1 + lambda/shape
		}
		return v, "by the delta method, 1 / 4 of variance over mean", ""
	case "log":
		switch fam.Name() {
		case "poisson":
			return math.Log1p(1 / lambda), "log(1 + 1 / mean), the mean that of the responses expected", ""
		case "negbinomial":
			return math.Log1p(1/lambda + 1/shape), "log(1 + 1 / mean + 1 / size), the mean that of the responses expected", ""
		}
		return math.Log1p(1 / shape), "log(1 + 1 / shape)", ""
	}
	return math.NaN(), "none is defined with the link " + fam.Link(), "with the link " + fam.Link() + " the distribution has no variance on its scale: see the shares on that of the response"
}

// moments are those of the mean of a response over its random effects.
type moments struct{ mean, square float64 }

// momentsOf returns E(mu) and E(mu^2) over linear predictors that are normal with
// mean eta and a variance; NaN with the inverse link, where they do not exist.
func momentsOf(fam *family.Family, eta, variance float64) moments {
	if variance == 0 {
		mu := fam.Mean(eta)
		return moments{mu, mu * mu}
	}
	switch fam.Link() {
	case "log":
		return moments{math.Exp(eta + variance/2), math.Exp(2*eta + 2*variance)}
	case "identity":
		return moments{eta, eta*eta + variance}
	case "sqrt":
		e := eta * eta
		return moments{e + variance, e*e + 6*e*variance + 3*variance*variance}
	case "inverse":
		return moments{math.NaN(), math.NaN()}
	}
	sd := math.Sqrt(variance)
	const reach = 9.0
	n := min(int(math.Ceil(reach*math.Max(5, 3*sd))), 20000)
	h := reach / float64(n)
	var out moments
	var total float64
	for k := -n; k <= n; k++ {
		x := float64(k) * h
		w := math.Exp(-x * x / 2)
		mu := fam.Mean(eta + sd*x)
		total += w
		out.mean += w * mu
		out.square += w * mu * mu
	}
	return moments{out.mean / total, out.square / total}
}

// conditionalVariance is E(Var(y | mu)) of a single trial or row.
func conditionalVariance(fam *family.Family, shape float64, at moments) float64 {
	switch fam.Name() {
	case "binomial":
		return at.mean - at.square
	case "negbinomial":
		return at.mean + at.square/shape
	case "gamma":
		return at.square / shape
	}
	return at.mean
}
