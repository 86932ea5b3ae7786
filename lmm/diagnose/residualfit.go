package diagnose

import (
	"errors"
	"fmt"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/infer"
)

// attemptStructured is attempt for a model whose residuals have a structure.
func (s *subject) attemptStructured(r *Remedy, c candidate, opt *Options) {
	spec, err := covstruct.Parse(c.residual)
	if err != nil {
		r.Failed = err.Error()
		return
	}
	d, err := s.structuredDesign(c, spec, opt.Contrasts)
	if err != nil {
		r.Failed = err.Error()
		return
	}
	m, err := lmm.FitDesign(d, &lmm.Options{ML: !s.m.REML(), Residual: c.residual})
	if err != nil {
		r.Failed = err.Error()
		return
	}
	s.compare(r, m, opt)
}

// compare fills in what another model with the fixed effects of the fit does.
func (s *subject) compare(r *Remedy, m *lmm.Model, opt *Options) {
	verdict := m.Verdict()
	r.Verdict, r.Criterion, r.Params = &verdict, m.Criterion(), m.NPar()
	r.Fixed = shifts(s.effects, tested(m))
	r.Smaller = r.Params < s.m.NPar()
	var err error
	r.Test, err = infer.LRT(m, s.m, &infer.LRTOptions{Seed: opt.Seed, Workers: 1})
	r.NoTest = otherStructure(err)
}

// otherStructure is reason in few words for structures that are not nested.
func otherStructure(err error) string {
	var c *infer.ComparisonError
	if errors.As(err, &c) {
		return "neither is known to be a special case of the other, and AIC ranks them"
	}
	return reason(err)
}

// structuredDesign is redesign for the rows and fixed effects of the fit.
func (s *subject) structuredDesign(c candidate, spec *covstruct.Spec, contrasts map[string]string) (*design.Design, error) {
	f, err := formula.Parse(c.formula.Expanded())
	if err != nil {
		return nil, err
	}
	d, err := design.Build(f, s.d.Table().Take(s.d.Rows), &design.Options{Contrasts: contrasts, FixedOnly: true, Complete: spec.Columns()})
	if err != nil {
		return nil, err
	}
	if len(d.Rows) != len(s.d.Rows) {
		return nil, fmt.Errorf("it would use %d of the %d rows of the fit", len(d.Rows), len(s.d.Rows))
	}
	d.Y, d.Weights, d.Offset = s.d.Y, s.d.Weights, s.d.Offset
	d.X, d.XNames, d.Aliased, d.FullNames = s.d.X, s.d.XNames, s.d.Aliased, s.d.FullNames
	return d, nil
}

// written is a structure in its notation.
func written(s *covstruct.Spec) string {
	var parts []string
	if s.Kind != "id" || len(s.Variances) == 0 {
		parts = append(parts, correlationText(s))
	}
	for _, v := range s.Variances {
		parts = append(parts, varianceText(v))
	}
	out := strings.Join(parts, " * ")
	for _, columns := range s.Free {
		out += " + free(1 | " + quoted(columns) + ")"
	}
	return out
}

func correlationText(s *covstruct.Spec) string {
	name, option := s.Kind, ""
	switch {
	case s.Kind == "id":
		return "id"
	case s.Kind == "ar" && s.Order > 1:
		option = fmt.Sprintf(", %d", s.Order)
	case s.Kind == "ar":
		name = "ar1"
	case s.Kind == "corr" && s.ByOccasion:
		name = "un"
	case s.Kind == "toep" && s.Order > 0:
		option = fmt.Sprintf(", %d", s.Order)
	}
	if s.ByOccasion && name != "un" {
		name += "h"
	}
	if s.Nugget {
		option = ", nugget"
	}
	time := "1"
	if s.Time != "" {
		time = quoted([]string{s.Time})
	}
	return name + "(" + time + " | " + quoted(s.Subject) + option + ")"
}

func varianceText(v covstruct.VarianceSpec) string {
	if v.Column == "" {
		return v.Kind + "(fitted)"
	}
	return v.Kind + "(" + quoted([]string{v.Column}) + ")"
}

// quoted joins names, in back-ticks where they need them.
func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n
		if strings.ContainsFunc(n, func(r rune) bool {
			return r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
		}) {
			out[i] = "`" + n + "`"
		}
	}
	return strings.Join(out, ":")
}

// described names a model by its formula and structure.
func described(formula, residual string) string {
	if residual == "" {
		return formula
	}
	return formula + ", residuals " + residual
}
