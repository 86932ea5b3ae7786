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
	n := s.corr.size() + len(s.vars.parts)
	if s.Spec.Nugget {
		n++
	}
	return n
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

// place finds times and occasions.
func (s *Structure) place(tab *table.Table, rows []int) error {
	s.places = make([]place, len(rows))
	if s.Spec.Time == "" {
		count := make([]int, len(s.Subjects))
		for i, j := range s.subject {
			s.places[i] = place{t: float64(count[j]), occ: count[j]}
			count[j]++
		}
		for k := range slices.Max(count) {
			s.Occasions = append(s.Occasions, fmt.Sprint(k+1))
		}
		return nil
	}
	c := tab.Column(s.Spec.Time)
	if c.Kind().Numeric() {
		if err := s.numericTimes(c, rows); err != nil {
			return err
		}
	} else {
		levels, codes := used(c, rows)
		s.Occasions = levels
		for i, k := range codes {
			s.places[i] = place{t: float64(k), occ: k}
		}
	}
	return s.distinct(rows)
}

func (s *Structure) numericTimes(c *table.Column, rows []int) error {
	values := make([]float64, len(rows))
	for i, r := range rows {
		values[i] = c.Float(r)
		if math.IsInf(values[i], 0) || math.IsNaN(values[i]) {
			return dataError(r+1, "the time %s is not a finite number", c.Name())
		}
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	s.Occasions, _ = used(c, rows) // the levels of numbers are in their order
	for i, v := range values {
		k, _ := slices.BinarySearch(sorted, v)
		s.places[i] = place{t: v, occ: k}
	}
	if !slices.Contains([]string{"ar", "ma1", "arma", "toep"}, s.Spec.Kind) || len(sorted) < 2 {
		return nil
	}
	step := math.Inf(1)
	for k := 1; k < len(sorted); k++ {
		step = math.Min(step, sorted[k]-sorted[k-1])
	}
	for i := range s.places {
		t := (values[i] - sorted[0]) / step
		s.places[i].t = math.Round(t)
		if math.Abs(t-s.places[i].t) > 1e-6 || t > 1e6 {
			return dataError(rows[i]+1, "%s needs times in equal steps, but %s has %g, which is %.3g steps of %g after %g; car1 and exp take any times, and 1 in place of %s the order of the rows",
				s.Spec.Kind, s.Spec.Time, values[i], t, step, sorted[0], s.Spec.Time)
		}
	}
	return nil
}

// distinct refuses two rows of a subject at one time.
func (s *Structure) distinct(rows []int) error {
	at := make([]int, len(s.Subjects)+1) // where the rows of each subject begin in order
	for _, j := range s.subject {
		at[j+1]++
	}
	for j := range s.Subjects {
		at[j+1] += at[j]
	}
	order, next := make([]int, len(rows)), slices.Clone(at)
	for i, j := range s.subject {
		order[next[j]] = i
		next[j]++
	}
	seen := make([]int, len(s.Occasions)) // row + 1 of the subject at hand
	for n, i := range order {
		if n > 0 && s.subject[order[n-1]] != s.subject[i] {
			for _, before := range order[at[s.subject[order[n-1]]]:n] {
				seen[s.places[before].occ] = 0
			}
		}
		p := s.places[i]
		if j := seen[p.occ] - 1; j >= 0 {
			return dataError(rows[i]+1, "subject %s has two rows at %s = %s, rows %d and %d of the table; a time identifies a row of a subject. Is a column of the subject missing, as in site:subject?",
				s.Subjects[s.subject[i]], s.Spec.Time, s.Occasions[p.occ], rows[j]+1, rows[i]+1)
		}
		seen[p.occ] = i + 1
	}
	return nil
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

// spans returns the longest lag within a subject, in steps, and the median
// distance of neighbours in time.
func (s *Structure) spans() (lags int, unit float64) {
	times := make([][]float64, len(s.Subjects))
	for i, j := range s.subject {
		times[j] = append(times[j], s.places[i].t)
	}
	var gaps []float64
	for _, t := range times {
		slices.Sort(t)
		for k := 1; k < len(t); k++ {
			gaps = append(gaps, t[k]-t[k-1])
		}
		lags = max(lags, int(math.Min(t[len(t)-1]-t[0], 1e6)))
	}
	slices.Sort(gaps)
	return lags, gaps[len(gaps)/2]
}

// together refuses a pair of occasions that no subject has both of.
func (s *Structure) together() error {
	m := len(s.Occasions)
	if m*(m-1)/2 > maxParameters {
		return nil // refused for its size
	}
	met := make([]bool, m*m)
	of := make([][]int, len(s.Subjects))
	for i, j := range s.subject {
		of[j] = append(of[j], s.places[i].occ)
	}
	for _, occs := range of {
		for _, a := range occs {
			for _, b := range occs {
				met[a*m+b] = true
			}
		}
	}
	for a := range m {
		for b := range a {
			if !met[a*m+b] {
				return dataError(0, "%s: no subject has a row at both %s and %s, so that their correlation cannot be told; take a structure with fewer parameters",
					s.Spec.Src, s.Occasions[b], s.Occasions[a])
			}
		}
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
	return append(out, s.vars.natural(delta)...)
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
