package covstruct

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/suffstat"
)

// group is a set of rows that are independent of all others, subjects together
// that share a level of a random term; its rows stand subject by subject in
// order of time.
type group struct {
	rows     []int
	subjects []span
	blocks   []zblock
	free     []zblock // of the free components
}

type span struct{ from, to int }

// zblock is the rows of a group in one level of a term.
type zblock struct {
	term  int
	level int32
	at    []int     // in group.rows
	root  []float64 // of the weights of these rows, of a free component
}

// kind is a set of groups that have the same V at any parameters: the same
// times, variance covariates and columns of Z.
type kind struct {
	group           // the first of them, which stands for all
	all   []group   // rows and levels of each
	xy    []float64 // n x len(all) (p+1): [X y] of each group side by side
	// moments are the sums of products of the entries of [X y], nil where there
	// are few groups.
	moments []float64
}

// maxGroup bounds the rows of a group: its V is held as a whole.
const maxGroup = 4000

// newKinds splits the rows into groups and finds those that are alike.
func newKinds(s *Structure, d *design.Design, r *suffstat.Rows) ([]kind, error) {
	groups := connect(s, d)
	var kinds []kind
	index := map[string]int{}
	for _, g := range groups {
		if len(g.rows) > maxGroup {
			return nil, dataError(0, "%d rows depend on each other through the terms of the model, more than the %d that a structured residual covariance can hold; crossed terms join all their levels",
				len(g.rows), maxGroup)
		}
		key := s.signature(g, d, r)
		k, ok := index[key]
		if !ok {
			k = len(kinds)
			index[key] = k
			kinds = append(kinds, kind{group: g})
		}
		kinds[k].all = append(kinds[k].all, g)
	}
	for k := range kinds {
		kinds[k].stack(r)
	}
	return kinds, nil
}

// stack sets xy and moments.
func (k *kind) stack(r *suffstat.Rows) {
	n, m, p := len(k.rows), r.P+1, r.P
	width := len(k.all) * m
	k.xy = make([]float64, n*width)
	for c, g := range k.all {
		for i, row := range g.rows {
			out := k.xy[i*width+c*m:][:m]
			copy(out, r.X[row*p:row*p+p])
			out[p] = r.Y[row]
		}
	}
	k.computeMoments(m)
}

// connect joins rows that share a subject or a level of a term.
func connect(s *Structure, d *design.Design) []group {
	n := len(s.subject)
	parent := make([]int, n)
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	join := func(code func(i int) int32, levels int) {
		first := make([]int, levels)
		for i := range first {
			first[i] = -1
		}
		for i := range n {
			c := code(i)
			if first[c] < 0 {
				first[c] = i
				continue
			}
			parent[root(i)] = root(first[c])
		}
	}
	join(func(i int) int32 { return s.subject[i] }, len(s.Subjects))
	for t := range d.Terms {
		join(func(i int) int32 { return d.Terms[t].Level[i] }, len(d.Terms[t].Levels))
	}
	for t := range s.free {
		join(func(i int) int32 { return s.free[t].level[i] }, len(s.free[t].count))
	}
	order := make([]int, 0, n) // roots in order of appearance
	members := map[int][]int{}
	for i := range n {
		r := root(i)
		if members[r] == nil {
			order = append(order, r)
		}
		members[r] = append(members[r], i)
	}
	groups := make([]group, len(order))
	for g, r := range order {
		groups[g] = newGroup(s, d, members[r])
	}
	return groups
}

func newGroup(s *Structure, d *design.Design, rows []int) group {
	slices.SortStableFunc(rows, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.subject[a], s.subject[b]), cmp.Compare(s.places[a].t, s.places[b].t))
	})
	g := group{rows: rows}
	for i, r := range rows {
		if i == 0 || s.subject[r] != s.subject[rows[i-1]] {
			g.subjects = append(g.subjects, span{i, i})
		}
		g.subjects[len(g.subjects)-1].to = i + 1
	}
	for t := range d.Terms {
		at := map[int32]int{}
		for i, r := range rows {
			level := d.Terms[t].Level[r]
			b, ok := at[level]
			if !ok {
				b = len(g.blocks)
				at[level] = b
				g.blocks = append(g.blocks, zblock{term: t, level: level})
			}
			g.blocks[b].at = append(g.blocks[b].at, i)
		}
	}
	g.free = s.freeBlocks(d, rows)
	return g
}

// signature is the same for groups whose V is the same at any parameters.
func (s *Structure) signature(g group, d *design.Design, r *suffstat.Rows) string {
	var key []byte
	number := func(v float64) { key = binary.LittleEndian.AppendUint64(key, math.Float64bits(v)) }
	q := len(s.vars.parts)
	for _, sp := range g.subjects {
		key = fmt.Appendf(key, "s%d ", sp.to-sp.from)
		first := s.places[g.rows[sp.from]].t
		for _, row := range g.rows[sp.from:sp.to] {
			p := s.places[row]
			number(p.t - first)
			if s.Spec.Kind == "corr" {
				number(float64(p.occ))
			}
			for _, u := range s.vars.u[row*q : row*q+q] {
				number(u)
			}
		}
	}
	for _, b := range g.blocks {
		key = fmt.Appendf(key, "z%d %d ", b.term, len(b.at))
		k := d.Terms[b.term].Z.Cols
		for _, i := range b.at {
			number(float64(i))
			for _, v := range r.Z[b.term][g.rows[i]*k:][:k] {
				number(v)
			}
		}
	}
	for _, b := range g.free {
		key = fmt.Appendf(key, "f%d %d ", b.term, len(b.at))
		for x, i := range b.at {
			number(float64(i))
			number(b.root[x])
		}
	}
	return string(key)
}
