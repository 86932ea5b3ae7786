package covstruct

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/table"
)

// Structure is a Spec applied to rows of a table.
type Structure struct {
	Spec      *Spec
	Subjects  []string
	Occasions []string // where the structure has any

	subject []int32 // a row
	places  []place // a row
	corr    correlation
	vars    variance
	free    []component
	// least is what psi of a single free component stays above, -Inf where that
	// is not known in advance.
	least float64
}

// maxParameters bounds a structure: beyond it each evaluation is slow and no
// data set tells them apart.
const maxParameters = 400

// Bind applies a structure to rows of a table, none of which has a missing
// value in Spec.Columns. Fitted are the fitted values of the rows, read where
// Spec.UsesFitted. The error is a *design.Error.
func Bind(spec *Spec, tab *table.Table, rows []int, fitted []float64) (*Structure, error) {
	s := &Structure{Spec: spec}
	for _, name := range spec.Columns() {
		if _, err := tab.Lookup(name); err != nil {
			return nil, fmt.Errorf("residual: %w", err)
		}
	}
	if err := s.bindFree(tab, rows); err != nil {
		return nil, err
	}
	s.group(tab, rows)
	if err := s.place(tab, rows); err != nil {
		return nil, err
	}
	if err := s.choose(tab, rows); err != nil {
		return nil, err
	}
	if spec.ByOccasion {
		s.vars.strata(spec.Time, "occasion", s.Occasions, func(i int) int { return s.places[i].occ }, len(rows))
	}
	for _, v := range spec.Variances {
		if v.Column == "" {
			if err := s.vars.covariate(v.Kind, "", fitted, rows); err != nil {
				return nil, err
			}
			continue
		}
		c := tab.Column(v.Column)
		if v.Kind != "varident" {
			if !c.Kind().Numeric() {
				return nil, dataError(0, "%s(%s) needs numbers, but the column holds %s; varident takes the levels of a factor", v.Kind, c.Name(), c.Kind())
			}
			x := make([]float64, len(rows))
			for i, r := range rows {
				x[i] = c.Float(r)
			}
			if err := s.vars.covariate(v.Kind, c.Name(), x, rows); err != nil {
				return nil, err
			}
			continue
		}
		levels, codes := used(c, rows)
		if len(levels) < 2 {
			return nil, dataError(0, "varident(%s): there is one level, so that no sd can be compared", v.Column)
		}
		s.vars.strata(v.Column, v.Column, levels, func(i int) int { return codes[i] }, len(rows))
	}
	if n := s.Params(); n > maxParameters || n >= len(rows) {
		return nil, dataError(0, "%s has %d parameters, more than %d rows can tell; take a structure with fewer, such as ar1 or cs", spec.Src, n, len(rows))
	}
	return s, nil
}

// Params is the number of parameters beside sigma.
func (s *Structure) Params() int {
	n := s.corr.size() + len(s.vars.parts) + len(s.free)
	if s.Spec.Nugget {
		n++
	}
	return n
}

// bounded says that parameters can leave the range in which R is positive
// definite: bands are correlations as they are, free components variances.
func (s *Structure) bounded() bool {
	return s.Spec.Kind == "toep" && s.Spec.Order > 0 || len(s.free) > 0
}

// SubjectOf is the subject of a row.
func (s *Structure) SubjectOf(row int) string { return s.Subjects[s.subject[row]] }

// Varies says that the variance is not the same in all rows.
func (s *Structure) Varies() bool { return len(s.vars.parts) > 0 }

// group numbers the subjects in order of appearance.
func (s *Structure) group(tab *table.Table, rows []int) {
	s.subject = make([]int32, len(rows))
	if len(s.Spec.Subject) == 0 {
		for i, r := range rows { // every row is one
			s.subject[i] = int32(i)
			s.Subjects = append(s.Subjects, fmt.Sprint(r+1))
		}
		return
	}
	index := map[string]int32{}
	var key []byte
	for i, r := range rows {
		key = key[:0]
		var label []string
		for _, name := range s.Spec.Subject {
			text := tab.Column(name).Text(r)
			key = append(append(key, text...), 0)
			label = append(label, text)
		}
		j, ok := index[string(key)]
		if !ok {
			j = int32(len(index))
			index[string(key)] = j
			s.Subjects = append(s.Subjects, strings.Join(label, ":"))
		}
		s.subject[i] = j
	}
}

// choose makes the correlation.
func (s *Structure) choose(tab *table.Table, rows []int) error {
	spec := s.Spec
	s.corr = independent{}
	if spec.Kind == "id" {
		return nil
	}
	if len(s.Subjects) == len(rows) {
		return dataError(0, "%s: each of the %d subjects has one row, so that no correlation can be told; is %s the subject?",
			spec.Src, len(rows), strings.Join(spec.Subject, ":"))
	}
	lags, unit := s.spans()
	if spec.Time != "" && !tab.Column(spec.Time).Kind().Numeric() && slices.Contains([]string{"car1", "exp", "gau"}, spec.Kind) {
		return dataError(0, "%s needs times that are numbers, but %s holds %s", spec.Kind, spec.Time, tab.Column(spec.Time).Kind())
	}
	switch spec.Kind {
	case "cs":
		count := make([]int, len(s.Subjects))
		for _, j := range s.subject {
			count[j]++
		}
		s.corr = exchangeable{m: slices.Max(count)}
	case "ar":
		s.corr = newAutoregression(spec.Order, lags, false)
	case "ma1":
		s.corr = newMovingAverage(lags)
	case "arma":
		s.corr = newARMA(lags)
	case "toep":
		if spec.Order > 0 && spec.Order < lags {
			s.corr = newBands(spec.Order, lags)
		} else {
			s.corr = newAutoregression(lags, lags, true)
		}
	case "car1":
		s.corr = decay{power: 1, unit: unit, perUnit: true}
	case "exp":
		s.corr = decay{power: 1, unit: unit}
	case "gau":
		s.corr = decay{power: 2, unit: unit}
	case "corr":
		if len(s.Subjects) < len(s.Occasions) {
			return dataError(0, "%s: %d occasions have %d correlations, which %d subjects cannot tell: there must be more subjects than occasions; take ar1, cs or toep",
				spec.Src, len(s.Occasions), len(s.Occasions)*(len(s.Occasions)-1)/2, len(s.Subjects))
		}
		s.corr = unstructured{s.Occasions}
		return s.together()
	}
	return nil
}

// Blocks are the blocks of the parameter space that the structure has, after
// those of the terms.
func (s *Structure) Blocks() []cone.Block {
	var out []cone.Block
	if n := s.corr.size() + len(s.vars.parts); n > 0 {
		out = append(out, cone.Block{K: n, Shape: cone.Free, Unit: 0.5})
	}
	if s.Spec.Nugget {
		out = append(out, cone.Block{K: 1, Shape: cone.Diagonal, Unit: 0.3})
	}
	if n := len(s.free); n > 0 {
		unit := 1.0
		for i := range s.free {
			unit = math.Min(unit, s.free[i].step(len(s.subject)))
		}
		out = append(out, cone.Block{K: n, Shape: cone.Free, Unit: unit})
	}
	return out
}

// split returns phi and delta, and the nugget over the partial sill, from the
// blocks of a point that belong to the structure.
func (s *Structure) split(p cone.Point) (phi, delta []float64, nugget float64) {
	k := s.corr.size()
	n := k + len(s.vars.parts)
	all := make([]float64, n)
	at := 0
	if n > 0 {
		for i := range all {
			all[i] = p[0][i*n+i]
		}
		at = 1
	}
	if s.Spec.Nugget {
		nugget = p[at][0] * p[at][0]
	}
	for a := range s.vars.parts { // in units of the spread of each column
		all[k+a] /= s.vars.spread[a]
	}
	return all[:k], all[k:], nugget
}

// Estimates returns the parameters in terms that a person reads, from the blocks
// of a point that belong to the structure.
func (s *Structure) Estimates(p cone.Point) []Estimate {
	phi, delta, nugget := s.split(p)
	out := s.corr.natural(phi)
	if s.Spec.Nugget {
		out = append(out, Estimate{Name: "nugget", Value: nugget / (1 + nugget), Lower: 0, Upper: 1})
	}
	out = append(out, s.vars.natural(delta)...)
	ref := s.vars.reference(delta)
	for i, psi := range s.components(p) {
		out = append(out, Estimate{Name: "variance of (1 | " + s.free[i].group + ") over sigma^2", Value: psi / (ref * ref),
			Lower: s.least, Upper: math.Inf(1)})
	}
	return out
}

// Reference is the factor from the sd that the criterion profiles, in the middle
// of the data, to that of the reference row.
func (s *Structure) Reference(p cone.Point) float64 {
	_, delta, _ := s.split(p)
	return s.vars.reference(delta)
}

// SDs returns s of the rows of a table over that of the reference row; NaN where
// a value is missing or was not in the fit. Fitted are the values predicted for
// its rows.
func (s *Structure) SDs(p cone.Point, t *table.Table, fitted []float64) []float64 {
	_, delta, _ := s.split(p)
	out, columns := make([]float64, t.Rows()), s.vars.columns(t)
	for i := range out {
		out[i] = s.vars.of(columns, i, delta, fitted[i])
	}
	return out
}

// used returns the levels that a column has in some rows, and the number of the
// level of each of them.
func used(c *table.Column, rows []int) (levels []string, codes []int) {
	f := c.AsFactor()
	all := f.Levels()
	in := make([]bool, len(all))
	for _, r := range rows {
		in[f.Code(r)] = true
	}
	to := make([]int, len(all))
	for l, name := range all {
		if in[l] {
			to[l] = len(levels)
			levels = append(levels, name)
		}
	}
	codes = make([]int, len(rows))
	for i, r := range rows {
		codes[i] = to[f.Code(r)]
	}
	return levels, codes
}
