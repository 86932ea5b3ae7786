package covstruct_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// structures are all there are, with every option.
var structures = []string{
	"id(1 | s)", "cs(1 | s)", "csh(t | s)", "ar1(t | s)", "ar1h(t | s)", "ar(t | s, 2)", "car1(u | s)", "exp(u | s)", "exp(u | s, nugget)",
	"gau(u | s, nugget)", "ma1(t | s)", "arma(t | s)", "toep(t | s)", "toeph(t | s)", "toep(t | s, 2)", "corr(t | s)", "un(t | s)",
	"varident(f)", "varpower(w)", "varexp(w)", "ar1(t | s) * varident(f) * varexp(w)",
	"free(1 | s)", "free(1 | s) + free(1 | site)", "exp(u | s, nugget) * varexp(w) + free(1 | site)",
}

// data is a table of 12 subjects with up to 5 of 5 times, some missing, in
// shuffled order, 4 subjects a site.
func data(t testing.TB) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 0))
	var s, f, site []string
	var y, x, w, tm, u []float64
	for i := range 12 {
		level := 2 * rng.NormFloat64()
		for k := range 5 {
			if rng.Float64() < 0.2 {
				continue
			}
			s, f = append(s, fmt.Sprint("s", i)), append(f, []string{"a", "b", "c"}[i%3])
			site = append(site, fmt.Sprint("p", i/4))
			tm, u = append(tm, float64(k)), append(u, float64(k)+0.3*rng.Float64())
			x, w = append(x, rng.NormFloat64()), append(w, 1+rng.Float64())
			y = append(y, 3+level+x[len(x)-1]+rng.NormFloat64())
		}
	}
	tab, err := table.New(table.NewTexts("s", s), table.NewTexts("f", f), table.NewTexts("site", site), table.NewFloats("y", y),
		table.NewFloats("x", x), table.NewFloats("w", w), table.NewFloats("t", tm), table.NewFloats("u", u))
	if err != nil {
		t.Fatal(err)
	}
	return tab.Take(rng.Perm(tab.Rows()))
}

type model struct {
	d *design.Design
	o *covstruct.Objective
}

func build(t testing.TB, tab *table.Table, src, residual string, opt design.Options, reml bool) model {
	t.Helper()
	spec, err := covstruct.Parse(residual)
	if err != nil {
		t.Fatal(err)
	}
	f, err := formula.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	opt.FixedOnly, opt.Complete = true, spec.Columns()
	d, err := design.Build(f, tab, &opt)
	if err != nil {
		t.Fatal(err)
	}
	s, err := covstruct.Bind(spec, d.Table(), d.Rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	o, err := covstruct.New(s, d, reml)
	if err != nil {
		t.Fatal(err)
	}
	return model{d, o}
}

// models are every structure alone and with nested random effects, weights, REML
// and ML.
func models(t testing.TB, visit func(t *testing.T, name string, m model)) func(*testing.T) {
	tab := data(t)
	return func(t *testing.T) {
		for i, residual := range structures {
			for j, src := range []string{"y ~ x", "y ~ x + (1 | s)", "y ~ x + (x | site) + (1 | s)"} {
				if i%3 != j && j > 0 {
					continue
				}
				opt := design.Options{}
				if i%2 == 0 {
					opt.Weights = "w"
				}
				reml := (i+j)%2 == 0
				name := fmt.Sprintf("%s, %s, REML %v", src, residual, reml)
				t.Run(name, func(t *testing.T) { visit(t, name, build(t, tab, src, residual, opt, reml)) })
			}
		}
	}
}

// somewhere is a point in the interior.
func somewhere(m model, seed uint64) cone.Point {
	rng := rand.New(rand.NewPCG(seed, 1))
	p := m.o.Starts()[0]
	for b, blk := range m.o.Blocks() {
		for i := range p[b] {
			switch blk.Shape {
			case cone.Free:
				if i/blk.K == i%blk.K {
					p[b][i] += 0.4 * blk.Unit * rng.NormFloat64()
				}
			case cone.Diagonal:
				if i/blk.K == i%blk.K {
					p[b][i] += 0.2 * rng.NormFloat64()
				}
			default:
				p[b][i] += 0.3 * rng.NormFloat64()
			}
		}
	}
	return p
}

// TestDerivatives compares the gradient with central differences of fourth order
// of the criterion, step 1e-3 units: their error is about 1e-9 of the largest
// entry.
func TestDerivatives(t *testing.T) {
	models(t, func(t *testing.T, _ string, m model) {
		p := somewhere(m, 7)
		chart := cone.NewChart(m.o.Blocks(), p)
		g := make([]float64, len(chart.Dirs))
		chart.Gradient(g, m.o.Gradient(chart.Centre).G, chart.Centre)
		var top float64
		for _, v := range g {
			top = math.Max(top, math.Abs(v))
		}
		x := make([]float64, len(g))
		for a := range g {
			at := func(h float64) float64 {
				x[a] = h
				defer func() { x[a] = 0 }()
				return m.o.Value(chart.Move(x))
			}
			const h = 1e-3
			num := (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
			if math.Abs(num-g[a]) > 1e-7*(1+top) {
				t.Errorf("direction %d: %.10g, by differences %.10g", a, g[a], num)
			}
		}
	})(t)
}

// TestCriterionIsThatOfTheDenseCovariance computes it in the user's units from
// the estimates: V is put together from what Estimates and Lambda say, where
// the structure is simple enough to write down here.
func TestCriterionIsThatOfTheDenseCovariance(t *testing.T) {
	tab := data(t)
	for _, c := range []struct {
		residual string
		r        func(phi float64, i, j int, col func(string, int) float64) float64
	}{
		{"cs(1 | s)", func(rho float64, i, j int, _ func(string, int) float64) float64 { return rho }},
		{"ar1(t | s)", func(rho float64, i, j int, col func(string, int) float64) float64 {
			return math.Pow(rho, math.Abs(col("t", i)-col("t", j)))
		}},
		{"exp(u | s)", func(r float64, i, j int, col func(string, int) float64) float64 {
			return math.Exp(-math.Abs(col("u", i)-col("u", j)) / r)
		}},
		{"gau(u | s)", func(r float64, i, j int, col func(string, int) float64) float64 {
			return math.Exp(-math.Pow((col("u", i)-col("u", j))/r, 2))
		}},
	} {
		for _, reml := range []bool{false, true} {
			m := build(t, tab, "y ~ x + (1 | site)", c.residual, design.Options{}, reml)
			p := somewhere(m, 9)
			spec, _ := covstruct.Parse(c.residual)
			s, err := covstruct.Bind(spec, m.d.Table(), m.d.Rows, nil)
			if err != nil {
				t.Fatal(err)
			}
			phi := s.Estimates(p[1:])[0].Value
			psi := p[0][0] * p[0][0] * m.o.Coords().T[0][0] * m.o.Coords().T[0][0]
			n := len(m.d.Y)
			col := func(name string, i int) float64 { return m.d.Table().Column(name).Float(m.d.Rows[i]) }
			v := mat.NewSymDense(n, nil)
			subject := m.d.Table().Column("s")
			for i := range n {
				for j := range i + 1 {
					var x float64
					if subject.Text(m.d.Rows[i]) == subject.Text(m.d.Rows[j]) {
						x = 1
						if i != j {
							x = c.r(phi, i, j, col)
						}
					}
					if m.d.Terms[0].Level[i] == m.d.Terms[0].Level[j] {
						x += psi
					}
					v.SetSym(i, j, x)
				}
			}
			want := denseCriterion(v, m.d, reml)
			if got := m.o.Value(p) + m.o.Shift(); math.Abs(got-want) > 1e-9*math.Abs(want) {
				t.Errorf("%s, REML %v: %.12g, dense %.12g", c.residual, reml, got, want)
			}
		}
	}
}

// denseCriterion is -2 log L with beta and sigma profiled out.
func denseCriterion(v *mat.SymDense, d *design.Design, reml bool) float64 {
	n, p := d.X.Rows, d.X.Cols
	var chol mat.Cholesky
	if !chol.Factorize(v) {
		return math.Inf(1)
	}
	x, y := mat.NewDense(n, p, d.X.Data), mat.NewVecDense(n, d.Y)
	var vx, xvx mat.Dense
	chol.SolveTo(&vx, x)
	xvx.Mul(x.T(), &vx)
	var xvy, beta mat.VecDense
	xvy.MulVec(vx.T(), y)
	_ = beta.SolveVec(&xvx, &xvy)
	var res, vr mat.VecDense
	res.MulVec(x, &beta)
	res.SubVec(y, &res)
	chol.SolveVecTo(&vr, &res)
	r2, nu := mat.Dot(&res, &vr), float64(n)
	f := chol.LogDet()
	if reml {
		nu -= float64(p)
		f += math.Log(mat.Det(&xvx))
	}
	return f + nu*(1+math.Log(2*math.Pi*r2/nu))
}

// TestRandomPhiIsACorrelation draws points far out: R is positive definite
// wherever the parametrisation promises it, so that the criterion is finite.
func TestRandomPhiIsACorrelation(t *testing.T) {
	models(t, func(t *testing.T, name string, m model) {
		for seed := range uint64(20) {
			p := somewhere(m, seed)
			for b, blk := range m.o.Blocks() {
				if blk.Shape == cone.Free {
					for i := range p[b] {
						p[b][i] *= 2
					}
				}
			}
			if f := m.o.Value(p); math.IsNaN(f) || math.IsInf(f, 0) && !banded(name) {
				t.Errorf("criterion %v at %v", f, p)
			}
		}
	})(t)
}

// banded says that the parameters can leave the range of the structure, or that
// its matrix is singular to working precision.
func banded(name string) bool {
	return strings.Contains(name, "toep(t | s, 2)") || strings.Contains(name, "gau") || strings.Contains(name, "free")
}

func TestForkAndExchange(t *testing.T) {
	tab := data(t)
	m := build(t, tab, "y ~ x + (1 | site)", "ar1(t | s)", design.Options{}, true)
	p := somewhere(m, 5)
	if a, b := m.o.Value(p), m.o.Fork().Value(p); a != b {
		t.Errorf("a fork has %v, the criterion %v", b, a)
	}
	y := make([]float64, len(m.d.Y))
	for i, v := range m.d.Y {
		y[i] = 3*v - 10*m.d.X.Row(i)[1] + 5
	}
	other, err := m.o.Exchange(y)
	if err != nil {
		t.Fatal(err)
	}
	// y is 3 times the response up to fixed effects: nu log 9 more
	nu := float64(len(y) - 2)
	if a, b := m.o.Value(p)+m.o.Shift()+nu*math.Log(9), other.Value(p)+other.Shift(); math.Abs(a-b) > 1e-9*math.Abs(a) {
		t.Errorf("criterion of the other response %.12g, want %.12g", b, a)
	}
}

// TestSecondDerivatives compares the Hessian in a chart with differences of the
// gradient: their error and that of D_ab are about 1e-7 of the largest entry.
func TestSecondDerivatives(t *testing.T) {
	models(t, func(t *testing.T, _ string, m model) {
		p := somewhere(m, 7)
		chart := cone.NewChart(m.o.Blocks(), p)
		got := certify.NewLocal(m.o.Derivs(chart.Centre), chart).Hess
		d := m.o.Average(chart.Centre)
		want, _ := certify.ExactLocal(m.o, d, chart)
		var top float64
		for _, v := range want.Hess {
			top = math.Max(top, math.Abs(v))
		}
		for i, v := range want.Hess {
			if math.Abs(got[i]-v) > 1e-6*(1+top) {
				t.Errorf("entry %d: %.9g, by differences %.9g", i, got[i], v)
			}
		}
	})(t)
}

// TestMomentsAreTheRows: subjects with the same times are reduced to moments; the
// criterion and its derivatives are those of the rows, which a slightly
// different time in each subject makes anew.
func TestMomentsAreTheRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	const subjects, times = 40, 4
	var s []string
	var y, x, even, odd []float64
	for i := range subjects {
		for k := range times {
			s = append(s, fmt.Sprint("s", i))
			even, odd = append(even, float64(k)), append(odd, float64(k)+1e-11*float64(i))
			x = append(x, rng.NormFloat64())
			y = append(y, x[len(x)-1]+rng.NormFloat64())
		}
	}
	tab, err := table.New(table.NewTexts("s", s), table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("even", even), table.NewFloats("odd", odd))
	if err != nil {
		t.Fatal(err)
	}
	for _, reml := range []bool{false, true} {
		a := build(t, tab, "y ~ x + even", "exp(even | s, nugget)", design.Options{}, reml)
		b := build(t, tab, "y ~ x + even", "exp(odd | s, nugget)", design.Options{}, reml)
		p := somewhere(a, 3)
		da, db := a.o.Derivs(p), b.o.Derivs(p)
		if math.Abs(da.F-db.F) > 1e-8*math.Abs(da.F) {
			t.Errorf("criterion %.12g from moments, %.12g from rows", da.F, db.F)
		}
		for i, v := range append(append([]float64{}, da.G[0]...), da.G[1]...) {
			if w := append(append([]float64{}, db.G[0]...), db.G[1]...)[i]; math.Abs(v-w) > 1e-7*(1+math.Abs(w)) {
				t.Errorf("gradient %.10g from moments, %.10g from rows", v, w)
			}
		}
		for i, v := range da.H {
			if math.Abs(v-db.H[i]) > 1e-6*(1+math.Abs(v)) {
				t.Errorf("second derivative %.10g from moments, %.10g from rows", v, db.H[i])
			}
		}
	}
}
