package design

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// loss is one reason for which rows are not used.
type loss struct {
	name    string
	rows    int      // how many rows it concerns
	first   int      // the first of them, from 0
	kind    lost     // why
	columns []string // that the variable uses
}

type lost int

const (
	lostMissing lost = iota // a value is missing
	lostNaN                 // an expression is not a number where its columns are present
	lostWeight              // the weight is 0
	lostTrials              // cbind(0, 0)
)

// reason says why, without a number of rows.
func (l loss) reason() string {
	switch l.kind {
	case lostNaN:
		return l.name + " is not a number"
	case lostWeight, lostTrials:
		return l.name + " is 0"
	}
	return l.name + " is missing"
}

// reasons lists all losses with their numbers of rows.
func reasons(losses []loss) string {
	parts := make([]string, len(losses))
	for k, l := range losses {
		parts[k] = fmt.Sprintf("%s in %d", l.reason(), l.rows)
	}
	return strings.Join(parts, ", ")
}

// complete finds the rows without a missing value and with a weight that is
// not 0, and restricts everything to them.
func (fr *frame) complete(t *table.Table) error {
	if fr.tableRows == 0 {
		return dataError("the table has no rows")
	}
	drop := make([]bool, fr.tableRows)
	for _, v := range append(slices.Clone(fr.vars), fr.groups...) {
		fr.markMissing(drop, v, t)
	}
	for _, c := range fr.also {
		fr.mark(drop, c.Name(), lostMissing, []string{c.Name()}, c.Missing)
	}
	if err := fr.markWeights(drop); err != nil {
		return err
	}
	if fr.offset != nil {
		fr.mark(drop, "the offset", lostMissing, nil, func(i int) bool { return math.IsNaN(fr.offset[i]) })
	}
	if err := fr.markTrials(drop); err != nil {
		return err
	}
	fr.rows = make([]int, 0, fr.tableRows)
	for i, d := range drop {
		if !d {
			fr.rows = append(fr.rows, i)
		}
	}
	if len(fr.rows) == 0 {
		return fr.nothingLeft()
	}
	if len(fr.rows) < fr.tableRows {
		for _, v := range fr.vars {
			v.val = v.val.take(fr.rows)
		}
		for _, v := range fr.groups {
			v.before = len(v.val.dropUnused().levels)
			v.val = v.val.take(fr.rows)
		}
		fr.weights = takeNumbers(fr.weights, fr.rows)
		fr.offset = takeNumbers(fr.offset, fr.rows)
	}
	for _, v := range fr.vars {
		if v.val.isFactor {
			v.val = v.val.dropUnused()
		}
	}
	for _, v := range fr.groups {
		v.val = v.val.dropUnused()
	}
	return nil
}

func takeNumbers(x []float64, rows []int) []float64 {
	if x == nil {
		return nil
	}
	v := numberValue(x).take(rows)
	return v.numbers
}

// mark notes the rows where bad holds as not used, and why.
func (fr *frame) mark(drop []bool, name string, kind lost, columns []string, bad func(i int) bool) {
	l := loss{name: name, kind: kind, columns: columns}
	for i := range drop {
		if bad(i) {
			if l.rows == 0 {
				l.first = i
			}
			l.rows++
			drop[i] = true
		}
	}
	if l.rows > 0 {
		fr.losses = append(fr.losses, l)
	}
}

// markMissing notes the rows where a variable is missing. A row where an
// expression is not a number although its columns are present is a loss of
// its own kind.
func (fr *frame) markMissing(drop []bool, v *variable, t *table.Table) {
	if v.val.isFactor {
		if slices.Min(v.val.codes) < 0 {
			fr.mark(drop, v.name, lostMissing, columnNames(v.node), func(i int) bool { return v.val.codes[i] < 0 })
		}
		return
	}
	clean := true
	for _, x := range v.val.numbers {
		if x != x {
			clean = false
			break
		}
	}
	if clean {
		return
	}
	names := columnNames(v.node)
	present := func(i int) bool {
		for _, name := range names {
			if c := t.Column(name); c != nil && c.Missing(i) {
				return false
			}
		}
		return true
	}
	isNaN := func(i int) bool {
		return slices.ContainsFunc(v.val.numbers[i*v.val.width:(i+1)*v.val.width], math.IsNaN)
	}
	fr.mark(drop, v.name, lostMissing, names, func(i int) bool { return isNaN(i) && !present(i) })
	fr.mark(drop, v.name, lostNaN, names, func(i int) bool { return isNaN(i) && present(i) })
}

func (fr *frame) markWeights(drop []bool) error {
	for i, w := range fr.weights {
		if w < 0 || math.IsInf(w, 0) {
			return rowError(i+1, "the weight in row %d is %g; weights are finite and not negative", i+1, w)
		}
	}
	if fr.weights != nil {
		fr.mark(drop, "the weight", lostMissing, nil, func(i int) bool { return math.IsNaN(fr.weights[i]) })
		fr.mark(drop, "the weight", lostWeight, nil, func(i int) bool { return fr.weights[i] == 0 })
	}
	return nil
}

// nothingLeft is the error when every row lacks something.
func (fr *frame) nothingLeft() error {
	return dataError("none of the %d rows can be used: %s", fr.tableRows, reasons(fr.losses))
}

// checkFinite refuses infinite values in the rows that are used.
func (fr *frame) checkFinite(f *formula.Formula) error {
	for _, v := range fr.vars {
		for k, x := range v.val.numbers {
			if x-x != 0 {
				return infinite(f.Src, v.node, fr.rows[k/v.val.width])
			}
		}
	}
	for i, x := range fr.offset {
		if math.IsInf(x, 0) {
			return rowError(fr.rows[i]+1, "the offset is infinite in row %d", fr.rows[i]+1)
		}
	}
	return nil
}
