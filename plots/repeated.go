package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/family"
)

// repeated is the rows of a model by subject and time, with what the model says
// of their covariance. Its residuals are marginal, y - X beta - offset.
type repeated struct {
	m             *lmm.Model
	subject, time string    // names; time "" for the order of the rows
	labels        []string  // of the occasions, in order of time
	at            []int     // a row: its occasion
	times         []float64 // a row: NaN where it is missing
	rows          [][]int   // a subject: its rows in order of time
	all           bool      // false: only some subjects, of too many rows
	places        bool      // times are the places of levels of a factor
	byOrder       bool      // occasions are the first, second ... row: there are too many times

	cov       *lmm.RowCovariance
	residuals []float64
	sd        []float64 // a row: of its response
	cx        []float64 // rows x p: Cov(beta^) x
}

// newRepeated finds subjects and times: those of the structure of the residuals,
// or the levels of a grouping factor and the waves. Options.Group and Options.X
// name others.
func newRepeated(m *lmm.Model, opt Options) (*repeated, error) {
	if f := m.Family(); f != nil {
		return nil, generalised(f)
	}
	d := m.Frame()
	n := m.NObs()
	q := &repeated{m: m, at: make([]int, n), times: make([]float64, n), all: true}
	of := make([]int, n)
	var subjects int
	o := m.Occasions()
	if o != nil && (opt.Group == "" || opt.Group == o.Subject) {
		q.subject, q.time, subjects = o.Subject, o.Time, len(o.Subjects)
		copy(of, o.Of)
	} else {
		t, err := groupOf(m, opt)
		if err != nil {
			return nil, err
		}
		q.subject, subjects = t.Group, len(t.Levels)
		for i, l := range t.Level {
			of[i] = int(l)
		}
		if opt.X == "" {
			if q.time, err = waveOf(m, t, opt); err != nil {
				return nil, err
			}
		}
	}
	if opt.X != "" {
		q.time = opt.X
	}
	q.rows = make([][]int, subjects)
	for i, s := range of {
		q.rows[s] = append(q.rows[s], i)
	}
	if err := q.setTimes(); err != nil {
		return nil, err
	}
	q.limit()
	pop, err := m.Predict(nil, &lmm.PredictOptions{Population: true, MeanOnly: true})
	if err != nil {
		return nil, err
	}
	q.cov, q.cx = m.RowCovariance(), spreadOfMean(m)
	q.residuals, q.sd = make([]float64, n), make([]float64, n)
	for i := range n {
		q.residuals[i] = d.Y[i] - pop.Mean[i]
		q.sd[i] = math.Sqrt(q.cov.Marginal(i, i))
		if !(q.sd[i] > 0) || !drawable(q.sd[i]) || !drawable(q.residuals[i]) {
			return nil, &DataError{Reason: "the model gives its rows no variance, so that there are no correlations to look at"}
		}
	}
	return q, nil
}

// generalised refuses a model whose covariances are not those of its parameters.
func generalised(f *family.Family) error {
	return &DataError{Reason: fmt.Sprintf("the variances and correlations of a %s response with the link %s depend on its mean, so that the model has no covariance matrix to draw; gee has a working correlation", f.Name(), f.Link())}
}

// setTimes sets times and occasions, and puts the rows of each subject in order.
func (q *repeated) setTimes() error {
	n := len(q.times)
	if q.time == "" {
		for _, rows := range q.rows {
			for k, i := range rows {
				q.times[i], q.at[i] = float64(k+1), k
			}
		}
		q.order()
		return nil
	}
	d := q.m.Frame()
	col, err := d.Table().Lookup(q.time)
	if err != nil {
		return err
	}
	q.places = !col.Kind().Numeric()
	levels := col.AsFactor().Levels()
	label := make(map[float64]string)
	for i := range n {
		r := d.Rows[i]
		switch {
		case col.Missing(r):
			q.times[i] = math.NaN()
			continue
		case q.places:
			q.times[i] = float64(slices.Index(levels, col.Text(r)))
		default:
			q.times[i] = col.Float(r)
		}
		if drawable(q.times[i]) {
			label[q.times[i]] = waveLabel(col, r)
		}
	}
	var values []float64
	for v := range label {
		values = append(values, v)
	}
	slices.Sort(values)
	for _, v := range values {
		q.labels = append(q.labels, label[v])
	}
	for i, v := range q.times {
		q.at[i], _ = slices.BinarySearch(values, v)
		if !drawable(v) {
			q.at[i] = -1
		}
	}
	for s, rows := range q.rows {
		q.rows[s] = slices.DeleteFunc(rows, func(i int) bool { return q.at[i] < 0 })
		slices.SortStableFunc(q.rows[s], func(a, b int) int { return cmp.Compare(q.times[a], q.times[b]) })
	}
	if len(q.labels) > maxWaves {
		q.byOrder = true
		q.order()
	}
	return nil
}

// order makes the place of a row among those of its subject its occasion.
func (q *repeated) order() {
	q.labels = nil
	for _, rows := range q.rows {
		for k, i := range rows {
			q.at[i] = k
			if k == len(q.labels) {
				q.labels = append(q.labels, fmt.Sprint(k+1))
			}
		}
	}
}

// limit leaves out subjects, evenly spaced, where the pairs of rows are too many.
func (q *repeated) limit() {
	pairs := 0
	for _, rows := range q.rows {
		pairs += len(rows) * len(rows) / 2
	}
	every := 1 + pairs/maxLagPairs
	if every == 1 {
		return
	}
	q.all = false
	var kept [][]int
	for s := 0; s < len(q.rows); s += every {
		kept = append(kept, q.rows[s])
	}
	q.rows = kept
}

// fitted is the correlation of two rows that the model says, all or of the
// errors alone.
func (q *repeated) fitted(i, j int, errors bool) float64 {
	if errors {
		return q.cov.Residual(i, j) / math.Sqrt(q.cov.Residual(i, i)*q.cov.Residual(j, j))
	}
	return q.cov.Marginal(i, j) / (q.sd[i] * q.sd[j])
}

// scaled is the residual of a row over its sd.
func (q *repeated) scaled(i int) float64 { return q.residuals[i] / q.sd[i] }

// lost is what the product of two scaled residuals lacks on average because
// beta is estimated, x_i'Cov(beta^) x_j over the sds: with V right and beta^ by
// generalised least squares E(r r') = V - X Cov(beta^) X'.
func (q *repeated) lost(i, j int) float64 {
	x := q.m.Frame().X.Row(i)
	var s float64
	for k, v := range q.cx[j*len(x):][:len(x)] {
		s += x[k] * v
	}
	return s / (q.sd[i] * q.sd[j])
}

// spreadOfMean is Cov(beta^) x of each row, 0 where the covariance is not known.
func spreadOfMean(m *lmm.Model) []float64 {
	x, vcov := &m.Frame().X, m.Vcov()
	out := make([]float64, x.Rows*x.Cols)
	for _, row := range vcov {
		if slices.ContainsFunc(row, func(v float64) bool { return !drawable(v) }) {
			return out
		}
	}
	for i := range x.Rows {
		for k, row := range vcov {
			for l, v := range x.Row(i) {
				out[i*x.Cols+k] += row[l] * v
			}
		}
	}
	return out
}

// where names subject and time in a sentence.
func (q *repeated) where() string {
	switch {
	case q.time == "":
		return fmt.Sprintf("rows of the same %s by their order", oneLine(q.subject))
	case q.byOrder:
		return fmt.Sprintf("rows of the same %s by their order in %s", oneLine(q.subject), oneLine(q.time))
	}
	return fmt.Sprintf("rows of the same %s by %s", oneLine(q.subject), oneLine(q.time))
}

// axis names the axis of the occasions.
func (q *repeated) axis(opt Options) string {
	if q.time == "" || q.byOrder {
		return "row of " + opt.label(q.subject)
	}
	return opt.withUnit(q.time)
}

// withFamily names a model by its formula, with its family and link where they are
// not "".
func withFamily(formula, family, link string) string {
	switch family {
	case "":
		return oneLine(formula)
	case "poisson": // a person
		family = capital(family)
	}
	return oneLine(fmt.Sprintf("%s, %s, link %s", formula, family, link))
}

// described names a model, with its family and link or the structure of its
// residuals, where it has these.
func described(m interface{ Formula() string }) string {
	if f := familyOf(m); f != nil {
		return withFamily(m.Formula(), f.Name(), f.Link())
	}
	if s, ok := m.(interface{ Residual() *lmm.Residual }); ok {
		if r := s.Residual(); r != nil {
			return oneLine(m.Formula() + ", residuals " + r.Structure)
		}
	}
	return oneLine(m.Formula())
}
