package certify

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

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
	Interior                     // every covariance matrix has the rank its shape allows
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
	Convergence Convergence
	Place       Place
	// Decrement is g'H^-1 g / 2 over the free directions: the drop of
	// -2 log L that a Newton step promises.
	Decrement float64
	// EscapeDrop is the drop of -2 log L promised by the best direction that
	// leaves the boundary; 0 where none leads down.
	EscapeDrop float64
	// NotIdentifiable names the parameters that the data cannot tell apart.
	NotIdentifiable []string
}

// MarshalJSON writes the keys convergence, place, decrement, escape_drop,
// not_identifiable; a drop that could not be computed is null.
func (v Verdict) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Convergence     Convergence    `json:"convergence"`
		Place           Place          `json:"place"`
		Decrement       jsonnum.Number `json:"decrement"`
		EscapeDrop      jsonnum.Number `json:"escape_drop"`
		NotIdentifiable []string       `json:"not_identifiable"`
	}{v.Convergence, v.Place, jsonnum.Number(v.Decrement), jsonnum.Number(v.EscapeDrop), append([]string{}, v.NotIdentifiable...)})
}

// Judge turns the evidence into a verdict. Diverged says that the residual
// variance went to zero; the parameters that are not identifiable are those
// named.
func Judge(c Certificate, diverged bool, notIdentifiable []string) Verdict {
	v := Verdict{Decrement: c.Face.Decrement(), EscapeDrop: c.Off.Drop, NotIdentifiable: notIdentifiable}
	if v.NotIdentifiable == nil {
		v.NotIdentifiable = []string{}
	}
	worst := math.Max(v.Decrement, v.EscapeDrop)
	switch {
	case diverged:
		v.Convergence, v.Place = NotConverged, NoFiniteMaximum
		return v
	case !(worst < PolishBelow) || c.Face.saddle(len(notIdentifiable) > 0):
		v.Convergence = NotConverged
		return v
	case worst >= ConvergedBelow:
		v.Convergence = Polishable
		return v
	}
	v.Convergence, v.Place = Converged, Interior
	if !math.IsInf(c.Off.Slope, 1) {
		v.Place = Boundary
	}
	if len(notIdentifiable) > 0 {
		v.Place = NotIdentifiable
	}
	return v
}

// saddle reports a direction on the face in which the criterion bends down by
// more than rounding. On a ridge of parameters that are not identifiable the
// criterion is level, but the ridge is curved in the factors: along its tangent
// the Hessian is minus the gradient across it over the radius, so that what is left
// of the gradient, sqrt(2 delta) in standard errors, bends it down or up.
func (l *Local) saddle(ridge bool) bool {
	if len(l.Values) == 0 {
		return false
	}
	limit := math.Max(1e-6, 10*l.flat())
	if ridge {
		top := l.Values[len(l.Values)-1]
		limit = math.Max(limit, 10*math.Sqrt(2*l.Decrement())*top)
	}
	return !(l.Values[0] > -limit)
}
