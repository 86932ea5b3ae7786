package covstruct

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/table"
)

// variance is a set of variance functions, all of one form: log s_i = sum_a
// delta_a u_ia. The columns u are centred, so that sigma is an sd in the middle
// of the data and hardly correlated with delta; mean takes it to the reference,
// the row with u = 0: the first level, x = 0 or |x| = 1.
type variance struct {
	u      []float64 // n x len(parts)
	mean   []float64
	spread []float64 // sd of each column
	parts  []variancePart
}

type variancePart struct {
	name   string // of the parameter
	factor bool   // reported as exp(delta)
	kind   string
	column string // "" for the fitted values
	level  string // whose sd it is, of a stratum
	known  []string
}

// strata adds an sd for every level but the first.
func (v *variance) strata(column, label string, levels []string, code func(i int) int, n int) {
	for l := 1; l < len(levels); l++ {
		u := make([]float64, n)
		for i := range u {
			if code(i) == l {
				u[i] = 1
			}
		}
		v.add(u, variancePart{name: fmt.Sprintf("sd of %s %s over %s", label, levels[l], levels[0]), factor: true,
			kind: "varident", column: column, level: levels[l], known: levels})
	}
}

// covariate adds the power or the exponential of values, one a row.
func (v *variance) covariate(kind, column string, x []float64, rows []int) error {
	name := column
	if column == "" {
		name = "fitted"
	}
	u := make([]float64, len(x))
	for i, value := range x {
		u[i] = value
		if kind == "varpower" {
			if value == 0 {
				return dataError(rows[i]+1, "varpower(%s) needs values other than 0, which has no power to compare; varexp(%s) can have 0", name, name)
			}
			u[i] = covariateOf(kind, value)
		}
		if math.IsInf(u[i], 0) || math.IsNaN(u[i]) {
			return dataError(rows[i]+1, "%s(%s) needs finite values", kind, name)
		}
	}
	part := variancePart{name: "rate of " + name, kind: kind, column: column}
	if kind == "varpower" {
		part.name = "power of " + name
	}
	at := len(v.parts)
	v.add(u, part)
	if v.spread[at] == 0 {
		return dataError(0, "%s(%s): the values are all equal, so that the sd cannot change with them", kind, name)
	}
	return nil
}

func (v *variance) add(u []float64, p variancePart) {
	n, q := len(u), len(v.parts)
	wide := make([]float64, 0, n*(q+1))
	var mean, ss float64
	for _, x := range u {
		mean += x / float64(n)
	}
	for _, x := range u {
		ss += (x - mean) * (x - mean) / float64(n)
	}
	for i, x := range u {
		wide = append(append(wide, v.u[i*q:i*q+q]...), x-mean)
	}
	v.u, v.mean, v.spread, v.parts = wide, append(v.mean, mean), append(v.spread, math.Sqrt(ss)), append(v.parts, p)
}

// logSD is log s of row i.
func (v *variance) logSD(i int, delta []float64) float64 {
	var s float64
	for a, d := range delta {
		s += d * v.u[i*len(delta)+a]
	}
	return s
}

// reference is s of the reference row.
func (v *variance) reference(delta []float64) float64 {
	var s float64
	for a, d := range delta {
		s -= d * v.mean[a]
	}
	return math.Exp(s)
}

// of is s over that of the reference row for a row of another table, NaN where a
// value is missing or was not in the fit.
func (v *variance) of(columns []*table.Column, row int, delta []float64, fitted float64) float64 {
	var s float64
	for a, p := range v.parts {
		c := columns[a]
		switch {
		case p.column == "" && p.kind != "varident":
			s += delta[a] * covariateOf(p.kind, fitted)
		case c == nil || c.Missing(row):
			return math.NaN()
		case p.kind != "varident":
			s += delta[a] * covariateOf(p.kind, c.Float(row))
		case !slices.Contains(p.known, c.Text(row)):
			return math.NaN()
		case c.Text(row) == p.level:
			s += delta[a]
		}
	}
	return math.Exp(s)
}

func covariateOf(kind string, x float64) float64 {
	if kind == "varpower" {
		return math.Log(math.Abs(x))
	}
	return x
}

// columns returns the column of a table that each part depends on, nil where there
// is none, those whose levels are compared as factors.
func (v *variance) columns(t *table.Table) []*table.Column {
	out := make([]*table.Column, len(v.parts))
	for a, p := range v.parts {
		out[a] = t.Column(p.column)
		switch {
		case out[a] == nil || p.kind != "varident":
		case a > 0 && v.parts[a-1].column == p.column:
			out[a] = out[a-1]
		default:
			out[a] = out[a].AsFactor()
		}
	}
	return out
}

func (v *variance) natural(delta []float64) []Estimate {
	var out []Estimate
	for a, p := range v.parts {
		e := Estimate{Name: p.name, Value: delta[a], Lower: math.Inf(-1), Upper: math.Inf(1)}
		if p.factor {
			e.Value, e.Lower = math.Exp(delta[a]), 0
		}
		out = append(out, e)
	}
	return out
}

func dataError(row int, format string, args ...any) error {
	return &design.Error{Row: row, Msg: "residual: " + fmt.Sprintf(format, args...)}
}
