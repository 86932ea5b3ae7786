package infer

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
)

// ComparisonError says why two fits cannot be compared.
type ComparisonError struct {
	First, Second string // formulas
	Msg           string
}

func (e *ComparisonError) Error() string {
	return fmt.Sprintf("cannot compare %q with %q: %s", e.First, e.Second, e.Msg)
}

// side is a model as a comparison sees it. A side without a model is the linear
// model of its design, without random effects.
type side struct {
	name   string
	model  *lmm.Model
	design *design.Design
	value  float64 // the criterion, |X'V^-1 X| in orthonormal coordinates of X
	npar   int
}

func newSide(m *lmm.Model) side {
	return side{name: m.Formula(), model: m, design: m.Frame(), value: invariant(m), npar: m.NPar()}
}

// invariant is the criterion of a fit; that of REML less the part that the
// units and the coding of X move, so that fits with the same column space of X
// compare.
func invariant(m *lmm.Model) float64 {
	if !m.REML() {
		return m.Criterion()
	}
	return m.Criterion() - 2*m.Objective().Coords.LogDetR()
}

// withoutRandom is the linear model nested in m: its criterion is that of m at
// Psi = 0.
func withoutRandom(m *lmm.Model) side {
	obj := m.Objective()
	zero := emptied(obj, len(m.Frame().Terms))
	d := *m.Frame()
	npar := m.NPar()
	for _, b := range obj.Blocks()[:len(d.Terms)] {
		npar -= b.Params()
	}
	d.Terms = nil
	s := side{name: "no random effects", design: &d, value: obj.Value(zero) + obj.Shift(), npar: npar}
	if m.REML() {
		s.value -= 2 * obj.Coords.LogDetR()
	}
	return s
}

// sameData says why two designs do not hold the same data, "" if they do.
func sameData(a, b *design.Design) string {
	ra, rb := a.Formula.Response.String(), b.Formula.Response.String()
	if len(a.Y) != len(b.Y) {
		return fmt.Sprintf("one uses %d rows, the other %d. Missing values of a predictor drop rows: fit both to the rows that are complete in all variables", len(a.Y), len(b.Y))
	}
	for i, v := range a.Y {
		if v == b.Y[i] && offset(a, i) == offset(b, i) && weightOf(a, i) == weightOf(b, i) && trialsOf(a, i) == trialsOf(b, i) {
			continue
		}
		switch {
		case ra != rb:
			return fmt.Sprintf("the responses differ, %s and %s: likelihoods of different responses do not compare", ra, rb)
		case v != b.Y[i]:
			return fmt.Sprintf("row %d of the first has the response %g, of the second %g: they were fitted to different data, or to rows in another order", i+1, v, b.Y[i])
		case trialsOf(a, i) != trialsOf(b, i):
			return fmt.Sprintf("row %d of the first has %g trials, of the second %g", i+1, trialsOf(a, i), trialsOf(b, i))
		case weightOf(a, i) != weightOf(b, i):
			return fmt.Sprintf("the weights of row %d differ, %g and %g", i+1, weightOf(a, i), weightOf(b, i))
		}
		return fmt.Sprintf("the offsets of row %d differ, %g and %g: they are different responses", i+1, offset(a, i), offset(b, i))
	}
	return ""
}

func offset(d *design.Design, i int) float64 {
	if d.Offset == nil {
		return 0
	}
	return d.Offset[i]
}

// trialsOf is the number of trials of a row, 0 where the response is no pair of
// counts.
func trialsOf(d *design.Design, i int) float64 {
	if d.Trials == nil {
		return 0
	}
	return d.Trials[i]
}

func weightOf(d *design.Design, i int) float64 {
	if d.Weights == nil {
		return 1
	}
	return d.Weights[i]
}

// fixedNested says whether the columns of a span part of those of b.
func fixedNested(a, b *design.Design) bool {
	q := orthonormal(&b.X, nil)
	p := b.X.Cols
	for j := 0; j < a.X.Cols; j++ {
		column := make([]float64, a.X.Rows)
		for i := range column {
			column[i] = a.X.At(i, j)
		}
		size := euclid(column)
		removeSpan(column, q, p)
		if euclid(column) > 1e-7*size {
			return false
		}
	}
	return true
}

// orthonormal returns an orthonormal basis of the columns of sqrt(w) m, n x
// Cols, by Gram and Schmidt, each column twice (Golub and Van Loan 2013, sec.
// 5.2.8).
func orthonormal(m *design.Matrix, weights []float64) []float64 {
	n, p := m.Rows, m.Cols
	q := make([]float64, n*p)
	v := make([]float64, n)
	for j := 0; j < p; j++ {
		for i := range v {
			v[i] = m.At(i, j)
			if weights != nil {
				v[i] *= math.Sqrt(weights[i])
			}
		}
		scale(v, 1/euclid(v))
		for range 2 {
			removeFirst(v, q, p, j)
		}
		size := euclid(v)
		for i := range v {
			q[i*p+j] = v[i] / size
		}
	}
	return q
}

// removeSpan takes from v its projection on the columns of q, n x p.
func removeSpan(v, q []float64, p int) { removeFirst(v, q, p, p) }

// removeFirst does so for the first k columns.
func removeFirst(v, q []float64, p, k int) {
	for j := 0; j < k; j++ {
		var s float64
		for i, x := range v {
			s += x * q[i*p+j]
		}
		for i := range v {
			v[i] -= s * q[i*p+j]
		}
	}
}

// measured says why two families have likelihoods that do not compare, "" where
// they do: both are probabilities of the same counts, or densities of the same
// numbers.
func measured(a, b *lmm.Model) string {
	x, y := a.Family(), b.Family()
	discrete := func(m *lmm.Model) bool { return m.Family() != nil && m.Family().Discrete() }
	switch {
	case discrete(a) != discrete(b):
		return "one likelihood is of counts, the other of a continuous response: they do not compare"
	case x == nil || y == nil:
		return ""
	case x.Discrete() && (x.Name() == "binomial") != (y.Name() == "binomial"):
		return "one response is a number of trials, the other a count without bound: their likelihoods do not compare"
	case (a.Nodes() == 0) != (b.Nodes() == 0):
		return "one fit is by the joint approximation, which is no likelihood: fit both by the same"
	case a.Nodes() != b.Nodes() && (a.Options().Quadrature != lmm.AutoQuadrature || b.Options().Quadrature != lmm.AutoQuadrature):
		return fmt.Sprintf("one likelihood is by %d nodes of quadrature, the other by %d: fit both with the same", a.Nodes(), b.Nodes())
	}
	return ""
}

// sameFamily says that two models have the same distribution and link.
func sameFamily(a, b *lmm.Model) bool {
	x, y := a.Family(), b.Family()
	if x == nil || y == nil {
		return x == nil && y == nil
	}
	return x.Name() == y.Name() && x.Link() == y.Link()
}

// settled says why the criterion of a fit is no maximum, "" if it is one.
func settled(m *lmm.Model) string {
	switch v := m.Verdict(); {
	case m.Separation() != nil && v.Convergence == certify.Converged:
		return "" // the criterion has a limit, whatever the estimates do
	case v.Place == certify.NoFiniteMaximum && m.Family() != nil:
		return "its likelihood grows without end as an estimate moves away"
	case v.Place == certify.NoFiniteMaximum:
		return "its residual variance goes to 0 and its likelihood grows without end"
	case v.Convergence == certify.NotConverged:
		return "it has not converged"
	}
	return ""
}
