package laplace_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/laplace"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/suffstat"
	"github.com/golmm/golmm/lmm/table"
)

// What is left of the solution is checked against one large system in the user's
// terms: at the mode Z's = Psi^-1 b, and the inverse of the information of beta and
// b has BetaCov and, of b alone, CondVar on its diagonal.
func TestSolutionAgainstOneLargeSystem(t *testing.T) {
	const src = "y ~ x + (x | h) + (z | g) + (1 | s)"
	tab := simulated(t, "poisson", "log", 4)
	d := build(t, src, tab, &design.Options{Offset: "off"})
	o := objective(t, d, "poisson", "", laplace.Settings{})
	p := point(o, rand.New(rand.NewPCG(2, 2)), 1)
	sol, cond := o.Solve(p), o.CondVar(p)
	beta := o.Coords().Beta(sol.Beta)

	// Columns of all random effects, the terms in the order of Effects.
	n, np := len(d.Y), d.X.Cols
	var q int
	for _, e := range sol.Effects {
		q += len(e.Modes)
	}
	full := mat.NewDense(n, np+q, nil)
	prior := mat.NewDense(np+q, np+q, nil)
	b := make([]float64, q)
	at := np
	for _, e := range sol.Effects {
		copy(b[at-np:], e.Modes)
		for j := range len(e.Modes) / e.K {
			c := at + j*e.K
			for _, term := range e.Terms {
				k := len(d.Terms[term].Names)
				var psi mat.Dense
				l := mat.NewDense(k, k, p[term])
				psi.Mul(l, l.T())
				if err := psi.Inverse(&psi); err != nil {
					t.Fatal(err)
				}
				prior.Slice(c, c+k, c, c+k).(*mat.Dense).Copy(&psi)
				for i := range n {
					if int(d.Terms[term].Level[i]) != j {
						continue
					}
					for x := range k { // internal columns: Z T
						var v float64
						for y := range k {
							v += d.Terms[term].Z.At(i, y) * o.Coords().T[term][y*k+x]
						}
						full.Set(i, c+x, v)
					}
				}
				c += k
			}
		}
		at += len(e.Modes)
	}
	for i := range n {
		for j := range np {
			full.Set(i, j, d.X.At(i, j))
		}
	}
	var info mat.Dense
	weighted := mat.DenseCopyOf(full)
	score := make([]float64, n)
	for i := range n {
		eta := d.Offset[i]
		for j := range np {
			eta += d.X.At(i, j) * beta[j]
		}
		for j := range q {
			eta += full.At(i, np+j) * b[j]
		}
		_, d1, d2, _ := o.Family().Row(d.Y[i], 1, eta, 1)
		score[i] = d1
		for j := range np + q {
			weighted.Set(i, j, -d2*full.At(i, j))
		}
	}
	info.Mul(full.T(), weighted)
	info.Add(&info, prior)
	for j := range q {
		var zs, pb float64
		for i, s := range score {
			zs += full.At(i, np+j) * s
		}
		for l := range q {
			pb += prior.At(np+j, np+l) * b[l]
		}
		if math.Abs(zs-pb) > 1e-7 {
			t.Errorf("coefficient %d: Z's = %g, Psi^-1 b = %g", j, zs, pb)
		}
	}
	var inv, inner mat.Dense
	if err := inv.Inverse(&info); err != nil {
		t.Fatal(err)
	}
	if err := inner.Inverse(info.Slice(np, np+q, np, np+q)); err != nil {
		t.Fatal(err)
	}
	cov := o.Coords().BetaCov(sol.BetaCov)
	for i := range np {
		for j := range np {
			if want := inv.At(i, j); math.Abs(cov[i*np+j]-want) > 1e-8*math.Abs(want) {
				t.Errorf("covariance of beta %d, %d: %g, want %g", i, j, cov[i*np+j], want)
			}
		}
	}
	at = 0
	for f, e := range sol.Effects {
		for i := range len(e.Modes) {
			for c := range e.K {
				got, want := cond[f][i*e.K+c], inner.At(at+i, at+i/e.K*e.K+c)
				if math.Abs(got-want) > 1e-8*(math.Abs(want)+1e-3) {
					t.Errorf("conditional variance of factor %d, %d, %d: %g, want %g", f, i, c, got, want)
				}
			}
		}
		at += len(e.Modes)
	}
}

// Rows with the same predictors are one row: copies of a table are weights.
func TestEqualRowsAreOne(t *testing.T) {
	for _, name := range []string{"binomial", "poisson", "negbinomial", "gamma"} {
		tab := simulated(t, name, "", 7)
		d := build(t, "y ~ s + (1 | g)", tab, &design.Options{}) // one row a level of g
		o := objective(t, d, name, "", laplace.Settings{})
		p := point(o, rand.New(rand.NewPCG(2, 2)), 1)
		sol := o.Solve(p)
		want := o.Value(p)
		// The same, from the rows of the table.
		sd := p[0][0] * math.Abs(o.Coords().T[0][0])
		beta := o.Coords().Beta(sol.Beta)
		var got float64
		for j := range d.Terms[0].Levels {
			u := sol.Effects[0].Modes[j] / p[0][0]
			l, w := -u*u/2, 0.0
			for i, v := range d.Terms[0].Level {
				if int(v) != j {
					continue
				}
				eta := sd * u
				for c, x := range d.X.Row(i) {
					eta += x * beta[c]
				}
				r, _, d2, _ := o.Family().Row(d.Y[i], 1, eta, o.Shape(p))
				l, w = l+r, w-d2
			}
			got += math.Log(1+sd*sd*w) - 2*l
		}
		if math.Abs(got-want) > 1e-9*math.Abs(want) {
			t.Errorf("%s: %.12g from the rows, %.12g from equal rows as one", name, got, want)
		}
	}
}

// Another response gives what a new objective gives, and the old one stays.
func TestExchange(t *testing.T) {
	for _, name := range family.Names() {
		tab, other := simulated(t, name, "", 1), simulated(t, name, "", 2)
		y := other.Column("y").Floats()
		o := objective(t, build(t, "y ~ x + (x | g) + (1 | h)", tab, nil), name, "", laplace.Settings{})
		p := point(o, rand.New(rand.NewPCG(2, 2)), 1)
		before := o.Value(p)
		e, err := o.Exchange(y)
		if err != nil {
			t.Fatal(err)
		}
		swapped, err := tab.With(table.NewFloats("y", y))
		if err != nil {
			t.Fatal(err)
		}
		fresh := objective(t, build(t, "y ~ x + (x | g) + (1 | h)", swapped, nil), name, "", laplace.Settings{})
		// The coordinates differ: the same Psi in the user's terms.
		q := p.Clone()
		for b, tr := range o.Coords().T {
			k := o.Blocks()[b].K
			var user, in mat.Dense
			user.Mul(mat.NewDense(k, k, tr), mat.NewDense(k, k, p[b]))
			if err := in.Solve(mat.NewDense(k, k, fresh.Coords().T[b]), &user); err != nil {
				t.Fatal(err)
			}
			copy(q[b], in.RawMatrix().Data)
		}
		if got, want := e.Value(p), fresh.Value(q); math.Abs(got-want) > 1e-8*math.Abs(want) {
			t.Errorf("%s: %.12g, want %.12g", name, got, want)
		}
		if got := o.Value(p); math.Abs(got-before) > 1e-9*math.Abs(before) {
			t.Errorf("%s: the old objective gives %.12g, before %.12g", name, got, before)
		}
		var outside *family.RangeError
		if _, err := o.Exchange(append([]float64{-1}, y[1:]...)); !errors.As(err, &outside) {
			t.Errorf("%s: a response of -1: %v", name, err)
		}
	}
}

func TestForksAreIndependent(t *testing.T) {
	o := objective(t, build(t, "y ~ x + (x | g) + (1 | h)", simulated(t, "binomial", "", 1), &design.Options{Weights: "w"}), "binomial", "", laplace.Settings{})
	p := point(o, rand.New(rand.NewPCG(2, 2)), 1)
	want := o.Fork().Value(p)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := o.Fork().Value(p); got != want {
				t.Errorf("%.17g and %.17g", got, want)
			}
		})
	}
	wg.Wait()
}

func TestJointGradient(t *testing.T) {
	for _, src := range []string{"y ~ x + (x | g)", "y ~ x + (x | h) + (z | g) + (1 | s)"} {
		for _, name := range family.Names() {
			t.Run(fmt.Sprint(name, src), func(t *testing.T) {
				o := objective(t, build(t, src, simulated(t, name, "", 3), nil), name, "", laplace.Settings{Joint: true})
				checkGradient(t, o, point(o, rand.New(rand.NewPCG(3, 3)), 1), 2e-5)
			})
		}
	}
}

// Counts that vary no more than a Poisson one: the maximum is at 1/size = 0, a
// boundary of which the certificate says that nothing leads down from it.
func TestTheSizeThatIsInfinite(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	trials, err := family.New("binomial", "")
	if err != nil {
		t.Fatal(err)
	}
	effects := draws(rng, 20)
	y, g := make([]float64, 160), make([]string, 160)
	for i := range y {
		y[i] = math.Round(8 * trials.Simulate(rng, trials.Mean(effects[i%20]), 8, 1))
		g[i] = fmt.Sprint("g", i%20)
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	p := objective(t, build(t, "y ~ 1 + (1 | g)", tab, nil), "poisson", "", laplace.Settings{})
	n := objective(t, build(t, "y ~ 1 + (1 | g)", tab, nil), "negbinomial", "", laplace.Settings{})
	want, got := minimum(t, p), minimum(t, n)
	if math.Abs(got.Derivs.F-want.Derivs.F) > 1e-8 || !math.IsInf(n.Shape(got.Point), 1) {
		t.Errorf("criterion %.10g, size %g; the Poisson's is %.10g", got.Derivs.F, n.Shape(got.Point), want.Derivs.F)
	}
	c := certify.Examine(got.Local, got.Derivs, n.Blocks(), got.Point)
	if v := certify.Judge(c, false, nil); v.Convergence != certify.Converged || v.Place != certify.Boundary || v.EscapeDrop != 0 {
		t.Errorf("verdict %+v", v)
	}
}

// The fit in other units and another order of rows is the same fit.
func TestUnitsAndOrderDoNotMatter(t *testing.T) {
	tab := simulated(t, "negbinomial", "log", 8)
	fit := func(tab *table.Table) float64 {
		o := objective(t, build(t, "y ~ x + (x | g) + (1 | h)", tab, nil), "negbinomial", "", laplace.Settings{})
		return minimum(t, o).Derivs.F
	}
	want := fit(tab)
	x := append([]float64(nil), tab.Column("x").Floats()...)
	for i := range x {
		x[i] = 1e4 * (x[i] + 3)
	}
	scaled, err := tab.With(table.NewFloats("x", x))
	if err != nil {
		t.Fatal(err)
	}
	if got := fit(scaled); math.Abs(got-want) > 1e-7 {
		t.Errorf("in other units %.10g, before %.10g", got, want)
	}
	order := rand.New(rand.NewPCG(1, 1)).Perm(len(x))
	if got := fit(tab.Take(order)); math.Abs(got-want) > 1e-8 {
		t.Errorf("in another order %.10g, before %.10g", got, want)
	}
}

func TestWhatIsNotSupported(t *testing.T) {
	tab := simulated(t, "poisson", "log", 1)
	fam, _ := family.New("poisson", "")
	for src, set := range map[string]laplace.Settings{
		"y ~ x + (1 | g) + (1 | h)": {Nodes: 5},
		"y ~ x + (x + z | g)":       {Nodes: 40},
	} {
		_, err := laplace.New(build(t, src, tab, nil), fam, set)
		var no *suffstat.UnsupportedError
		if !errors.As(err, &no) {
			t.Errorf("%s: %v", src, err)
		}
	}
	binomial, _ := family.New("binomial", "")
	var outside *family.RangeError
	if _, err := laplace.New(build(t, "y ~ x + (1 | g)", tab, nil), binomial, laplace.Settings{}); !errors.As(err, &outside) {
		t.Errorf("counts as a binomial response: %v", err)
	}
}

// A search from 20 scattered points ends at the same criterion.
func TestSearchesEndAtTheSameMinimum(t *testing.T) {
	o := objective(t, build(t, "y ~ x + (x | g)", simulated(t, "binomial", "", 6), &design.Options{Weights: "w"}), "binomial", "", laplace.Settings{})
	want := minimum(t, o).Derivs.F
	for i, start := range solve.Scattered(o, 20, 1, 10) {
		r := solve.Minimize(o, start, nil)
		if r.Status != solve.Minimum || math.Abs(r.Derivs.F-want) > 1e-8 {
			t.Errorf("start %d: %v at %.10g, best %.10g", i, r.Status, r.Derivs.F, want)
		}
	}
}

// As Psi moves the fixed effects move by -H_bb^-1 H_bt: their second derivative and
// the mixed one against differences of the fixed effects themselves.
func TestFixedHessian(t *testing.T) {
	for _, tt := range []struct {
		src, family string
		nodes       int
	}{
		{"y ~ x + (x | h) + (z | g) + (1 | s)", "binomial", 1},
		{"y ~ x + (x | g)", "negbinomial", 5},
	} {
		opt := &design.Options{}
		if tt.family == "binomial" {
			opt.Weights = "w"
		}
		o := objective(t, build(t, tt.src, simulated(t, tt.family, "", 4), opt), tt.family, "", laplace.Settings{Nodes: tt.nodes})
		p := point(o, rand.New(rand.NewPCG(2, 2)), 1)
		bend, mixed := o.FixedHessian(p)
		chart := cone.NewChart(o.Blocks(), p)
		slopes := make([]float64, len(chart.Dirs))
		np := len(mixed)
		cross := mat.NewDense(np, len(chart.Dirs), nil)
		for j, g := range mixed {
			chart.Gradient(slopes, g, chart.Centre)
			cross.SetRow(j, slopes)
		}
		var moves mat.Dense
		if err := moves.Solve(mat.NewDense(np, np, bend), cross); err != nil {
			t.Fatal(err)
		}
		const h = 1e-3
		step := make([]float64, len(chart.Dirs))
		for a := range chart.Dirs {
			step[a] = h
			plus := o.Solve(chart.Move(step)).Beta
			step[a] = -h
			minus := o.Solve(chart.Move(step)).Beta
			step[a] = 0
			for j := range np {
				got, want := -moves.At(j, a), (plus[j]-minus[j])/(2*h)
				if math.Abs(got-want) > 1e-4*(math.Abs(want)+0.01) {
					t.Errorf("%s: effect %d along %d: %g, want %g", tt.src, j, a, got, want)
				}
			}
		}
	}
}
