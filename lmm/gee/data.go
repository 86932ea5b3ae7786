package gee

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/table"
)

// data are the rows of a design, those of a subject one after the other in
// order of time.
type data struct {
	n, p    int
	y       []float64
	weight  []float64 // n: prior weights times trials
	offset  []float64 // n
	counts  bool      // the response is a pair of counts
	q       []float64 // n x p: X R^-1, so that Q'Q = n I
	r       []float64 // p x p upper triangle, X = Q R
	rows    []int     // row of the table
	start   []int     // rows start[i] .. start[i+1]-1 belong to subject i
	subject []string
	time    []float64 // n: the time itself, or the position within the subject
	at      []int32   // n: index of the occasion
	// occasions are the distinct times in order, by their text.
	occasions []string
	occasion  []float64 // their times
	whole     bool      // all differences in time are whole numbers
}

// newData sorts the rows of a design by subject and time.
func newData(d *design.Design, opt *Options) (*data, error) {
	n, p := d.X.Rows, d.X.Cols
	out := &data{n: n, p: p, counts: d.Trials != nil}
	subject, err := d.Table().Lookup(opt.Subject)
	if err != nil {
		return nil, err
	}
	subject = subject.AsFactor()
	times, err := timesOf(d, opt.Time)
	if err != nil {
		return nil, err
	}
	codes := make([]int32, n)
	for i, row := range d.Rows {
		codes[i] = subject.Code(row)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if c := cmp.Compare(codes[a], codes[b]); c != 0 {
			return c
		}
		return cmp.Compare(times[a], times[b])
	})
	for k, i := range order {
		if k == 0 || codes[i] != codes[order[k-1]] {
			out.start = append(out.start, k)
			out.subject = append(out.subject, subject.Text(d.Rows[i]))
		} else if opt.Time != "" && times[i] == times[order[k-1]] {
			return nil, fmt.Errorf("subject %s has two rows at %s = %s (rows %d and %d of the table); a subject has one row at a time, or no Time is given",
				subject.Text(d.Rows[i]), opt.Time, d.Table().Column(opt.Time).Text(d.Rows[i]), d.Rows[order[k-1]]+1, d.Rows[i]+1)
		}
	}
	out.start = append(out.start, n)
	if len(out.subject) < 2 {
		return nil, fmt.Errorf("%s has the single value %s in the %d rows used; robust standard errors need many subjects", opt.Subject, out.subject[0], n)
	}
	if len(out.subject) <= p {
		return nil, fmt.Errorf("there are %d subjects and %d coefficients; robust standard errors need more subjects than coefficients", len(out.subject), p)
	}
	out.fill(d, order, times)
	out.placeOccasions(d, opt.Time)
	return out, nil
}

// timesOf returns the time of each row of the design; 0 where none is given.
func timesOf(d *design.Design, name string) ([]float64, error) {
	out := make([]float64, len(d.Rows))
	if name == "" {
		return out, nil
	}
	c, err := d.Table().Lookup(name)
	if err != nil {
		return nil, err
	}
	for i, row := range d.Rows {
		switch c.Kind() {
		case table.Factor, table.Ordered:
			out[i] = float64(c.Code(row))
		case table.Float, table.Int:
			out[i] = c.Float(row)
		default:
			return nil, fmt.Errorf("the time %s is %s; it must be a number, or a factor with its levels in order", name, c.Kind())
		}
	}
	return out, nil
}

// fill copies the rows in their order and orthogonalises X.
func (out *data) fill(d *design.Design, order []int, times []float64) {
	n, p := out.n, out.p
	out.y, out.weight, out.offset = make([]float64, n), make([]float64, n), make([]float64, n)
	out.time, out.rows = make([]float64, n), make([]int, n)
	out.q = make([]float64, n*p)
	tall := dense.NewTallR(p)
	for k, i := range order {
		tall.Add(d.X.Row(i))
		out.y[k], out.weight[k], out.time[k], out.rows[k] = d.Y[i], 1, times[i], d.Rows[i]
		if d.Weights != nil {
			out.weight[k] = d.Weights[i]
		}
		if d.Trials != nil {
			out.weight[k] *= d.Trials[i]
		}
		if d.Offset != nil {
			out.offset[k] = d.Offset[i]
		}
	}
	out.r = tall.R()
	root := math.Sqrt(float64(n))
	for j := range out.r {
		out.r[j] /= root
	}
	for k, i := range order {
		q := out.q[k*p : k*p+p]
		copy(q, d.X.Row(i))
		for j := range p { // q R = x
			for l := range j {
				q[j] -= q[l] * out.r[l*p+j]
			}
			q[j] /= out.r[j*p+j]
		}
	}
}

// placeOccasions finds the distinct times and the occasion of each row.
func (out *data) placeOccasions(d *design.Design, name string) {
	out.at = make([]int32, out.n)
	out.whole = true
	if name == "" {
		most := 0
		for s := range out.subject {
			for k := out.start[s]; k < out.start[s+1]; k++ {
				out.time[k], out.at[k] = float64(k-out.start[s]), int32(k-out.start[s])
				most = max(most, k-out.start[s]+1)
			}
		}
		for i := range most {
			out.occasions = append(out.occasions, fmt.Sprint(i+1))
			out.occasion = append(out.occasion, float64(i))
		}
		return
	}
	distinct := slices.Clone(out.time)
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	texts := make([]string, len(distinct))
	column := d.Table().Column(name)
	for k, t := range out.time {
		at, _ := slices.BinarySearch(distinct, t)
		out.at[k] = int32(at)
		texts[at] = column.Text(out.rows[k])
		out.whole = out.whole && t-out.time[0] == math.Trunc(t-out.time[0])
	}
	out.occasions, out.occasion = texts, distinct
}

// sizes returns the number of rows of the smallest and the largest subject.
func (out *data) sizes() (least, most int) {
	least = out.n
	for s := range out.subject {
		m := out.start[s+1] - out.start[s]
		least, most = min(least, m), max(most, m)
	}
	return least, most
}
