package infer

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/design"
)

// StructuredError says that something is not computed for a model whose residuals
// have a structure.
type StructuredError struct{ What, Structure, Instead string }

func (e *StructuredError) Error() string {
	return e.What + ": not computed for residuals with the structure " + e.Structure + "; " + e.Instead
}

// unstructured refuses a model whose residuals have a structure.
func unstructured(m *lmm.Model, what, instead string) error {
	if r := m.Residual(); r != nil {
		return &StructuredError{What: what, Structure: r.Structure, Instead: instead}
	}
	return nil
}

// likeIts are the options to fit a design with as m was.
func likeIts(m *lmm.Model, ml bool) *lmm.Options {
	o := m.Options()
	return &lmm.Options{ML: ml, Residual: o.Residual, Family: o.Family, Link: o.Link, Quadrature: o.Quadrature}
}

// structuredLRT tests models of which at least one has a structure of the
// residuals, the smaller first: fixed effects, or a structure within another. With
// a bootstrap b may have random terms that a lacks: draws know of their bounds.
func structuredLRT(a, b *lmm.Model, opt LRTOptions) (*LRTest, error) {
	fail := func(msg string) (*LRTest, error) {
		return nil, &ComparisonError{First: a.Formula(), Second: b.Formula(), Msg: msg}
	}
	if msg := structureNested(a, b, opt.Bootstrap > 0); msg != "" {
		return fail(msg + ". AIC and BIC can rank models that are not nested")
	}
	a, b, refit, err := likelihoods(a, b)
	if err != nil {
		return nil, err
	}
	t := &LRTest{Null: described(a), Alternative: described(b), REML: b.REML(), Refitted: refit, DF: b.NPar() - a.NPar()}
	t.compare(invariant(a), invariant(b))
	t.Naive = chiSquareSurvival(t.DF, t.Statistic)
	t.Mixture, t.MixtureP = PlainChiSquare(t.DF), t.Naive
	if t.MixtureReason = unidentified(newSide(a), b); t.MixtureReason != "" {
		t.Mixture, t.MixtureP, t.Naive = ChiBar{}, math.NaN(), math.NaN()
	}
	t.P = t.Naive
	if x, y := specOf(a), specOf(b); y.Nugget && !x.Nugget && x.Kind == y.Kind && opt.Bootstrap == 0 {
		t.Notes = append(t.Notes, "Without the nugget it is at its limit, 0: the p value of chi-square is too large, up to twice. A parametric bootstrap does not need it.")
	}
	if opt.Bootstrap > 0 {
		draws, err := bootstrapStructures(a, b, opt)
		if err != nil {
			return nil, err
		}
		t.Simulated = newSimulatedTest("parametric bootstrap", draws, t.Statistic, opt.Seed)
		if !math.IsNaN(t.Simulated.P) {
			t.P = t.Simulated.P
		}
		if len(a.Frame().Terms) < len(b.Frame().Terms) {
			t.Mixture, t.MixtureP, t.MixtureReason = ChiBar{}, math.NaN(), "a variance beside a structure of the residuals has no mixture here"
		}
		return t, nil
	}
	if a.Verdict().Place == certify.Boundary || b.Verdict().Place == certify.Boundary {
		t.Notes = append(t.Notes, "A parameter is at its limit: the p value of chi-square is then too large. A parametric bootstrap does not need it.")
	}
	return t, nil
}

// described names a model by its formula and what else it is of: the structure of
// its residuals, its family.
func described(m *lmm.Model) string {
	if fam := m.Family(); fam != nil {
		return m.Formula() + ", " + fam.Name() + " (" + fam.Link() + ")"
	}
	if r := m.Residual(); r != nil {
		return m.Formula() + ", residuals " + r.Structure
	}
	return m.Formula()
}

// special lists, for a correlation, the others that hold it as a special case, in
// the interior of their parameters. A toep there has all lags.
var special = map[string][]string{
	"cs":   {"toep", "corr"},
	"ar":   {"toep", "corr"},
	"ma1":  {"arma", "toep", "corr"},
	"arma": {"toep", "corr"},
	"toep": {"corr"},
}

// structureNested says why a is not within b, "" where it is: the random terms
// are the same, or, with more, among those of b, and the structure of a is that of
// b, or known to be a special case of it.
func structureNested(a, b *lmm.Model, more bool) string {
	if !fixedNested(a.Frame(), b.Frame()) {
		return "the fixed effects of the first are not among those of the second"
	}
	switch same := sameTerms(a.Frame(), b.Frame()); {
	case !same && !more:
		return "their random terms differ: a variance beside a structure of the residuals is tested by a parametric bootstrap alone"
	case !same && !termsAmong(a.Frame(), b.Frame()):
		return "the random terms of the first are not among those of the second"
	}
	x, y := specOf(a), specOf(b)
	if x.Src != y.Src && !specNested(x, y) {
		return fmt.Sprintf("the structure %s is not known to be a special case of %s", x.Src, y.Src)
	}
	return ""
}

func sameTerms(a, b *design.Design) bool {
	return slices.EqualFunc(a.Terms, b.Terms, func(s, t design.Term) bool { return s.Src == t.Src })
}

// termsAmong says that b has every term of a.
func termsAmong(a, b *design.Design) bool {
	return !slices.ContainsFunc(a.Terms, func(s design.Term) bool {
		return !slices.ContainsFunc(b.Terms, func(t design.Term) bool { return s.Src == t.Src })
	})
}

// specOf is the structure of a model, "id" where it has none.
func specOf(m *lmm.Model) *covstruct.Spec {
	if s, err := covstruct.Parse(m.Options().Residual); err == nil {
		return s
	}
	return &covstruct.Spec{Kind: "id", Src: "id"}
}

func specNested(x, y *covstruct.Spec) bool {
	x, y = exchangeable(x), exchangeable(y)
	for _, v := range x.Variances {
		if !slices.Contains(y.Variances, v) {
			return false
		}
	}
	for _, columns := range x.Free {
		if !slices.ContainsFunc(y.Free, func(other []string) bool { return slices.Equal(columns, other) }) {
			return false
		}
	}
	timeless := x.Kind == "cs" && !x.ByOccasion
	switch {
	case x.ByOccasion && !y.ByOccasion:
		return false
	case x.Kind == "id":
		return true
	case x.Time != y.Time && !timeless || !slices.Equal(x.Subject, y.Subject):
		return false
	case x.Kind == y.Kind:
		return (y.Order == 0 || x.Order != 0 && x.Order <= y.Order) && (!x.Nugget || y.Nugget)
	case x.Kind == "ar" && y.Kind == "arma":
		return x.Order == 1
	}
	return slices.Contains(special[x.Kind], y.Kind) && y.Order == 0
}

// exchangeable is compound symmetry for a single variance that may be negative, which
// is the same model.
func exchangeable(s *covstruct.Spec) *covstruct.Spec {
	if s.Kind != "id" || len(s.Free) != 1 || len(s.Variances) > 0 {
		return s
	}
	return &covstruct.Spec{Src: s.Src, Kind: "cs", Subject: s.Free[0]}
}

// correlated says that residuals of one subject are.
func correlated(m *lmm.Model) bool {
	if m.Residual() == nil {
		return false
	}
	s := specOf(m)
	return s.Kind != "id" || len(s.Free) > 0
}
