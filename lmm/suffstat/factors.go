package suffstat

import (
	"cmp"
	"slices"

	"github.com/golmm/golmm/lmm/design"
)

// Factor is a grouping factor with the columns of all its terms side by side.
type Factor struct {
	Group  string
	Levels int
	K      int   // sum of k over Terms
	Terms  []int // of the design, in its order: their columns in the K of the factor

	level []int32 // n
}

// factorsOf merges the terms of each grouping factor.
func factorsOf(d *design.Design) []Factor {
	var fs []Factor
	at := make(map[string]int)
	for b := range d.Terms {
		t := &d.Terms[b]
		i, ok := at[t.Group]
		if !ok {
			i = len(fs)
			at[t.Group] = i
			fs = append(fs, Factor{Group: t.Group, Levels: len(t.Levels), level: t.Level})
		}
		fs[i].Terms = append(fs[i].Terms, b)
		fs[i].K += t.Z.Cols
	}
	return fs
}

// parents returns, for each level of f, the level of g that holds all its
// rows, or nil if f is not nested in g.
func parents(f, g *Factor) []int32 {
	if f.Levels < g.Levels {
		return nil
	}
	up := make([]int32, f.Levels)
	for s := range up {
		up[s] = -1
	}
	for i, s := range f.level {
		switch l := g.level[i]; up[s] {
		case -1:
			up[s] = l
		case l:
		default:
			return nil
		}
	}
	return up
}

// order puts the factors into the order of elimination. The first of them,
// links in number, are the chain with the most columns in which every factor
// is nested in all later ones: eliminating it fills nothing in. The others
// follow by decreasing numbers of columns.
//
// Nesting is transitive, so that the heaviest chain from each factor upwards is
// the factor and the heaviest chain from one that it is nested in.
func order(fs []Factor) (ordered []Factor, links int) {
	// A factor is nested in factors of at most as many levels.
	slices.SortStableFunc(fs, func(a, b Factor) int { return cmp.Compare(b.Levels, a.Levels) })
	weight, next := make([]int, len(fs)), make([]int, len(fs))
	first := -1
	for i := len(fs) - 1; i >= 0; i-- {
		next[i] = -1
		for j := i + 1; j < len(fs); j++ {
			if weight[j] > weight[i] && parents(&fs[i], &fs[j]) != nil {
				weight[i], next[i] = weight[j], j
			}
		}
		weight[i] += fs[i].Levels * fs[i].K
		if first < 0 || weight[i] >= weight[first] {
			first = i
		}
	}
	inChain := make([]bool, len(fs))
	for i := first; i >= 0; i = next[i] {
		ordered = append(ordered, fs[i])
		inChain[i] = true
	}
	links = len(ordered)
	for i, f := range fs {
		if !inChain[i] {
			ordered = append(ordered, f)
		}
	}
	slices.SortStableFunc(ordered[links:], func(a, b Factor) int { return cmp.Compare(b.Levels*b.K, a.Levels*a.K) })
	return ordered, links
}
