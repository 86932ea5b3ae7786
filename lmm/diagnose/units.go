package diagnose

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// sameModel says why there is no test of a fit in other units.
const sameModel = "it is the same model in other units"

// unit is a covariate in units of a power of ten: printed is I(x/1000).
type unit struct {
	name, printed string
	size          float64
}

// rescaled is the model with the covariates of D2 in units near their standard
// deviations; ok is false where there is nothing to do.
func (s *subject) rescaled() (c candidate, ok bool) {
	f := *s.d.Formula
	for _, finding := range s.m.Findings() {
		if finding.Code != "D2" {
			continue
		}
		// An interaction has its spread from its variables.
		for _, name := range strings.Split(strings.Join(finding.Params, ":"), ":") {
			if slices.ContainsFunc(c.units, func(u unit) bool { return u.name == name }) {
				continue
			}
			if u, node := s.newUnit(name); node != nil {
				c.units = append(c.units, u)
				f = inUnits(f, name, node)
			}
		}
	}
	if len(c.units) == 0 {
		return c, false
	}
	var names []string
	for _, u := range c.units {
		names = append(names, fmt.Sprintf("%s in units of %.4g", u.name, u.size))
	}
	c.what, c.formula = list(names), &f
	return c, true
}

// newUnit chooses the unit of a variable of the formula; the node is nil for
// what is no numeric column, or has a good unit already.
func (s *subject) newUnit(name string) (unit, formula.Node) {
	column := s.d.Table().Column(name)
	if column == nil || slices.ContainsFunc(s.d.Formula.Random, func(r formula.Random) bool { return r.GroupName == name }) {
		return unit{}, nil
	}
	numbers := column.Floats()
	var mean, ss float64
	for i, row := range s.d.Rows {
		d := numbers[row] - mean
		mean += d / float64(i+1)
		ss += d * (numbers[row] - mean)
	}
	size := math.Pow(10, math.Round(math.Log10(math.Sqrt(ss/float64(len(s.d.Rows))))))
	if size == 1 || !(size > 0) || math.IsInf(size, 0) {
		return unit{}, nil
	}
	f, err := formula.Parse(fmt.Sprintf("y ~ I(%s/%g) + (1 | g)", name, size))
	if err != nil {
		return unit{}, nil
	}
	node := f.Fixed[0].Vars[0]
	return unit{name: name, printed: node.String(), size: size}, node
}

// inUnits replaces a variable by a node in all terms.
func inUnits(f formula.Formula, name string, node formula.Node) formula.Formula {
	replace := func(terms []formula.Term) []formula.Term {
		out := slices.Clone(terms)
		for i := range out {
			out[i].Vars = slices.Clone(out[i].Vars)
			for j, v := range out[i].Vars {
				if v.String() == name {
					out[i].Vars[j] = node
				}
			}
		}
		return out
	}
	f.Fixed = replace(f.Fixed)
	f.Random = slices.Clone(f.Random)
	for i := range f.Random {
		f.Random[i].Terms = replace(f.Random[i].Terms)
	}
	return f
}

// back takes fixed effects and a REML criterion in other units back to the units
// of the fit: with X D^-1 for X, log|X'V^-1 X| is less by 2 log|D|.
func (c *candidate) back(m *lmm.Model, d *design.Design) (criterion float64, effects []effectAt) {
	criterion = m.Criterion()
	for _, e := range tested(m) {
		size := 1.0
		name := e.name
		for _, u := range c.units {
			if n := strings.Count(name, u.printed); n > 0 {
				size *= math.Pow(u.size, float64(n))
				name = strings.ReplaceAll(name, u.printed, u.name)
			}
		}
		if m.REML() && slices.Contains(d.XNames, e.name) {
			criterion += 2 * math.Log(size)
		}
		effects = append(effects, effectAt{name: name, value: e.value / size, se: e.se / size, p: e.p, df: e.df, ci: [2]float64{e.ci[0] / size, e.ci[1] / size}})
	}
	return criterion, effects
}
