package laplace

import (
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
}

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
	return l
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
