package lmm

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// at returns what predictions need of a model, with Lambda as given.
func at(t *testing.T, src, data, weights string, sigma float64, lambda ...[]float64) *Model {
	t.Helper()
	tab, err := reference.Table(data)
	if err != nil {
		t.Fatal(err)
	}
	f, err := formula.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, &design.Options{Weights: weights})
	if err != nil {
		t.Fatal(err)
	}
	if len(lambda) != len(d.Terms) {
		t.Fatalf("%d factors Lambda for %d terms", len(lambda), len(d.Terms))
	}
	m := &Model{source: &source{}, scale: 1, design: d, opt: Options{Weights: weights}, sigma: sigma, lambda: lambda}
	for _, l := range lambda {
		m.hidden = append(m.hidden, make([]bool, len(l)))
	}
	return m
}

// lme4's hatvalues and their sum for two crossed and two nested factors (lme4
// 1.1-31), at its theta.
func TestLeverageOfSeveralFactorsAgainstLme4(t *testing.T) {
	for _, tt := range []struct {
		m     *Model
		first []float64
		trace float64
	}{
		{at(t, "diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", "", 0.549923142434614, []float64{1.53967752755988}, []float64{3.51241506253576}),
			[]float64{0.190780291616151, 0.190780291616151}, 27.4723619927257},
		{at(t, "yield ~ nitro * Variety + (1 | Block/Variety)", "Oats", "", 12.9903809920679, []float64{0.800537391068329}, []float64{1.12737544356194}),
			[]float64{0.282333054364881, 0.215666387698214, 0.215666387698214, 0.282333054364881}, 17.9279799142714},
	} {
		h := tt.m.Leverage()
		for i, want := range tt.first {
			if math.Abs(h[i]-want) > 1e-10 {
				t.Errorf("%s: leverage of row %d is %.12g, want %.12g", tt.m.Formula(), i, h[i], want)
			}
		}
		var trace float64
		for _, v := range h {
			trace += v
		}
		if math.Abs(trace-tt.trace) > 1e-9 {
			t.Errorf("%s: the leverages sum to %.12g, want %.12g", tt.m.Formula(), trace, tt.trace)
		}
	}
}

// henderson is the inverse of the matrix of the mixed model equations in the
// user's units, X before the terms, each with one more level that has no rows.
func henderson(t *testing.T, m *Model) (inv *mat.Dense, row func(rows *design.NewRows, i int) *mat.VecDense) {
	t.Helper()
	d := m.design
	offset, n := make([]int, len(d.Terms)), d.X.Cols
	for b := range d.Terms {
		offset[b] = n
		n += (len(d.Terms[b].Levels) + 1) * len(d.Terms[b].Names)
	}
	row = func(rows *design.NewRows, i int) *mat.VecDense {
		c := mat.NewVecDense(n, nil)
		for j, v := range rows.X.Row(i) {
			c.SetVec(j, v)
		}
		for b := range d.Terms {
			level, k := int(rows.Terms[b].Level[i]), len(d.Terms[b].Names)
			if level < 0 {
				level = len(d.Terms[b].Levels)
			}
			for j, v := range rows.Terms[b].Z.Row(i) {
				c.SetVec(offset[b]+level*k+j, v)
			}
		}
		return c
	}
	eq := mat.NewDense(n, n, nil)
	frame := m.frameRows()
	for i := range d.Y {
		c := row(frame, i)
		eq.RankOne(eq, m.weight(i), c, c)
	}
	for b := range d.Terms {
		k := len(d.Terms[b].Names)
		l := mat.NewDense(k, k, m.lambda[b])
		var psi, inv mat.Dense
		psi.Mul(l, l.T())
		if err := inv.Inverse(&psi); err != nil {
			t.Fatal(err)
		}
		for j := 0; j <= len(d.Terms[b].Levels); j++ {
			at := offset[b] + j*k
			block := eq.Slice(at, at+k, at, at+k).(*mat.Dense)
			block.Add(block, &inv)
		}
	}
	inv = new(mat.Dense)
	if err := inv.Inverse(eq); err != nil {
		t.Fatal(err)
	}
	return inv, row
}

// Two terms of one factor, a crossed factor with a slope, a nested one, and
// weights: at the rows of the fit, at other pairs of levels and at new levels.
func TestVarianceOfSeveralFactorsIsHendersons(t *testing.T) {
	for _, m := range []*Model{
		at(t, "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject) + (off | Days)", "sleepstudy_wo", "w", 3, []float64{1.2}, []float64{0.3}, []float64{0.8, 0, -0.2, 0.05}),
		at(t, "yield ~ nitro + (nitro | Block) + (1 | Block:Variety) + (1 | Variety)", "Oats", "", 2, []float64{0.7}, []float64{1.1, 0, 0.6, 0.9}, []float64{0.5}),
		at(t, "diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", "", 1, []float64{1.5}, []float64{3.5}),
	} {
		u, err := newUncertainty(m)
		if err != nil {
			t.Fatal(err)
		}
		inv, row := henderson(t, m)
		frame := m.frameRows()
		mixed := *frame // levels of other rows, and some that were not in the fit
		mixed.Terms = append([]design.NewTerm(nil), frame.Terms...)
		r := rand.New(rand.NewPCG(1, 2))
		levels := map[string][]int32{}
		for b := range mixed.Terms {
			group := m.design.Terms[b].Group
			if levels[group] == nil {
				levels[group] = make([]int32, len(m.design.Y))
				for i := range levels[group] {
					levels[group][i] = int32(r.IntN(len(m.design.Terms[b].Levels)+1)) - 1
				}
			}
			mixed.Terms[b].Level = levels[group]
		}
		for _, rows := range []*design.NewRows{frame, &mixed} {
			for i := range m.design.Y {
				c := row(rows, i)
				want := mat.Inner(c, inv, c) // over sigma^2
				// the dense inverse has a condition of about 1e6
				if got := u.conditional(rows, i); math.Abs(got-want) > 1e-8*want {
					t.Fatalf("%s: variance of row %d is %.12g, want %.12g", m.Formula(), i, got, want)
				}
			}
		}
		for i := range m.design.Y {
			c := row(frame, i)
			for j := m.design.X.Cols; j < c.Len(); j++ {
				c.SetVec(j, 0)
			}
			want := mat.Inner(c, inv, c) // over sigma^2
			if got := u.population(frame, i); math.Abs(got-want) > 1e-8*want {
				t.Fatalf("%s: population variance of row %d is %.12g, want %.12g", m.Formula(), i, got, want)
			}
		}
	}
}
