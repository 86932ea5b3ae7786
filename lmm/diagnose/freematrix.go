package diagnose

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// releaseMatrix minimises the criterion over the covariance matrix of a term with
// several columns, without bounds, together with those of the terms in the
// interior; what is on the boundary elsewhere stays where it is. One grouping
// factor alone. The iteration is Fisher scoring with a line search: it goes down
// from the fit to the minimum in its valley.
func (s *subject) releaseMatrix(t int) *unbounded {
	of, ok := s.obj.Criterion.(interface{ Unbounded() *criterion.Unbounded })
	if !ok {
		return nil
	}
	u, blocks := of.Unbounded(), s.obj.Blocks()
	start := make([][]float64, len(blocks))
	for b, blk := range blocks {
		start[b] = make([]float64, blk.K*blk.K)
		cone.Cov(start[b], s.obj.Point[b], blk.K)
	}
	psi, at := descend(u, start, s.open(t, true))
	held := false
	if at != nil && !s.inside(psi, t) {
		psi, at = descend(u, start, s.open(t, false))
		held = true
	}
	if at == nil {
		return nil
	}
	k, co := blocks[t].K, s.obj.Coords
	out := &unbounded{term: t, psi: outward(psi[t], co.T[t], k), drop: math.Max(0, s.obj.Derivs.F-at.F), criterion: at.F + s.obj.Shift(), held: held,
		beta: co.Beta(at.Solution.Beta)}
	sigma2 := co.YScale * co.YScale * at.Solution.Sigma2
	for _, v := range out.psi {
		out.sigma = append(out.sigma, v*sigma2)
	}
	p := len(out.beta)
	cov := co.BetaCov(at.Solution.BetaCov)
	for i := range p {
		out.se = append(out.se, math.Sqrt(sigma2*cov[i*p+i]))
	}
	out.limit = distuv.ChiSquared{K: float64(s.freedom(t))}.Quantile(0.95)
	return out
}

// freedom counts the parameters of a term. The rank at which a fit ends is read
// from the data, so that chi-square on the directions closed at that rank alone
// would be too small: with 3.84 for (x | g) one data set in 10 to 30 of a model
// that holds would be told that it does not (testdata/calibration.md).
func (s *subject) freedom(t int) int { return s.obj.Blocks()[t].Params() }

// open lists the directions in which Psi may move: those of term t, and of the
// terms in the interior if others is set.
func (s *subject) open(t int, others bool) [][]float64 {
	blocks := s.obj.Blocks()
	pairs := cone.Pairs(blocks)
	var out [][]float64
	for _, x := range cone.Span(blocks, s.obj.Point) {
		for a, v := range x {
			if b := pairs[a].Block; v != 0 {
				if b == t || others && !s.deficient[b] && !s.hidden[b] {
					out = append(out, x)
				}
				break
			}
		}
	}
	return out
}

// inside says that all terms but one still have covariance matrices.
func (s *subject) inside(psi [][]float64, t int) bool {
	for b, blk := range s.obj.Blocks() {
		if b == t || s.deficient[b] {
			continue
		}
		var eig mat.EigenSym
		if !eig.Factorize(mat.NewSymDense(blk.K, append([]float64(nil), psi[b]...)), false) || eig.Values(nil)[0] < 0 {
			return false
		}
	}
	return true
}

// descend minimises the criterion along the directions given; nil where it does
// not arrive.
func descend(u *criterion.Unbounded, psi [][]float64, dirs [][]float64) ([][]float64, *criterion.Free) {
	at := u.At(psi)
	for range freeSteps {
		if math.IsInf(at.F, 1) {
			return nil, nil
		}
		step, decrement := scoring(u, at, dirs)
		if step == nil {
			return nil, nil
		}
		if decrement < freeGoal {
			return psi, at
		}
		length := 1.0
		for ; ; length /= 2 {
			if length < 1e-10 {
				return nil, nil
			}
			next := moved(psi, u, dirs, step, length)
			if f := u.At(next); f.F < at.F-1e-4*length*decrement || decrement < 1e-7 && f.F <= at.F+1e-12*math.Abs(at.F) {
				psi, at = next, f
				break
			}
		}
	}
	return nil, nil
}

// scoring is the step -H^-1 g along the directions and the drop g'H^-1 g / 2 that
// it promises, nil where H is singular.
func scoring(u *criterion.Unbounded, at *criterion.Free, dirs [][]float64) (step []float64, decrement float64) {
	n, pairs := len(dirs), u.Pairs()
	m := len(pairs)
	g, h := mat.NewVecDense(n, nil), mat.NewSymDense(n, nil)
	for i, x := range dirs {
		for a, v := range x {
			p := pairs[a]
			k := int(math.Sqrt(float64(len(at.G[p.Block]))))
			w := v * at.G[p.Block][p.Row*k+p.Col]
			if p.Row != p.Col {
				w *= 2
			}
			g.SetVec(i, g.AtVec(i)+w)
		}
		for j := i; j < n; j++ {
			var sum float64
			for a, v := range x {
				if v == 0 {
					continue
				}
				for b, w := range dirs[j] {
					sum += v * w * at.H[a*m+b]
				}
			}
			h.SetSym(i, j, sum)
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(h) {
		return nil, 0
	}
	t := mat.NewVecDense(n, nil)
	if err := chol.SolveVecTo(t, g); err != nil && t.Len() != n {
		return nil, 0
	}
	for i := range n {
		step = append(step, -t.AtVec(i))
	}
	return step, mat.Dot(g, t) / 2
}

func moved(psi [][]float64, u *criterion.Unbounded, dirs [][]float64, step []float64, length float64) [][]float64 {
	out := make([][]float64, len(psi))
	for b := range psi {
		out[b] = append([]float64(nil), psi[b]...)
	}
	for i, x := range dirs {
		for a, v := range x {
			p := u.Pairs()[a]
			k := int(math.Sqrt(float64(len(out[p.Block]))))
			out[p.Block][p.Row*k+p.Col] += length * step[i] * v
			if p.Row != p.Col {
				out[p.Block][p.Col*k+p.Row] += length * step[i] * v
			}
		}
	}
	return out
}

// outward is T M T'.
func outward(m, t []float64, k int) []float64 {
	half, out := make([]float64, k*k), make([]float64, k*k)
	for r := range k {
		for c := range k {
			for i := range k {
				half[r*k+c] += t[r*k+i] * m[i*k+c]
			}
		}
	}
	for r := range k {
		for c := range k {
			for i := range k {
				out[r*k+c] += half[r*k+i] * t[c*k+i]
			}
		}
	}
	return out
}
