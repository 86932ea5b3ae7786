package infer

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/suffstat"
)

// sandwich holds the corrected scores A u of the clusters, p numbers each, in white
// coordinates, and A and S for their degrees of freedom.
type sandwich struct {
	p      int
	root   []float64 // L_x
	co     *suffstat.Coords
	scores [][]float64
	a, s   [][]float64 // p x p
}

// add corrects the score of a cluster. A direction in which the cluster has all
// the information, an eigenvalue 1 of S, is left out: its score is 0.
func (w *sandwich) add(c covstruct.Score, correction Correction, clusters int) error {
	p := w.p
	a := make([]float64, p*p)
	power := 0.0
	switch correction {
	case CR2:
		power = -0.5
	case CR3:
		power = -1
	}
	if power == 0 {
		f := 1.0
		if correction == CR1 {
			f = math.Sqrt(float64(clusters) / float64(clusters-1))
		}
		for i := range p {
			a[i*p+i] = f
		}
	} else {
		sym := mat.NewSymDense(p, nil)
		for i := range p {
			for j := range i + 1 {
				sym.SetSym(i, j, (c.S[i*p+j]+c.S[j*p+i])/2)
			}
		}
		var eig mat.EigenSym
		if !eig.Factorize(sym, true) {
			return fmt.Errorf("infer: the eigenvalues of a cluster's information cannot be computed")
		}
		var v mat.Dense
		eig.VectorsTo(&v)
		for e, value := range eig.Values(nil) {
			if 1-value < 1e-10 {
				continue
			}
			f := math.Pow(1-value, power)
			for i := range p {
				for j := range p {
					a[i*p+j] += f * v.At(i, e) * v.At(j, e)
				}
			}
		}
	}
	u := make([]float64, p)
	dense.Mul(u, a, c.U, p, p, 1)
	w.scores, w.a, w.s = append(w.scores, u), append(w.a, a), append(w.s, c.S)
	return nil
}

// white returns L_x^-1 R^-T l for a combination l of the columns of X.
func (w *sandwich) white(l []float64) []float64 {
	x := append([]float64(nil), l...)
	for i := range x {
		for j := range i {
			x[i] -= w.co.R[j*w.p+i] * x[j]
		}
		x[i] /= w.co.R[i*w.p+i]
	}
	dense.SolveLower(w.root, w.p, x, 1)
	return x
}

func (w *sandwich) covariance(x, y []float64) float64 {
	var s float64
	for _, u := range w.scores {
		s += dot(x, u) * dot(y, u)
	}
	return s * w.co.YScale * w.co.YScale
}

// df is 2 E(v)^2 / Var(v) if the scores have the covariance that the model says:
// that of x'A_g u_g and x'A_h u_h over sigma^2 is x'A_g(S_g [g = h] - S_g S_h)A_h x.
func (w *sandwich) df(x []float64) float64 {
	p := w.p
	var trace, square float64
	cross := make([]float64, p*p)
	ax, v := make([]float64, p), make([]float64, p)
	for g := range w.scores {
		dense.Mul(ax, w.a[g], x, p, p, 1)
		dense.Mul(v, w.s[g], ax, p, p, 1)
		d, vv := dot(ax, v), dot(v, v)
		trace += d - vv
		square += d*d - 2*d*vv
		for i, a := range v {
			axpy(a, v, cross[i*p:i*p+p])
		}
	}
	square += dot(cross, cross)
	return trace * trace / square
}

// test fills in what the sandwich says of the combination x.
func (w *sandwich) test(e *Estimate, x []float64, level float64) {
	e.SE = math.Sqrt(w.covariance(x, x))
	e.DF = w.df(x)
	if !(e.SE > 0) || !(e.DF > 0) {
		e.SE, e.DF = math.NaN(), math.NaN()
		e.Reason = "its clusters leave nothing to measure it with"
		return
	}
	e.T = e.Value / e.SE
	e.P = tailT(e.T, e.DF)
	half := quantileT(1-level, e.DF) * e.SE
	e.Lower, e.Upper = e.Value-half, e.Value+half
}

// Document returns the table.
func (r *RobustTable) Document() *report.Doc {
	e := Estimates{Title: "Fixed effects, robust", Rows: r.Rows, DF: Satterthwaite, Level: r.Level}
	doc := e.Document()
	tab := doc.Blocks[0].(report.Table)
	tab.How = fmt.Sprintf("sandwich %s over %d clusters, degrees of freedom of Bell and McCaffrey", r.Correction, r.Clusters)
	doc.Blocks[0] = tab
	return doc
}
