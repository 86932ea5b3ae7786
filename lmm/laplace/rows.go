package laplace

import (
	"fmt"
	"hash/maphash"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/suffstat"
)

// maxDense bounds the coefficients of all grouping factors but the first: their
// matrix is dense.
const maxDense = 5000

func tooMany(group string, q int) error {
	return &suffstat.UnsupportedError{What: fmt.Sprintf("the random effects beside those of %s have %d coefficients, and up to %d can be held. Drop a term, or group by a coarser factor", group, q, maxDense)}
}

func supported(d *design.Design, set Settings) error {
	if len(d.Terms) == 0 {
		return &suffstat.UnsupportedError{What: "it has no random effects. Add a term such as (1 | group)"}
	}
	if set.Nodes < 2 {
		return nil
	}
	columns := 0
	for i := range d.Terms {
		if g := d.Terms[i].Group; g != d.Terms[0].Group {
			return &suffstat.UnsupportedError{What: fmt.Sprintf("adaptive quadrature needs a single grouping factor, and there are %s and %s. Use Laplace's approximation", d.Terms[0].Group, g)}
		}
		columns += d.Terms[i].Z.Cols
	}
	if math.Pow(float64(set.Nodes), float64(columns)) > maxNodes {
		return &suffstat.UnsupportedError{What: fmt.Sprintf("%d nodes in each of %d dimensions are more than %d. Use fewer nodes, or Laplace's approximation", set.Nodes, columns, maxNodes)}
	}
	return nil
}

// weights are the numbers of trials, or the weights, of the rows of a design; nil
// for all 1.
func weights(d *design.Design) []float64 {
	if d.Trials == nil {
		return d.Weights
	}
	if d.Weights == nil {
		return d.Trials
	}
	w := slices.Clone(d.Trials)
	for i, v := range d.Weights {
		w[i] *= v
	}
	return w
}

// grouping is a grouping factor with the terms on it.
type grouping struct {
	group  string
	levels int
	k      int
	terms  []int
	level  []int32
}

// factorsOf lists the grouping factors, the one with the most coefficients first,
// the others in the order of the design.
func factorsOf(d *design.Design) []grouping {
	var fs []grouping
	for t := range d.Terms {
		term := &d.Terms[t]
		i := slices.IndexFunc(fs, func(f grouping) bool { return f.group == term.Group })
		if i < 0 {
			i = len(fs)
			fs = append(fs, grouping{group: term.Group, levels: len(term.Levels), level: term.Level})
		}
		fs[i].terms = append(fs[i].terms, t)
		fs[i].k += term.Z.Cols
	}
	first := 0
	for i, f := range fs {
		if f.levels*f.k > fs[first].levels*fs[first].k {
			first = i
		}
	}
	f := fs[first]
	return slices.Insert(slices.Delete(fs, first, first+1), 0, f)
}

// rows are the rows of a design, those with the same predictors, levels and
// offset as one: the log-likelihood is linear in the response. They stand by
// level of the first factor.
type rows struct {
	n      int
	of     []int32 // a row of the design: which row it is in
	first  []int32 // a row: the first row of the design that is in it
	x      []float64
	z      [][]float64 // a factor: n x k
	p      int
	level  [][]int32 // a factor
	y, w   []float64
	offset []float64
	// raw are the responses and weights of the design.
	rawY, rawW []float64
	// tally are the distinct responses with the sum of their weights, for the part
	// of the log-likelihood that a shape enters; constant is the part where there is
	// no shape.
	tally    []tally
	constant float64
}

type tally struct{ y, w float64 }

// newRows collects the rows of a design.
func newRows(d *design.Design, fam *family.Family, w []float64, order []grouping) *rows {
	raw := len(d.Y)
	r := &rows{p: d.X.Cols, of: make([]int32, raw), rawW: w}
	if repeats(d) {
		r.collapse(d)
	} else {
		r.first = make([]int32, raw)
		for i := range r.of {
			r.of[i], r.first[i] = int32(i), int32(i)
		}
	}
	r.sort(order[0].level, order[0].levels)
	r.fill(d, order)
	return r.with(fam, d.Y)
}

// samples is the number of rows of each of two samples in which repeats looks.
const samples = 4096

// repeats says whether it pays to look for rows with equal predictors: whether
// there are any in two samples, rows that follow each other, for data sorted by
// group, and rows that stand evenly, for others.
func repeats(d *design.Design) bool {
	n := len(d.Y)
	if n <= 4*samples {
		return true
	}
	const run = 64
	for _, length := range []int{run, 1} {
		seen := make(map[string]bool, samples)
		var buf []byte
		for at := range samples {
			i := at/length*(n/(samples/length)) + at%length
			buf = key(buf[:0], d, i)
			if seen[string(buf)] {
				return true
			}
			seen[string(buf)] = true
		}
	}
	return false
}

// collapse finds the rows with equal predictors, levels and offset.
func (r *rows) collapse(d *design.Design) {
	seed := maphash.MakeSeed()
	seen := make(map[uint64]int32, len(r.of)/4)
	var chain []int32 // the next row with the same hash, -1 for none
	var buf []byte
	for i := range r.of {
		buf = key(buf[:0], d, i)
		h := maphash.Bytes(seed, buf)
		at, ok := seen[h]
		if !ok {
			at = -1
		}
		last := at
		for at >= 0 && !same(d, int(r.first[at]), i) {
			at = chain[at]
		}
		if at < 0 {
			at = int32(len(r.first))
			r.first, chain = append(r.first, int32(i)), append(chain, last)
			seen[h] = at
		}
		r.of[i] = at
	}
}

// key are the bits by which rows are told apart.
func key(buf []byte, d *design.Design, i int) []byte {
	put := func(v float64) {
		b := math.Float64bits(v + 0) // -0 is 0
		buf = append(buf, byte(b), byte(b>>8), byte(b>>16), byte(b>>24), byte(b>>32), byte(b>>40), byte(b>>48), byte(b>>56))
	}
	for _, v := range d.X.Row(i) {
		put(v)
	}
	if d.Offset != nil {
		put(d.Offset[i])
	}
	for t := range d.Terms {
		l := d.Terms[t].Level[i]
		buf = append(buf, byte(l), byte(l>>8), byte(l>>16), byte(l>>24))
		if d.Terms[t].Z.Cols > 1 || d.Terms[t].Z.At(i, 0) != 1 {
			for _, v := range d.Terms[t].Z.Row(i) {
				put(v)
			}
		}
	}
	return buf
}

func same(d *design.Design, i, j int) bool {
	if !slices.Equal(d.X.Row(i), d.X.Row(j)) || d.Offset != nil && d.Offset[i] != d.Offset[j] {
		return false
	}
	for t := range d.Terms {
		m := &d.Terms[t]
		if m.Level[i] != m.Level[j] || !slices.Equal(m.Z.Row(i), m.Z.Row(j)) {
			return false
		}
	}
	return true
}

// sort puts the rows into the order of the levels of the first factor, those of
// a level as they come in the design.
func (r *rows) sort(level []int32, levels int) {
	r.n = len(r.first)
	next := make([]int32, levels+1)
	for _, a := range r.first {
		next[level[a]+1]++
	}
	for s := range levels {
		next[s+1] += next[s]
	}
	first, to := make([]int32, r.n), make([]int32, r.n)
	for i, a := range r.first {
		s := level[a]
		to[i], first[next[s]] = next[s], a
		next[s]++
	}
	r.first = first
	for i, a := range r.of {
		r.of[i] = to[a]
	}
}

// fill copies predictors, levels and offsets.
func (r *rows) fill(d *design.Design, order []grouping) {
	r.x, r.offset = make([]float64, r.n*r.p), make([]float64, r.n)
	for _, f := range order {
		z, level := make([]float64, r.n*f.k), make([]int32, r.n)
		for i, a := range r.first {
			level[i] = f.level[a]
			at := i * f.k
			for _, t := range f.terms {
				at += copy(z[at:], d.Terms[t].Z.Row(int(a)))
			}
		}
		r.z, r.level = append(r.z, z), append(r.level, level)
	}
	for i, a := range r.first {
		copy(r.x[i*r.p:], d.X.Row(int(a)))
		if d.Offset != nil {
			r.offset[i] = d.Offset[a]
		}
	}
}

// with returns the rows with another response.
func (r *rows) with(fam *family.Family, y []float64) *rows {
	out := *r
	out.rawY = y
	out.y, out.w = make([]float64, r.n), make([]float64, r.n)
	out.tally, out.constant = nil, 0
	seen := map[float64]int{}
	var logs, total float64
	for i, v := range y {
		w := r.part(i)
		out.w[r.of[i]] += w
		out.y[r.of[i]] += w * v
		if !fam.HasShape() {
			out.constant += fam.Constant(v, w, 1)
			continue
		}
		if fam.Name() == "gamma" { // whose constant is linear in the log of y
			logs, total = logs+w*math.Log(v), total+w
			continue
		}
		at, ok := seen[v]
		if !ok {
			at = len(out.tally)
			seen[v] = at
			out.tally = append(out.tally, tally{y: v})
		}
		out.tally[at].w += w
	}
	if total > 0 {
		out.tally = []tally{{math.Exp(logs / total), total}}
	}
	for i := range out.y {
		out.y[i] /= out.w[i]
		if fam.Name() == "binomial" {
			out.y[i] = math.Min(out.y[i], 1) // rounding of the mean
		}
	}
	return &out
}
