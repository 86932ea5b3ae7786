package diagnose

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
)

// jeffreys is a generalised linear model, without random effects, whose
// log-likelihood is penalised by Jeffreys' prior,
//
//	l(beta) + log|X'WX| / 2
//
// with W the expected information of the rows on their linear predictors. Its
// maximum is finite for separated data too, and takes off the bias of order 1/n
// (Firth 1993, Biometrika 80, 27-38; Heinze and Schemper 2002; Kosmidis and
// Firth 2021, Biometrika 108, 71-82, for links other than the logit).
type jeffreys struct {
	x         *design.Matrix
	y, w, off []float64 // w and off may be nil
	fam       *family.Family
	shape     float64
	plain     bool // without the penalty
}

// jeffreysFit is where its maximum is.
type jeffreysFit struct {
	beta, se  []float64
	penalised float64 // log-likelihood with the penalty
}

const (
	jeffreysSteps = 200
	jeffreysGoal  = 1e-10 // decrement of the penalised log-likelihood
)

var errJeffreys = errors.New("the penalised likelihood has no maximum that could be found: some columns may depend on each other")

// fit climbs by scoring steps, halved until the penalised likelihood rises.
func (j *jeffreys) fit() (*jeffreysFit, error) {
	p := j.x.Cols
	beta := make([]float64, p)
	value, score, info, ok := j.at(beta)
	for range jeffreysSteps {
		var chol mat.Cholesky
		if !ok || !chol.Factorize(info) {
			return nil, errJeffreys
		}
		step := mat.NewVecDense(p, nil)
		if err := chol.SolveVecTo(step, mat.NewVecDense(p, score)); err != nil && math.IsInf(chol.Cond(), 1) {
			return nil, errJeffreys
		}
		gain := mat.Dot(step, mat.NewVecDense(p, score)) / 2
		if gain < jeffreysGoal {
			var inverse mat.SymDense
			if chol.InverseTo(&inverse) != nil {
				return nil, errJeffreys
			}
			out := &jeffreysFit{beta: beta, se: make([]float64, p), penalised: value}
			for k := range out.se {
				out.se[k] = math.Sqrt(inverse.At(k, k))
			}
			return out, nil
		}
		risen := false
		for scale := 1.0; scale > 1e-10 && !risen; scale /= 2 {
			next := make([]float64, p)
			for k := range next {
				next[k] = beta[k] + scale*step.AtVec(k)
			}
			v, s, i, fine := j.at(next)
			if risen = fine && v > value; risen {
				beta, value, score, info, ok = next, v, s, i, fine
			}
		}
		if !risen {
			return nil, errJeffreys
		}
	}
	return nil, errJeffreys
}

// at is the penalised log-likelihood, its derivative and the information.
func (j *jeffreys) at(beta []float64) (value float64, score []float64, info *mat.SymDense, ok bool) {
	n, p := j.x.Rows, j.x.Cols
	score, info = make([]float64, p), mat.NewSymDense(p, nil)
	weight, slope := make([]float64, n), make([]float64, n)
	for i := range n {
		x, w, eta := j.x.Row(i), 1.0, 0.0
		if j.w != nil {
			w = j.w[i]
		}
		if j.off != nil {
			eta = j.off[i]
		}
		for k, v := range x {
			eta += v * beta[k]
		}
		l, d1, _, _ := j.fam.Row(j.y[i], w, eta, j.shape)
		value += l
		weight[i] = j.fam.Expected(w, eta, j.shape)
		// d log W / d eta, by central differences: smooth and of size 1.
		const h = 1e-5
		if up, down := j.fam.Expected(w, eta+h, j.shape), j.fam.Expected(w, eta-h, j.shape); up > 0 && down > 0 {
			slope[i] = (math.Log(up) - math.Log(down)) / (2 * h)
		}
		for k, v := range x {
			score[k] += d1 * v
			for m := k; m < p; m++ {
				info.SetSym(k, m, info.At(k, m)+weight[i]*v*x[m])
			}
		}
	}
	var chol mat.Cholesky
	if math.IsNaN(value) || math.IsInf(value, 0) || !chol.Factorize(info) {
		return value, score, info, false
	}
	if j.plain {
		return value, score, info, true
	}
	value += chol.LogDet() / 2
	for i := range n {
		x := mat.NewVecDense(p, j.x.Row(i))
		var solved mat.VecDense
		if err := chol.SolveVecTo(&solved, x); err != nil && math.IsInf(chol.Cond(), 1) {
			return value, score, info, false
		}
		leverage := weight[i] * mat.Dot(x, &solved)
		for k, v := range j.x.Row(i) {
			score[k] += leverage / 2 * slope[i] * v
		}
	}
	return value, score, info, true
}
