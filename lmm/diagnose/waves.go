package diagnose

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/table"
)

// waves is D10 of a panel: a grouping factor whose levels are measured at most once
// at each value of some column, at fewer and fewer of them.
func (s *subject) waves() []finding.Finding {
	for t := range s.d.Terms {
		term := &s.d.Terms[t]
		for _, c := range s.d.Table().Columns() {
			if names, counts, monotone := s.panel(term, c); names != nil {
				return []finding.Finding{missingWaves(term, c.Name(), names, counts, monotone)}
			}
		}
	}
	return nil
}

// panel counts the levels of a term with a row at each value of a column, in the
// order of the values; nil where the column is no wave, or nobody is missing.
// Monotone says that no level comes back.
func (s *subject) panel(term *design.Term, c *table.Column) (names []string, counts []int, monotone bool) {
	if c.Kind() != table.Float && c.Kind() != table.Int || c.Name() == term.Group {
		return nil, nil, false
	}
	values := map[float64]int{}
	for _, row := range s.d.Rows {
		v := c.Float(row)
		if math.IsNaN(v) {
			return nil, nil, false
		}
		if values[v]++; len(values) > maxWaves {
			return nil, nil, false
		}
	}
	if len(values) < 2 {
		return nil, nil, false
	}
	var order []float64
	for v := range values {
		order = append(order, v)
	}
	slices.Sort(order)
	seen := make([][]bool, len(term.Levels))
	for i, row := range s.d.Rows {
		l := term.Level[i]
		if seen[l] == nil {
			seen[l] = make([]bool, len(order))
		}
		w, _ := slices.BinarySearch(order, c.Float(row))
		if seen[l][w] {
			return nil, nil, false // twice at one value: no wave
		}
		seen[l][w] = true
	}
	counts = make([]int, len(order))
	monotone = true
	for _, at := range seen {
		gone := false
		for w, here := range at {
			if here {
				counts[w]++
			}
			monotone = monotone && !(gone && here)
			gone = gone || !here
		}
	}
	// Everybody is there at the beginning, most or all, and some are missing later.
	if counts[0] < (9*len(term.Levels)+9)/10 || slices.Min(counts) == len(term.Levels) {
		return nil, nil, false
	}
	for _, v := range order {
		names = append(names, strconv.FormatFloat(v, 'g', -1, 64))
	}
	return names, counts, monotone
}

func missingWaves(term *design.Term, column string, names []string, counts []int, monotone bool) finding.Finding {
	f := finding.Finding{Code: "D10", Name: "MISSING", Severity: finding.Note, Params: []string{term.Group, column},
		Remedies: []string{"See whether those who leave differ in what was measured before, and put that into the model."}}
	for w, n := range counts {
		f.Evidence = append(f.Evidence, finding.Evidence{Check: "levels of " + term.Group + " with a row at " + column + " " + names[w], Found: float64(n)})
	}
	how := "some are missing at times"
	if monotone {
		how = "who is gone stays away"
	}
	f.Meaning = fmt.Sprintf("Of %s of %s, %d have a row at the last %s: %s. The likelihood takes what is missing to depend on nothing but what was observed.",
		plural(len(term.Levels), "level"), term.Group, counts[len(counts)-1], column, how)
	return f
}
