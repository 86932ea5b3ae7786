package plots

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// thetaIs says what theta is in the parameters of a model.
func thetaIs(m *lmm.Model) string {
	if f := m.Family(); f != nil {
		return fmt.Sprintf("theta is a standard deviation on the scale of the link, %s", f.Link())
	}
	return "theta is a standard deviation over sigma"
}

// relative is the criterion of a model over standard deviations relative to
// sigma and correlations, beta and sigma at their best:
//
//	Psi_t = D R D,  D the standard deviations over sigma, R the correlations
//
// It keeps workspace: it is not safe for concurrent use.
type relative struct {
	m      *lmm.Model
	obj    *lmm.Objective
	names  []string // theta_Days|Subject, cor_Days.(Intercept)|Subject
	places []entryOf
}

// entryOf is a parameter's entry of the matrix of a term.
type entryOf struct {
	term, i, j int // i == j: a standard deviation
	whole      bool
}

// newRelative refuses models whose criterion has parameters beside the
// covariance matrices of the random effects.
func newRelative(m *lmm.Model) (*relative, error) {
	obj := m.Objective()
	d := m.Frame()
	switch {
	case obj == nil || obj.Criterion == nil || obj.Local == nil:
		return nil, &DataError{Reason: "the criterion could not be computed at the estimates"}
	case len(d.Terms) == 0:
		return nil, &DataError{Reason: "the model has no random effects, and so no parameters of their covariance"}
	case len(obj.Blocks()) != len(d.Terms):
		return nil, &DataError{Reason: "the residuals have a structure with parameters of its own; the criterion is drawn of models without one"}
	}
	s := &relative{m: m, obj: obj}
	for t := range d.Terms {
		s.addTerm(t, &d.Terms[t])
	}
	return s, nil
}

// addTerm names the parameters of a term as infer.ProfileParameters does.
func (s *relative) addTerm(t int, term *design.Term) {
	add := func(name string, e entryOf) {
		s.names = append(s.names, name+"|"+term.Group)
		s.places = append(s.places, e)
	}
	if term.Shape == formula.CompSymm {
		add("theta_cs", entryOf{t, 0, 0, true})
		if term.Z.Cols > 1 {
			add("cor_cs", entryOf{t, 0, 1, true})
		}
		return
	}
	alone := term.Shape == formula.Independent || term.Shape == formula.Diag
	for i := range term.Z.Cols {
		add("theta_"+term.Names[i], entryOf{t, i, i, false})
		for j := i + 1; j < term.Z.Cols && !alone; j++ {
			add("cor_"+term.Names[j]+"."+term.Names[i], entryOf{t, i, j, false})
		}
	}
}

// psi is the relative covariance matrix of a term at a point, k x k.
func (s *relative) psi(p cone.Point, t int) [][]float64 {
	k := s.obj.Blocks()[t].K
	a := product(s.obj.Coords.T[t], p[t], k)
	out := make([][]float64, k)
	for i := range k {
		out[i] = make([]float64, k)
		for j := range k {
			for c := range k {
				out[i][j] += a[i*k+c] * a[j*k+c]
			}
		}
	}
	return out
}

func product(a, b []float64, k int) []float64 {
	out := make([]float64, k*k)
	for i := range k {
		for c := range k {
			for j := range k {
				out[i*k+j] += a[i*k+c] * b[c*k+j]
			}
		}
	}
	return out
}

// values are the parameters at a point; a correlation beside a variance of 0
// is NaN.
func (s *relative) values(p cone.Point) []float64 {
	out := make([]float64, len(s.places))
	for n, e := range s.places {
		psi := s.psi(p, e.term)
		out[n] = math.Sqrt(psi[e.i][e.i])
		if e.i != e.j {
			out[n] = psi[e.i][e.j] / math.Sqrt(psi[e.i][e.i]*psi[e.j][e.j])
		}
	}
	return out
}

// move is a point at which some parameters have other values than at p; a
// correlation that is not known there is 0. ok is false for values of no
// covariance matrix.
func (s *relative) move(p cone.Point, at []int, values []float64) (q cone.Point, ok bool) {
	all := s.values(p)
	for i, n := range at {
		all[n] = values[i]
	}
	q = p.Clone()
	for t, b := range s.obj.Blocks() {
		touched := false
		for _, n := range at {
			touched = touched || s.places[n].term == t
		}
		if !touched {
			continue
		}
		factor, ok := s.factor(t, b.K, all)
		if !ok {
			return nil, false
		}
		q[t] = solveUpper(s.obj.Coords.T[t], factor, b.K)
	}
	return q, true
}

// factor is D times a factor of R, from the parameters; false where R has a
// negative eigenvalue.
func (s *relative) factor(t, k int, all []float64) ([]float64, bool) {
	sd, cor := make([]float64, k), make([]float64, k*k)
	for i := range k {
		cor[i*k+i] = 1
	}
	for n, e := range s.places {
		v := all[n]
		switch {
		case e.term != t:
		case e.i == e.j && e.whole:
			for i := range sd {
				sd[i] = v
			}
		case e.i == e.j:
			sd[e.i] = v
		default:
			if math.IsNaN(v) {
				v = 0
			}
			for i := range k {
				for j := range k {
					if i != j && (e.whole || i == e.i && j == e.j || i == e.j && j == e.i) {
						cor[i*k+j] = v
					}
				}
			}
		}
	}
	l, ok := semidefiniteFactor(cor, k)
	for i := range k {
		for j := range k {
			l[i*k+j] *= sd[i]
		}
	}
	return l, ok
}

// semidefiniteFactor is a lower triangular L with LL' = a, zero columns where a
// is singular; false where a is indefinite.
func semidefiniteFactor(a []float64, k int) ([]float64, bool) {
	const tiny = 1e-12
	l := make([]float64, k*k)
	for j := range k {
		d := a[j*k+j]
		for c := range j {
			d -= l[j*k+c] * l[j*k+c]
		}
		if d < -tiny {
			return l, false
		}
		root := 0.0
		if d > tiny {
			root = math.Sqrt(d)
		}
		l[j*k+j] = root
		for i := j + 1; i < k; i++ {
			v := a[i*k+j]
			for c := range j {
				v -= l[i*k+c] * l[j*k+c]
			}
			switch {
			case root > 0:
				l[i*k+j] = v / root
			case math.Abs(v) > math.Sqrt(tiny):
				return l, false
			}
		}
	}
	return l, true
}

// solveUpper is T^-1 a for an upper triangular T.
func solveUpper(t, a []float64, k int) []float64 {
	x := append([]float64(nil), a...)
	for c := range k {
		for i := k - 1; i >= 0; i-- {
			for j := i + 1; j < k; j++ {
				x[i*k+c] -= t[i*k+j] * x[j*k+c]
			}
			x[i*k+c] /= t[i*k+i]
		}
	}
	return x
}
