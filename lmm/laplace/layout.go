package laplace

import (
	"cmp"
	"iter"
	"slices"

	"github.com/golmm/golmm/lmm/design"
)

// layout says where the parts of S = Z'WZ stand. The levels of the first factor
// have blocks of their own; the columns of the others are dense.
type layout struct {
	fs   []grouping
	at   [][]int // a factor, a term of it: its first column within the level
	k    int     // columns of a level of the first factor
	n    int     // levels of it
	from []int   // n + 1: its rows
	col  []int   // a further factor: its first column in the dense part
	q    int     // columns of the dense part
	// meets[start[s]:start[s+1]] are the dense columns that level s meets.
	start []int
	meets []int32
	// pos, a further factor: where the columns of a row stand in that list.
	pos [][]int32
	// series are all the levels, in their order.
	series []series
	// single says that no factor has more than one column.
	single bool
}

// series are levels of the first factor that follow each other and meet the same
// dense columns, width of them from the first, so that their S_sF are a matrix; or
// a single level that meets columns which do not follow each other; or levels that
// meet none. The first of both is -1.
type series struct{ from, to, first, width int }

const (
	seriesRows  = 256     // rows of the matrix of a series
	seriesCells = 1 << 14 // cells of it, if it has more than one level
)

func newLayout(d *design.Design, fs []grouping, r *rows) *layout {
	l := &layout{fs: fs, k: fs[0].k, n: fs[0].levels}
	for i, f := range fs {
		var at []int
		next := 0
		for _, t := range f.terms {
			at = append(at, next)
			next += d.Terms[t].Z.Cols
		}
		l.at = append(l.at, at)
		if i > 0 {
			l.col = append(l.col, l.q)
			l.q += f.levels * f.k
		}
	}
	l.from = make([]int, l.n+1)
	for _, s := range r.level[0] {
		l.from[s+1]++
	}
	for s := range l.n {
		l.from[s+1] += l.from[s]
	}
	l.meet(r)
	l.line()
	l.single = !slices.ContainsFunc(fs, func(f grouping) bool { return f.k > 1 })
	return l
}

// line puts the levels into series.
func (l *layout) line() {
	for s := range l.n {
		next := series{s, s + 1, -1, l.width(s)}
		if first, ok := l.run(s); ok {
			next.first = first
		}
		if n := len(l.series) - 1; n >= 0 && l.series[n].takes(next, l.k) {
			l.series[n].to++
			continue
		}
		l.series = append(l.series, next)
	}
}

// takes says whether the level that follows can be one of the series.
func (r series) takes(next series, k int) bool {
	if next.first != r.first || next.width != r.width {
		return false
	}
	rows := k * (next.to - r.from)
	return r.width == 0 || r.first >= 0 && rows <= seriesRows && rows*r.width <= seriesCells
}

// within are the series of the levels from s0 to s1, and parts of them.
func (l *layout) within(s0, s1 int) iter.Seq[series] {
	return func(yield func(series) bool) {
		at, _ := slices.BinarySearchFunc(l.series, s0, func(r series, s int) int { return cmp.Compare(r.to, s+1) })
		for _, r := range l.series[at:] {
			r.from, r.to = max(r.from, s0), min(r.to, s1)
			if r.from >= r.to || !yield(r) {
				return
			}
		}
	}
}

// meet finds the dense columns of each level.
func (l *layout) meet(r *rows) {
	l.start = make([]int, l.n+1)
	if l.q == 0 || l.q > maxDense {
		return
	}
	for range l.col {
		l.pos = append(l.pos, make([]int32, r.n))
	}
	seen := make([]int32, l.q) // 1 + the last level that met a column
	place := make([]int32, l.q)
	for s := range l.n {
		for f, first := range l.col {
			k := l.fs[f+1].k
			for i := l.from[s]; i < l.from[s+1]; i++ {
				c := first + int(r.level[f+1][i])*k
				if seen[c] == int32(s+1) {
					continue
				}
				seen[c] = int32(s + 1)
				for j := range k {
					l.meets = append(l.meets, int32(c+j))
				}
			}
		}
		list := l.meets[l.start[s]:]
		slices.Sort(list)
		l.start[s+1] = len(l.meets)
		for i, c := range list {
			place[c] = int32(i)
		}
		for f, first := range l.col {
			for i := l.from[s]; i < l.from[s+1]; i++ {
				l.pos[f][i] = place[first+int(r.level[f+1][i])*l.fs[f+1].k]
			}
		}
	}
}

// run says that the columns a level meets follow each other, from the first.
func (l *layout) run(s int) (first int, ok bool) {
	list := l.meets[l.start[s]:l.start[s+1]]
	if len(list) == 0 {
		return 0, false
	}
	first = int(list[0])
	return first, int(list[len(list)-1])-first == len(list)-1
}

// width is the number of dense columns that level s meets.
func (l *layout) width(s int) int { return l.start[s+1] - l.start[s] }
