package infer

import (
	"errors"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// DropRandom tests each random-effects term of a model: the model without it
// within the model. One of several correlated coefficients is not tested alone;
// use LRT with the smaller model. The criterion is that of the fit.
//
// Errors: *ComparisonError for a fit without a maximum; those of lmm.FitDesign.
func DropRandom(m *lmm.Model, opt *LRTOptions) ([]*LRTest, error) {
	if err := unstructured(m, "the tests of random terms", "fit without the term and test it by infer.LRT with a bootstrap"); err != nil {
		return nil, err
	}
	if msg := settled(m); msg != "" {
		return nil, &ComparisonError{First: "the model without a term", Second: m.Formula(), Msg: msg}
	}
	var out []*LRTest
	for t := range m.Frame().Terms {
		for _, d := range without(m.Frame(), t) {
			null := withoutRandom(m)
			if len(d.design.Terms) > 0 {
				small, err := lmm.FitDesign(d.design, likeIts(m, !m.REML()))
				if err != nil {
					return nil, err
				}
				if msg := settled(small); msg != "" {
					return nil, &ComparisonError{First: d.name, Second: m.Formula(), Msg: "the smaller model has no likelihood to compare: " + msg}
				}
				null = newSide(small)
			}
			null.name = d.name
			g, reason := nest(null.design, m.Frame())
			if g == nil {
				return nil, errors.New(reason)
			}
			test, err := test(null, m, g, reason, opt.orDefault())
			if err != nil {
				return nil, err
			}
			out = append(out, test)
		}
	}
	return out, nil
}

// smaller is a design with something left out.
type smaller struct {
	name   string
	design *design.Design
}

// without leaves out a term; of one with independent columns, each in turn.
func without(d *design.Design, t int) []smaller {
	term := &d.Terms[t]
	if k := term.Z.Cols; k > 1 && independentColumns(term) {
		var out []smaller
		for c := range k {
			s := *d
			s.Terms = append([]design.Term(nil), d.Terms...)
			s.Terms[t] = dropColumn(term, c)
			out = append(out, smaller{"without " + term.Names[c] + " in " + term.Src, &s})
		}
		return out
	}
	s := *d
	s.Terms = append(append([]design.Term(nil), d.Terms[:t]...), d.Terms[t+1:]...)
	return []smaller{{"without " + term.Src, &s}}
}

func dropColumn(t *design.Term, c int) design.Term {
	out := *t
	k := t.Z.Cols
	out.Z = design.Matrix{Rows: t.Z.Rows, Cols: k - 1, Data: make([]float64, 0, t.Z.Rows*(k-1))}
	out.Names = append(append([]string(nil), t.Names[:c]...), t.Names[c+1:]...)
	for i := range t.Z.Rows {
		row := t.Z.Row(i)
		out.Z.Data = append(append(out.Z.Data, row[:c]...), row[c+1:]...)
	}
	return out
}

// capitalise makes the start of a sentence of a message.
func capitalise(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
