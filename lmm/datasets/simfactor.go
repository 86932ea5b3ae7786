package datasets

import (
	"math/rand/v2"
	"slices"

	"github.com/golmm/golmm/lmm/table"
)

// Factor is groups that are seen at every level of a factor, with an effect of
// their own at each:
//
//	y = Means[f] + b_f + e,  sd of b_f is SD, cor(b_f, b_h) = Correlation
//
// At correlation 1 all effects of a group are one: a matrix of Levels (Levels + 1)
// / 2 parameters for one variance. The columns are y, f and g.
type Factor struct {
	Groups int       // default 10
	Levels int       // default 6
	Rows   int       // of a group at a level; default 5
	Means  []float64 // of the levels; nil: all 0

	SD, Correlation float64 // the correlation from -1 / (Levels - 1) to 1
	Sigma           float64 // sd of e

	Seed uint64
}

// Truth is what the data are drawn from.
func (c Factor) Truth() Truth {
	t := Truth{Formula: "y ~ 0 + f + cs(0 + f | g)", Note: "cs stands for compound symmetry: one sd and one correlation for all levels."}
	if err := c.check(); err != nil {
		t.Note = err.Error() // there may be no levels to name
		return t
	}
	for i, level := range numbered("f", "f", nil, size(c.Levels, 6)).Levels() {
		mean := 0.0
		if i < len(c.Means) {
			mean = c.Means[i]
		}
		t.Parameters = append(t.Parameters, Parameter{"f" + level, mean})
	}
	t.Parameters = append(t.Parameters, Parameter{"sd of an effect of g", c.SD}, Parameter{"correlation of two effects of g", c.Correlation}, Parameter{"sigma", c.Sigma})
	return t
}

func (c Factor) seed() uint64 { return c.Seed }

func (c Factor) check() error {
	groups, levels, rows := size(c.Groups, 10), size(c.Levels, 6), size(c.Rows, 5)
	err := first(
		atLeast("Groups", groups, 1), atLeast("Levels", levels, 2), atLeast("Rows", rows, 1),
		rowLimit(float64(groups)*float64(levels)*float64(rows)),
		spread("SD", c.SD), spread("Sigma", c.Sigma), within("Correlation", c.Correlation, -1/float64(max(1, levels-1)), 1),
	)
	if err == nil && c.Means != nil && len(c.Means) != levels {
		err = &CaseError{"Means", "must have one number for each level, or none"}
	}
	if err == nil && slices.ContainsFunc(c.Means, func(m float64) bool { return finite("Means", m) != nil }) {
		err = &CaseError{"Means", "must be finite numbers"}
	}
	return err
}

func (c Factor) draw(rng *rand.Rand) []*table.Column {
	groups, levels, rows := size(c.Groups, 10), size(c.Levels, 6), size(c.Rows, 5)
	var y []float64
	var f, g []int32
	b := make([]float64, levels)
	for j := range groups {
		alike(rng, b, c.Correlation)
		for l := range b {
			eta := c.SD * b[l]
			if c.Means != nil {
				eta += c.Means[l]
			}
			for range rows {
				y = append(y, round(eta+c.Sigma*rng.NormFloat64()))
				f, g = append(f, int32(l)), append(g, int32(j))
			}
		}
	}
	return []*table.Column{table.NewFloats("y", y), numbered("f", "f", f, levels), numbered("g", "", g, groups)}
}
