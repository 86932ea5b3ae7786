package infer

import (
	"fmt"
	"math"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/formula"
)

// ProfileParameters returns the names of the parameters of a model that Profile
// knows: "sd_Days|Subject", "cor_Days.(Intercept)|Subject", "sigma", the fixed
// effects.
func ProfileParameters(m *lmm.Model) []string {
	var out []string
	for _, p := range parametersOf(m) {
		out = append(out, p.name)
	}
	return out
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
			for j := i + 1; j < k && term.Shape != formula.Independent && term.Shape != formula.Diag; j++ {
				add("cor_"+term.Names[j]+"."+term.Names[i], Correlation, i, j)
			}
		}
	}
	out = append(out, parameter{name: "sigma", kind: ResidualSD})
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
		return ""
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
	if math.IsNaN(parts.sd(p.block, p.i)) || math.IsNaN(parts.sd(p.block, max(p.i, p.j))) {
		return not
	}
	return ""
}
