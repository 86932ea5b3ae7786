package covstruct

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
)

// Score is what a group of rows that are independent of all others adds to the
// estimating equations of the fixed effects, in the coordinates in which their
// covariance is sigma^2 I: with X~ = L^-1 X L_x^-T, V = LL', of its rows
//
//	U = X~'L^-1 (y - X beta^),   S = X~'X~;   the S of all groups sum to I
type Score struct {
	Rows []int     // in the frame of the design
	U    []float64 // p
	S    []float64 // p x p
}

// Scores returns the scores at a point, nil where the criterion cannot be
// computed.
func (o *Objective) Scores(pt cone.Point) []Score {
	if math.IsInf(o.eval(pt, false), 1) {
		return nil
	}
	p := o.rows.P
	var out []Score
	for k := range o.kinds {
		kd := &o.kinds[k]
		n, c := len(kd.rows), len(kd.all)
		b, _ := o.whitened(k) // V^-1 X L_x^-T
		for g, grp := range kd.all {
			s := Score{Rows: grp.rows, U: make([]float64, p), S: make([]float64, p*p)}
			for i := range n {
				row := kd.xy[(i*c+g)*(p+1):][:p+1]
				res := row[p]
				for a, v := range o.beta {
					res -= row[a] * v
				}
				w := b[(i*c+g)*p:][:p]
				for a, v := range w {
					s.U[a] += v * res
					for j, x := range row[:p] {
						s.S[a*p+j] += v * x // B'X, times L_x^-T below
					}
				}
			}
			o.right(s.S)
			out = append(out, s)
		}
	}
	return out
}

// right overwrites A, p x p, with A L_x^-T.
func (o *Objective) right(a []float64) {
	p := o.rows.P
	for i := range p {
		row := a[i*p : i*p+p]
		for j := range p {
			v := row[j]
			for l := range j {
				v -= row[l] * o.lx[j*p+l]
			}
			row[j] = v / o.lx[j*p+j]
		}
	}
}

// Root returns L_x, the lower Cholesky factor of X'V^-1 X, p x p, at the point of
// the last evaluation.
func (o *Objective) Root() []float64 { return append([]float64(nil), o.lx...) }
