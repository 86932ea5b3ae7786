package laplace

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// crossed has 14 levels of g, each of which meets all of h, the first 3, or those
// that are left by chance, and half of those of s.
func crossed(t *testing.T, h func(i, g int, rng *rand.Rand) int) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 5))
	var y, x []float64
	var g, hs, s []string
	for i := range 280 {
		j := i % 14
		x = append(x, rng.NormFloat64())
		y = append(y, float64(rng.IntN(2)))
		g, hs, s = append(g, fmt.Sprint("g", j)), append(hs, fmt.Sprint("h", h(i, j, rng))), append(s, fmt.Sprint("s", (i+j/2)%6))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g), table.NewTexts("h", hs), table.NewTexts("s", s))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// The leverages z'Tz, products with S and the average information are those of the
// dense matrices: T = (Psi^-1 + Z'WZ)^-1, V = W^-1 + Z Psi Z'.
func TestDenseMatrices(t *testing.T) {
	designs := map[string]func(i, g int, rng *rand.Rand) int{
		"all":    func(i, g int, rng *rand.Rand) int { return i / 14 % 5 },
		"runs":   func(i, g int, rng *rand.Rand) int { return g/5 + i/14%3 },
		"chance": func(i, g int, rng *rand.Rand) int { return rng.IntN(9) },
	}
	for name, h := range designs {
		tab := crossed(t, h)
		for _, src := range []string{"y ~ x + (1 | g) + (1 | h)", "y ~ x + (1 | g) + (1 | h) + (1 | s)", "y ~ x + (0 + x | g) + (1 | h)", "y ~ x + (x | g) + (1 | h)",
			"y ~ 1 + (1 | g) + (x | s)", "y ~ x + (x | g) + (x | h) + (1 | s)", "y ~ x + (1 | g)"} {
			t.Run(name+" "+src, func(t *testing.T) { checkDense(t, tab, src) })
		}
	}
}

func checkDense(t *testing.T, tab *table.Table, src string) {
	f, err := formula.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	fam, err := family.New("binomial", "logit")
	if err != nil {
		t.Fatal(err)
	}
	o, err := New(d, fam, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	p := cone.Identity(o.Blocks(), 0)
	rng := rand.New(rand.NewPCG(6, 6))
	for b, blk := range o.Blocks() {
		for r := range blk.K {
			for c := range r + 1 {
				p[b][r*blk.K+c] = blk.Unit * (0.5 + rng.Float64())
			}
		}
	}
	h := o.Average(p).H

	l, rows := o.layout, o.rows
	n, first := rows.n, l.n*l.k
	cols := first + l.q
	z, psi := mat.NewDense(n, cols, nil), mat.NewDense(cols, cols, nil)
	for f, g := range l.fs {
		from := 0
		if f > 0 {
			from = first + l.col[f-1]
		}
		for i := range n {
			for c := range g.k {
				z.Set(i, from+int(rows.level[f][i])*g.k+c, rows.z[f][i*g.k+c])
			}
		}
		for s := range g.levels {
			for r := range g.k {
				for c := range g.k {
					psi.Set(from+s*g.k+r, from+s*g.k+c, o.psi[f][r*g.k+c])
				}
			}
		}
	}
	var v, zpsi, inv, zt, zinv, zp, lev mat.Dense
	zpsi.Mul(z, psi)
	v.Mul(&zpsi, z.T())
	for i, w := range o.w {
		v.Set(i, i, v.At(i, i)+1/w)
	}
	if err := inv.Inverse(&v); err != nil {
		t.Fatal(err)
	}
	// T = Psi - Psi Z'V^-1 Z Psi.
	zt.Mul(&inv, &zpsi)
	var tt mat.Dense
	tt.Mul(zpsi.T(), &zt)
	tt.Sub(psi, &tt)
	lev.Mul(z, &tt)
	for i, got := range o.adj.v {
		if want := mat.Dot(lev.RowView(i), z.RowView(i)); math.Abs(got-want) > 1e-10*(1+math.Abs(want)) {
			t.Fatalf("leverage %d: %g, dense %g", i, got, want)
		}
	}

	flat := func(x vector) *mat.VecDense {
		return mat.NewVecDense(cols, append(append([]float64(nil), x.first...), x.rest...))
	}
	x, sx := newVector(l), newVector(l)
	for i := range x.first {
		x.first[i] = rng.NormFloat64()
	}
	for i := range x.rest {
		x.rest[i] = rng.NormFloat64()
	}
	o.schur.times(sx, x)
	var zx, want mat.VecDense
	zx.MulVec(z, flat(x))
	for i, w := range o.w {
		zx.SetVec(i, w*zx.AtVec(i))
	}
	want.MulVec(z.T(), &zx)
	want.SubVec(&want, flat(sx))
	if off := mat.Norm(&want, math.Inf(1)); off > 1e-10 {
		t.Errorf("S x is off by %g", off)
	}

	// P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1.
	xm := mat.NewDense(n, rows.p, rows.x)
	var vx, xvx, half, pm mat.Dense
	vx.Mul(&inv, xm)
	xvx.Mul(xm.T(), &vx)
	if err := half.Solve(&xvx, vx.T()); err != nil {
		t.Fatal(err)
	}
	pm.Mul(&vx, &half)
	pm.Sub(&inv, &pm)
	m := len(o.pairs)
	dirs := mat.NewDense(cols, m, nil)
	for a, pair := range o.pairs {
		w := newVector(l)
		o.direct(w, o.t, pair.Block, pair.Row, pair.Col)
		dirs.SetCol(a, flat(w).RawVector().Data)
	}
	zinv.Mul(z, dirs)
	zp.Mul(&pm, &zinv)
	var average mat.Dense
	average.Mul(zinv.T(), &zp)
	for a := range m {
		for b := range m {
			if got, want := h[a*m+b], average.At(a, b); math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
				t.Errorf("average information %d, %d: %g, dense %g", a, b, got, want)
			}
		}
	}
}
