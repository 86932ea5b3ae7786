package plots

import "slices"

// choose are the places of Options.Parameters among names, in their order, or
// all places without them.
func (o Options) choose(names []string) ([]int, error) {
	if o.Parameters == nil {
		at := make([]int, len(names))
		for i := range at {
			at[i] = i
		}
		return at, nil
	}
	var at []int
	for _, p := range o.Parameters {
		k := slices.Index(names, p)
		if k < 0 {
			return nil, &OptionError{Option: "Parameters", Value: p, Known: names}
		}
		at = append(at, k)
	}
	if len(at) == 0 {
		return nil, &DataError{Reason: "Options.Parameters is empty, so that there is nothing to draw; leave it nil to draw all"}
	}
	return at, nil
}

// pairsOf are the pairs of n things, the first before the second.
func pairsOf(n int) [][2]int {
	var out [][2]int
	for i := range n {
		for j := i + 1; j < n; j++ {
			out = append(out, [2]int{i, j})
		}
	}
	return out
}
