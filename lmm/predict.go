package lmm

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/table"
)

// PredictOptions of Predict. The zero value, or nil, is the default of every
// field.
type PredictOptions struct {
	// Population predicts x'beta, all random effects at 0; the default is
	// x'beta + z'b with the conditional modes of the row's levels.
	Population bool
	// LinearPredictor predicts on the scale of the link of a generalised model; the
	// default is the mean of the response.
	LinearPredictor bool
	// Marginal predicts the mean of the response over all levels that a row might
	// have, random effects integrated out: not the response of a typical level,
	// which is that of Population. In a linear model the two are the same.
	Marginal bool
	// Level is the coverage of the intervals; 0 is 0.95.
	Level float64
	// MeanOnly leaves out the standard errors and the intervals.
	MeanOnly bool
}

// Prediction holds one value for every row predicted; NaN where there is none,
// and Notes say why. SE and the limits are nil with PredictOptions.MeanOnly.
type Prediction struct {
	Mean []float64
	// SE is the standard error of Mean, beta and b uncertain together, theta
	// at its estimate: the root of Var(x'(beta^ - beta) + z'(b^ - b)), or of
	// Var(x'beta^) for the population. On the scale of the response of a generalised
	// model it is that times the slope of the mean.
	SE []float64
	// Confidence is Mean -+ q SE, q the normal quantile: for the mean of the
	// responses of the row's levels, or of the population. For a generalised model
	// the limits are those on the scale of the link, taken to that of the response.
	Confidence Limits
	// Response is for one new response, whose residual is independent of those
	// in the fit: the variance is SE^2 + sigma^2 s^2 / w, s the sd that a
	// structure of the residuals gives the row, 1 without one; for the population + z'Sigma z, since its levels are not known.
	// A generalised model has none here: NaN, with a note; infer.NewResponses has them.
	Response Limits
	Level    float64 // coverage
	Notes    []RowNote
}

// Limits are the ends of one interval a row.
type Limits struct{ Lower, Upper []float64 }

// RowNote says something about some of the rows.
type RowNote struct {
	What  string
	Rows  int // how many it concerns
	First int // the first of them, counted from 1
	// Response says that it is about Prediction.Response alone.
	Response bool
}

// Predict predicts the rows of a table, or with nil the rows in the model. The
// table needs the predictors and grouping factors; contrasts, means, knots and
// coefficients are those of the fit. A level that was not in the fit, or a
// missing one, has b = 0, and its variance z'Sigma z is in the standard error.
// A row with a missing predictor is NaN. The weights of a prediction interval
// are those of the fit's column of weights; 1 in a table without it.
//
// Errors: those of design.Design.NewData for a table that does not fit the
// formula, and a level outside (0, 1).
func (m *Model) Predict(t *table.Table, opt *PredictOptions) (*Prediction, error) {
	if opt == nil {
		opt = &PredictOptions{}
	}
	level := opt.Level
	if level == 0 {
		level = 0.95
	}
	if !(level > 0 && level < 1) {
		return nil, fmt.Errorf("the level of an interval is a probability between 0 and 1, such as 0.95; it was %g", level)
	}
	if opt.Marginal {
		own := *opt
		own.Population = true
		opt = &own
	}
	rows, weights := m.frameRows(), m.design.Weights
	if t != nil {
		var err error
		if rows, err = m.design.NewData(t); err != nil {
			return nil, err
		}
		if weights, err = m.newWeights(t); err != nil {
			return nil, err
		}
	}
	p := &Prediction{Mean: m.mean(rows, !opt.Population), Level: level}
	p.noteRows(m, rows, opt.Population)
	if t != nil && len(m.design.Aliased) > 0 {
		p.note(fmt.Sprintf("predicted without %s, which the data of the fit could not tell from other columns: right only for combinations that occurred there",
			strings.Join(m.design.Aliased, ", ")), len(p.Mean), func(int) bool { return true })
	}
	if m.source.general != nil {
		return p, p.generalised(m, rows, opt)
	}
	if opt.MeanOnly {
		return p, nil
	}
	var u *uncertainty
	if !m.saturated() {
		var err error
		if u, err = newUncertainty(m); err != nil {
			return nil, err
		}
	}
	sds := m.frameSDs()
	if t != nil {
		sds = m.tableSDs(t, p.Mean)
	}
	p.intervals(m, u, rows, weights, sds, opt.Population)
	return p, nil
}

// intervals computes the standard errors and the limits; u is nil where the
// residual variance went to zero.
func (p *Prediction) intervals(m *Model, u *uncertainty, rows *design.NewRows, weights, sds []float64, population bool) {
	n := len(p.Mean)
	p.SE = make([]float64, n)
	p.Confidence, p.Response = newLimits(n), newLimits(n)
	q := distuv.UnitNormal.Quantile((1 + p.Level) / 2)
	for i, mean := range p.Mean {
		variance, spread := math.NaN(), math.NaN()
		switch {
		case u == nil:
		case population:
			variance = u.population(rows, i)
			spread = variance
			for t := range rows.Terms {
				spread += m.newLevel(rows, i, t)
			}
		case !m.sigmaHidden:
			variance = u.conditional(rows, i)
			spread = variance
		}
		p.SE[i] = m.middle() * math.Sqrt(variance)
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if m.sigmaHidden || m.saturated() {
			spread = math.NaN()
		}
		spread += m.scale * m.scale * sds[i] * sds[i] / w
		p.Confidence.set(i, mean, q*p.SE[i])
		p.Response.set(i, mean, q*m.middle()*math.Sqrt(spread))
	}
	if weights != nil {
		p.noteResponse("no interval for a response: the weight is missing", n, func(i int) bool { return math.IsNaN(weights[i]) })
	}
	p.noteResponse("no interval for a response: what the residual variance depends on is missing, or was not in the fit", n, func(i int) bool { return math.IsNaN(sds[i]) })
	all := func(int) bool { return true }
	switch {
	case u == nil:
		p.note("no standard error: the residual variance goes to 0", n, all)
	case m.sigmaHidden && population:
		p.noteResponse("no interval for a response: the residual variance is not identified", n, all)
	case m.sigmaHidden:
		p.note("no standard error: the residual variance is not identified", n, all)
	default:
		p.note("no interval for a new level: the variance between levels is not identified", n, func(i int) bool {
			for t := range rows.Terms {
				if (population || rows.Terms[t].Level[i] < 0) && math.IsNaN(m.newLevel(rows, i, t)) && !hasNaN(rows.Terms[t].Z.Row(i)) {
					return true
				}
			}
			return false
		})
	}
}

// noteRows says which rows have no prediction, or one without random effects.
func (p *Prediction) noteRows(m *Model, rows *design.NewRows, population bool) {
	n := len(p.Mean)
	p.note("no prediction: a predictor is missing", n, func(i int) bool { return hasNaN(rows.X.Row(i)) })
	if rows.Offset != nil {
		p.note("no prediction: the offset is missing", n, func(i int) bool { return math.IsNaN(rows.Offset[i]) })
	}
	if population {
		return
	}
	seen := map[string]bool{}
	for t := range rows.Terms {
		term, z := &m.design.Terms[t], &rows.Terms[t]
		p.note("no prediction: a predictor of "+term.Src+" is missing", n, func(i int) bool { return hasNaN(z.Z.Row(i)) })
		if !seen[term.Group] {
			p.note("the level of "+term.Group+" was not in the fit: its random effects are taken as 0", n, func(i int) bool { return z.Level[i] < 0 })
		}
		seen[term.Group] = true
	}
}

// note appends what, if it holds for any of n rows.
func (p *Prediction) note(what string, n int, holds func(i int) bool) {
	note := RowNote{What: what}
	for i := 0; i < n; i++ {
		if !holds(i) {
			continue
		}
		if note.Rows == 0 {
			note.First = i + 1
		}
		note.Rows++
	}
	if note.Rows > 0 {
		p.Notes = append(p.Notes, note)
	}
}

// noteResponse is note of something about Response alone.
func (p *Prediction) noteResponse(what string, n int, holds func(i int) bool) {
	before := len(p.Notes)
	p.note(what, n, holds)
	for i := range p.Notes[before:] {
		p.Notes[before+i].Response = true
	}
}

// newWeights returns the weights of new rows, nil for all 1.
func (m *Model) newWeights(t *table.Table) ([]float64, error) {
	c := t.Column(m.opt.Weights)
	if m.opt.Weights == "" || c == nil {
		return nil, nil
	}
	if !c.Kind().Numeric() {
		return nil, &design.Error{Msg: fmt.Sprintf("the column of the weights, %s, holds %s where numbers are needed", c.Name(), c.Kind())}
	}
	w := c.Floats()
	for i, v := range w {
		if v <= 0 || math.IsInf(v, 1) {
			return nil, &design.Error{Row: i + 1, Msg: fmt.Sprintf("the weight %s is %g in row %d; a response is predicted with a weight above 0", c.Name(), v, i+1)}
		}
	}
	return w, nil
}

func newLimits(n int) Limits { return Limits{make([]float64, n), make([]float64, n)} }

func (l *Limits) set(i int, mean, half float64) { l.Lower[i], l.Upper[i] = mean-half, mean+half }

func hasNaN(x []float64) bool {
	for _, v := range x {
		if math.IsNaN(v) {
			return true
		}
	}
	return false
}
