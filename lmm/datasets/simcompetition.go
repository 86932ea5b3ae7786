package datasets

import (
	"math/rand/v2"

	"github.com/golmm/golmm/lmm/table"
)

// Competition is groups whose members share what there is: two members of a group
// are less alike than strangers.
//
//	y = Intercept + Slope x + e,  cor(e_i, e_k) = Correlation in a group
//
// x is the place in the group, 0, 1, ... The columns are y, x and g.
type Competition struct {
	Groups int // default 40
	Rows   int // of a group; default 4

	Intercept, Slope float64
	Correlation      float64 // -1 / (Rows - 1) to 1
	Sigma            float64 // sd of e

	Seed uint64
}

// Truth is what the data are drawn from. No random effect of g makes a negative
// correlation; compound symmetry of the residuals does.
func (c Competition) Truth() Truth {
	t := Truth{Formula: "y ~ x", Note: "The residuals of a group have compound symmetry."}
	t.Parameters = []Parameter{{"(Intercept)", c.Intercept}, {"x", c.Slope}, {"correlation in g", c.Correlation}, {"sigma", c.Sigma}}
	return t
}

func (c Competition) seed() uint64 { return c.Seed }

func (c Competition) check() error {
	groups, rows := size(c.Groups, 40), size(c.Rows, 4)
	return first(
		atLeast("Groups", groups, 1), atLeast("Rows", rows, 2), rowLimit(float64(groups)*float64(rows)),
		within("Correlation", c.Correlation, -1/float64(rows-1), 1),
		spread("Sigma", c.Sigma), finite("Intercept", c.Intercept), finite("Slope", c.Slope),
	)
}

func (c Competition) draw(rng *rand.Rand) []*table.Column {
	groups, rows := size(c.Groups, 40), size(c.Rows, 4)
	y, x, g := make([]float64, 0, groups*rows), make([]float64, 0, groups*rows), make([]int32, 0, groups*rows)
	e := make([]float64, rows)
	for j := range groups {
		alike(rng, e, c.Correlation)
		for i := range e {
			at := float64(i)
			x, g = append(x, at), append(g, int32(j))
			y = append(y, round(c.Intercept+c.Slope*at+c.Sigma*e[i]))
		}
	}
	return []*table.Column{table.NewFloats("y", y), table.NewFloats("x", x), numbered("g", "", g, groups)}
}
