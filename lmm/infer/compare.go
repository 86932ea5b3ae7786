package infer

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
)

// CompareOptions of Compare. The zero value, or nil, is the default of every
// field.
type CompareOptions struct {
	ML   bool       // compare by maximum likelihood in any case
	Test LRTOptions // of the likelihood ratio tests
}

// Comparison is a table of models of the same data, by increasing number of
// parameters.
type Comparison struct {
	REML bool // the criterion of all models
	// Refitted says that fits by REML were refitted by ML, because the fixed
	// effects differ or ML was asked for.
	Refitted bool
	NObs     int // n of BIC and AICc: the rows
	Models   []Compared
	Notes    []string
}

// Compared is a line of a Comparison.
type Compared struct {
	Formula string // with the structure of the residuals where there is one
	NPar    int
	// Criterion is -2 log L or the REML criterion; AICc = AIC + 2 k (k + 1) /
	// (n - k - 1), NaN for k >= n - 1 (Hurvich and Tsai 1989); BIC = Criterion
	// + k log n.
	Criterion, LogLik, AIC, AICc, BIC float64
	// Delta is AIC less the least AIC, Weight exp(-Delta / 2), scaled to sum
	// to 1 (Burnham and Anderson 2002, sec. 2.9).
	Delta, Weight float64
	Convergence   string // of the verdict
	Place         string
	// Test is the likelihood ratio test of the line before within this one, nil
	// where there is none, for which Reason says why.
	Test   *LRTest
	Reason string
}

// Compare ranks two or more models of the same data by AIC and BIC and tests
// each within the next where they are nested. Models whose fixed effects span
// different spaces are compared by maximum likelihood.
//
// Errors: *ComparisonError for models of different data; those of
// lmm.FitDesign where a refit by ML fails.
func Compare(models []*lmm.Model, opt *CompareOptions) (*Comparison, error) {
	if opt == nil {
		opt = &CompareOptions{}
	}
	if len(models) < 2 {
		return nil, fmt.Errorf("a comparison needs at least two models; there is %d", len(models))
	}
	for _, m := range models[1:] {
		if msg := sameData(models[0].Frame(), m.Frame()); msg != "" {
			return nil, &ComparisonError{First: models[0].Formula(), Second: m.Formula(), Msg: msg}
		}
		if msg := measured(models[0], m); msg != "" {
			return nil, &ComparisonError{First: described(models[0]), Second: described(m), Msg: msg}
		}
	}
	models = slices.Clone(models)
	out := &Comparison{NObs: models[0].NObs()}
	if opt.ML || mixed(models) {
		for i, m := range models {
			out.Refitted = out.Refitted || m.REML()
			var err error
			if models[i], err = byML(m); err != nil {
				return nil, err
			}
		}
	}
	out.REML = models[0].REML()
	slices.SortStableFunc(models, func(a, b *lmm.Model) int { return cmp.Compare(a.NPar(), b.NPar()) })
	for i, m := range models {
		row := rowOf(m, models[0])
		if i > 0 {
			if err := row.test(models[i-1], m, &opt.Test); err != nil {
				return nil, err
			}
		}
		out.Models = append(out.Models, row)
	}
	out.weigh()
	return out, nil
}

// mixed says that criteria or the spans of fixed effects differ.
func mixed(models []*lmm.Model) bool {
	for _, m := range models[1:] {
		if m.REML() != models[0].REML() {
			return true
		}
	}
	if !models[0].REML() {
		return false
	}
	for _, m := range models[1:] {
		if m.Frame().X.Cols != models[0].Frame().X.Cols || !fixedNested(m.Frame(), models[0].Frame()) {
			return true
		}
	}
	return false
}

// rowOf describes m. Where its fixed effects are coded otherwise than those of
// the first model, its REML criterion is that in the coding of the first.
func rowOf(m, first *lmm.Model) Compared {
	k, n := float64(m.NPar()), float64(m.NObs())
	v := m.Verdict()
	shift := (invariant(m) - m.Criterion()) - (invariant(first) - first.Criterion())
	if math.Abs(shift) < 1e-9*math.Abs(m.Criterion()) {
		shift = 0
	}
	row := Compared{
		Formula: described(m), NPar: m.NPar(), Criterion: m.Criterion() + shift, LogLik: m.LogLik() - shift/2,
		AIC: m.AIC() + shift, BIC: m.BIC() + shift, AICc: math.NaN(), Convergence: v.Convergence.String(), Place: v.Place.String(),
	}
	if n-k-1 > 0 {
		row.AICc = row.AIC + 2*k*(k+1)/(n-k-1)
	}
	return row
}

// test fills in the test of a in b.
func (c *Compared) test(a, b *lmm.Model, opt *LRTOptions) error {
	t, err := LRT(a, b, opt)
	var refused *ComparisonError
	if errors.As(err, &refused) {
		c.Reason = refused.Msg
		return nil
	}
	c.Test = t
	return err
}

func (c *Comparison) weigh() {
	least, sum := math.Inf(1), 0.0
	for _, m := range c.Models {
		if m.AIC < least {
			least = m.AIC
		}
	}
	for i := range c.Models {
		c.Models[i].Delta = c.Models[i].AIC - least
		c.Models[i].Weight = math.Exp(-c.Models[i].Delta / 2)
		if !math.IsNaN(c.Models[i].Weight) {
			sum += c.Models[i].Weight
		}
	}
	for i := range c.Models {
		c.Models[i].Weight /= sum
	}
	if c.Refitted {
		c.Notes = append(c.Notes, "The models were refitted by maximum likelihood: restricted likelihoods with different fixed effects do not compare.")
	}
}
