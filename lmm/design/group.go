package design

import (
	"slices"

	"github.com/golmm/golmm/lmm/formula"
)

// grouping is a grouping factor: one variable or an interaction of several.
type grouping struct {
	vars   []int   // of frame.groups
	codes  []int32 // n, index into levels
	levels []string
	// members holds, level by level, the codes of the variables.
	members []int32
}

// grouping combines the variables of a grouping factor. The levels of a:b are
// the combinations in use, those of a running slowest, named "a1:b1".
func (fr *frame) grouping(nodes []formula.Node) grouping {
	var g grouping
	for k, n := range nodes {
		at := fr.groupAt[n.String()]
		v := fr.groups[at].val
		if k == 0 {
			g = grouping{vars: []int{at}, codes: v.codes, levels: v.levels, members: make([]int32, len(v.levels))}
			for l := range g.members {
				g.members[l] = int32(l)
			}
			continue
		}
		g = g.cross(at, v)
	}
	return g
}

// cross returns the interaction of g and v, the variable at index at.
func (g grouping) cross(at int, v *value) grouping {
	codes, pairs := combine(g.codes, v.codes, len(v.levels))
	parts := len(g.vars)
	out := grouping{vars: append(slices.Clone(g.vars), at), codes: codes,
		levels: make([]string, len(pairs)), members: make([]int32, 0, len(pairs)*(parts+1))}
	for l, pair := range pairs {
		a, b := int(pair/int64(len(v.levels))), int32(pair%int64(len(v.levels)))
		out.levels[l] = g.levels[a] + ":" + v.levels[b]
		out.members = append(out.members, g.members[a*parts:(a+1)*parts]...)
		out.members = append(out.members, b)
	}
	return out
}

// combine numbers the pairs (a_i, b_i) that occur in increasing order; a pair
// is a * nb + b.
func combine(a, b []int32, nb int) (codes []int32, pairs []int64) {
	place := make(map[int64]int32)
	for i := range a {
		pair := int64(a[i])*int64(nb) + int64(b[i])
		if _, ok := place[pair]; !ok {
			place[pair] = 0
			pairs = append(pairs, pair)
		}
	}
	slices.Sort(pairs)
	for k, pair := range pairs {
		place[pair] = int32(k)
	}
	codes = make([]int32, len(a))
	for i := range a {
		codes[i] = place[int64(a[i])*int64(nb)+int64(b[i])]
	}
	return codes, pairs
}
