// Package solve minimises a criterion over the cone of variance components and
// carries the point it finds to a certificate.
//
// The method is Newton's in a trust region, with exact derivatives, in a chart
// that is chosen anew at every point (package cone). At a point on the
// boundary the Hessian of the chart has the eigenvalues of 2 N'GN in the
// directions that leave the face; where one of them is negative the region's
// subproblem has a solution along it, even with a zero gradient, so that no
// special step is needed to leave a false edge or a saddle (More and Sorensen
// 1983; Conn, Gould and Toint 2000, ch. 7).
//
// Other methods stand beside it (method.go), to compare and to check: average
// information, BOBYQA, Nelder-Mead, BFGS. They end where they end; their points
// are judged by the same certificate, not polished.
//
// Read minimize.go, then trust.go, start.go, edge.go; then method.go, average.go,
// box.go and the methods in it: bobyqa.go, interpolate.go, boxstep.go,
// neldermead.go, bfgs.go.
package solve

import (
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Settings of Minimize. The zero value, or nil, is the default of every field.
type Settings struct {
	MaxIterations int // of Newton; 0: 200
	// MaxEvaluations is the budget of the other methods; 0: 20000.
	MaxEvaluations int
	// Face keeps what is zero in the eigenbasis of the start at zero.
	Face bool
	// Flat says that the design cannot tell all variances apart: the criterion
	// is constant along some curves, and rounding along them is no progress.
	Flat bool
	// Known is a minimum found before: an iteration that is on its way to one
	// that is no lower stops.
	Known *Result
}

// Objective is a criterion over the cone.
type Objective interface {
	certify.Objective
	Value(cone.Point) float64
	// Average is Derivs, with the average information for H.
	Average(cone.Point) *criterion.Derivs
}

// Status says why an iteration stopped.
type Status int

const (
	Minimum        Status = iota // the decrement is below 1e-12, or as low as rounding lets it be
	IterationLimit               // Settings.MaxIterations or MaxEvaluations
	Tolerance                    // the method's own tolerance is met; the point is not polished
	Diverged                     // Lambda grows without end: in a linear model the residual variance goes to zero
	Failed                       // the criterion could not be computed
	NoBetter                     // no lower than Settings.Known
)

func (s Status) String() string {
	return [...]string{"at a minimum", "iteration limit", "its own tolerance was met", "the residual variance goes to 0", "the criterion could not be computed", "no lower than the minimum known"}[s]
}

// Step is one line of the log.
type Step struct {
	F           float64
	Decrement   float64 // NaN where the method does not know it
	Kind        string
	Evaluations int // made until then
}

// Result is a point and how it was reached.
type Result struct {
	Point  cone.Point
	Derivs *criterion.Derivs
	// Local holds the derivatives in coordinates around Point: the gradient
	// there, and a Hessian that is exact there or a polishing step away; nil
	// where the criterion could not be computed.
	Local       *certify.Local
	Status      Status
	Evaluations int
	Log         []Step
}
