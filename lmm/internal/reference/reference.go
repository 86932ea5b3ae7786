// Package reference holds fits of lme4 and nlme and their data, for tests: one table of
// data sets and formulas that all packages share. It is linked into no cell.
// Fits of families other than gaussian are glmer's.
//
// The numbers are those of lme4 1.1-31 after all its optimisers were tried, and
// of nlme 3.1-162, whose criterion is good to about 1e-7;
// generate.py wrote them.
package reference

import (
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/golmm/golmm/lmm/table"
)

//go:embed data
var files embed.FS

// Fit is one fit of lme4.
type Fit struct {
	ID, Family, Formula, Data, Weights, Offset string
	Contrasts                                  map[string]string
	REML                                       bool
	NObs, NPar                                 int
	NGroups                                    map[string]int
	Criterion, LogLik, AIC, BIC, Sigma         float64
	Theta                                      []float64
	ThetaNames                                 []string `json:"theta_names"`
	Beta                                       []float64
	BetaSE                                     []float64 `json:"beta_se"`
	BetaNames                                  []string  `json:"beta_names"`
	Vcov                                       [][]float64
	VarCorr                                    []VarCorr
	Ranef                                      []Ranef
	Fitted                                     []float64 `json:"fitted_first10"`
	Singular                                   bool      `json:"is_singular"`

	// Link, NAGQ and the covariance matrices of the fixed effects are those of a
	// family other than gaussian: VcovGiven (lme4's RX) takes theta as known,
	// VcovHessian does not; nil where lme4 had none.
	Link        string
	NAGQ        int         `json:"nAGQ"`
	VcovGiven   [][]float64 `json:"vcov_rx"`
	VcovHessian [][]float64 `json:"vcov_hessian"`
	Cross       *Cross      // the same fit by glmmTMB 1.1.5, nil where it was not made
}

// Cross is a fit by glmmTMB.
type Cross struct {
	Criterion float64
	Beta      []float64
	BetaSE    []float64 `json:"beta_se"`
	SD        []float64
}

// NLME is one fit of nlme, with what its arguments say as a formula and a
// structure of the residuals.
type NLME struct {
	ID, Formula, Residual, Data string
	REML                        bool
	NObs, NPar                  int
	Criterion, Sigma            float64
	Beta                        []float64
	BetaSE                      []float64 `json:"beta_se"`
	BetaNames                   []string  `json:"beta_names"`
	Fitted                      []float64 `json:"fitted_first10"`
	Correlation                 []float64
	Variance                    map[string]float64
	// IntervalsError is what intervals() said where it failed.
	IntervalsError string `json:"intervals_error"`
}

// VarCorr is a covariance matrix; lme4 writes "g", "g.1" for two terms of g.
type VarCorr struct {
	Group string
	Terms []string
	SD    []float64
	Corr  [][]float64
}

// Ranef holds the first ten levels and the conditional modes of the first five.
type Ranef struct {
	Group   string
	Terms   []string
	Levels  []string
	Modes   [][]float64
	CondVar [][][]float64
}

type index struct {
	Fits   []Fit
	NLME   []NLME
	Tables map[string]map[string]struct {
		Type   string
		Levels []string
	}
}

var load = sync.OnceValues(func() (*index, error) {
	f, err := files.Open("data/fits.json.gz")
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var x index
	return &x, json.NewDecoder(z).Decode(&x)
})

// Fits returns all fits.
func Fits() ([]Fit, error) {
	x, err := load()
	if err != nil {
		return nil, err
	}
	return x.Fits, nil
}

// NLMEFits returns all fits of nlme.
func NLMEFits() ([]NLME, error) {
	x, err := load()
	if err != nil {
		return nil, err
	}
	return x.NLME, nil
}

// Table returns a data set with the factors, and the levels in the order, that
// R had.
func Table(name string) (*table.Table, error) {
	x, err := load()
	if err != nil {
		return nil, err
	}
	f, err := files.Open("data/" + name + ".csv.gz")
	if err != nil {
		return nil, err
	}
	tab, err := table.ReadCSV(f, nil)
	if err != nil {
		return nil, err
	}
	for column, s := range x.Tables[name] {
		c := tab.Column(column)
		switch s.Type {
		case "factor":
			c, err = c.WithLevels(s.Levels)
		case "ordered":
			c, err = c.AsOrdered(s.Levels)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if tab, err = tab.With(c); err != nil {
			return nil, err
		}
	}
	return tab, nil
}
