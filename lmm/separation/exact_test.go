package separation

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// exact finds the separated rows of whole-numbered predictors of full rank without
// rounding. The directions that meet the constraints are a pointed cone, so that
// they are the sums of its edges; on an edge p-1 independent rows are 0.
func exact(x [][]int64, side []Side) []int {
	n, p := len(x), len(x[0])
	out := make([]bool, n)
	try := func(v []*big.Int) {
		moved := make([]bool, n)
		for i, row := range x {
			sum := new(big.Int)
			for j, a := range row {
				sum.Add(sum, new(big.Int).Mul(big.NewInt(a), v[j]))
			}
			if side[i] == Down {
				sum.Neg(sum)
			}
			if sum.Sign() < 0 || side[i] == Held && sum.Sign() != 0 {
				return
			}
			moved[i] = sum.Sign() > 0
		}
		for i, m := range moved {
			out[i] = out[i] || m
		}
	}
	choose(n, p-1, func(at []int) {
		v, zero := make([]*big.Int, p), true
		for j := range v {
			minor := make([][]*big.Rat, len(at))
			for r, i := range at {
				for k, a := range x[i] {
					if k != j {
						minor[r] = append(minor[r], big.NewRat(a, 1))
					}
				}
			}
			v[j] = determinant(minor)
			if j%2 == 1 {
				v[j].Neg(v[j])
			}
			zero = zero && v[j].Sign() == 0
		}
		if zero {
			return
		}
		try(v)
		for _, a := range v {
			a.Neg(a)
		}
		try(v)
	})
	var rows []int
	for i, o := range out {
		if o {
			rows = append(rows, i)
		}
	}
	return rows
}

func choose(n, k int, visit func([]int)) {
	at := make([]int, 0, k)
	var next func(from int)
	next = func(from int) {
		if len(at) == k {
			visit(at)
			return
		}
		for i := from; i < n; i++ {
			at = append(at, i)
			next(i + 1)
			at = at[:len(at)-1]
		}
	}
	next(0)
}

// eliminate makes a matrix triangular; its rank and the product of its pivots, which is
// the determinant of a square one.
func eliminate(a [][]*big.Rat) (int, *big.Rat) {
	det, rank := big.NewRat(1, 1), 0
	if len(a) == 0 {
		return 0, det
	}
	for j := range a[0] {
		at := slices.IndexFunc(a[rank:], func(row []*big.Rat) bool { return row[j].Sign() != 0 })
		if at < 0 {
			continue
		}
		if at > 0 {
			a[rank], a[rank+at] = a[rank+at], a[rank]
			det.Neg(det)
		}
		det.Mul(det, a[rank][j])
		for i := rank + 1; i < len(a); i++ {
			f := new(big.Rat).Quo(a[i][j], a[rank][j])
			for k := j; k < len(a[i]); k++ {
				a[i][k].Sub(a[i][k], new(big.Rat).Mul(f, a[rank][k]))
			}
		}
		if rank++; rank == len(a) {
			break
		}
	}
	return rank, det
}

// determinant of a matrix of whole numbers.
func determinant(a [][]*big.Rat) *big.Int {
	rank, det := eliminate(a)
	if rank < len(a) {
		return new(big.Int)
	}
	return new(big.Int).Set(det.Num())
}

func rankOf(x [][]int64, rows []int, columns []int, unit int) int {
	var a [][]*big.Rat
	for _, i := range rows {
		var row []*big.Rat
		for _, j := range columns {
			row = append(row, big.NewRat(x[i][j], 1))
		}
		a = append(a, row)
	}
	if unit >= 0 {
		var row []*big.Rat
		for _, j := range columns {
			e := int64(0)
			if j == unit {
				e = 1
			}
			row = append(row, big.NewRat(e, 1))
		}
		a = append(a, row)
	}
	rank, _ := eliminate(a)
	return rank
}

func whole(d *design.Design) [][]int64 {
	out := make([][]int64, d.X.Rows)
	for i := range out {
		for _, v := range d.X.Row(i) {
			out[i] = append(out[i], int64(v))
		}
	}
	return out
}

// hostile draws a small set of whole numbers with many ties, for a family.
func hostile(seed uint64) (tab []*table.Column, src, family string) {
	rng := rand.New(rand.NewPCG(seed, 21))
	n := 3 + rng.IntN(9)
	values := func() []float64 {
		out, width := make([]float64, n), 1+rng.IntN(4)
		for i := range out {
			out[i] = float64(rng.IntN(2*width+1) - width)
		}
		return out
	}
	x, z := values(), values()
	y := make([]float64, n)
	family = []string{"binomial", "binomial", "poisson", "negbinomial"}[rng.IntN(4)]
	slope, mixed := rng.IntN(4), rng.IntN(3) == 0
	for i := range y {
		if float64(slope)*x[i]+2*rng.NormFloat64() > 0 {
			y[i] = 1
		}
		if mixed && rng.IntN(4) == 0 {
			y[i] = 0.5
			if family != "binomial" {
				y[i] = 3
			}
		}
	}
	src = []string{"y ~ x", "y ~ x + z", "y ~ 0 + x + z", "y ~ x * z", "y ~ f", "y ~ x + f", "y ~ 0 + f + x:z", "y ~ 1", "y ~ f * g"}[rng.IntN(9)]
	return []*table.Column{table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z),
		table.NewTexts("f", letters(rng, n, 3)), table.NewTexts("g", letters(rng, n, 2))}, src, family
}

// Rows, coefficients and columns are those of exact arithmetic on small sets with
// many ties, and what the words are made of is true.
func TestExact(t *testing.T) {
	found := 0
	for seed := range uint64(500) {
		cols, src, family := hostile(seed)
		d := tryBuild(src, columns(t, cols...))
		if d == nil {
			continue
		}
		r := find(t, d, family)
		x := whole(d)
		side, _ := Sides(family, "", d.Y)
		at := fmt.Sprintf("seed %d, %s, %s", seed, src, family)
		want := exact(x, side)
		if !slices.Equal(r.Rows, want) {
			t.Errorf("%s: rows %v, want %v", at, r.Rows, want)
			continue
		}
		if len(want) == 0 {
			continue
		}
		found++
		var rest, all []int
		for i := range x {
			if !slices.Contains(want, i) {
				rest = append(rest, i)
			}
		}
		for j := range d.XNames {
			all = append(all, j)
		}
		var infinite, determined []int
		for j := range d.XNames {
			if rankOf(x, rest, all, j) > rankOf(x, rest, all, -1) {
				infinite = append(infinite, j)
			}
			if rankOf(x, rest, all[:j+1], -1) > rankOf(x, rest, all[:j], -1) {
				determined = append(determined, j)
			}
		}
		if !slices.Equal(r.Infinite, infinite) || !slices.Equal(r.Determined, determined) {
			t.Errorf("%s: infinite %v, want %v; determined %v, want %v", at, r.Infinite, infinite, r.Determined, determined)
		}
		if r.Complete != (len(rest) == 0) || len(r.Free) != len(all)-len(determined) {
			t.Errorf("%s: complete %v, %d free, separated %d of %d", at, r.Complete, len(r.Free), len(want), len(x))
		}
		pick := func(columns []int) []int {
			part := make([][]int64, len(x))
			for i, row := range x {
				for _, j := range columns {
					part[i] = append(part[i], row[j])
				}
			}
			if len(columns) == 0 {
				return nil
			}
			return exact(part, side)
		}
		if !slices.Equal(pick(r.Columns), want) {
			t.Errorf("%s: columns %v do not separate all", at, r.Columns)
		}
		for _, j := range r.Columns {
			if slices.Equal(pick(slices.DeleteFunc(slices.Clone(r.Columns), func(k int) bool { return k == j })), want) {
				t.Errorf("%s: of columns %v, %d can be spared", at, r.Columns, j)
			}
		}
	}
	if found < 100 || found > 400 {
		t.Errorf("%d of 500 sets are separated; the test wants both kinds", found)
	}
}

// tryBuild is nil where a set has no design.
func tryBuild(src string, tab *table.Table) *design.Design {
	f, err := formula.Parse(src)
	if err != nil {
		return nil
	}
	d, err := design.Build(f, tab, &design.Options{BinaryResponse: true, FixedOnly: true})
	if err != nil || d.X.Cols == 0 {
		return nil
	}
	return d
}
