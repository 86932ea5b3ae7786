package separation

import (
	"math"

	"github.com/golmm/golmm/lmm/design"
)

// Threshold is a covariate with all responses of one kind on one side.
type Threshold struct {
	Column string
	// Below is the largest value of the lower kind, Above the least of the other.
	// Where they are equal both kinds lie at that value, or a row that is held.
	Below, Above float64
	// HighAbove says that the responses are Up above, or not Down.
	HighAbove bool
	// NoneBelow and NoneAbove say that no row lies on that side of the value.
	NoneBelow, NoneAbove bool
}

// threshold is set where a direction has one column that is no intercept, a
// covariate with three or more values.
func threshold(d *design.Design, side []Side, r *Result) *Threshold {
	column := -1
	for _, j := range r.Columns {
		if r.Names[j] == intercept {
			continue
		}
		if column >= 0 {
			return nil
		}
		column = j
	}
	value := func(i int) float64 { return d.X.At(i, column) }
	if column < 0 || !many(d.X.Rows, value) {
		return nil
	}
	t := &Threshold{Column: r.Names[column], Below: math.Inf(-1), Above: math.Inf(1), HighAbove: r.Direction[column] > 0}
	lower := Up
	if t.HighAbove {
		lower = Down
	}
	// What is not separated lies at the threshold, else it is between the kinds.
	if rest := r.rest(len(side)); rest >= 0 {
		t.Below, t.Above = value(rest), value(rest)
	} else {
		for i, k := range side {
			if k == lower {
				t.Below = math.Max(t.Below, value(i))
			} else {
				t.Above = math.Min(t.Above, value(i))
			}
		}
	}
	touch := t.Below == t.Above
	t.NoneBelow, t.NoneAbove = true, true
	for i, k := range side {
		switch v := value(i); {
		case v < t.Below || v == t.Below && !touch:
			t.NoneBelow = false
			if k != lower {
				return nil
			}
		case v > t.Above || v == t.Above && !touch:
			t.NoneAbove = false
			if k != Up+Down-lower {
				return nil
			}
		case !touch:
			return nil
		}
	}
	return t
}

// rest is a row of n that is not separated, -1 if all are.
func (r *Result) rest(n int) int {
	for i := range n {
		if i == len(r.Rows) || r.Rows[i] != i {
			return i
		}
	}
	return -1
}
