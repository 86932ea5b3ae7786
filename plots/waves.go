package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/table"
)

// maxWaves is the number of waves over which a column is no wave but a measured
// time.
const maxWaves = 40

// waves are the rows of a table by level of a grouping factor and by wave.
type waves struct {
	group, name string
	labels      []string  // of the waves
	at          []float64 // their places on the axis
	numeric     bool      // at has the values of the column
	levels      []string
	rows        [][][]int // levels x waves
}

// newWaves sorts the rows of a table. group is a column or, with colons, an
// interaction of columns; rows without a level or a wave are left out.
func newWaves(t *table.Table, group, wave string) (*waves, error) {
	var keys []*table.Column
	for _, name := range strings.FieldsFunc(group, func(r rune) bool { return strings.ContainsRune(":()", r) }) {
		c, err := t.Lookup(name)
		if err != nil {
			return nil, err
		}
		keys = append(keys, c)
	}
	col, err := t.Lookup(wave)
	if err != nil {
		return nil, err
	}
	w := &waves{group: group, name: wave, numeric: col.Kind().Numeric()}
	place := w.distinct(col)
	if n := len(w.labels); n < 1 || n > maxWaves {
		return nil, &DataError{Reason: fmt.Sprintf("the column %q has %d different values; waves are between 1 and %d: round the times or bin them first", wave, n, maxWaves)}
	}
	index := make(map[string]int)
	for i := range t.Rows() {
		at, ok := place[col.Text(i)]
		if !ok || col.Missing(i) || slices.ContainsFunc(keys, func(c *table.Column) bool { return c.Missing(i) }) {
			continue
		}
		var name []string
		for _, c := range keys {
			name = append(name, c.Text(i))
		}
		level := strings.Join(name, ":")
		j, seen := index[level]
		if !seen {
			j = len(w.levels)
			index[level] = j
			w.levels, w.rows = append(w.levels, level), append(w.rows, make([][]int, len(w.labels)))
		}
		w.rows[j][at] = append(w.rows[j][at], i)
	}
	if len(w.levels) == 0 {
		return nil, &DataError{Reason: fmt.Sprintf("no row has both %s and %s", group, wave)}
	}
	return w, nil
}

// distinct finds the waves of a column, by value or in the order of the levels.
func (w *waves) distinct(col *table.Column) map[string]int {
	value, shown := make(map[string]float64), make(map[string]string)
	for i := range col.Len() {
		if col.Missing(i) {
			continue
		}
		shown[col.Text(i)] = waveLabel(col, i)
		if w.numeric {
			value[col.Text(i)] = col.Float(i)
		} else {
			value[col.Text(i)] = float64(slices.Index(col.Levels(), col.Text(i)))
		}
	}
	for label := range value {
		w.labels = append(w.labels, label)
	}
	slices.SortFunc(w.labels, func(a, b string) int {
		return cmp.Or(cmp.Compare(value[a], value[b]), cmp.Compare(a, b))
	})
	place := make(map[string]int, len(w.labels))
	for i, l := range w.labels {
		place[l] = i
		w.at = append(w.at, float64(i))
		if w.numeric {
			w.at[i] = value[l]
		}
		w.labels[i] = shown[l]
	}
	return place
}

// waveLabel is what a row has in a column, a number without the digits that
// rounding leaves: 0.3, not 0.30000000000000004.
func waveLabel(col *table.Column, row int) string {
	if col.Kind() == table.Float {
		return fmt.Sprintf("%.10g", col.Float(row))
	}
	return col.Text(row)
}

// observed says whether a level has a value of the column at a wave.
func (w *waves) observed(col *table.Column, level, wave int) bool {
	return slices.ContainsFunc(w.rows[level][wave], func(r int) bool { return !col.Missing(r) })
}

// axis sets the x axis to the waves.
func (w *waves) axis(p *plot.Plot, opt Options) {
	span(&p.X, w.at)
	p.X.Label.Text = opt.withUnit(w.name)
	if w.numeric {
		return
	}
	var ticks plot.ConstantTicks
	for i, l := range w.labels {
		ticks = append(ticks, plot.Tick{Value: w.at[i], Label: opt.label(l)})
	}
	p.X.Tick.Marker = ticks
}

// waveOf is the column of the waves of a model: Options.X or the covariate or
// the factor of the fixed effects that varies within the levels.
func waveOf(m *lmm.Model, t *design.Term, opt Options) (string, error) {
	if opt.X != "" {
		_, err := m.Frame().Table().Lookup(opt.X)
		return opt.X, err
	}
	name, err := covariateOf(m, t, opt)
	if err == nil {
		return name, nil
	}
	d := m.Frame()
	for _, term := range d.Formula.Fixed {
		for _, v := range term.Vars {
			used, _ := design.Columns(v)
			for _, name := range used {
				if col := d.Table().Column(name); col != nil && !col.Kind().Numeric() && varies(codes(col.AsFactor(), d.Rows), t) {
					return name, nil
				}
			}
		}
	}
	return "", err
}

func codes(col *table.Column, rows []int) []float64 {
	x := make([]float64, len(rows))
	for i, r := range rows {
		x[i] = float64(col.Code(r))
	}
	return x
}
