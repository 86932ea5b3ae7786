package diagnose

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/design"
)

// unbounded is the model y = X beta + e with
//
//	Var(e_j) = sigma^2 (W_j^-1 + psi z_j z_j')
//
// in each level j of a single grouping factor, where psi may be negative as
// long as the matrix stays positive definite: psi > -1 / max s_j, s_j =
// z_j'W_j z_j. With an intercept and weights 1 that is compound symmetry, the
// correlation within a level psi / (1 + psi).
type unbounded struct {
	psi, sigma2 float64
	variance    float64 // sigma^2 psi
	drop        float64 // of the criterion, against psi = 0
	criterion   float64
	beta, se    []float64
}

// profiled holds the sums that the criterion needs, in rows multiplied by the
// root of their weights, y less its least squares fit beta0.
type profiled struct {
	n, p    int
	reml    bool
	xx      *mat.SymDense
	yy      float64
	s       []float64   // z'z a level
	zx      [][]float64 // z'X a level
	zy      []float64
	beta0   []float64
	logW    float64
	largest float64
}

// unboundedVariance minimises the criterion over psi from 0 downwards to the
// first minimum. It is nil where there is none before the limit, at which the
// sum of a level is known without error, and where the fixed effects cannot be
// solved for.
func unboundedVariance(d *design.Design, reml bool) *unbounded {
	q := newProfiled(d, reml)
	if q == nil {
		return nil
	}
	at := func(t float64) float64 { f, _, _, _ := q.eval(-t / q.largest); return f }
	// The first minimum from 0 is bracketed by steps towards the limit at t = 1.
	const steps = 256
	start := at(0)
	best, low := 0, start
	for i := 1; i < steps; i++ {
		f := at(float64(i) / steps)
		if math.IsNaN(f) || f > low {
			break
		}
		best, low = i, f
	}
	if best == steps-1 {
		return nil
	}
	t := golden(at, math.Max(0, float64(best-1)/steps), float64(best+1)/steps)
	if at(t) > low {
		t = float64(best) / steps
	}
	f, sigma2, beta, se := q.eval(-t / q.largest)
	return &unbounded{psi: -t / q.largest, sigma2: sigma2, variance: -t / q.largest * sigma2, drop: math.Max(0, start-f), criterion: f, beta: beta, se: se}
}

func newProfiled(d *design.Design, reml bool) *profiled {
	ls := leastSquares(d, reml)
	if ls == nil {
		return nil
	}
	term := &d.Terms[0]
	q := &profiled{n: len(d.Y), p: d.X.Cols, reml: reml, xx: ls.xx, yy: ls.rss, beta0: ls.beta, logW: ls.logW,
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
