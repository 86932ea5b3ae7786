package infer

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// scaledObjective is a criterion that can keep sigma^2 as a parameter.
type scaledObjective interface {
	Scaled(p cone.Point, second bool) *criterion.Scaled
}

// landscape is the criterion of a model over absolute covariance factors and
// sigma: Sigma_t = A_t A_t', in internal coordinates, Psi_t = Sigma_t /
// sigma^2. The rows of S_t take a factor to the user's coordinates, S_t = scale
// of y times T_t: the standard deviation i of term t is the length of row i of
// S_t A_t.
//
// After the blocks of the terms come those of a structure of the residuals: they are
// parameters of V / sigma^2, whatever sigma is.
//
// A is any factor with as many columns as the rank allows. It keeps workspace:
// it is not safe for concurrent use.
type landscape struct {
	model  *lmm.Model
	obj    *lmm.Objective
	scaled scaledObjective
	blocks []cone.Block
	terms  int         // the first blocks; the others are those of a structure
	rows   [][]float64 // S_t, k x k
	factor [][]float64 // A_t at the estimates, its columns orthogonal
	omega  float64     // log sigma at the estimates, internal
	unit   []float64   // a block: the size of an entry of A that matters
	shift  float64
	// ratios says that the factors are those of Sigma_t / sigma^2, so that log
	// sigma does not move Psi, and S_t = T_t: lengths are standard deviations
	// over sigma.
	ratios bool
	// fixed says that there is no sigma: the model is generalised, and sigma 1.
	fixed bool
}

// newLandscape returns false for a criterion that profiles sigma out for good.
func newLandscape(m *lmm.Model) (*landscape, bool) {
	obj := m.Objective()
	if m.Family() != nil {
		return generalLandscape(m, obj), true
	}
	scaled, ok := obj.Criterion.(scaledObjective)
	if !ok {
		return nil, false
	}
	s := &landscape{model: m, obj: obj, scaled: scaled, blocks: obj.Blocks(), terms: len(obj.Coords.T), shift: obj.Shift()}
	sigma := math.Sqrt(obj.Solve(obj.Point).Sigma2)
	s.omega = math.Log(sigma)
	for t, b := range s.blocks {
		if t >= s.terms {
			s.factor, s.unit, s.rows = append(s.factor, append([]float64(nil), obj.Point[t]...)), append(s.unit, b.Unit), append(s.rows, nil)
			continue
		}
		rows := append([]float64(nil), obj.Coords.T[t]...)
		scale(rows, obj.Coords.YScale)
		s.rows = append(s.rows, rows)
		s.unit = append(s.unit, b.Unit*sigma)
		a := straightened(b, obj.Point[t])
		scale(a, sigma)
		s.factor = append(s.factor, a)
	}
	return s, true
}

// straightened is a factor of the same matrix with orthogonal columns.
func straightened(b cone.Block, lambda []float64) []float64 {
	a, k := append([]float64(nil), lambda...), b.K
	if b.Shape != cone.Full && b.Shape != cone.ReducedRank {
		return a
	}
	basis, sds := make([]float64, k*k), make([]float64, k)
	dense.LeftSVD(append([]float64(nil), a...), basis, sds, k)
	for r := range k {
		for c := range k {
			a[r*k+c] = basis[r*k+c] * sds[c]
		}
	}
	return a
}

// overSigma returns the landscape over relative covariance factors and sigma.
func (s *landscape) overSigma() *landscape {
	if s.fixed {
		return s
	}
	out := *s
	out.ratios, out.rows, out.factor, out.unit = true, nil, nil, nil
	for t, b := range s.blocks {
		if t >= s.terms {
			out.rows, out.factor, out.unit = append(out.rows, nil), append(out.factor, s.factor[t]), append(out.unit, s.unit[t])
			continue
		}
		out.rows = append(out.rows, times(s.rows[t], 1/s.obj.Coords.YScale))
		out.factor = append(out.factor, times(s.factor[t], math.Exp(-s.omega)))
		out.unit = append(out.unit, b.Unit)
	}
	return &out
}

// lambda returns the relative factors of a position, and what they are times its
// factors.
func (s *landscape) lambda(p *position) (lambda cone.Point, shrink float64) {
	shrink = 1
	if !s.ratios {
		shrink = math.Exp(-p.omega)
	}
	for t, a := range p.factor {
		if t >= s.terms {
			lambda = append(lambda, append([]float64(nil), a...))
			continue
		}
		lambda = append(lambda, times(a, shrink))
	}
	return lambda, shrink
}

// columns is the number of columns of a factor.
func columns(b cone.Block) int {
	if b.Shape == cone.ReducedRank {
		return min(b.Rank, b.K)
	}
	return b.K
}

// variable is a coordinate of a chart of factors.
type variable struct {
	block int       // -1: log sigma
	l     []float64 // dA / du, k x k
	bend  []float64 // d2A / du2, nil for 0
	mix   []float64 // d2A / du dx, x being what is profiled; nil for 0
}

// position is a point of a chart: the factors and how they move.
type position struct {
	factor [][]float64
	vars   []variable // free; log sigma last, if it is
	focal  variable   // the one profiled
	omega  float64
}

// jet is the criterion at a position with its derivatives; the focal variable
// comes after the free ones.
type jet struct {
	f float64
	g []float64
	h *mat.SymDense
}

// evaluate returns the criterion and its derivatives, the second ones if wanted.
func (s *landscape) evaluate(p *position, second bool) jet {
	if s.fixed {
		return s.evaluateGeneral(p, second)
	}
	lambda, shrink := s.lambda(p)
	sc := s.scaled.Scaled(lambda, second)
	if !sc.Finite() {
		return jet{f: math.Inf(1)}
	}
	sigma2 := math.Exp(2 * p.omega)
	all := append(append([]variable(nil), p.vars...), p.focal)
	n := len(all)
	out := jet{f: sc.Value(sigma2) + s.shift, g: make([]float64, n)}

	gamma, gl := make([][]float64, len(lambda)), make([][]float64, len(lambda))
	for t := range lambda {
		k := s.blocks[t].K
		gamma[t], gl[t] = make([]float64, k*k), make([]float64, k*k)
		for i, v := range sc.Trace[t] {
			gamma[t][i] = v - sc.Quad[t][i]/sigma2
		}
		dense.Mul(gl[t], gamma[t], lambda[t], k, k, k)
	}
	move := make([][][]float64, n) // dLambda
	vech := make([][]float64, n)   // dPsi at Pairs
	toward := make([]float64, n)   // of R2 / sigma^2 with log sigma, and each variable
	for a, v := range all {
		move[a] = s.motion(v, lambda, shrink)
		vech[a] = s.change(sc.Pairs, move[a], lambda)
		for t, m := range move[a] {
			switch {
			case m == nil:
			case s.blocks[t].Shape == cone.Free:
				out.g[a] += dot(gamma[t], m)
			default:
				out.g[a] += 2 * dot(gl[t], m)
			}
		}
		for i, q := range sc.Pairs {
			w := 2 / sigma2 * vech[a][i] * sc.Quad[q.Block][q.Row*s.blocks[q.Block].K+q.Col]
			if q.Row != q.Col {
				w *= 2
			}
			toward[a] += w
		}
		if v.block < 0 {
			out.g[a] += 2*sc.Nu - 2*sc.R2/sigma2
		}
	}
	if !second {
		return out
	}
	out.h = mat.NewSymDense(n, nil)
	for a := range all {
		for b := a; b < n; b++ {
			x := sc.Curvature(sigma2, vech[a], vech[b]) + s.second(gamma, gl, lambda, all, move, a, b, n-1, shrink)
			if all[a].block < 0 {
				x += toward[b]
			}
			if all[b].block < 0 {
				x += toward[a]
			}
			if all[a].block < 0 && all[b].block < 0 {
				x += 4 * sc.R2 / sigma2
			}
			out.h.SetSym(a, b, x)
		}
	}
	return out
}

// motion is dLambda along a variable, a block, nil where it stays.
func (s *landscape) motion(v variable, lambda cone.Point, shrink float64) [][]float64 {
	out := make([][]float64, len(lambda))
	if v.block >= 0 {
		out[v.block] = append([]float64(nil), v.l...)
		if v.block < s.terms {
			scale(out[v.block], shrink)
		}
		return out
	}
	for t, l := range lambda {
		if !s.ratios && t < s.terms {
			out[t] = times(l, -1)
		}
	}
	return out
}

// change is dPsi, its entries at pairs.
func (s *landscape) change(pairs []cone.Pair, move [][]float64, lambda cone.Point) []float64 {
	out := make([]float64, len(pairs))
	for i, p := range pairs {
		m, l, k := move[p.Block], lambda[p.Block], s.blocks[p.Block].K
		if m == nil {
			continue
		}
		if s.blocks[p.Block].Shape == cone.Free {
			out[i] = m[p.Row*k+p.Col]
			continue
		}
		for c := range k {
			out[i] += m[p.Row*k+c]*l[p.Col*k+c] + l[p.Row*k+c]*m[p.Col*k+c]
		}
	}
	return out
}

// second is tr(Gamma d2Psi) for two variables, d2Psi = dL_a dL_b' + dL_b dL_a' +
// d2L L' + L d2L'.
func (s *landscape) second(gamma, gl [][]float64, lambda cone.Point, all []variable, move [][][]float64, a, b, focal int, shrink float64) float64 {
	var x float64
	for t := range lambda {
		ma, mb, k := move[a][t], move[b][t], s.blocks[t].K
		if ma == nil || mb == nil || s.blocks[t].Shape == cone.Free {
			continue
		}
		for r := range k {
			for q := range k {
				if g := gamma[t][r*k+q]; g != 0 {
					for c := range k {
						x += 2 * g * ma[r*k+c] * mb[q*k+c]
					}
				}
			}
		}
	}
	va, vb := all[a], all[b]
	switch {
	case s.ratios && (va.block < 0 || vb.block < 0):
	case va.block < 0 && vb.block < 0:
		for t := range lambda[:s.terms] {
			x += 2 * dot(gl[t], lambda[t])
		}
	case (va.block < 0 || vb.block < 0) && max(va.block, vb.block) >= s.terms:
	case va.block < 0:
		x -= 2 * dot(gl[vb.block], move[b][vb.block])
	case vb.block < 0:
		x -= 2 * dot(gl[va.block], move[a][va.block])
	case a == b && va.bend != nil:
		x += 2 * shrink * dot(gl[va.block], va.bend)
	case b == focal && va.mix != nil:
		x += 2 * shrink * dot(gl[va.block], va.mix)
	}
	return x
}
