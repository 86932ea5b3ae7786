package infer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// ProfileParameters returns the names of the parameters of a model that Profile
// knows: "sd_Days|Subject", "cor_Days.(Intercept)|Subject", "sigma", those of the
// structure of the residuals as in lmm.Residual, the fixed effects.
func ProfileParameters(m *lmm.Model) []string {
	var out []string
	for _, p := range parametersOf(m) {
		out = append(out, p.name)
	}
	return out
}

// varianceNames are the names of the parameters that are no fixed effects.
func varianceNames(m *lmm.Model) []string {
	names := ProfileParameters(m)
	return names[:len(names)-len(m.Frame().XNames)]
}

// named finds a parameter, those over sigma included. Its place among all is
// index; of theta, that of its standard deviation.
func named(m *lmm.Model, name string) (p parameter, index int, err error) {
	all := parametersOf(m)
	for i, p := range all {
		if p.name == name {
			return p, i, nil
		}
		if rest, ok := strings.CutPrefix(p.name, "sd_"); ok && p.kind == StandardDeviation && "theta_"+rest == name {
			p.name, p.kind = name, RelativeSD
			return p, i, nil
		}
	}
	return p, -1, fmt.Errorf("there is no parameter %q to profile; the model has %q, and theta_ for each sd_, over sigma", name, ProfileParameters(m))
}

// parameter is one parameter of a model.
type parameter struct {
	name  string
	kind  ParameterKind
	group string
	block int
	i, j  int // rows of the block, i < j for a correlation; i a column of X
}

func parametersOf(m *lmm.Model) []parameter {
	var out []parameter
	d := m.Frame()
	for t := range d.Terms {
		term := &d.Terms[t]
		k := term.Z.Cols
		add := func(name string, kind ParameterKind, i, j int) {
			out = append(out, parameter{name + "|" + term.Group, kind, term.Group, t, i, j})
		}
		if term.Shape == formula.CompSymm {
			add("sd_cs", StandardDeviation, 0, 0)
			if k > 1 {
				add("cor_cs", Correlation, 0, 1)
			}
			continue
		}
		for i := range k {
			add("sd_"+term.Names[i], StandardDeviation, i, i)
			for j := i + 1; j < k && !independentColumns(term); j++ {
				add("cor_"+term.Names[j]+"."+term.Names[i], Correlation, i, j)
			}
		}
	}
	switch fam := m.Family(); {
	case fam == nil:
		out = append(out, parameter{name: "sigma", kind: ResidualSD})
	case fam.Name() == "negbinomial":
		out = append(out, parameter{name: "size", kind: ShapeParameter})
	case fam.HasShape():
		out = append(out, parameter{name: "shape", kind: ShapeParameter})
	}
	out = append(out, structureParameters(m)...)
	for i, name := range d.XNames {
		out = append(out, parameter{name: name, kind: FixedEffect, i: i})
	}
	return out
}

// hidden says why a parameter is not identified, "" if it is.
func hidden(m *lmm.Model, p parameter) string {
	const not = "the data cannot tell it from other parameters"
	switch p.kind {
	case FixedEffect:
		if s := m.Separation(); s != nil && slices.Contains(s.Infinite, p.i) {
			return "the responses are separated: its estimate runs to infinity"
		}
		return ""
	case ShapeParameter:
		if math.IsNaN(m.Shape()) {
			return not
		}
		return ""
	case StructureParameter, FreeVariance:
		return m.Residual().Reason
	case ResidualSD:
		if math.IsNaN(m.Sigma()) {
			return not
		}
		return ""
	}
	parts := partsOf(m)
	if p.kind == RelativeSD && math.IsNaN(m.Sigma()) {
		return not
	}
	i, j := parts.sd(p.block, p.i), parts.sd(p.block, max(p.i, p.j))
	switch {
	case math.IsNaN(i) || math.IsNaN(j):
		return not
	case p.kind == Correlation && i > 0 && j > 0 && math.IsNaN(parts[p.block][0].Corr[p.i][p.j]):
		return not
	}
	return ""
}

// parameterValues are the estimates of all parameters.
func parameterValues(m *lmm.Model, all []parameter) []float64 {
	out := make([]float64, len(all))
	parts := partsOf(m)
	effects := m.Beta()
	for i, p := range all {
		switch p.kind {
		case FixedEffect:
			out[i] = effects[p.i]
		case ResidualSD:
			out[i] = m.Sigma()
		case ShapeParameter:
			out[i] = m.Shape()
		case FreeVariance:
			out[i] = m.Residual().Free[p.i].Variance
		case StructureParameter:
			out[i] = math.NaN()
			if r := m.Residual(); p.i < len(r.Params) { // in a case bootstrap there may be fewer
				out[i] = r.Params[p.i].Value
			}
		case Correlation:
			out[i] = parts[p.block][0].Corr[p.i][p.j]
		default:
			out[i] = parts.sd(p.block, p.i)
		}
	}
	return out
}

// termParts are the covariance matrices of the terms: of one with independent
// columns, a component for each.
type termParts [][]lmm.Component

func partsOf(m *lmm.Model) termParts {
	all := m.VarCorr()
	var out termParts
	for t := range m.Frame().Terms {
		n := 1
		if term := &m.Frame().Terms[t]; independentColumns(term) {
			n = term.Z.Cols
		}
		out, all = append(out, all[:n]), all[n:]
	}
	return out
}

// sd is the standard deviation of a row of a term.
func (c termParts) sd(term, row int) float64 {
	if parts := c[term]; len(parts) > 1 {
		return parts[row].SD[0]
	}
	return c[term][0].SD[row]
}

func independentColumns(t *design.Term) bool {
	return t.Shape == formula.Independent || t.Shape == formula.Diag
}
