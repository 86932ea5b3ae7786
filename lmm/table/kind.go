package table

import "fmt"

// Kind is what the values of a column are.
type Kind int

const (
	Float   Kind = iota // numbers; NaN is missing
	Int                 // whole numbers that fit 64 bits
	Bool                // TRUE or FALSE; as a number 1 or 0
	Text                // strings, not yet a factor
	Factor              // one of a list of levels
	Ordered             // a factor whose levels have an order that matters
)

func (k Kind) String() string {
	switch k {
	case Float:
		return "float"
	case Int:
		return "integer"
	case Bool:
		return "boolean"
	case Text:
		return "text"
	case Factor:
		return "factor"
	case Ordered:
		return "ordered"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// Numeric reports whether a column of this kind has numbers: Float, Int and
// Bool do.
func (k Kind) Numeric() bool { return k == Float || k == Int || k == Bool }

// Categorical reports whether a column of this kind has levels: Factor and
// Ordered do.
func (k Kind) Categorical() bool { return k == Factor || k == Ordered }
