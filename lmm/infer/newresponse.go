package infer

import (
	"errors"
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/table"
)

// ResponseOptions of NewResponses. The zero value, or nil, is the default of every
// field.
type ResponseOptions struct {
	// Population is for rows whose levels are not known: their random effects
	// are drawn. The default is for the levels of the rows; those that were not in
	// the fit are drawn.
	Population bool
	// Trials of the rows of a binomial response, whole numbers of 1 or more. Nil: those
	// of the fit for its own rows; for a table the column of weights, or 1 each where
	// all rows of the fit were single trials.
	Trials []float64
	// Level is the least coverage of the intervals; 0 is 0.95.
	Level float64
	// Workers is the number of goroutines; 0 is one for each processor.
	Workers int
}

// ResponseIntervals are intervals for one new response of each row.
type ResponseIntervals struct {
	Response   string             `json:"response"`
	Family     string             `json:"family"`
	Population bool               `json:"population"`
	Level      float64            `json:"level"`
	Rows       []ResponseInterval `json:"rows"`
}

// ResponseInterval is that of one row, in the unit of the response: for a binomial
// one a proportion of its trials.
type ResponseInterval struct {
	Lower, Upper float64
	// Coverage is the probability of the interval, at least Level: more for counts,
	// whose probability comes in steps.
	Coverage float64
	Reason   string // why numbers are NaN; "" otherwise
}

// NewResponses returns intervals in which a new response of a generalised model
// lies, for the rows of a table or, with nil, those of the fit: the quantiles (1 -+
// level) / 2 of
//
//	P(Y <= y) = integral F(y | h(eta)) dN(eta; eta^, v)
//
// with F the distribution of the family, h the inverse link and v the variance of
// the linear predictor, the fixed and random effects uncertain together, theta and
// the shape at their estimates; for the population v has z'Sigma z, too. Limits of a
// discrete response are the smallest values that reach the probability. The integral is
// a trapezoidal sum whose steps follow the spread of the response.
//
// Errors: a linear model, whose intervals lmm.Model.Predict has; trials that are no
// whole numbers or not one a row; those of lmm.Model.Predict.
func NewResponses(m *lmm.Model, t *table.Table, opt *ResponseOptions) (*ResponseIntervals, error) {
	var o ResponseOptions
	if opt != nil {
		o = *opt
	}
	fam := m.Family()
	if fam == nil {
		return nil, errors.New("a linear model has intervals for new responses in lmm.Model.Predict, Prediction.Response")
	}
	var err error
	if o.Level, err = levelOrDefault(o.Level); err != nil {
		return nil, err
	}
	p, err := m.Predict(t, &lmm.PredictOptions{Population: o.Population, LinearPredictor: true})
	if err != nil {
		return nil, err
	}
	n := len(p.Mean)
	spread := make([]float64, n)
	if o.Population {
		if spread, err = levelVariance(m, t, n); err != nil {
			return nil, err
		}
	}
	trials, reason, err := o.trials(m, t, n)
	if err != nil {
		return nil, err
	}
	shape := m.Shape()
	if !fam.HasShape() {
		shape = 1
	} else if math.IsNaN(shape) {
		reason = "the shape of the distribution is not identified"
	}
	out := &ResponseIntervals{Response: m.ResponseName(), Family: fam.Name(), Population: o.Population, Level: o.Level, Rows: make([]ResponseInterval, n)}
	each(o.Workers, 0, n, func(_, i int) {
		nan := math.NaN()
		row := &out.Rows[i]
		*row = ResponseInterval{Lower: nan, Upper: nan, Coverage: nan, Reason: reason}
		switch {
		case reason != "":
		case math.IsNaN(p.Mean[i]):
			row.Reason = "a predictor is missing"
		case math.IsNaN(p.SE[i]):
			row.Reason = "the linear predictor has no standard error"
		case math.IsNaN(spread[i]):
			row.Reason = "a variance between levels is not identified"
		default:
			d := newPredictive(fam, p.Mean[i], math.Sqrt(p.SE[i]*p.SE[i]+spread[i]), trials[i], shape)
			row.Lower, row.Upper = d.quantile((1-o.Level)/2), d.quantile((1+o.Level)/2)
			row.Coverage = d.cdf(row.Upper) - d.cdf(row.Lower-d.unit)
			if math.IsNaN(row.Coverage) {
				*row = ResponseInterval{nan, nan, nan, "with the link " + fam.Link() + " some linear predictors within its uncertainty have no mean"}
			}
		}
	})
	return out, nil
}

// trials are those of the rows, or the reason why they are not known.
func (o *ResponseOptions) trials(m *lmm.Model, t *table.Table, n int) (out []float64, reason string, err error) {
	out = make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	if m.Family().Name() != "binomial" {
		return out, "", nil
	}
	single := true
	for i := range m.NObs() {
		single = single && m.RowWeight(i) == 1
	}
	var weights *table.Column
	if t != nil && m.Options().Weights != "" {
		weights = t.Column(m.Options().Weights)
	}
	switch {
	case o.Trials != nil:
		if len(o.Trials) != n {
			return nil, "", fmt.Errorf("there are %d numbers of trials for %d rows", len(o.Trials), n)
		}
		copy(out, o.Trials)
	case t == nil:
		for i := range out {
			out[i] = m.RowWeight(i)
		}
	case weights != nil && weights.Kind().Numeric():
		copy(out, weights.Floats())
	case !single:
		return out, "the number of trials of a new row is not known: give Trials", nil
	}
	for i, v := range out {
		if v != math.Trunc(v) || !(v >= 1) || math.IsInf(v, 1) {
			return nil, "", fmt.Errorf("row %d has %g trials: a number of trials is whole and 1 or more", i+1, v)
		}
	}
	return out, "", nil
}

// levelVariance is z'Sigma z of each row, summed over the terms.
func levelVariance(m *lmm.Model, t *table.Table, n int) ([]float64, error) {
	d := m.Frame()
	covs, out := covariances(m), make([]float64, n)
	add := func(term int, row func(i int) []float64) {
		for i := range out {
			z := row(i)
			out[i] += bilinear(z, covs[term], z)
		}
	}
	if t == nil {
		for k := range d.Terms {
			add(k, d.Terms[k].Z.Row)
		}
		return out, nil
	}
	rows, err := d.NewData(t)
	if err != nil {
		return nil, err
	}
	for k := range rows.Terms {
		add(k, rows.Terms[k].Z.Row)
	}
	return out, nil
}

// predictive is the distribution of a response whose linear predictor is normal.
type predictive struct {
	fam           *family.Family
	trials, shape float64
	unit          float64 // between the values of a response, 0 if it is continuous
	mean, weight  []float64
}

func newPredictive(fam *family.Family, eta, sd, trials, shape float64) *predictive {
	d := &predictive{fam: fam, trials: trials, shape: shape}
	if fam.Discrete() {
		d.unit = 1 / trials
	}
	if sd == 0 {
		d.mean, d.weight = []float64{fam.Mean(eta)}, []float64{1}
		return d
	}
	// F falls over a stretch of eta of sd(Y) / slope: a normal curve smoothed by that has
	// an error of exp(-2 pi^2) = 3e-9 with steps as long.
	const reach, most = 8.0, 20000 // normal sds, the tails are below 1e-15
	step := 0.5
	for x := -4.0; x <= 4; x++ {
		at := eta + sd*x
		width := math.Sqrt(fam.Variance(fam.Mean(at), shape)/trials) / math.Abs(fam.MeanSlope(at))
		if width > 0 {
			step = math.Min(step, width/sd)
		}
	}
	n := int(math.Min(most, math.Ceil(reach/step)))
	var total float64
	for k := -n; k <= n; k++ {
		x := reach * float64(k) / float64(n)
		d.mean, d.weight = append(d.mean, fam.Mean(eta+sd*x)), append(d.weight, math.Exp(-x*x/2))
		total += d.weight[len(d.weight)-1]
	}
	scale(d.weight, 1/total)
	return d
}

// cdf is P(Y <= y).
func (d *predictive) cdf(y float64) float64 {
	var s float64
	for k, mu := range d.mean {
		s += d.weight[k] * d.fam.CDF(y, mu, d.trials, d.shape)
	}
	return s
}

// quantile is the smallest value whose cdf is p or more; NaN where a mean is impossible.
func (d *predictive) quantile(p float64) float64 {
	p -= 1e-12 // the rounding of a sum
	lo, hi := 0.0, 1.0
	if d.unit > 0 {
		lo, hi = -1, 0 // counts
	}
	value := func(x float64) float64 {
		if d.unit > 0 {
			return x * d.unit
		}
		return x
	}
	for {
		at := d.cdf(value(hi))
		if at >= p {
			break
		}
		if math.IsNaN(at) || hi > 1e300 {
			return math.NaN()
		}
		lo, hi = hi, 2*hi+1
	}
	for d.unit > 0 && hi-lo > 1 || d.unit == 0 && hi-lo > 1e-12*hi {
		middle := (lo + hi) / 2
		if d.unit > 0 {
			middle = math.Floor(middle)
		}
		if middle == lo || middle == hi {
			break
		}
		if d.cdf(value(middle)) >= p {
			hi = middle
		} else {
			lo = middle
		}
	}
	return value(hi)
}
