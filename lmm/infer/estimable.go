package infer

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
)

// estimable turns a combination of all fixed effects, those without an estimate
// included, into one of the columns of X.
//
// A column x_j that depends on the others, x_j = X a_j, leaves X b unchanged
// when b moves along (a_j, -1): c'b is estimable only if c_j = c'a_j.
type estimable struct {
	names []string
	kept  []int
	lost  []int
	alias *matrix // kept x lost: a_j
}

// ContrastError says what is wrong with a combination of fixed effects.
type ContrastError struct {
	Name string // of the contrast, "" if it has none
	Msg  string
}

// Error names the contrast and says what is wrong.
func (e *ContrastError) Error() string {
	if e.Name == "" {
		return e.Msg
	}
	return e.Name + ": " + e.Msg
}

func newEstimable(m *lmm.Model) (*estimable, error) {
	d := m.Frame()
	e := &estimable{names: d.FullNames}
	for j, name := range d.FullNames {
		if slices.Contains(d.Aliased, name) {
			e.lost = append(e.lost, j)
		} else {
			e.kept = append(e.kept, j)
		}
	}
	if len(e.lost) == 0 {
		return e, nil
	}
	full, err := d.Full()
	if err != nil {
		return nil, err
	}
	e.alias, err = combinations(&d.X, &full, e.lost)
	return e, err
}

// row returns the combination of the columns of X.
func (e *estimable) row(name string, c []float64) ([]float64, error) {
	if len(c) != len(e.names) {
		return nil, &ContrastError{name, fmt.Sprintf("the contrast has %d numbers; the model has %d fixed effects: %s", len(c), len(e.names), list(e.names))}
	}
	out := make([]float64, len(e.kept))
	var size float64
	for i, j := range e.kept {
		out[i] = c[j]
	}
	for j, v := range c {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, &ContrastError{name, fmt.Sprintf("the number for %s is not finite", e.names[j])}
		}
		size = math.Max(size, math.Abs(v))
	}
	for k, j := range e.lost {
		var v, terms float64
		for i, x := range out {
			v += x * e.alias.at(i, k)
			terms += math.Abs(x * e.alias.at(i, k))
		}
		if math.Abs(v-c[j]) > 1e-8*(terms+size) {
			return nil, &ContrastError{name, fmt.Sprintf("the contrast is not estimable: the column %s is a combination of others, so that the data determine this contrast only with %.6g in its place, not %.6g", e.names[j], v, c[j])}
		}
	}
	return out, nil
}
