package solve

import (
	"fmt"
	"math"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/nearest"
)

// Method is a way from a start to a minimum. Whatever the method, the result
// carries exact derivatives at its point, so that one certificate judges all.
type Method interface {
	// Name is what the method is asked for by: "newton".
	Name() string
	// Describe says what it is, for the log of a fit.
	Describe() string
	// Minimize runs the method. Nil settings are the defaults.
	Minimize(obj Objective, start cone.Point, set *Settings) *Result
}

// Methods lists the methods, the default first.
func Methods() []Method {
	return []Method{Newton{}, AverageInformation{}, BOBYQA{}, NelderMead{}, BFGS{}}
}

// Names are the names of the methods, in their order.
func Names() []string {
	var names []string
	for _, m := range Methods() {
		names = append(names, m.Name())
	}
	return names
}

// UnknownError says that there is no method of a name.
type UnknownError struct{ Name string }

func (e *UnknownError) Error() string {
	msg := fmt.Sprintf("there is no optimizer %q", e.Name)
	if near := nearest.Name(e.Name, Names()); near != "" {
		msg += fmt.Sprintf("; did you mean %q?", near)
	} else {
		msg += "."
	}
	return msg + " The optimizers are " + strings.Join(Names(), ", ")
}

// ByName returns the method of a name, Newton's for "". Another name is an
// *UnknownError.
func ByName(name string) (Method, error) {
	if name == "" {
		return Newton{}, nil
	}
	for _, m := range Methods() {
		if m.Name() == name {
			return m, nil
		}
	}
	return nil, &UnknownError{name}
}

// Newton is the trust-region Newton method with exact derivatives in a chart
// that is chosen anew at every point: Minimize, then Settle. It polishes its
// points and leaves false edges.
type Newton struct{}

// Name is "newton".
func (Newton) Name() string { return "newton" }

// Describe says what the method is.
func (Newton) Describe() string { return "trust-region Newton, exact Hessian" }

// Minimize runs the method.
func (Newton) Minimize(obj Objective, start cone.Point, set *Settings) *Result {
	return Settle(obj, Minimize(obj, start, set), set)
}

// maxEvaluations is the default of Settings.MaxEvaluations.
const maxEvaluations = 20_000

func (s *Settings) evaluations() int {
	if s == nil || s.MaxEvaluations <= 0 {
		return maxEvaluations
	}
	return s.MaxEvaluations
}

// search is what a method that works on a vector of parameters sees: the
// criterion in the coordinates of a box, counted and logged, the best point
// kept.
type search struct {
	*box
	obj   Objective
	limit int
	flat  bool
	r     *Result
	best  []float64
	f     float64
}

func newSearch(obj Objective, start cone.Point, set *Settings) (s *search, x []float64) {
	s = &search{box: newBox(obj.Blocks()), obj: obj, limit: set.evaluations(), flat: set != nil && set.Flat, r: &Result{}}
	x = s.vector(start)
	s.best, s.f = append([]float64(nil), x...), math.Inf(1)
	return s, x
}

// spent says that no evaluation is left.
func (s *search) spent() bool { return s.r.Evaluations >= s.limit }

// value is the criterion at x, +Inf where it does not exist.
func (s *search) value(x []float64) float64 {
	return s.seen(x, s.obj.Value(s.point(x)), "value")
}

// slope is value, and sets g to the gradient.
func (s *search) slope(g, x []float64) float64 {
	p := s.point(x)
	d := s.obj.Gradient(p)
	s.gradient(g, d.G, p)
	return s.seen(x, d.F, "gradient")
}

// seen counts an evaluation and logs a gain.
func (s *search) seen(x []float64, f float64, kind string) float64 {
	s.r.Evaluations++
	if math.IsNaN(f) {
		f = math.Inf(1)
	}
	if f < s.f {
		copy(s.best, x)
		s.f = f
		s.r.Log = append(s.r.Log, Step{F: f, Decrement: math.NaN(), Kind: kind, Evaluations: s.r.Evaluations})
	}
	return f
}

// end judges the best point as it is, but for standard deviations that are a
// hair off zero: they are set to it where that does not raise the criterion.
func (s *search) end(status Status) *Result {
	if s.spent() {
		status = IterationLimit
	}
	return end(s.obj, s.r, s.point(s.best), s.f, status, s.flat)
}

// end completes a result with the derivatives at its point. Newton needs no
// such step. Flat is Settings.Flat: along a curve on which the criterion is
// constant a slope is nothing if a step of one unit gains less than a converged
// fit may lack.
func end(obj Objective, r *Result, p cone.Point, f float64, status Status, flat bool) *Result {
	if math.IsInf(f, 1) {
		r.Point, r.Derivs, r.Status = p, obj.Derivs(p), Failed
		return r
	}
	chart := cone.NewChart(obj.Blocks(), p)
	for _, cut := range []float64{0.1, 1e-3} {
		point, changed := chart.Truncate(cut)
		if !changed {
			break
		}
		r.Evaluations++
		if !(obj.Value(point) > f+edgeCost+1e-14*math.Abs(f)) {
			chart = cone.NewChart(obj.Blocks(), point)
			break
		}
	}
	r.Point = chart.Centre
	r.Derivs = obj.Derivs(r.Point)
	var n int
	r.Local, n = certify.ExactLocal(obj, r.Derivs, chart)
	r.Evaluations += 1 + n
	if flat {
		r.Local = r.Local.StillBelow(certify.ConvergedBelow)
	}
	dec := r.Local.Decrement()
	r.Log = append(r.Log, Step{F: r.Derivs.F, Decrement: dec, Kind: "end", Evaluations: r.Evaluations})
	r.Status = status
	if chart.Largest() > farLambda && !(dec < certify.PolishBelow) {
		r.Status = Diverged
	}
	return r
}
