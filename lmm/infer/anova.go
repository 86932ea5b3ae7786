package infer

import (
	"fmt"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/finding"
)

// AnovaType says what each term is adjusted for.
type AnovaType int

const (
	// TypeIII tests each term by the contrasts that weigh the levels of the
	// other factors equally; it does not depend on their coding. The default.
	TypeIII AnovaType = iota
	// TypeI adjusts each term for those before it in the formula.
	TypeI
	// TypeII adjusts each term for all that do not contain it.
	TypeII
)

func (t AnovaType) String() string {
	switch t {
	case TypeI:
		return "I"
	case TypeII:
		return "II"
	case TypeIII:
		return "III"
	}
	return fmt.Sprintf("AnovaType(%d)", int(t))
}

// MarshalText writes the type in Roman numerals.
func (t AnovaType) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// ParseAnovaType reads I, II or III, or 1, 2 or 3.
func ParseAnovaType(s string) (AnovaType, error) {
	switch strings.ToUpper(s) {
	case "I", "1":
		return TypeI, nil
	case "II", "2":
		return TypeII, nil
	case "III", "3":
		return TypeIII, nil
	}
	return 0, fmt.Errorf("there is no analysis of variance of type %q: I, II and III are known", s)
}

// AnovaOptions of Anova. The zero value, or nil, is the default of every field.
type AnovaOptions struct {
	Type AnovaType
	DF   DF
}

// AnovaTable has an F test for each term of the fixed effects.
type AnovaTable struct {
	Type AnovaType
	DF   DF // never Auto
	Why  string
	Rows []FTest
	// Findings tell on the boundary where the two ways to df disagree.
	Findings []finding.Finding
}

// Anova tests each term of the fixed effects. Errors: as Coefficients.
func Anova(m *lmm.Model, opt *AnovaOptions) (*AnovaTable, error) {
	if opt == nil {
		opt = &AnovaOptions{}
	}
	f, err := newFixed(m, opt.DF)
	if err != nil {
		return nil, err
	}
	d := m.Frame()
	terms := d.FixedTerms()
	out := &AnovaTable{Type: opt.Type, DF: f.df, Why: f.why}
	if len(terms) == 0 {
		return out, nil
	}
	var rows [][][]float64
	switch opt.Type {
	case TypeI:
		rows = sequential(d, terms)
	case TypeII:
		rows = marginal(d, terms)
	case TypeIII:
		rows, err = partial(m, terms)
	default:
		err = fmt.Errorf("%v is no type of an analysis of variance", opt.Type)
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for i, t := range terms {
		test := f.many(rows[i])
		test.Name = t.Name
		names, out.Rows = append(names, t.Name), append(out.Rows, test)
	}
	out.Findings = f.disagreement(names, rows)
	return out, nil
}
