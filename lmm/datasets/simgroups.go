package datasets

import (
	"math"
	"math/rand/v2"

	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/table"
)

// Response is what the linear predictor eta of Groups becomes.
type Response int

const (
	Gaussian Response = iota // y = eta + e
	Binary                   // y is 1 with probability 1 / (1 + exp(-eta)), else 0
	Counts                   // y is Poisson with mean exp(eta)
)

// Groups is rows in groups, each with an intercept and a slope of its own:
//
//	eta = Intercept + b0 + (Slope + b1) x,  x ~ N(0, 1)
//
// The columns are y, x and g.
type Groups struct {
	Groups     int  // default 20
	Rows       int  // of a group; default 10
	Unbalanced bool // sizes are drawn evenly from 1 to 2 Rows - 1
	Singletons int  // further groups with one row each

	Intercept, Slope     float64
	InterceptSD, SlopeSD float64 // of b0 and b1
	Correlation          float64 // of b0 and b1, -1 to 1

	Response Response
	Sigma    float64 // sd of e, which Gaussian alone has

	Seed uint64
}

// sds are the standard deviations of a group's effects.
func (c Groups) sds() [2]float64 { return [2]float64{c.InterceptSD, c.SlopeSD} }

// Truth is what the data are drawn from.
func (c Groups) Truth() Truth {
	t := Truth{Formula: "y ~ x + (1 | g)"}
	t.Parameters = []Parameter{{"(Intercept)", c.Intercept}, {"x", c.Slope}, {"sd_(Intercept)|g", c.InterceptSD}}
	if c.SlopeSD > 0 {
		t.Formula = "y ~ x + (x | g)"
		t.Parameters = append(t.Parameters, Parameter{"sd_x|g", c.SlopeSD}, Parameter{"cor_x.(Intercept)|g", c.Correlation})
	}
	switch c.Response {
	case Binary:
		t.Note = "y is binary, of the binomial family with logit link."
	case Counts:
		t.Note = "y is a count, of the Poisson family with log link."
	default:
		t.Parameters = append(t.Parameters, Parameter{"sigma", c.Sigma})
	}
	return t
}

func (c Groups) seed() uint64 { return c.Seed }

func (c Groups) check() error {
	groups, rows := size(c.Groups, 20), size(c.Rows, 10)
	most := float64(rows)
	if c.Unbalanced {
		most = 2*most - 1
	}
	return first(
		atLeast("Groups", groups, 1), atLeast("Rows", rows, 1), atLeast("Singletons", c.Singletons, 0),
		rowLimit(float64(groups)*most+float64(c.Singletons)),
		spread("InterceptSD", c.InterceptSD), spread("SlopeSD", c.SlopeSD), spread("Sigma", c.Sigma),
		within("Correlation", c.Correlation, -1, 1), finite("Intercept", c.Intercept), finite("Slope", c.Slope),
		within("Response", float64(c.Response), float64(Gaussian), float64(Counts)),
		c.checkCounts(),
	)
}

// checkCounts refuses means that no table of counts has, and more of them than
// can be drawn in a minute.
func (c Groups) checkCounts() error {
	const (
		most = 10 // exp(10) is 22,026
		sum  = 1e9
	)
	if top := c.Intercept + 3*(math.Abs(c.Slope)+c.InterceptSD+3*c.SlopeSD); c.Response == Counts && top > most {
		return &CaseError{"Intercept", "and what is added to it make counts of exp(" + report.TValue(top) + "); keep it below exp(10)"}
	}
	rows := float64(size(c.Groups, 20))*float64(size(c.Rows, 10)) + float64(c.Singletons)
	sds := math.Hypot(math.Hypot(c.Slope, c.InterceptSD), c.SlopeSD)
	if all := rows * math.Exp(c.Intercept+sds*sds/2); c.Response == Counts && all > sum {
		return &CaseError{"Response", "is Counts whose sum would be about " + report.TValue(all) + ", and is at most " + shortest(sum)}
	}
	return nil
}

func (c Groups) draw(rng *rand.Rand) []*table.Column {
	groups, rows := size(c.Groups, 20), size(c.Rows, 10)
	var y, x []float64
	var g []int32
	for j := range groups + c.Singletons {
		n := rows
		switch {
		case j >= groups:
			n = 1
		case c.Unbalanced:
			n = 1 + rng.IntN(2*rows-1)
		}
		b0, b1 := pair(rng, c.sds(), c.Correlation)
		for range n {
			xi := round(rng.NormFloat64())
			eta := c.Intercept + b0 + (c.Slope+b1)*xi
			x, g = append(x, xi), append(g, int32(j))
			y = append(y, c.respond(rng, eta))
		}
	}
	return []*table.Column{table.NewFloats("y", y), table.NewFloats("x", x), numbered("g", "", g, groups+c.Singletons)}
}

// respond draws a response.
func (c Groups) respond(rng *rand.Rand, eta float64) float64 {
	switch c.Response {
	case Binary:
		return chance(rng, eta)
	case Counts:
		return count(rng, math.Exp(eta))
	default:
		return round(eta + c.Sigma*rng.NormFloat64())
	}
}

// chance is 1 with the probability of which eta is the logit, else 0.
func chance(rng *rand.Rand, eta float64) float64 {
	if rng.Float64() < 1/(1+math.Exp(-eta)) {
		return 1
	}
	return 0
}

// count draws a Poisson number: the arrivals in a time of mean, with exponential
// times between them.
func count(rng *rand.Rand, mean float64) float64 {
	n := 0.0
	for at := rng.ExpFloat64(); at < mean; at += rng.ExpFloat64() {
		n++
	}
	return n
}
