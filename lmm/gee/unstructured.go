package gee

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// matrix is a working correlation with an entry of its own for each pair of
// occasions: estimated, or given.
type matrix struct {
	given bool
	t     int
	raw   []float64 // t x t, as estimated or given
	used  []float64 // t x t, positive definite
	// Of each subject, the set of its occasions; of each set, the occasions and
	// the Cholesky factor of their rows and columns of used.
	set     []int
	members [][]int32
	factor  [][]float64
	count   []float64 // t x t pairs observed together
}

// mostOccasions is the number of distinct times up to which each pair has a
// correlation of its own: beyond it there are more than 1,200 parameters.
const mostOccasions = 50

func newMatrix(d *data) *matrix {
	x := &matrix{t: len(d.occasions)}
	known := map[string]int{}
	for s := range d.subject {
		members := d.at[d.start[s]:d.start[s+1]]
		key := fmt.Sprint(members)
		at, ok := known[key]
		if !ok {
			at = len(x.members)
			known[key] = at
			x.members = append(x.members, members)
		}
		x.set = append(x.set, at)
	}
	x.factor = make([][]float64, len(x.members))
	return x
}

func newUnstructured(d *data) (*matrix, error) {
	if t := len(d.occasions); t > mostOccasions {
		return nil, fmt.Errorf("there are %d different times; an unstructured correlation has a parameter for each pair of times and is taken for up to %d: use ar1 or exchangeable", t, mostOccasions)
	}
	x := newMatrix(d)
	x.count = make([]float64, x.t*x.t)
	for s := range d.subject {
		members := x.members[x.set[s]]
		for _, j := range members {
			for _, k := range members {
				x.count[int(j)*x.t+int(k)]++
			}
		}
	}
	for j := range x.t {
		for k := range j {
			if x.count[j*x.t+k] == 0 {
				return nil, fmt.Errorf("no subject is observed at both occasion %s and occasion %s, so that their correlation cannot be estimated: use ar1 or exchangeable", d.occasions[k], d.occasions[j])
			}
		}
	}
	return x, nil
}

func newGiven(r [][]float64, d *data) (*matrix, error) {
	x := newMatrix(d)
	if len(r) != x.t {
		return nil, fmt.Errorf("the correlation given has %d rows, but there are %d occasions", len(r), x.t)
	}
	x.given, x.raw = true, make([]float64, 0, x.t*x.t)
	for j, row := range r {
		if len(row) != x.t {
			return nil, fmt.Errorf("row %d of the correlation given has %d entries, not %d", j+1, len(row), x.t)
		}
		for k, v := range row {
			if math.IsNaN(v) || j == k && math.Abs(v-1) > 1e-12 || math.Abs(v-r[k][j]) > 1e-12 {
				return nil, fmt.Errorf("entry (%d, %d) of the correlation given is %g: the matrix must be symmetric with 1 on its diagonal", j+1, k+1, v)
			}
		}
		x.raw = append(x.raw, row...)
	}
	if x.pull() > 0 {
		return nil, fmt.Errorf("the correlation given is not positive definite: no eigenvalue may be below %g", leastEigenvalue)
	}
	return x, nil
}

func (x *matrix) name() string {
	if x.given {
		return "given"
	}
	return "unstructured"
}

func (x *matrix) entry(j, k int, _, _ float64) float64 { return x.used[j*x.t+k] }

// alpha is the upper triangle by rows.
func (x *matrix) alpha() []float64 {
	if x.given {
		return nil
	}
	var out []float64
	for j := range x.t {
		out = append(out, x.raw[j*x.t+j+1:(j+1)*x.t]...)
	}
	return out
}

// estimate is, for each pair of occasions, the mean product over the subjects
// that have both.
func (x *matrix) estimate(e []float64, d *data) float64 {
	if x.given {
		return 0
	}
	x.raw = make([]float64, x.t*x.t)
	for s := range d.subject {
		members, from := x.members[x.set[s]], d.start[s]
		for a, j := range members {
			for b, k := range members[:a] {
				x.raw[int(j)*x.t+int(k)] += e[from+a] * e[from+b]
			}
		}
	}
	for j := range x.t {
		x.raw[j*x.t+j] = 1
		for k := range j {
			r := x.raw[j*x.t+k] / x.count[j*x.t+k]
			x.raw[j*x.t+k], x.raw[k*x.t+j] = r, r
		}
	}
	return x.pull()
}

// pull makes the matrix positive definite: (1 - w) R + w I with the least w, to
// 0.001, that leaves no eigenvalue below the limit. It returns w.
func (x *matrix) pull() float64 {
	fits := func(w float64) bool {
		a := x.blend(w)
		for j := range x.t {
			a[j*x.t+j] -= leastEigenvalue
		}
		return dense.Cholesky(a, x.t)
	}
	w := 0.0
	if !fits(0) {
		low, high := 0.0, 1.0
		for high-low > 1e-3 {
			if m := (low + high) / 2; fits(m) {
				high = m
			} else {
				low = m
			}
		}
		w = high
	}
	x.used = x.blend(w)
	for i, members := range x.members {
		m := len(members)
		l := make([]float64, m*m)
		for a, j := range members {
			for b, k := range members {
				l[a*m+b] = x.used[int(j)*x.t+int(k)]
			}
		}
		dense.Cholesky(l, m) // positive definite as all of used is
		x.factor[i] = l
	}
	return w
}

func (x *matrix) blend(w float64) []float64 {
	out := make([]float64, len(x.raw))
	for i, r := range x.raw {
		out[i] = (1 - w) * r
	}
	for j := range x.t {
		out[j*x.t+j] = 1
	}
	return out
}

func (x *matrix) whiten(d *data, s int, block []float64, c int) {
	m := d.start[s+1] - d.start[s]
	dense.SolveLower(x.factor[x.set[s]], m, block, c)
}
