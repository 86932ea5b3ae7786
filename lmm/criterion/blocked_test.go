package criterion_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/suffstat"
	"github.com/golmm/golmm/lmm/table"
)

// blockedModels span nested, crossed and mixed structures; "simulated" is a
// table of this file.
var blockedModels = []struct{ name, data, formula string }{
	{"one factor", "sleepstudy", "Reaction ~ Days + (Days | Subject)"},
	{"crossed", "Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"},
	{"nested", "Pastes", "strength ~ 1 + (1 | batch/cask)"},
	{"same rows twice", "Pastes", "strength ~ 1 + (1 | sample) + (1 | cask:batch)"},
	{"nested, slope", "Pixel", "pixel ~ day + I(day^2) + (day | Dog) + (1 | Dog:Side)"},
	{"nested, fixed effects", "Oats", "yield ~ nitro + Variety + (1 | Block/Variety)"},
	{"nested and crossed", "Assay", "logDens ~ sample * dilut + (1 | Block) + (1 | Block:sample) + (1 | Block:dilut)"},
	{"three nested", "simulated", "y ~ x + (x | class) + (x + z | school) + (1 | region)"},
	{"nested, crossed slopes", "simulated", "y ~ x + (x | class) + (0 + z || school) + (1 | school) + (z | rater)"},
	{"crossed slopes", "simulated", "y ~ x + (x + z | rater) + (x || paper) + (1 | school)"},
	{"several panels", "simulated", "y ~ x + (x + z | rater) + (x + z | paper) + (1 | class)"},
}

// simulated has 240 rows: 60 classes in 12 schools in 4 regions, 40 raters and
// 35 papers crossed with them.
func simulated(t testing.TB) *table.Table {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	const n = 240
	code := map[string][]int32{}
	x, z, y := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		class := int32(i / 4)
		code["class"] = append(code["class"], class)
		code["school"] = append(code["school"], class/5)
		code["region"] = append(code["region"], class/15)
		code["rater"] = append(code["rater"], int32(r.IntN(40)))
		code["paper"] = append(code["paper"], int32(r.IntN(35)))
		x[i], z[i] = r.NormFloat64(), 3+r.Float64()
		y[i] = 2 + x[i] + 0.5*float64(class%5) + r.NormFloat64()
	}
	columns := []*table.Column{table.NewFloats("x", x), table.NewFloats("z", z), table.NewFloats("y", y)}
	for name, codes := range code {
		var levels []string
		for l := range slices.Max(codes) + 1 {
			levels = append(levels, fmt.Sprint(name, l))
		}
		c, err := table.NewFactor(name, codes, levels)
		if err != nil {
			t.Fatal(err)
		}
		columns = append(columns, c)
	}
	tab, err := table.New(columns...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func buildBlocked(t testing.TB, data, src string) (*design.Design, *suffstat.Blocked) {
	t.Helper()
	var tab *table.Table
	var err error
	if data == "simulated" {
		tab = simulated(t)
	} else if tab, err = reference.Table(data); err != nil {
		t.Fatal(err)
	}
	f, err := formula.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := suffstat.NewBlocked(d)
	if err != nil {
		t.Fatal(err)
	}
	return d, s
}

func TestBlockedValueIsTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, m := range blockedModels {
		d, s := buildBlocked(t, m.data, m.formula)
		for _, reml := range []bool{true, false} {
			c := criterion.NewBlocked(s, reml)
			for name, p := range points(s.Blocks, r) {
				got, want := c.Value(p)+c.Shift(), valueAt(d, s.T, p, reml)
				// The dense r2 is a difference of numbers 1e2 to 1e3 times as
				// large, and enters as n log r2: n 1e3 eps = 1e-10.
				if !(math.Abs(got-want) <= 1e-9) {
					t.Errorf("%s, REML %v, %s: %.12f, want %.12f", m.name, reml, name, got, want)
				}
			}
		}
	}
}

// definition holds n x n matrices in internal coordinates.
type definition struct {
	m  *mat.Dense    // M
	p  *mat.Dense    // P
	py *mat.VecDense // P y / s
	s2 float64
	da []*mat.Dense // D_a of each pair
}

// define computes M, P and Py from V = I + Z Psi Z'.
func define(d *design.Design, s *suffstat.Blocked, at cone.Point, reml bool) *definition {
	n, q := d.X.Rows, d.X.Cols
	def := &definition{}
	v := mat.NewSymDense(n, nil)
	for i := 0; i < n; i++ {
		v.SetSym(i, i, 1)
	}
	for a, pr := range cone.Pairs(s.Blocks) {
		term, k := d.Terms[pr.Block], s.Blocks[pr.Block].K
		var z mat.Dense
		z.Mul(mat.NewDense(n, k, term.Z.Data), mat.NewDense(k, k, s.T[pr.Block]))
		psi := make([]float64, k*k)
		cone.Cov(psi, at[pr.Block], k)
		def.da = append(def.da, mat.NewDense(n, n, nil))
		for i := 0; i < n; i++ {
			for j := 0; j < n; j++ {
				if term.Level[i] != term.Level[j] {
					continue
				}
				w := z.At(i, pr.Row) * z.At(j, pr.Col)
				if pr.Row != pr.Col {
					w += z.At(i, pr.Col) * z.At(j, pr.Row)
				}
				def.da[a].Set(i, j, w)
				if j >= i {
					v.SetSym(i, j, v.At(i, j)+w*psi[pr.Row*k+pr.Col])
				}
			}
		}
	}
	var chol mat.Cholesky
	chol.Factorize(v)
	var inv mat.SymDense
	_ = chol.InverseTo(&inv)
	x := mat.NewDense(n, q, d.X.Data)
	var vx, xvx, b, px mat.Dense
	vx.Mul(&inv, x)
	xvx.Mul(x.T(), &vx)
	_ = b.Solve(&xvx, vx.T())
	px.Mul(&vx, &b)
	def.p = mat.NewDense(n, n, nil)
	def.p.Sub(&inv, &px)
	def.m = mat.DenseCopyOf(&inv)
	nu := float64(n)
	if reml {
		def.m, nu = def.p, nu-float64(q)
	}
	// P y = P (y - X b): the residuals of least squares keep the digits.
	y := mat.NewVecDense(n, append([]float64(nil), d.Y...))
	var beta, fit mat.VecDense
	_ = beta.SolveVec(x, y)
	fit.MulVec(x, &beta)
	y.SubVec(y, &fit)
	y.ScaleVec(1/s.YScale, y)
	def.py = mat.NewVecDense(n, nil)
	def.py.MulVec(def.p, y)
	def.s2 = mat.Dot(y, def.py) / nu
	return def
}

// G and the average information from their definitions.
func TestBlockedDerivativesAreTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, m := range blockedModels {
		d, s := buildBlocked(t, m.data, m.formula)
		for _, reml := range []bool{true, false} {
			c := criterion.NewBlocked(s, reml)
			nu := float64(s.N)
			if reml {
				nu -= float64(s.P)
			}
			for name, at := range points(s.Blocks, r) {
				got, def := c.Derivs(at), define(d, s, at, reml)
				if !got.Approx {
					t.Errorf("%s: H is not called approximate", m.name)
				}
				n := len(got.Pairs)
				quad, half := make([]float64, n), make([]*mat.VecDense, n)
				for a, da := range def.da {
					half[a] = mat.NewVecDense(d.X.Rows, nil)
					half[a].MulVec(da, def.py)
					quad[a] = mat.Dot(half[a], def.py)
					trace := 0.0
					for i := 0; i < d.X.Rows; i++ {
						trace += mat.Dot(da.RowView(i), def.m.ColView(i))
					}
					pr := got.Pairs[a]
					k := s.Blocks[pr.Block].K
					g := got.G[pr.Block][pr.Row*k+pr.Col]
					if pr.Row != pr.Col {
						g += got.G[pr.Block][pr.Col*k+pr.Row]
					}
					// n Z'Z eps of rounding against the larger part.
					if want := trace - quad[a]/def.s2; !(math.Abs(g-want) <= 1e-10*(1+math.Abs(trace)+math.Abs(quad[a])/def.s2)) {
						t.Errorf("%s, REML %v, %s: G %d is %.12g, want %.12g", m.name, reml, name, a, g, want)
					}
				}
				ai := func(a, b int) float64 {
					var pb mat.VecDense
					pb.MulVec(def.p, half[b])
					return mat.Dot(half[a], &pb)/def.s2 - quad[a]*quad[b]/(nu*def.s2*def.s2)
				}
				for a := range n {
					for b := range n {
						scale := 1 + math.Sqrt(math.Abs(ai(a, a)*ai(b, b))) + math.Abs(quad[a]*quad[b])/(nu*def.s2*def.s2)
						if want := ai(a, b); !(math.Abs(got.H[a*n+b]-want) <= 1e-10*scale) {
							t.Errorf("%s, REML %v, %s: H %d, %d is %.12g, want %.12g", m.name, reml, name, a, b, got.H[a*n+b], want)
						}
					}
				}
			}
		}
	}
}

// G against differences of f along every direction of the chart of a point,
// and along its square off the face: the gradient there is 0.
func TestBlockedGradientMatchesDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, m := range blockedModels {
		_, s := buildBlocked(t, m.data, m.formula)
		c := criterion.NewBlocked(s, true)
		for name, p := range points(s.Blocks, r) {
			ch := cone.NewChart(c.Blocks(), p)
			d := c.Derivs(ch.Centre)
			g, at := make([]float64, len(ch.Dirs)), make([]float64, len(ch.Dirs))
			ch.Gradient(g, d.G, ch.Centre)
			for a := range ch.Dirs {
				value := func(h float64) float64 {
					clear(at)
					at[a] = h
					return c.Value(ch.Move(at))
				}
				// Rounding of f, 1e-13 |f|, over the step.
				tol := 1e-7 * math.Max(1, math.Abs(g[a]))
				if num := richardson(value, 1e-3); math.Abs(num-g[a]) > tol {
					t.Errorf("%s, %s: gradient %d is %.10g, differences give %.10g", m.name, name, a, g[a], num)
				}
				x := make([]float64, len(d.Pairs))
				if ch.Vech(x, a); slices.ContainsFunc(x, func(v float64) bool { return v != 0 }) {
					continue // Psi moves at first order: the direction stays on the face
				}
				// f(t) - f(0) = t^2 v'Gv + O(t^4), v the direction in its unit.
				want := ch.Second(a, a, d.G) / 2
				f0 := c.Value(ch.Centre)
				num := (4*(value(5e-3)-f0)/25e-6 - (value(1e-2)-f0)/1e-4) / 3
				if math.Abs(num-want) > 1e-5*math.Max(1, math.Abs(want)) {
					t.Errorf("%s, %s: slope off the face along %d is %.10g, differences give %.10g", m.name, name, a, want, num)
				}
			}
		}
	}
}

// A model of one factor is the same whichever way its criterion is computed.
func TestBlockedAgreesWithOneFactor(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for _, m := range models {
		_, one := build(t, m.data, m.formula)
		_, s := buildBlocked(t, m.data, m.formula)
		for _, reml := range []bool{true, false} {
			a, b := criterion.NewOneFactor(one, reml), criterion.NewBlocked(s, reml)
			if a.Shift() != b.Shift() {
				t.Errorf("%s: shift %v, want %v", m.name, b.Shift(), a.Shift())
			}
			same(t, m.name+", Gram", b.Gram().Inner, a.Gram().Inner, 1e-12)
			same(t, m.name+", scale", b.Gram().Scale, a.Gram().Scale, 1e-12)
			same(t, m.name+", quad", b.Gram().Quad, a.Gram().Quad, 1e-12)
			for name, p := range points(s.Blocks, r) {
				name = fmt.Sprintf("%s, REML %v, %s", m.name, reml, name)
				da, db := a.Derivs(p), b.Derivs(p)
				same(t, name+", f", []float64{db.F}, []float64{da.F}, 1e-12)
				for i := range da.G {
					// Both take sums over levels of differences of Z'Z.
					same(t, name+", G", db.G[i], da.G[i], 1e-12*float64(s.N))
				}
				same(t, name+", average information", db.H, a.Average(p).H, 1e-12*float64(s.N))
				sa, sb := a.Solve(p), b.Solve(p)
				same(t, name+", s2", []float64{sb.Sigma2}, []float64{sa.Sigma2}, 1e-12)
				same(t, name+", beta", sb.Beta, sa.Beta, 1e-12)
				same(t, name+", vcov", sb.BetaCov, sa.BetaCov, 1e-12)
				same(t, name+", modes", sb.Effects[0].Modes, sa.Effects[0].Modes, 1e-12)
				same(t, name+", condVar", b.CondVar(p)[0], a.CondVar(p)[0], 1e-12)
			}
		}
	}
}

// same compares entries, relative to the largest of them or 1.
func same(t *testing.T, name string, got, want []float64, tol float64) {
	t.Helper()
	size := 1.0
	for _, v := range want {
		size = math.Max(size, math.Abs(v))
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d entries, want %d", name, len(got), len(want))
		return
	}
	for i, v := range want {
		if !(math.Abs(got[i]-v) <= tol*size) {
			t.Errorf("%s: entry %d is %.15g, want %.15g", name, i, got[i], v)
		}
	}
}

// Conditional modes and variances from their definitions, Psi Z'Py and Psi -
// Psi Z'V^-1 Z Psi.
func TestBlockedSolutionIsTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 11))
	for _, m := range blockedModels {
		d, s := buildBlocked(t, m.data, m.formula)
		c := criterion.NewBlocked(s, true)
		for name, at := range points(s.Blocks, r) {
			sol, condVar, def := c.Solve(at), c.CondVar(at), define(d, s, at, false)
			for f, e := range sol.Effects {
				psi := mat.NewDense(e.K, e.K, nil)
				levels := len(e.Modes) / e.K
				z := make([]*mat.Dense, levels)
				for j := range z {
					z[j] = mat.NewDense(d.X.Rows, e.K, nil)
				}
				first := 0
				for _, b := range e.Terms {
					k, term := s.Blocks[b].K, d.Terms[b]
					cov := make([]float64, k*k)
					cone.Cov(cov, at[b], k)
					psi.Slice(first, first+k, first, first+k).(*mat.Dense).Copy(mat.NewDense(k, k, cov))
					var zt mat.Dense
					zt.Mul(mat.NewDense(d.X.Rows, k, term.Z.Data), mat.NewDense(k, k, s.T[b]))
					for i, j := range term.Level {
						for q := range k {
							z[j].Set(i, first+q, zt.At(i, q))
						}
					}
					first += k
				}
				for j := range z {
					var zp, mode mat.VecDense
					zp.MulVec(z[j].T(), def.py)
					mode.MulVec(psi, &zp)
					same(t, fmt.Sprintf("%s, %s, mode %d", m.name, name, j), e.Modes[j*e.K:][:e.K], mode.RawVector().Data, 1e-11)
					var vz, zvz, cond mat.Dense
					vz.Mul(def.m, z[j])
					zvz.Mul(z[j].T(), &vz)
					cond.Product(psi, &zvz, psi)
					cond.Sub(psi, &cond)
					same(t, fmt.Sprintf("%s, %s, condVar %d", m.name, name, j), condVar[f][j*e.K*e.K:][:e.K*e.K], cond.RawMatrix().Data, 1e-11)
				}
			}
		}
	}
}

func TestBlockedGramIsTheDefinition(t *testing.T) {
	for _, m := range blockedModels {
		d, s := buildBlocked(t, m.data, m.formula)
		g := criterion.NewBlocked(s, false).Gram()
		def := define(d, s, cone.Identity(s.Blocks, 0), true)
		n := d.X.Rows
		residual := mat.NewDense(n, n, nil)
		for i := range n {
			residual.Set(i, i, 1)
		}
		mats := append(slices.Clone(def.da), residual)
		md := make([]*mat.Dense, len(mats))
		for a, da := range mats {
			md[a] = mat.NewDense(n, n, nil)
			md[a].Mul(def.p, da)
		}
		for a, da := range mats {
			var sum float64
			for _, v := range da.RawMatrix().Data {
				sum += v * v
			}
			same(t, fmt.Sprintf("%s, scale %d", m.name, a), g.Scale[a:a+1], []float64{sum}, 1e-11)
			var dpy mat.VecDense
			dpy.MulVec(da, def.py)
			same(t, fmt.Sprintf("%s, quad %d", m.name, a), g.Quad[a:a+1], []float64{mat.Dot(def.py, &dpy)}, 1e-9)
			for b := range mats {
				var sum float64
				for i := range n {
					sum += mat.Dot(md[a].RowView(i), md[b].ColView(i))
				}
				if root := math.Sqrt(g.Scale[a] * g.Scale[b]); !(math.Abs(g.Inner[a*len(mats)+b]-sum) <= 1e-11*root) {
					t.Errorf("%s: inner product %d, %d is %.12g, want %.12g", m.name, a, b, g.Inner[a*len(mats)+b], sum)
				}
			}
		}
	}
}
