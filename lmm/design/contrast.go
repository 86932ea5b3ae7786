package design

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Contrast kinds that Options.Contrasts knows.
const (
	Treatment = "treatment" // each level against the first
	Sum       = "sum"       // each level but the last against the mean of the levels
	Helmert   = "helmert"   // each level against the mean of those before it
	Poly      = "poly"      // orthogonal polynomials over equally spaced levels
)

// coding is how a factor becomes columns: row k holds the values of level k.
type coding struct {
	rows  []float64 // levels x width
	width int
	names []string
}

// indicators codes each level by a column of its own.
func indicators(levels []string) *coding {
	c := newCoding(len(levels), len(levels))
	for k := range levels {
		c.rows[k*c.width+k] = 1
	}
	c.names = levels
	return c
}

func newCoding(levels, width int) *coding {
	return &coding{rows: make([]float64, levels*width), width: width}
}

// contrasts codes a factor by the columns of a contrast matrix, one less than
// levels, with R's names.
func contrasts(kind string, levels []string) *coding {
	m := len(levels)
	c := newCoding(m, m-1)
	switch kind {
	case Sum:
		for j := range c.width {
			c.rows[j*c.width+j] = 1
			c.rows[(m-1)*c.width+j] = -1
		}
		c.names = ordinals(c.width)
	case Helmert:
		for j := range c.width {
			for k := range j + 1 {
				c.rows[k*c.width+j] = -1
			}
			c.rows[(j+1)*c.width+j] = float64(j + 1)
		}
		c.names = ordinals(c.width)
	case Poly:
		c.fillPolynomials(m)
	default:
		for j := range c.width {
			c.rows[(j+1)*c.width+j] = 1
		}
		c.names = levels[1:]
	}
	return c
}

func ordinals(k int) []string {
	s := make([]string, k)
	for j := range s {
		s[j] = strconv.Itoa(j + 1)
	}
	return s
}

// fillPolynomials fills in orthonormal polynomials over 1 ... m with positive
// leading coefficients: x times the column before, made orthogonal, twice for
// accuracy, to all columns before.
func (c *coding) fillPolynomials(m int) {
	cols := make([][]float64, m)
	for j := range cols {
		cols[j] = make([]float64, m)
		for i := range cols[j] {
			cols[j][i] = 1
			if j > 0 {
				cols[j][i] = (float64(i) - float64(m-1)/2) * cols[j-1][i]
			}
		}
		for range 2 {
			for _, before := range cols[:j] {
				dot := 0.0
				for i, v := range before {
					dot += v * cols[j][i]
				}
				for i, v := range before {
					cols[j][i] -= dot * v
				}
			}
		}
		ss := 0.0
		for _, v := range cols[j] {
			ss += v * v
		}
		for i := range cols[j] {
			cols[j][i] /= math.Sqrt(ss)
		}
	}
	for j, col := range cols[1:] {
		for i, v := range col {
			c.rows[i*c.width+j] = v
		}
	}
	c.names = make([]string, c.width)
	for j := range c.names {
		if j < 3 {
			c.names[j] = [...]string{".L", ".Q", ".C"}[j]
		} else {
			c.names[j] = "^" + strconv.Itoa(j+1)
		}
	}
}

// contrastKinds checks Options.Contrasts; R's spelling contr.sum is accepted.
func contrastKinds(opt map[string]string) (map[string]string, error) {
	known := []string{Treatment, Sum, Helmert, Poly}
	kinds := make(map[string]string, len(opt))
	for _, factor := range slices.Sorted(maps.Keys(opt)) {
		name := opt[factor]
		kind := strings.TrimPrefix(strings.ToLower(name), "contr.")
		if !slices.Contains(known, kind) {
			return nil, dataError("unknown contrasts %q for %s; known are %s", name, factor, strings.Join(known, ", "))
		}
		kinds[factor] = kind
	}
	return kinds, nil
}
