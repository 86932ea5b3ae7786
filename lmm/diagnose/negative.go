package diagnose

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// unbounded is the fit with the covariance matrix of one term free to have
// negative eigenvalues, as long as that of the rows stays positive definite. Of
// a single scalar term the model is
//
//	Var(e_j) = sigma^2 (W_j^-1 + psi z_j z_j'),  psi > -1 / max z_j'W_j z_j
//
// in each level j. With an intercept and weights 1 that is compound symmetry,
// the correlation within a level psi / (1 + psi).
type unbounded struct {
	term  int
	psi   []float64 // k x k, in the user's units, relative to sigma2
	sigma []float64 // k x k, times sigma2
	// drop is that of the criterion against the fit, limit the 95 % quantile of
	// chi-square with a degree of freedom for each parameter of the term: no less
	// than what chance gives if the model holds.
	drop, limit float64
	criterion   float64
	beta, se    []float64
	// held says that the variances of the other terms stayed at their estimates,
	// so that the drop is at least what is told.
	held bool
}

// release lets the covariance matrix of a term on the boundary leave the cone;
// nil where there is no minimum or it was not looked for: in terms that the
// data do not identify, of reduced rank, and in large crossed models.
func (s *subject) release(t int) *unbounded {
	term := &s.d.Terms[t]
	switch {
	case !s.deficient[t] || s.hidden[t] || term.Shape == formula.ReducedRank:
		return nil
	case term.Z.Cols == 1:
		return s.releaseVariance(t)
	}
	return s.releaseMatrix(t)
}

// releaseVariance minimises the criterion over the variance of a term with one
// column from 0 downwards to the first minimum.
func (s *subject) releaseVariance(t int) *unbounded {
	var q *profiled
	if len(s.d.Terms) == 1 {
		q = newProfiled(s.d, s.m.REML())
	} else {
		q = s.whitened(t)
	}
	if q == nil {
		return nil
	}
	psi, ok := q.minimise()
	if !ok {
		return nil
	}
	start, _, _, _ := q.eval(0)
	f, sigma2, beta, se := q.eval(psi)
	if math.IsNaN(f) {
		return nil
	}
	return &unbounded{term: t, psi: []float64{psi}, sigma: []float64{psi * sigma2}, drop: math.Max(0, start-f), limit: negativeDrop,
		criterion: f, beta: beta, se: se, held: len(s.d.Terms) > 1}
}

// profiled holds the sums that the criterion needs, in rows multiplied by the
// root of their weights, y less its least squares fit beta0.
type profiled struct {
	n, p    int
	reml    bool
	xx      *mat.SymDense
	xy      []float64
	yy      float64
	s       []float64   // z'z a level
	zx      [][]float64 // z'X a level
	zy      []float64
	beta0   []float64
	logW    float64
	largest float64
}

// minimise looks for the first minimum from 0 towards the limit at which the
// sum of a level is known without error; ok is false where there is none.
func (q *profiled) minimise() (psi float64, ok bool) {
	at := func(t float64) float64 { f, _, _, _ := q.eval(-t / q.largest); return f }
	const steps = 256
	best, low := 0, at(0)
	for i := 1; i < steps; i++ {
		f := at(float64(i) / steps)
		if math.IsNaN(f) || f > low {
			break
		}
		best, low = i, f
	}
	if best == steps-1 || math.IsNaN(low) {
		return 0, false
	}
	t := golden(at, math.Max(0, float64(best-1)/steps), float64(best+1)/steps)
	if at(t) > low {
		t = float64(best) / steps
	}
	return -t / q.largest, true
}

func newProfiled(d *design.Design, reml bool) *profiled {
	ls := leastSquares(d, reml)
	if ls == nil {
		return nil
	}
	term := &d.Terms[0]
	q := &profiled{n: len(d.Y), p: d.X.Cols, reml: reml, xx: ls.xx, xy: make([]float64, d.X.Cols), yy: ls.rss, beta0: ls.beta, logW: ls.logW,
		s: make([]float64, len(term.Levels)), zx: make([][]float64, len(term.Levels)), zy: make([]float64, len(term.Levels))}
	for j := range q.zx {
		q.zx[j] = make([]float64, q.p)
	}
	for i, l := range term.Level {
		w, z := 1.0, term.Z.At(i, 0)
		if d.Weights != nil {
			w = d.Weights[i]
		}
		q.s[l] += w * z * z
		q.zy[l] += w * z * ls.residual[i]
		for c, x := range d.X.Row(i) {
			q.zx[l][c] += w * z * x
		}
	}
	for _, s := range q.s {
		q.largest = math.Max(q.largest, s)
	}
	if q.largest == 0 {
		return nil
	}
	return q
}

// eval is the criterion at psi, NaN outside of its range. V_j^-1 = W_j - c_j
// W_j z_j z_j'W_j with c_j = psi / (1 + psi s_j).
func (q *profiled) eval(psi float64) (f, sigma2 float64, beta, se []float64) {
	a := mat.NewSymDense(q.p, nil)
	a.CopySym(q.xx)
	rhs := mat.NewVecDense(max(q.p, 1), nil)
	for r, x := range q.xy {
		rhs.SetVec(r, x)
	}
	rss, logV := q.yy, 0.0
	for j, s := range q.s {
		d := 1 + psi*s
		if d <= 0 {
			return math.NaN(), math.NaN(), nil, nil
		}
		logV += math.Log(d)
		c := psi / d
		rss -= c * q.zy[j] * q.zy[j]
		for r, x := range q.zx[j] {
			rhs.SetVec(r, rhs.AtVec(r)-c*x*q.zy[j])
			for k := 0; k <= r; k++ {
				a.SetSym(r, k, a.At(r, k)-c*x*q.zx[j][k])
			}
		}
	}
	var chol mat.Cholesky
	if q.p == 0 || !chol.Factorize(a) {
		return math.NaN(), math.NaN(), nil, nil
	}
	var b mat.VecDense
	if chol.SolveVecTo(&b, rhs) != nil {
		return math.NaN(), math.NaN(), nil, nil
	}
	rss -= mat.Dot(&b, rhs)
	nu := float64(q.n)
	if q.reml {
		nu -= float64(q.p)
		logV += chol.LogDet()
	}
	sigma2 = rss / nu
	f = logV + nu*(1+math.Log(2*math.Pi*sigma2)) - q.logW
	var inverse mat.SymDense
	if chol.InverseTo(&inverse) != nil {
		return math.NaN(), math.NaN(), nil, nil
	}
	for r := range q.p {
		beta = append(beta, q.beta0[r]+b.AtVec(r))
		se = append(se, math.Sqrt(sigma2*inverse.At(r, r)))
	}
	return f, sigma2, beta, se
}

// golden narrows a minimum of f between lo and hi down to the root of the
// machine's precision.
func golden(f func(float64) float64, lo, hi float64) float64 {
	ratio := (math.Sqrt(5) - 1) / 2
	x, y := hi-ratio*(hi-lo), lo+ratio*(hi-lo)
	fx, fy := f(x), f(y)
	for hi-lo > 1e-9 {
		if fx < fy || math.IsNaN(fy) {
			hi, y, fy = y, x, fx
			x = hi - ratio*(hi-lo)
			fx = f(x)
		} else {
			lo, x, fx = x, y, fy
			y = lo + ratio*(hi-lo)
			fy = f(y)
		}
	}
	return (lo + hi) / 2
}
