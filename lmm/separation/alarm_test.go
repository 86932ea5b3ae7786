package separation

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/table"
)

// overlapped draws a set that is not separated, by construction: rows 0 to 2p
// come in pairs with the same predictors and both responses, with full rank.
func overlapped(t *testing.T, seed uint64) *design.Design {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	n := 30 + rng.IntN(200)
	x, z, f := draw(rng, n), draw(rng, n), letters(rng, n, 3)
	for i := range x {
		x[i] *= math.Pow(10, float64(seed%9)-4)
		x[i] += float64(seed%4) * 1000 * math.Pow(10, float64(seed%9)-4)
	}
	y := make([]float64, n)
	for i := range y {
		// Strong effects, so that the sets are close to separated.
		if 4*z[i]+rng.NormFloat64() > 0 {
			y[i] = 1
		}
	}
	for i := 0; i < 24; i += 2 {
		x[i+1], z[i+1], f[i+1] = x[i], z[i], f[i]
		f[i], f[i+1] = string("abc"[i/2%3]), string("abc"[i/2%3])
		y[i], y[i+1] = 0, 1
	}
	return build(t, "y ~ x + z + f", columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z), table.NewTexts("f", f)))
}

// No false alarm on 200 sets that are not separated, in units from 1e-4 to 1e4
// and with origins a thousand standard deviations away.
func TestNoFalseAlarm(t *testing.T) {
	for seed := range uint64(200) {
		d := overlapped(t, seed)
		if r := find(t, d, "binomial"); r.Separated() {
			t.Errorf("seed %d: %s", seed, r.Sentence())
		}
	}
}

// The verdict is that of gonum's simplex method on Konis's programme, written
// out in full, on small sets of both kinds.
func TestAgreesWithFullProgramme(t *testing.T) {
	count := 0
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 8))
		n := 8 + rng.IntN(14)
		x, z := draw(rng, n), draw(rng, n)
		for i := range x {
			x[i], z[i] = math.Round(2*x[i]), math.Round(2*z[i])
		}
		y := coins(rng, x)
		if !slices.Contains(y, 1) || !slices.Contains(y, 0) || slices.Max(x) == slices.Min(x) {
			continue
		}
		d := build(t, "y ~ x + z", columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z)))
		got := find(t, d, "binomial").Separated()
		want, ok := fullProgramme(d)
		if !ok {
			continue
		}
		count++
		if got != want {
			t.Errorf("seed %d: %v, gonum's simplex says %v", seed, got, want)
		}
	}
	if count < 100 {
		t.Errorf("only %d programmes were settled", count)
	}
}

// fullProgramme maximises the sum of s_i x_i'd over -1 <= d <= 1 and s_i x_i'd >= 0.
func fullProgramme(d *design.Design) (separated, ok bool) {
	n, p := d.X.Rows, d.X.Cols
	// d = a - b; slacks of the n rows, of a <= 1 and of b <= 1.
	m, k := n+2*p, n+4*p
	a, b, c := mat.NewDense(m, k, nil), make([]float64, m), make([]float64, k)
	for i := range n {
		sign := 2*d.Y[i] - 1
		for j, v := range d.X.Row(i) {
			a.Set(i, j, sign*v)
			a.Set(i, p+j, -sign*v)
			c[j] -= sign * v
			c[p+j] += sign * v
		}
		a.Set(i, 2*p+i, -1)
	}
	for j := range 2 * p {
		a.Set(n+j, j, 1)
		a.Set(n+j, 2*p+n+j, 1)
		b[n+j] = 1
	}
	best, _, err := lp.Simplex(c, a, b, 1e-10, nil)
	return best < -1e-8, err == nil
}

// Units and origins of columns change neither verdict nor rows.
func TestUnitsDoNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	n := 60
	x, z := draw(rng, n), draw(rng, n)
	y := make([]float64, n)
	for i := range y {
		if x[i]+z[i] > 0.1 {
			y[i] = 1
		}
	}
	base := find(t, build(t, "y ~ x + z", columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z))), "binomial")
	far := slices.Clone(x)
	for i := range far {
		far[i] = 1e6*far[i] + 1e9
	}
	moved := find(t, build(t, "y ~ x + z", columns(t, table.NewFloats("y", y), table.NewFloats("x", far), table.NewFloats("z", z))), "binomial")
	if !base.Complete || !moved.Complete {
		t.Errorf("%v %v, %v %v", base.Complete, base.Columns, moved.Complete, moved.Columns)
	}
}

// Columns in units whose squares no float holds give the same bits: units are powers
// of 2.
func TestUnitsOfAnySize(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	n := 60
	x, z, f := draw(rng, n), draw(rng, n), letters(rng, n, 3)
	y := coins(rng, x)
	for i := range y {
		if f[i] == "b" {
			y[i] = 0
		}
	}
	for _, src := range []string{"y ~ x + z + f", "y ~ x + z + f + x:f", "y ~ 0 + x:f + z"} {
		tab := columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z), table.NewTexts("f", f))
		base := find(t, build(t, src, tab), "binomial")
		for _, e := range []int{-900, -600, 600, 900} {
			d := build(t, src, tab)
			for i := range n {
				for j, name := range d.XNames {
					if strings.Contains(name, "x") {
						d.X.Data[i*d.X.Cols+j] = math.Ldexp(d.X.At(i, j), e)
					}
				}
			}
			r := find(t, d, "binomial")
			if !slices.Equal(r.Rows, base.Rows) || !slices.Equal(r.Infinite, base.Infinite) || !slices.Equal(r.Determined, base.Determined) || !slices.Equal(r.Columns, base.Columns) || len(r.Free) != len(base.Free) {
				t.Errorf("%s, unit 2^%d: %+v, want %+v", src, e, r, base)
			}
		}
	}
}

// Complete separation by a hair is settled where columns have heavy tails, which leave
// most rows near each other.
func TestSeparatedByAHair(t *testing.T) {
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 55))
		n, p := 20+rng.IntN(200), 1+rng.IntN(5)
		var cols []*table.Column
		var names []string
		eta := make([]float64, n)
		for j := range p {
			x := draw(rng, n)
			for i := range x {
				x[i] = math.Exp(3 * x[i])
			}
			b := rng.NormFloat64()
			for i := range x {
				eta[i] += b * x[i]
			}
			names = append(names, fmt.Sprint("x", j))
			cols = append(cols, table.NewFloats(names[j], x))
		}
		sorted := slices.Sorted(slices.Values(eta))
		y := make([]float64, n)
		for i := range y {
			if eta[i] > (sorted[n/2]+sorted[n/2-1])/2 {
				y[i] = 1
			}
		}
		d := build(t, "y ~ "+strings.Join(names, " + "), columns(t, append(cols, table.NewFloats("y", y))...))
		if r := find(t, d, "binomial"); !r.Complete {
			t.Errorf("seed %d: %d of %d rows", seed, len(r.Rows), n)
		}
	}
}

// Rows that only the second of two directions separates, each by little: what is
// reported is a sum of both.
func TestTwoSteps(t *testing.T) {
	for e := range 5 {
		rng := rand.New(rand.NewPCG(5, uint64(e)))
		gap := math.Pow(10, -float64(e)-1)
		n := 60
		x, z, y := draw(rng, n), draw(rng, n), make([]float64, n)
		x[20], x[21], z[0] = gap, -gap, gap
		for i := range y {
			by := x[i]
			if i < 20 {
				x[i], by = 0, z[i]
			}
			if by > 0 {
				y[i] = 1
			}
		}
		r := find(t, build(t, "y ~ x + z", columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z))), "binomial")
		if !r.Complete {
			t.Errorf("gap %g: %d rows", gap, len(r.Rows))
		}
	}
}

// Among many levels those of one kind are named, and no other column.
func TestManyLevels(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	n := 3000
	x, f := draw(rng, n), make([]string, n)
	y := coins(rng, x)
	for i := range f {
		f[i] = fmt.Sprint(100 + rng.IntN(60))
		if f[i] == "102" || f[i] == "104" {
			y[i] = 0
		}
	}
	r := find(t, build(t, "y ~ x + f", columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("f", f))), "binomial")
	if !slices.Equal(r.Params(), []string{"f102", "f104"}) || !slices.Equal(r.Columns, r.Infinite) {
		t.Errorf("%v, columns %v", r.Params(), r.Columns)
	}
}

func benchmarkDesign(b *testing.B, n int, separated bool) *design.Design {
	rng := rand.New(rand.NewPCG(6, 6))
	x, z, f, g := draw(rng, n), draw(rng, n), letters(rng, n, 5), letters(rng, n, 20)
	eta := make([]float64, n)
	for i := range eta {
		eta[i] = x[i] - z[i]
	}
	y := coins(rng, eta)
	for i := range y {
		if separated && f[i] == "c" {
			y[i] = 0
		}
	}
	return build(b, "y ~ x + z + f + (1 | g)", columns(b, table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z), table.NewTexts("f", f), table.NewTexts("g", g)))
}

func BenchmarkFind(b *testing.B) {
	for _, c := range []struct {
		name      string
		n         int
		separated bool
	}{{"1e3", 1000, false}, {"1e5", 100_000, false}, {"1e5separated", 100_000, true}} {
		d := benchmarkDesign(b, c.n, c.separated)
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				if r, err := Find(d, "binomial", ""); err != nil || r.Separated() != c.separated {
					b.Fatal(r, err)
				}
			}
		})
		b.Run(c.name+"within", func(b *testing.B) {
			for range b.N {
				if _, err := Within(d, "binomial", "", 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A level that a share of the rows may miss is found among many rows.
func TestRareLevel(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	n := 20_000
	x, f := draw(rng, n), letters(rng, n, 2)
	y := coins(rng, x)
	for i := range 12 {
		f[i*1000], y[i*1000] = "rare", 1
	}
	d := build(t, "y ~ x + f", columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("f", f)))
	if r := find(t, d, "binomial"); !slices.Equal(r.Params(), []string{"frare"}) || len(r.Rows) != 12 {
		t.Errorf("%v, %d rows", r.Params(), len(r.Rows))
	}
	y[0] = 0
	d = build(t, "y ~ x + f", columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("f", f)))
	if r := find(t, d, "binomial"); r.Separated() {
		t.Error(r.Sentence())
	}
}
