package covstruct

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/suffstat"
)

// Objective is the criterion of a model with a structure, sigma^2 and beta
// profiled out. Its point has the blocks of the terms, then Structure.Blocks.
//
// An evaluation factors the V of every kind of group, O(n_k^3). Where a kind has
// more groups than columns it works on their moments, O(n_k^2 p^2), whatever the
// number of groups; else it solves for the rows of all groups, O(n n_k p). The
// second derivative takes O(m n_k^3 + m^2 n_k^2) a kind for m parameters. It keeps workspace: it is not safe for concurrent use.
type Objective struct {
	s      *Structure
	d      *design.Design
	rows   *suffstat.Rows
	kinds  []kind
	reml   bool
	nu     float64
	blocks []cone.Block
	pairs  []cone.Pair
	state  []state // a kind

	lx   []float64 // p x p: Cholesky of X'V^-1 X
	beta []float64
	r2   float64
	logs float64 // log|V|
}

// state is what an evaluation leaves of a kind.
type state struct {
	r  []float64 // n x n: R
	l  []float64 // n x n: Cholesky of V, lower
	w  []float64 // L^-1 [X y]; nil with moments
	dr [][]float64
	// inv is V^-1, with moments alone.
	inv []float64
}

// New returns the criterion of a design whose residuals have a structure, which
// is bound to the rows of the design. Errors: *suffstat.SaturatedError,
// *design.Error.
func New(s *Structure, d *design.Design, reml bool) (*Objective, error) {
	r, err := suffstat.NewRows(d)
	if err != nil {
		return nil, err
	}
	s.bound(d.Weights)
	kinds, err := newKinds(s, d, r)
	if err != nil {
		return nil, err
	}
	return newObjective(s, d, r, kinds, reml), nil
}

func newObjective(s *Structure, d *design.Design, r *suffstat.Rows, kinds []kind, reml bool) *Objective {
	o := &Objective{s: s, d: d, rows: r, kinds: kinds, reml: reml, nu: float64(r.N)}
	if reml {
		o.nu -= float64(r.P)
	}
	o.blocks = append(append(o.blocks, r.Blocks...), s.Blocks()...)
	o.pairs = cone.Pairs(o.blocks)
	o.lx, o.beta = make([]float64, r.P*r.P), make([]float64, r.P)
	o.state = make([]state, len(kinds))
	for k := range kinds {
		n := len(kinds[k].rows)
		o.state[k] = state{r: make([]float64, n*n), l: make([]float64, n*n)}
		if kinds[k].moments == nil {
			o.state[k].w = make([]float64, len(kinds[k].xy))
		}
	}
	return o
}

// Fork returns the same criterion with a workspace of its own.
func (o *Objective) Fork() *Objective { return newObjective(o.s, o.d, o.rows, o.kinds, o.reml) }

// Exchange returns the criterion of another response. Errors:
// *suffstat.SaturatedError.
func (o *Objective) Exchange(y []float64) (*Objective, error) {
	r, err := o.rows.Exchange(y)
	if err != nil {
		return nil, err
	}
	kinds := append([]kind(nil), o.kinds...)
	for k := range kinds {
		kinds[k].stack(r)
	}
	return newObjective(o.s, o.d, r, kinds, o.reml), nil
}

// Coords are the internal coordinates.
func (o *Objective) Coords() *suffstat.Coords { return &o.rows.Coords }

// Blocks returns the blocks of the parameter space.
func (o *Objective) Blocks() []cone.Block { return o.blocks }

// Shift is what f in the user's units exceeds f in internal coordinates by.
func (o *Objective) Shift() float64 { return criterion.Shift(&o.rows.Coords, o.nu, o.reml) }

// Starts are the points that a search begins from: every structure at its
// reference, with random effects of three sizes.
func (o *Objective) Starts() []cone.Point {
	t := len(o.rows.Blocks)
	var out []cone.Point
	for _, size := range []float64{1, 3, 0.3} {
		p := cone.Identity(o.blocks, size)
		for b := range o.rows.Blocks {
			for i := range p[b] {
				p[b][i] *= o.blocks[b].Unit
			}
		}
		copy(p[t:], o.reference())
		out = append(out, p)
		if t == 0 {
			break
		}
	}
	return out
}

// reference is the point of the structure where all parameters have an effect
// of their own.
func (o *Objective) reference() cone.Point {
	var p cone.Point
	start := o.s.corr.start()
	if n := len(start) + len(o.s.vars.parts); n > 0 {
		b := make([]float64, n*n)
		for i, v := range start {
			b[i*n+i] = v
		}
		p = append(p, b)
	}
	if o.s.Spec.Nugget {
		p = append(p, []float64{0.3})
	}
	if n := len(o.s.free); n > 0 {
		p = append(p, make([]float64, n*n))
	}
	return p
}

// Value returns f at a point, +Inf where it cannot be computed.
func (o *Objective) Value(p cone.Point) float64 { return o.eval(p, false) }

// eval factors V and profiles out beta and sigma^2; with slopes it also sets
// the derivatives of R.
func (o *Objective) eval(p cone.Point, slopes bool) float64 {
	np, m := o.rows.P, o.rows.P+1
	cross := make([]float64, m*m)
	o.logs = 0
	psi := o.psi(p)
	for k := range o.kinds {
		if !o.factor(k, p, psi, slopes) {
			return math.Inf(1)
		}
		kd, st := &o.kinds[k], &o.state[k]
		n := len(kd.rows)
		for i := range n {
			o.logs += 2 * float64(len(kd.all)) * math.Log(st.l[i*n+i])
		}
		if kd.moments != nil {
			st.inv = o.inverse(k)
			for i, v := range kd.crossOf(st.inv, m) {
				cross[i] += v
			}
			continue
		}
		addCross(cross, st.w, st.w, n*len(kd.all), m)
	}
	for a := range np {
		for b := range a + 1 {
			o.lx[a*np+b], o.lx[b*np+a] = cross[a*m+b], cross[a*m+b]
		}
	}
	if !dense.Cholesky(o.lx, np) {
		return math.Inf(1)
	}
	copy(o.beta, cross[np*m:np*m+np])
	dense.SolveLower(o.lx, np, o.beta, 1)
	o.r2 = cross[np*m+np]
	for _, v := range o.beta {
		o.r2 -= v * v
	}
	dense.SolveLowerTrans(o.lx, np, o.beta, 1)
	if !(o.r2 > 0) {
		return math.Inf(1)
	}
	f := o.logs + o.nu*(1+math.Log(2*math.Pi*o.r2/o.nu))
	if o.reml {
		for i := range np {
			f += 2 * math.Log(o.lx[i*np+i])
		}
	}
	if math.IsNaN(f) {
		return math.Inf(1)
	}
	return f
}

// psi returns Psi of each term.
func (o *Objective) psi(p cone.Point) [][]float64 {
	out := make([][]float64, len(o.rows.Blocks))
	for b, blk := range o.rows.Blocks {
		out[b] = make([]float64, blk.K*blk.K)
		cone.Cov(out[b], p[b], blk.K)
	}
	return out
}

// factor sets the state of a kind; false where V is not positive definite.
func (o *Objective) factor(k int, p cone.Point, psi [][]float64, slopes bool) bool {
	kd, st := &o.kinds[k], &o.state[k]
	n := len(kd.rows)
	if slopes && st.dr == nil {
		st.dr = make([][]float64, o.s.Params())
		for a := range st.dr {
			st.dr[a] = make([]float64, n*n)
		}
	}
	o.s.fill(st.r, st.dr, slopes, p[len(o.rows.Blocks):], &kd.group)
	copy(st.l, st.r)
	if len(kd.blocks) > 0 && o.s.bounded() && !dense.Cholesky(st.l, n) {
		return false // V may be positive definite beside random effects, R must be
	}
	copy(st.l, st.r)
	for _, b := range kd.blocks {
		z, q := o.rows.Z[b.term], o.blocks[b.term].K
		zp := make([]float64, q)
		for _, i := range b.at {
			zi := z[kd.rows[i]*q:][:q]
			for c := range zp {
				zp[c] = 0
				for l, v := range zi {
					zp[c] += v * psi[b.term][l*q+c]
				}
			}
			for _, j := range b.at {
				if j > i {
					break
				}
				for c, v := range z[kd.rows[j]*q:][:q] {
					st.l[i*n+j] += zp[c] * v
				}
			}
		}
	}
	// The lower triangle by rows is the upper one by columns.
	_, ok := lapack64.Potrf(blas64.Symmetric{N: n, Stride: n, Uplo: blas.Lower, Data: st.l})
	if !ok {
		return false
	}
	if kd.moments == nil {
		copy(st.w, kd.xy)
		o.solve(k, blas.NoTrans, st.w)
	}
	return true
}

// solve overwrites b, n rows, with L^-1 b or L^-T b.
func (o *Objective) solve(k int, t blas.Transpose, b []float64) {
	n := len(o.kinds[k].rows)
	w := len(b) / n
	if w == 0 {
		return
	}
	blas64.Trsm(blas.Left, t, 1, blas64.Triangular{N: n, Stride: n, Uplo: blas.Lower, Diag: blas.NonUnit, Data: o.state[k].l},
		blas64.General{Rows: n, Cols: w, Stride: w, Data: b})
}

// fill sets R of a group and, with slopes, its derivatives.
func (s *Structure) fill(r []float64, dr [][]float64, slopes bool, p cone.Point, g *group) {
	phi, delta, nugget := s.split(p)
	n, k := len(g.rows), len(phi)
	pair := s.corr.at(phi)
	d := make([]float64, k)
	sd := make([]float64, n)
	for i, row := range g.rows {
		sd[i] = math.Exp(s.vars.logSD(row, delta))
	}
	clear(r)
	if slopes {
		for a := range dr {
			clear(dr[a])
		}
	}
	set := func(m []float64, i, j int, v float64) { m[i*n+j], m[j*n+i] = v, v }
	q := len(delta)
	for _, sp := range g.subjects {
		for i := sp.from; i < sp.to; i++ {
			for j := sp.from; j <= i; j++ {
				v, scale := sd[i]*sd[j], 1.0
				if i != j {
					scale = v / (1 + nugget)
					v = scale * pair(s.places[g.rows[i]], s.places[g.rows[j]], d)
				}
				set(r, i, j, v)
				if !slopes {
					continue
				}
				if i != j {
					for a, x := range d {
						set(dr[a], i, j, scale*x)
					}
				}
				for a := range q {
					u := s.vars.u[g.rows[i]*q+a] + s.vars.u[g.rows[j]*q+a]
					set(dr[k+a], i, j, v*u/s.vars.spread[a])
				}
				if s.Spec.Nugget && i != j {
					set(dr[k+q], i, j, -v/(1+nugget))
				}
			}
		}
	}
	s.share(r, dr, slopes, s.components(p), g)
}
