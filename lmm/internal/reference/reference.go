// Package reference holds fits of lme4 and their data, for tests: one table of
// data sets and formulas that all packages share. It is linked into no cell.
// Fits of families other than gaussian are glmer's.
//
// The numbers are those of lme4 1.1-31 after all its optimisers were tried;
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
