package diagnose

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/design"
)

// linear is the model without random effects, y = X beta + offset + e, fitted by
// weighted least squares.
type linear struct {
	beta, se  []float64
	residual  []float64
	rss       float64
	criterion float64 // by the convention of lmm.Model.Criterion
	xx        *mat.SymDense
	logW      float64
}

// leastSquares solves by QR of the weighted rows; nil where X has no columns or
// as many as there are rows.
func leastSquares(d *design.Design, reml bool) *linear {
	n, p := d.X.Rows, d.X.Cols
	if p == 0 || n <= p {
		return nil
	}
	out := &linear{xx: mat.NewSymDense(p, nil), residual: make([]float64, n)}
	x, y := mat.NewDense(n, p, nil), mat.NewVecDense(n, nil)
	for i := range n {
		w, v := 1.0, d.Y[i]
		if d.Weights != nil {
			w = math.Sqrt(d.Weights[i])
			out.logW += math.Log(d.Weights[i])
		}
		if d.Offset != nil {
			v -= d.Offset[i]
		}
		y.SetVec(i, w*v)
		for c, value := range d.X.Row(i) {
			x.Set(i, c, w*value)
		}
	}
	var qr mat.QR
	qr.Factorize(x)
	var beta mat.VecDense
	// A large condition number comes with a solution; X has full rank.
	if err := qr.SolveVecTo(&beta, false, y); err != nil && beta.Len() != p {
		return nil
	}
	var fitted mat.VecDense
	fitted.MulVec(x, &beta)
	for i := range n {
		e := y.AtVec(i) - fitted.AtVec(i)
		out.rss += e * e
		if d.Weights != nil {
			e /= math.Sqrt(d.Weights[i])
		}
		out.residual[i] = e
	}
	out.xx.SymOuterK(1, x.T())
	var r mat.Dense
	qr.RTo(&r)
	nu, logDet := float64(n), 0.0
	if reml {
		nu -= float64(p)
		for c := range p {
			logDet += 2 * math.Log(math.Abs(r.At(c, c)))
		}
	}
	out.criterion = logDet + nu*(1+math.Log(2*math.Pi*out.rss/nu)) - out.logW
	var inverse mat.Dense
	identity := mat.NewDiagDense(p, nil)
	for c := range p {
		identity.SetDiag(c, 1)
	}
	triangle := mat.DenseCopyOf(r.Slice(0, p, 0, p))
	if err := inverse.Solve(triangle, identity); err != nil && inverse.IsEmpty() {
		return nil
	}
	for c := range p {
		out.beta = append(out.beta, beta.AtVec(c))
		out.se = append(out.se, math.Sqrt(out.rss/nu)*mat.Norm(inverse.RowView(c), 2))
	}
	return out
}
