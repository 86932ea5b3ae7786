package covstruct

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Deletion leaves out rows with V kept. It keeps workspace: it is not safe for
// concurrent use.
type Deletion struct {
	o   *Objective
	inv [][]float64 // a kind: V^-1
	b   [][]float64 // a kind: V^-1 X L_x^-T
	e   [][]float64 // a kind: Py
	at  []position  // a row; block is its index in the group
}

// Deleted is what leaving out the rows I changes. With P_II the block of P, B the
// rows I of V^-1 X L_x^-T and e those of Py,
//
//	L_x'(beta^ - beta^_(I)) = B'P_II^-1 e,   L_x'Var(beta^_(I))L_x = sigma^2_(I) (I + B'P_II^-1 B),
//	nu_(I) sigma^2_(I) = nu sigma^2 - e'P_II^-1 e,   nu_(I) = nu - |I|
//
// (Haslett 1999, sec. 3: the rows left out have a mean of their own).
type Deleted struct {
	Move []float64 // p: L_x'(beta^ - beta^_(I))
	Add  []float64 // p x p: B'P_II^-1 B
	// Quad is e'P_II^-1 e, in internal coordinates: over sigma^2 chi-square with a
	// degree of freedom a row, if the model holds.
	Quad float64
}

// Deletion prepares deletions at a point, nil where the criterion cannot be
// computed. The receiver must not be used beside it.
func (o *Objective) Deletion(p cone.Point) *Deletion {
	if math.IsInf(o.eval(p, false), 1) {
		return nil
	}
	d := &Deletion{o: o, at: make([]position, o.rows.N)}
	for k := range o.kinds {
		b, e := o.whitened(k)
		d.inv, d.b, d.e = append(d.inv, o.inverse(k)), append(d.b, b), append(d.e, e)
		for g, grp := range o.kinds[k].all {
			for i, row := range grp.rows {
				d.at[row] = position{k, g, i}
			}
		}
	}
	return d
}

// leftOver is the part of the precision of a row that the rows left must not have
// lost: below it coefficients have no estimate without them.
const leftOver = 1e-10

// Rows leaves out rows of the frame; nil where some coefficient has no estimate
// without them.
func (d *Deletion) Rows(rows []int) *Deleted {
	n, p := len(rows), d.o.rows.P
	l, full := make([]float64, n*n), make([]float64, n)
	b, e := make([]float64, n*p), make([]float64, n)
	for i, row := range rows {
		a := d.at[row]
		c := len(d.o.kinds[a.kind].all)
		copy(b[i*p:i*p+p], d.b[a.kind][(a.block*c+a.group)*p:][:p])
		e[i] = d.e[a.kind][a.block*c+a.group]
		for j, other := range rows[:i+1] {
			z := d.at[other]
			if z.kind == a.kind && z.group == a.group {
				l[i*n+j] = d.inv[a.kind][a.block*len(d.o.kinds[a.kind].rows)+z.block]
			}
			if i == j {
				full[i] = l[i*n+i]
			}
			l[i*n+j] -= dot(b[i*p:i*p+p], b[j*p:j*p+p])
			l[j*n+i] = l[i*n+j]
		}
	}
	if !dense.Cholesky(l, n) {
		return nil
	}
	for i, v := range full {
		if l[i*n+i]*l[i*n+i] < leftOver*v {
			return nil
		}
	}
	dense.SolveLower(l, n, e, 1)
	dense.SolveLower(l, n, b, p)
	out := &Deleted{Move: make([]float64, p), Add: make([]float64, p*p), Quad: dot(e, e)}
	for i := range n {
		for r, v := range b[i*p : i*p+p] {
			out.Move[r] += v * e[i]
			for c, w := range b[i*p : i*p+p] {
				out.Add[r*p+c] += v * w
			}
		}
	}
	return out
}
