package covstruct

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/design"
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
}

// strata adds an sd for every level but the first.
func (v *variance) strata(column string, levels []string, code func(i int) int, n int) {
	for l := 1; l < len(levels); l++ {
		u := make([]float64, n)
		for i := range u {
			if code(i) == l {
				u[i] = 1
			}
		}
		v.add(u, variancePart{name: fmt.Sprintf("sd of %s %s over %s", column, levels[l], levels[0]), factor: true})
	}
}

// covariate adds the power or the exponential of values, one a row.
func (v *variance) covariate(kind, name string, x []float64, rows []int) error {
	u := make([]float64, len(x))
	for i, value := range x {
		u[i] = value
		if kind == "varpower" {
			if value == 0 {
				return dataError(rows[i]+1, "varpower(%s) needs values other than 0, which has no power to compare; varexp(%s) can have 0", name, name)
			}
			u[i] = math.Log(math.Abs(value))
		}
		if math.IsInf(u[i], 0) || math.IsNaN(u[i]) {
			return dataError(rows[i]+1, "%s(%s) needs finite values", kind, name)
		}
	}
	part := variancePart{name: "rate of " + name}
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
