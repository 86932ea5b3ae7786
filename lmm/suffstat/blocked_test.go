package suffstat_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/suffstat"
	"github.com/golmm/golmm/lmm/table"
)

// classes has 120 rows: 24 classes in 8 schools in 2 regions, 10 raters who
// see a class of each kind, and the same schools under another name.
func classes(t *testing.T) *table.Table {
	t.Helper()
	const n = 120
	x, y := make([]float64, n), make([]float64, n)
	code := map[string][]int32{}
	for i := range n {
		x[i], y[i] = math.Sin(float64(i)), math.Cos(3*float64(i))+float64(i%7)
		class := int32(i / 5)
		for name, c := range map[string]int32{"class": class, "school": class / 3, "house": 7 - class/3, "region": class / 12, "rater": int32(i*7/3) % 10} {
			code[name] = append(code[name], c)
		}
	}
	columns := []*table.Column{table.NewFloats("x", x), table.NewFloats("y", y)}
	for name, count := range map[string]int{"class": 24, "school": 8, "house": 8, "region": 2, "rater": 10} {
		columns = append(columns, factor(t, name, code[name], count))
	}
	tab, err := table.New(columns...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func factor(t *testing.T, name string, codes []int32, count int) *table.Column {
	t.Helper()
	levels := make([]string, count)
	for i := range levels {
		levels[i] = fmt.Sprintf("%s%06d", name, i)
	}
	c, err := table.NewFactor(name, codes, levels)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func build(t *testing.T, tab *table.Table, src string) *design.Design {
	t.Helper()
	f, err := formula.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The chain holds the most columns that nesting allows, whatever the order of
// the terms.
func TestOrderOfElimination(t *testing.T) {
	tab := classes(t)
	for _, test := range []struct {
		formula string
		chain   []string
		rest    []string
	}{
		{"y ~ x + (1 | class)", []string{"class"}, nil},
		{"y ~ x + (1 | region) + (1 | class) + (x | school)", []string{"class", "school", "region"}, nil},
		{"y ~ x + (1 | class) + (1 | rater)", []string{"class"}, []string{"rater"}},
		// 40 columns of raters weigh more than 24 + 8 + 2, but not more than
		// 24 + 16 + 2.
		{"y ~ x + (x + I(x^2) + I(x^3) | rater) + (1 | class) + (1 | school) + (1 | region)", []string{"rater"}, []string{"class", "school", "region"}},
		{"y ~ x + (x + I(x^2) + I(x^3) | rater) + (1 | class) + (x | school) + (1 | region)", []string{"class", "school", "region"}, []string{"rater"}},
		// A factor of fewer levels with more columns does not go first.
		{"y ~ x + (x + I(x^2) + I(x^3) | school) + (1 | class)", []string{"class", "school"}, nil},
		{"y ~ x + (1 | school) + (1 | house)", []string{"school", "house"}, nil},
	} {
		s, err := suffstat.NewBlocked(build(t, tab, test.formula))
		if err != nil {
			t.Fatal(err)
		}
		var chain, rest []string
		for i, f := range s.Factors {
			if i < len(s.Chain) {
				chain = append(chain, f.Group)
			} else {
				rest = append(rest, f.Group)
			}
		}
		if diff := cmp.Diff(test.chain, chain) + cmp.Diff(test.rest, rest); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.formula, diff)
		}
	}
}

// The blocks are those of [Z X y]'[Z X y], each once, and no other is not zero.
func TestCrossProducts(t *testing.T) {
	d := build(t, classes(t), "y ~ x + (x | class) + (0 + x | school) + (1 | school) + (x | rater) + (1 | region)")
	s, err := suffstat.NewBlocked(d)
	if err != nil {
		t.Fatal(err)
	}
	// The standardised columns of each factor: Z T, row by row.
	z := make([][][]float64, len(s.Factors))
	level := make([][]int32, len(s.Factors))
	type key struct{ f, s, g, l int }
	want := make(map[key][]float64)
	for i, f := range s.Factors {
		level[i] = d.Terms[f.Terms[0]].Level
		for row := range d.Y {
			var zi []float64
			for _, b := range f.Terms {
				k, m := s.Blocks[b].K, d.Terms[b].Z.Row(row)
				for c := range k {
					var v float64
					for r := range k {
						v += m[r] * s.T[b][r*k+c]
					}
					zi = append(zi, v)
				}
			}
			z[i] = append(z[i], zi)
		}
	}
	for f := range z {
		for g := f; g < len(z); g++ {
			kf, kg := s.Factors[f].K, s.Factors[g].K
			for row := range d.Y {
				at := key{f, int(level[f][row]), g, int(level[g][row])}
				if want[at] == nil {
					want[at] = make([]float64, kf*kg)
				}
				for r, v := range z[f][row] {
					for c, w := range z[g][row] {
						want[at][r*kg+c] += v * w
					}
				}
			}
		}
	}
	s.Cross(func(f, j, g, l int, block []float64, stride int) {
		w := want[key{f, j, g, l}]
		if w == nil {
			t.Errorf("block %d:%d, %d:%d: seen twice, or its levels share no row", f, j, g, l)
			return
		}
		delete(want, key{f, j, g, l})
		kg := s.Factors[g].K
		for i, v := range w {
			if got := block[i/kg*stride+i%kg]; math.Abs(got-v) > 1e-12*float64(s.N) {
				t.Errorf("block %d:%d, %d:%d: entry %d is %g, want %g", f, j, g, l, i, got, v)
			}
		}
	})
	if len(want) > 0 {
		t.Errorf("%d blocks were not visited", len(want))
	}
	for f, fac := range s.Factors {
		sum := make([]float64, fac.K)
		for j := range fac.Levels {
			block, stride := s.Fixed(f, j)
			for r := range sum {
				sum[r] += block[r*stride+s.P]
			}
		}
		for r, got := range sum { // Z'y: y~ is recovered from X~'y~ = 0 and its scale
			var v float64
			for row, y := range d.Y {
				fit := 0.0
				for c, b := range s.Coords.Beta(make([]float64, s.P)) {
					fit += d.X.At(row, c) * b
				}
				v += z[f][row][r] * (y - fit) / s.YScale
			}
			if math.Abs(got-v) > 1e-12*float64(s.N) {
				t.Errorf("factor %d: column %d times y is %g, want %g", f, r, got, v)
			}
		}
	}
}

// Crossed factors that are too large for a dense remainder are refused in
// words.
func TestRemainderTooLarge(t *testing.T) {
	const n, levels = 33000, 16000
	y := make([]float64, n)
	a, b := make([]int32, n), make([]int32, n)
	for i := range n {
		y[i] = float64(i * i % 11)
		a[i], b[i] = int32(i%levels), int32(i*7/3%levels)
	}
	tab, err := table.New(table.NewFloats("y", y), factor(t, "a", a, levels), factor(t, "b", b, levels))
	if err != nil {
		t.Fatal(err)
	}
	_, err = suffstat.NewBlocked(build(t, tab, "y ~ 1 + (1 | a) + (1 | b)"))
	var unsupported *suffstat.UnsupportedError
	if !errors.As(err, &unsupported) || !strings.Contains(err.Error(), "crossed with a") {
		t.Errorf("error %v", err)
	}
}
