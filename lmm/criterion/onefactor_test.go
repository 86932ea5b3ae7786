package criterion_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/suffstat"
)

// models span the shapes of covariance matrices of one grouping factor.
var models = []struct{ name, data, formula string }{
	{"scalar", "Dyestuff", "Yield ~ 1 + (1 | Batch)"},
	{"slope", "sleepstudy", "Reaction ~ Days + (Days | Subject)"},
	{"independent", "sleepstudy", "Reaction ~ Days + (Days || Subject)"},
	{"two terms", "sleepstudy", "Reaction ~ Days + (1 | Subject) + (0 + Days + I(Days^2) | Subject)"},
	{"factor", "Machines", "score ~ Machine + (0 + Machine | Worker)"},
	{"unbalanced", "RatPupWeight", "weight ~ Treatment * sex + (Lsize | Litter)"},
}

func build(t testing.TB, data, src string) (*design.Design, *suffstat.OneFactor) {
	t.Helper()
	tab, err := reference.Table(data)
	if err != nil {
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
	s, err := suffstat.New(d)
	if err != nil {
		t.Fatal(err)
	}
	return d, s
}

// points are an interior point and points on the boundary: rank one less in
// every block of more than one column, and zero.
func points(blocks []cone.Block, r *rand.Rand) map[string]cone.Point {
	inside, edge := cone.Identity(blocks, 0), cone.Identity(blocks, 0)
	for b, blk := range blocks {
		for i := 0; i < blk.K; i++ {
			for j := 0; j <= i; j++ {
				if i != j && blk.Shape == cone.Diagonal {
					continue
				}
				v := 0.5 * r.NormFloat64()
				if i == j {
					v = 0.3 + r.Float64()
				}
				inside[b][i*blk.K+j] = v
				if j < blk.K-1 {
					edge[b][i*blk.K+j] = v
				}
			}
		}
	}
	return map[string]cone.Point{"interior": inside, "edge": edge, "zero": cone.Identity(blocks, 0)}
}

// valueAt is the criterion from the definition, with n x n matrices, in the
// user's units: V = W^-1 + Z Psi Z'.
func valueAt(d *design.Design, transform [][]float64, p cone.Point, reml bool) float64 {
	n, q := d.X.Rows, d.X.Cols
	v := mat.NewSymDense(n, nil)
	for i := 0; i < n; i++ {
		w := 1.0
		if d.Weights != nil {
			w = d.Weights[i]
		}
		v.SetSym(i, i, 1/w)
	}
	for b, term := range d.Terms {
		k := len(term.Names)
		lam := mat.NewDense(k, k, nil)
		lam.Mul(mat.NewDense(k, k, transform[b]), mat.NewDense(k, k, p[b]))
		z := mat.NewDense(n, k, term.Z.Data)
		var zl mat.Dense
		zl.Mul(z, lam)
		for i := 0; i < n; i++ {
			for j := i; j < n; j++ {
				if term.Level[i] == term.Level[j] {
					v.SetSym(i, j, v.At(i, j)+mat.Dot(zl.RowView(i), zl.RowView(j)))
				}
			}
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(v) {
		return math.NaN()
	}
	x, y := mat.NewDense(n, q, d.X.Data), mat.NewVecDense(n, d.Y)
	var vx, xvx mat.Dense
	var vy, xvy, beta mat.VecDense
	_ = chol.SolveTo(&vx, x)
	_ = chol.SolveVecTo(&vy, y)
	xvx.Mul(x.T(), &vx)
	xvy.MulVec(x.T(), &vy)
	_ = beta.SolveVec(&xvx, &xvy)
	r2 := mat.Dot(y, &vy) - mat.Dot(&beta, &xvy)
	nu := float64(n)
	f := chol.LogDet()
	if reml {
		nu -= float64(q)
		f += math.Log(mat.Det(&xvx))
	}
	return f + nu*(1+math.Log(2*math.Pi*r2/nu))
}

func TestValueIsTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, m := range models {
		d, s := build(t, m.data, m.formula)
		for _, reml := range []bool{true, false} {
			c := criterion.NewOneFactor(s, reml)
			for name, p := range points(s.Blocks, r) {
				got, want := c.Value(p)+c.Shift(), valueAt(d, s.T, p, reml)
				// The dense r2 is a difference of numbers 1e2 to 1e3 times as
				// large, and enters as n log r2: n 1e3 eps = 1e-10.
				if math.Abs(got-want) > 1e-9 {
					t.Errorf("%s, REML %v, %s: %.12f, want %.12f", m.name, reml, name, got, want)
				}
			}
		}
	}
}

// Weights and an offset change the definition as they should.
func TestWeightsAndOffset(t *testing.T) {
	tab, err := reference.Table("sleepstudy_wo")
	if err != nil {
		t.Fatal(err)
	}
	f, err := formula.Parse("Reaction ~ Days + (Days | Subject)")
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, &design.Options{Weights: "w", Offset: "off"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := suffstat.New(d)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Y {
		d.Y[i] -= d.Offset[i]
	}
	for name, p := range points(s.Blocks, rand.New(rand.NewPCG(2, 2))) {
		c := criterion.NewOneFactor(s, true)
		// log |V| of the definition holds W^-1: the sum of log w is in it.
		if got, want := c.Value(p)+c.Shift(), valueAt(d, s.T, p, true); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %.12f, want %.12f", name, got, want)
		}
	}
}

// richardson is the derivative of f at 0 by central differences with steps h
// and h/2, of order h^4.
func richardson(f func(float64) float64, h float64) float64 {
	d := func(h float64) float64 { return (f(h) - f(-h)) / (2 * h) }
	return (4*d(h/2) - d(h)) / 3
}

// G and H against differences of f and G along every entry of Lambda, in the
// chart of the point: at interior points and on the boundary alike.
func TestDerivativesMatchDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, m := range models {
		_, s := build(t, m.data, m.formula)
		for _, reml := range []bool{true, false} {
			c := criterion.NewOneFactor(s, reml)
			for name, p := range points(s.Blocks, r) {
				checkDerivatives(t, m.name+", "+name, c, p)
			}
		}
	}
}

func checkDerivatives(t *testing.T, name string, c *criterion.OneFactor, p cone.Point) {
	t.Helper()
	ch := cone.NewChart(c.Blocks(), p)
	d := c.Derivs(ch.Centre)
	n := len(ch.Dirs)
	g, x := make([]float64, n), make([][]float64, n)
	ch.Gradient(g, d.G, ch.Centre)
	for a := range x {
		x[a] = make([]float64, len(d.Pairs))
		ch.Vech(x[a], a)
	}
	at := make([]float64, n)
	move := func(a int, h float64) cone.Point {
		clear(at)
		at[a] = h
		return ch.Move(at)
	}
	for a := range ch.Dirs {
		haa := d.Curvature(x[a], x[a]) + ch.Second(a, a, d.G)
		tol := 1e-7 * math.Max(1, math.Max(math.Abs(g[a]), math.Abs(haa)))
		num := richardson(func(h float64) float64 { return c.Value(move(a, h)) }, 1e-3)
		if math.Abs(num-g[a]) > tol {
			t.Errorf("%s: gradient %d is %.10g, differences give %.10g", name, a, g[a], num)
		}
		for b := range ch.Dirs {
			h := d.Curvature(x[a], x[b]) + ch.Second(a, b, d.G)
			// df/dt_b at the moved point, in the coordinates of the chart:
			// 2 Unit_b tr(G L_b Lambda').
			num := richardson(func(h float64) float64 {
				q := move(a, h)
				dq := c.Derivs(q)
				gq := make([]float64, n)
				ch.Gradient(gq, dq.G, q)
				return gq[b]
			}, 1e-3)
			if math.Abs(num-h) > tol {
				t.Errorf("%s: second derivative %d, %d is %.10g, differences give %.10g", name, a, b, h, num)
			}
		}
	}
}

// The Gram matrix from its definition, with n x n matrices.
func TestGramIsTheDefinition(t *testing.T) {
	for _, m := range models {
		d, s := build(t, m.data, m.formula)
		g := criterion.NewOneFactor(s, false).Gram()
		n, p := d.X.Rows, d.X.Cols
		x := mat.NewDense(n, p, d.X.Data)
		var xx, px mat.Dense
		xx.Mul(x.T(), x)
		_ = px.Solve(&xx, x.T())
		proj := mat.NewDense(n, n, nil)
		proj.Mul(x, &px)
		proj.Scale(-1, proj)
		for i := 0; i < n; i++ {
			proj.Set(i, i, 1+proj.At(i, i))
		}
		mats := make([]*mat.Dense, len(g.Scale))
		for a := range mats {
			mats[a] = mat.NewDense(n, n, nil)
			if a == len(g.Pairs) {
				for i := 0; i < n; i++ {
					mats[a].Set(i, i, 1)
				}
				continue
			}
			pr := g.Pairs[a]
			term, k := d.Terms[pr.Block], s.Blocks[pr.Block].K
			var z mat.Dense
			z.Mul(mat.NewDense(n, k, term.Z.Data), mat.NewDense(k, k, s.T[pr.Block]))
			for i := 0; i < n; i++ {
				for j := 0; j < n; j++ {
					if term.Level[i] != term.Level[j] {
						continue
					}
					v := z.At(i, pr.Row) * z.At(j, pr.Col)
					if pr.Row != pr.Col {
						v += z.At(i, pr.Col) * z.At(j, pr.Row)
					}
					mats[a].Set(i, j, v)
				}
			}
		}
		var my mat.VecDense
		my.MulVec(proj, mat.NewVecDense(n, d.Y))
		for a := range mats {
			var md mat.Dense
			md.Mul(proj, mats[a])
			var dd mat.Dense
			dd.Mul(mats[a], mats[a])
			if w := mat.Trace(&dd); math.Abs(w-g.Scale[a]) > 1e-9*w {
				t.Errorf("%s: scale %d is %g, want %g", m.name, a, g.Scale[a], w)
			}
			var dmy mat.VecDense
			dmy.MulVec(mats[a], &my)
			w := mat.Dot(&my, &dmy) / (s.YScale * s.YScale)
			if math.Abs(w-g.Quad[a]) > 1e-9*math.Sqrt(g.Scale[a])*float64(n) {
				t.Errorf("%s: quadratic form %d is %g, want %g", m.name, a, g.Quad[a], w)
			}
			for b := range mats {
				var mb, prod mat.Dense
				mb.Mul(proj, mats[b])
				prod.Mul(&md, &mb)
				w := mat.Trace(&prod)
				if math.Abs(w-g.Inner[a*len(mats)+b]) > 1e-9*math.Sqrt(g.Scale[a]*g.Scale[b]) {
					t.Errorf("%s: inner product %d, %d is %g, want %g", m.name, a, b, g.Inner[a*len(mats)+b], w)
				}
			}
		}
	}
}

func BenchmarkValue(b *testing.B) {
	_, s := build(b, "sleepstudy", "Reaction ~ Days + (Days | Subject)")
	c := criterion.NewOneFactor(s, true)
	p := cone.Identity(s.Blocks, 1)
	b.ReportAllocs()
	for b.Loop() {
		c.Value(p)
	}
}

func BenchmarkDerivs(b *testing.B) {
	_, s := build(b, "sleepstudy", "Reaction ~ Days + (Days | Subject)")
	c := criterion.NewOneFactor(s, true)
	p := cone.Identity(s.Blocks, 1)
	b.ReportAllocs()
	for b.Loop() {
		c.Derivs(p)
	}
}
