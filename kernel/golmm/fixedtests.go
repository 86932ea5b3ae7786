package main

import (
	"bytes"
	"encoding/json"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// fixedTests are the tests of the fixed effects that the flags --ddf, --anova and
// --robust ask for, and their results.
type fixedTests struct {
	ddf, anova   string
	df           infer.DF // of ddf
	coefficients *infer.Estimates
	table        *infer.AnovaTable
	sandwich     string
	cluster      string
	robust       *infer.RobustTable
}

func (f *fixedTests) define(u *usage) {
	u.StringVar(&f.ddf, "ddf", "", "test the fixed effects with the degrees of freedom of `METHOD`: auto, satterthwaite, kenward-roger or normal")
	u.StringVar(&f.sandwich, "robust", "", "sandwich standard errors with the `CORRECTION` CR0, CR1, CR2 or CR3")
	u.StringVar(&f.cluster, "cluster", "", "`COL` holds the clusters of the sandwich; the default are the groups that the model takes to be independent")
	u.StringVar(&f.anova, "anova", "", "test the terms of the fixed effects by an analysis of variance of `TYPE` I, II or III")
}

// run computes what was asked for.
func (f *fixedTests) run(m *lmm.Model) error {
	var err error
	if f.sandwich != "" || f.cluster != "" {
		opt := infer.RobustOptions{Cluster: f.cluster}
		if f.sandwich != "" {
			if opt.Correction, err = infer.ParseCorrection(f.sandwich); err != nil {
				return err
			}
		}
		if f.robust, err = infer.Robust(m, &opt); err != nil {
			return err
		}
	}
	if f.ddf == "" && f.anova == "" {
		return nil
	}
	if f.ddf != "" {
		if f.df, err = infer.ParseDF(f.ddf); err != nil {
			return err
		}
	}
	if f.coefficients, err = infer.Coefficients(m, &infer.Options{DF: f.df}); err != nil || f.anova == "" {
		return err
	}
	kind, err := infer.ParseAnovaType(f.anova)
	if err != nil {
		return err
	}
	f.table, err = infer.Anova(m, &infer.AnovaOptions{Type: kind, DF: f.df})
	return err
}

// text is what follows the summary.
func (f *fixedTests) text() string {
	var s string
	if f.coefficients != nil {
		s += "\n" + f.coefficients.Document().Text()
	}
	if f.table != nil {
		s += "\n" + f.table.Document().Text()
	}
	if f.robust != nil {
		s += "\n" + f.robust.Document().Text()
	}
	return s
}

// join writes the model with the keys of the tests after its own:
// coefficients, vcov_adjusted, anova, robust and how they were obtained; then those of
// others.
func (f *fixedTests) join(m *lmm.Model, others ...any) ([]byte, error) {
	parts := []any{m}
	if f.coefficients != nil {
		parts = append(parts, f.coefficients)
	}
	if f.table != nil {
		parts = append(parts, f.table)
	}
	if f.robust != nil {
		parts = append(parts, f.robust)
	}
	var b []byte
	for _, part := range append(parts, others...) {
		object, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		if b == nil {
			b = object
			continue
		}
		b = append(append(b[:len(b)-1], ','), object[1:]...)
	}
	var out bytes.Buffer
	err := json.Indent(&out, b, "", "  ")
	return out.Bytes(), err
}
