package laplace

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/integrate/quad"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// maxNodes bounds the nodes of a level.
const maxNodes = 20000

// quadrature is adaptive Gauss-Hermite quadrature (Liu and Pierce 1994; Pinheiro
// and Bates 1995), as a correction of Laplace's approximation. With b^ the mode of
// a level, R R' = T its conditional covariance, R lower triangular, and x a node of
// the product rule for the normal distribution, of weight omega,
//
//	-2 log L = D - 2 sum over levels of log sum_x omega exp(rho(R x)),
//	rho(d)   = sum_i [ l_i(eta^_i + z_i'd) - l_i - s_i z_i'd + W_i (z_i'd)^2 / 2 ]:
//
// what the log-likelihood has beyond its quadratic part. A single node is 0, and
// the correction too. No inverse of Psi or T is taken.
//
// Its derivative goes through the nodes. With pi the shares of the nodes, d_i =
// z_i'R x, s_x the scores there and q_x = sum_i z_i (s_x - s + W d)_i,
//
//	by eta^_i:  -2 sum_x pi (s_x - s + W d + W' d^2 / 2)_i
//	by R:       F = -2 sum_x pi q_x x'
//
// and, Phi being the lower triangle of R'F with half the diagonal, by T the
// symmetric part of U = R^-T Phi R^-1, where dT = K'dPsi K - T dS T, K = (I + S
// Psi)^-1. Where T is singular it is taken at T + 1e-8 unit^2 I, its limit up to
// that order.
type quadrature struct {
	dim   int
	x     []float64 // dim x nodes
	logW  []float64
	floor []float64 // dim: 1e-8 unit^2

	shift  []float64 // a row: the derivative by eta^
	spread []float64 // a level: k x k, T U T, symmetric
	own    []float64 // k x k: the sum of K U K', symmetric
	shape  float64   // the derivative in the parameter of the shape, nodes and mode fixed
	crew   crew
	desks  []desk // a chunk
}

// desk is the workspace of a chunk of levels, and what it sums up.
type desk struct {
	*quadrature
	sum, shape float64
	own        []float64 // k x k
	score, at  []float64 // rows of a level x nodes: s_x - s + W d, d
	rho        []float64 // a node: its share
	// A node: the response and the linear predictor of a row, its log-likelihood
	// and the derivatives of that which are not kept.
	y, eta, l, d2, d3 []float64
	delta             []float64 // dim x nodes: R x
	f                 []float64 // dim x dim
	work              [4][]float64
}

func newQuadrature(m *model) *quadrature {
	n, k := m.set.Nodes, m.layout.k
	x, w := make([]float64, n), make([]float64, n)
	quad.Hermite{}.FixedLocations(x, w, math.Inf(-1), math.Inf(1))
	total := 1
	for range k {
		total *= n
	}
	q := &quadrature{dim: k, x: make([]float64, total*k), logW: make([]float64, total)}
	for i := range total {
		rest := i
		for j := range k {
			at := rest % n
			rest /= n
			q.x[j*total+i] = math.Sqrt2 * x[at]
			q.logW[i] += math.Log(w[at]) - math.Log(math.Pi)/2
		}
	}
	for _, t := range m.layout.fs[0].terms {
		u := 1e-4 * m.blocks[t].Unit
		q.floor = append(q.floor, slices.Repeat([]float64{u * u}, m.blocks[t].K)...)
	}
	q.shift = make([]float64, m.rows.n)
	q.spread, q.own = make([]float64, m.layout.n*k*k), make([]float64, k*k)
	q.crew.init(m.layout, m.rows.n, total, 0)
	for range q.crew.parts {
		q.desks = append(q.desks, q.newDesk())
	}
	return q
}

func (q *quadrature) newDesk() desk {
	nodes, k := len(q.logW), q.dim
	d := desk{quadrature: q, own: make([]float64, k*k), f: make([]float64, k*k), rho: make([]float64, nodes), delta: make([]float64, nodes*k)}
	for _, p := range []*[]float64{&d.y, &d.eta, &d.l, &d.d2, &d.d3} {
		*p = make([]float64, nodes)
	}
	for i := range d.work {
		d.work[i] = make([]float64, k*k)
	}
	return d
}

// correction is what quadrature adds to Laplace's approximation at the mode. It
// leaves its derivatives behind.
func (o *Objective) correction() float64 {
	q := o.quad
	if q == nil {
		return 0
	}
	k := q.dim
	q.crew.each(func(c, s0, s1 int) {
		d := &q.desks[c]
		d.sum, d.shape = 0, 0
		clear(d.own)
		defer d.room(o.layout, s0, s1)()
		r := d.work[3]
		for s := s0; s < s1; s++ {
			t := o.schur.t[s*k*k : s*k*k+k*k]
			if root(r, t, q.floor, false) {
				d.sum += o.level(d, s, r, true)
			} else {
				d.sum += o.level(d, s, r, false)
				root(r, t, q.floor, true)
				o.level(d, s, r, true)
			}
			o.turn(d, s, r, t)
		}
	})
	var sum float64
	clear(q.own)
	q.shape = 0
	for i := range q.desks {
		d := &q.desks[i]
		sum += d.sum
		q.shape += d.shape
		for j, v := range d.own {
			q.own[j] += v
		}
	}
	return sum
}

// keptCells is what a desk keeps from one evaluation to the next.
const keptCells = 1 << 16

// room makes room for the widest level of a chunk and returns what clears the
// desk.
func (d *desk) room(l *layout, s0, s1 int) func() {
	widest := 0
	for s := s0; s < s1; s++ {
		widest = max(widest, l.from[s+1]-l.from[s])
	}
	if need := widest * len(d.rho); len(d.score) < need {
		d.score, d.at = make([]float64, need), make([]float64, need)
	}
	return func() {
		if len(d.score) > keptCells {
			d.score, d.at = nil, nil
		}
	}
}

// root sets r to the lower Cholesky factor of t, of t plus the diagonal matrix of
// the floors if they are added. A pivot that is not positive makes a column of
// zeros. It reports whether all pivots are at least the floors.
func root(r, t, floor []float64, add bool) bool {
	k := len(floor)
	ok := true
	for j := range k {
		for i := range k {
			r[i*k+j] = 0
		}
		for i := j; i < k; i++ {
			v := t[i*k+j]
			if i == j && add {
				v += floor[j]
			}
			for c := range j {
				v -= r[i*k+c] * r[j*k+c]
			}
			if i == j {
				ok = ok && v >= floor[j]
				if v <= 0 {
					break
				}
				r[j*k+j] = math.Sqrt(v)
				continue
			}
			r[i*k+j] = v / r[j*k+j]
		}
	}
	return ok
}

// level returns the correction of a level and, if wanted, sets the derivative by
// eta and F and adds that by the shape.
func (o *Objective) level(q *desk, s int, r []float64, derive bool) float64 {
	rows := o.rows
	k, from, to := q.dim, o.layout.from[s], o.layout.from[s+1]
	nodes := len(q.logW)
	clear(q.delta)
	for a := range k {
		for c := range a + 1 {
			floats.AddScaled(q.delta[a*nodes:][:nodes], r[a*k+c], q.x[c*nodes:][:nodes])
		}
	}
	copy(q.rho, q.logW)
	for i := from; i < to; i++ {
		y, w, eta, z := rows.y[i], rows.w[i], o.xb[i]+o.zb[i], rows.z[0][i*k:i*k+k]
		here, _, _, _ := o.fam.Kernel(y, eta, o.shape)
		score, at := q.score[(i-from)*nodes:][:nodes], q.at[(i-from)*nodes:][:nodes]
		clear(at)
		for a, v := range z {
			floats.AddScaled(at, v, q.delta[a*nodes:][:nodes])
		}
		for x, d := range at {
			q.eta[x], q.y[x] = eta+d, y
		}
		o.fam.Kernels(q.y, q.eta, o.shape, q.l, score, q.d2, q.d3)
		s, bend := o.s[i], o.w[i]
		rho, l, score := q.rho[:len(at)], q.l[:len(at)], score[:len(at)]
		for x, d := range at {
			rho[x] += w*(l[x]-here) - d*(s-bend*d/2)
			score[x] = w*score[x] - s + bend*d
		}
	}
	top := slices.Max(q.rho)
	var sum float64
	for x, v := range q.rho {
		q.rho[x] = math.Exp(v - top)
		sum += q.rho[x]
	}
	if derive {
		for x := range q.rho {
			q.rho[x] /= sum
		}
		o.through(q, from, to)
	}
	return -2 * (top + math.Log(sum))
}

// through sums over the nodes, whose shares are in rho, for the rows of a level.
func (o *Objective) through(q *desk, from, to int) {
	k := q.dim
	nodes := len(q.rho)
	clear(q.f)
	qx := make([]float64, k)
	for i := from; i < to; i++ {
		score, at, z := q.score[(i-from)*nodes:][:nodes], q.at[(i-from)*nodes:][:nodes], o.rows.z[0][i*k:i*k+k]
		var shift float64
		bend, pull := o.w3[i]/2, q.l[:nodes]
		for x, share := range q.rho {
			v := share * score[x]
			pull[x] = v
			shift += v + share*bend*at[x]*at[x]
		}
		for c := range qx {
			qx[c] = floats.Dot(pull, q.x[c*nodes:][:nodes])
		}
		q.shift[i] = -2 * shift
		for a, v := range z {
			for c, u := range qx {
				q.f[a*k+c] -= 2 * v * u
			}
		}
		if o.fam.HasShape() {
			o.shapeThrough(q, i, at)
		}
	}
}

// shapeThrough adds the derivative of rho by the shape for a row.
func (o *Objective) shapeThrough(q *desk, i int, at []float64) {
	y, eta := o.rows.y[i], o.xb[i]+o.zb[i]
	l0, d0, w0 := o.fam.KernelSlope(y, eta, o.shape)
	var sum float64
	for x, share := range q.rho {
		d := at[x]
		l, _, _ := o.fam.KernelSlope(y, eta+d, o.shape)
		sum += share * (l - l0 - d*(d0+d*w0/2))
	}
	q.shape -= 2 * o.rows.w[i] * sum
}

// turn takes the derivative by R to T, and from there to Psi and S.
func (o *Objective) turn(q *desk, s int, r, t []float64) {
	k := q.dim
	ss := o.schur.ss[s*k*k : s*k*k+k*k]
	if k == 1 {
		u := q.f[0] / (2 * r[0])
		kv := 1 / (1 + ss[0]*o.psi[0][0])
		q.own[0] += kv * u * kv
		q.spread[s] = t[0] * u * t[0]
		return
	}
	u, v := q.work[0], q.work[1]
	dense.MulTransA(u, r, q.f, k, k, k)
	for i := range k {
		u[i*k+i] /= 2
		for j := i + 1; j < k; j++ {
			u[i*k+j] = 0
		}
	}
	dense.SolveLowerTrans(r, k, u, k) // R^-T Phi
	transpose(v, u, k)
	dense.SolveLowerTrans(r, k, v, k) // (R^-T Phi R^-1)'
	for i := range k {
		for j := range i + 1 {
			x := (v[i*k+j] + v[j*k+i]) / 2
			u[i*k+j], u[j*k+i] = x, x
		}
	}
	dense.Mul(v, t, u, k, k, k)
	dense.Mul(q.spread[s*k*k:s*k*k+k*k], v, t, k, k, k)
	residual(q.work[2], ss, t, k)
	congruent(q.own, 1, q.work[2], u, v, k)
}

func transpose(to, a []float64, k int) {
	for i := range k {
		for j := range k {
			to[j*k+i] = a[i*k+j]
		}
	}
}
