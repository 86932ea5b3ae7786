package datasets

import (
	"math/rand/v2"

	"github.com/golmm/golmm/lmm/table"
)

// Separation is a binary response in groups, every second of which is treated;
// all treated rows respond but for Exceptions of them:
//
//	logit P(y = 1) = Intercept + Slope x + b0, untreated
//
// With 0 exceptions the estimate of the treatment is infinite. The columns are y
// (0 or 1), x, treated (0 or 1) and g.
type Separation struct {
	Groups     int // default 12
	Rows       int // of a group; default 15
	Exceptions int // treated rows that do not respond, the first of each treated group in turn

	Intercept, Slope float64
	InterceptSD      float64 // of b0

	Seed uint64
}

// Truth is what the data are drawn from.
func (c Separation) Truth() Truth {
	t := Truth{Formula: "y ~ x + treated + (1 | g)", Note: "Of the treated rows a fixed number does not respond, so that the treatment has no true coefficient."}
	t.Parameters = []Parameter{{"(Intercept)", c.Intercept}, {"x", c.Slope}, {"sd_(Intercept)|g", c.InterceptSD}, {"treated rows without response", float64(c.Exceptions)}}
	return t
}

func (c Separation) seed() uint64 { return c.Seed }

func (c Separation) check() error {
	groups, rows := size(c.Groups, 12), size(c.Rows, 15)
	return first(
		atLeast("Groups", groups, 2), atLeast("Rows", rows, 1), rowLimit(float64(groups)*float64(rows)),
		within("Exceptions", float64(c.Exceptions), 0, float64(groups/2*rows)),
		finite("Intercept", c.Intercept), finite("Slope", c.Slope), spread("InterceptSD", c.InterceptSD),
	)
}

func (c Separation) draw(rng *rand.Rand) []*table.Column {
	groups, rows := size(c.Groups, 12), size(c.Rows, 15)
	var y, x, treated []float64
	var g []int32
	for j := range groups {
		b0 := c.InterceptSD * rng.NormFloat64()
		for i := range rows {
			xi := round(rng.NormFloat64())
			response := chance(rng, c.Intercept+c.Slope*xi+b0)
			if j%2 == 1 {
				response = 1
				if i*(groups/2)+j/2 < c.Exceptions {
					response = 0
				}
			}
			y, x, treated, g = append(y, response), append(x, xi), append(treated, float64(j%2)), append(g, int32(j))
		}
	}
	return []*table.Column{table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("treated", treated), numbered("g", "", g, groups)}
}
