package datasets

import (
	"math/rand/v2"

	"github.com/golmm/golmm/lmm/table"
)

// Traits is two traits of children in families, as in the search for a genetic
// correlation:
//
//	y_trait = Mean_trait + f_trait + c_trait
//
// with f drawn for a family and c for a child. The columns are y, trait (t1, t2),
// child and family.
type Traits struct {
	Families int // default 50
	Children int // of a family; default 4

	Mean              [2]float64
	FamilySD          [2]float64
	FamilyCorrelation float64 // -1 to 1
	ChildSD           [2]float64
	ChildCorrelation  float64 // -1 to 1

	Seed uint64
}

// Truth is what the data are drawn from.
func (c Traits) Truth() Truth {
	return Truth{
		Formula: "y ~ 0 + trait + (0 + trait | family)",
		Parameters: []Parameter{
			{"traitt1", c.Mean[0]}, {"traitt2", c.Mean[1]},
			{"sd_traitt1|family", c.FamilySD[0]}, {"sd_traitt2|family", c.FamilySD[1]}, {"cor_traitt2.traitt1|family", c.FamilyCorrelation},
			{"sd of t1 in a family", c.ChildSD[0]}, {"sd of t2 in a family", c.ChildSD[1]}, {"correlation of the traits of a child", c.ChildCorrelation},
		},
		Note: "The residuals of a child's two traits are correlated, with a variance for each trait.",
	}
}

func (c Traits) seed() uint64 { return c.Seed }

func (c Traits) check() error {
	families, children := size(c.Families, 50), size(c.Children, 4)
	return first(
		atLeast("Families", families, 1), atLeast("Children", children, 1), rowLimit(2*float64(families)*float64(children)),
		finite("Mean", c.Mean[0]), finite("Mean", c.Mean[1]),
		spread("FamilySD", c.FamilySD[0]), spread("FamilySD", c.FamilySD[1]), within("FamilyCorrelation", c.FamilyCorrelation, -1, 1),
		spread("ChildSD", c.ChildSD[0]), spread("ChildSD", c.ChildSD[1]), within("ChildCorrelation", c.ChildCorrelation, -1, 1),
	)
}

func (c Traits) draw(rng *rand.Rand) []*table.Column {
	families, children := size(c.Families, 50), size(c.Children, 4)
	var y []float64
	var trait, child, family []int32
	for j := range families {
		f1, f2 := pair(rng, c.FamilySD, c.FamilyCorrelation)
		for i := range children {
			c1, c2 := pair(rng, c.ChildSD, c.ChildCorrelation)
			y = append(y, round(c.Mean[0]+f1+c1), round(c.Mean[1]+f2+c2))
			trait = append(trait, 0, 1)
			one := int32(j*children + i)
			child, family = append(child, one, one), append(family, int32(j), int32(j))
		}
	}
	return []*table.Column{table.NewFloats("y", y), numbered("trait", "t", trait, 2),
		numbered("child", "C", child, families*children), numbered("family", "F", family, families)}
}
