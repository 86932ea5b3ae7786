package infer

import (
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
)

// disagreeAbove is the ratio of degrees of freedom above which the two ways
// are said to disagree.
const disagreeAbove = 1.5

// singly makes a hypothesis of each row.
func singly(ls [][]float64) [][][]float64 {
	out := make([][][]float64, len(ls))
	for i, l := range ls {
		out[i] = [][]float64{l}
	}
	return out
}

// disagreement compares the degrees of freedom of the two ways on the boundary,
// for the hypotheses named. There Satterthwaite takes a variance of 0 as known,
// and Kenward-Roger does not.
func (f *fixed) disagreement(names []string, hypotheses [][][]float64) []finding.Finding {
	if f.m.Verdict().Place != certify.Boundary || !f.m.REML() || f.reason != "" || f.df == Normal {
		return nil
	}
	other := KenwardRoger
	if f.df == KenwardRoger {
		other = Satterthwaite
	}
	g, err := newFixed(f.m, other)
	if err != nil || g.reason != "" {
		return nil // the other way cannot be gone for a model of this size
	}
	out := finding.Finding{Code: "H3", Name: "DF_DISAGREE", Severity: finding.Caution,
		Meaning:  "On the boundary the degrees of freedom depend on the method: Satterthwaite takes what is 0 there as known, as if the model had no term for it; Kenward-Roger allows for its uncertainty.",
		Remedies: []string{"Use Kenward-Roger where a predictor varies between groups."}}
	for i, rows := range hypotheses {
		a, b := f.many(rows).DenDF, g.many(rows).DenDF
		if f.df == KenwardRoger {
			a, b = b, a
		}
		if ratio := a / b; ratio > disagreeAbove || ratio < 1/disagreeAbove {
			out.Params = append(out.Params, names[i])
			out.Evidence = append(out.Evidence,
				finding.Evidence{Check: "Satterthwaite df of " + names[i], Found: a},
				finding.Evidence{Check: "Kenward-Roger df of " + names[i], Found: b})
		}
	}
	if len(out.Params) == 0 {
		return nil
	}
	return []finding.Finding{out}
}
