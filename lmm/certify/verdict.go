package certify

import "fmt"

// Convergence is the first axis of a verdict: is the fit at a maximum of the
// likelihood?
type Convergence int

const (
	NotConverged Convergence = iota
	Polishable               // a few Newton steps away
	Converged
)

func (c Convergence) String() string {
	switch c {
	case NotConverged:
		return "not converged"
	case Polishable:
		return "polishable"
	case Converged:
		return "converged"
	}
	return fmt.Sprintf("Convergence(%d)", int(c))
}

// MarshalText writes the convergence in words.
func (c Convergence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Place is the second axis of a verdict: where in the parameter space is the
// maximum?
type Place int

const (
	Unknown         Place = iota // not known before convergence, printed "-"
	Interior                     // every covariance matrix is positive definite
	Boundary                     // a variance is 0, or a covariance matrix has lower rank
	NotIdentifiable              // the data cannot tell some of the parameters apart
	NoFiniteMaximum              // the likelihood grows without end
)

func (p Place) String() string {
	switch p {
	case Unknown:
		return "-"
	case Interior:
		return "interior"
	case Boundary:
		return "boundary"
	case NotIdentifiable:
		return "not identifiable"
	case NoFiniteMaximum:
		return "no finite maximum"
	}
	return fmt.Sprintf("Place(%d)", int(p))
}

// MarshalText writes the place in words.
func (p Place) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Verdict says where a fit stands. It is computed from exact derivatives and
// does not depend on the units of any column.
type Verdict struct {
	Convergence Convergence `json:"convergence"`
	Place       Place       `json:"place"`
	// Decrement is g'H^-1 g / 2 over the free directions: the drop of
	// -2 log L that a Newton step promises.
	Decrement float64 `json:"decrement"`
	// EscapeDrop is the drop of -2 log L promised by the best direction that
	// leaves the boundary; 0 where none leads down.
	EscapeDrop float64 `json:"escape_drop"`
	// NotIdentifiable names the parameters that the data cannot tell apart.
	NotIdentifiable []string `json:"not_identifiable"`
}
