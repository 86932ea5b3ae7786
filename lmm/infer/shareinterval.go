package infer

import (
	"fmt"

	"github.com/golmm/golmm/lmm"
)

// Share is the kind of an intraclass correlation and of R2: between 0 and 1.
const Share ParameterKind = "share"

// summaryNames are the shares of a model as a whole, in the order of values.
func summaryNames() []string {
	return []string{"ICC, adjusted", "ICC, unadjusted", "R2, marginal", "R2, conditional"}
}

func (s *Shares) values() []float64 {
	return []float64{s.ICC, s.ICCUnadjusted, s.R2Marginal, s.R2Conditional}
}

// ShareIntervals returns intervals of the intraclass correlations, adjusted and
// unadjusted, and of marginal and conditional R2 (VarianceShares): percentiles of
// a parametric bootstrap of all four.
//
// Errors: those of Bootstrap; another method.
func ShareIntervals(m *lmm.Model, opt *VarianceOptions) (*VarianceIntervalTable, error) {
	o, err := opt.orDefault(ByBootstrap)
	if err != nil {
		return nil, err
	}
	out := &VarianceIntervalTable{Title: "Intervals of shares of variance", Method: o.Method, Level: o.Level, REML: m.REML()}
	switch o.Method {
	case ByBootstrap:
		out.Rows, err = o.percentiles(m, summaryNames(), func(n *lmm.Model) []float64 { return VarianceShares(n).values() })
		for i := range out.Rows {
			out.Rows[i].Kind = Share
		}
		return out, err
	}
	return nil, fmt.Errorf("there is no interval %q of shares of variance; the method is %q", o.Method, ByBootstrap)
}
