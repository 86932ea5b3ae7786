package lmm_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/suffstat"
	"github.com/golmm/golmm/lmm/table"
)

// sameFit compares everything that does not depend on how a fit was found.
func sameFit(t testing.TB, what string, got, want *lmm.Model) {
	t.Helper()
	if d := math.Abs(got.Criterion() - want.Criterion()); d > 1e-9*(1+math.Abs(want.Criterion())) {
		t.Errorf("%s: criterion %.12g, want %.12g", what, got.Criterion(), want.Criterion())
	}
	if g, w := got.Verdict(), want.Verdict(); g.Convergence != w.Convergence || g.Place != w.Place {
		t.Errorf("%s: verdict %v %v, want %v %v", what, g.Convergence, g.Place, w.Convergence, w.Place)
	}
	sigma := want.Sigma()
	if math.IsNaN(sigma) {
		return
	}
	// A decrement of 1e-12 is 1e-6 standard errors.
	near(t, what+": sigma", []float64{got.Sigma()}, []float64{sigma}, 1e-6*sigma)
	near(t, what+": fitted", got.Fitted(), want.Fitted(), 1e-6*sigma)
}

func TestRefitWithItsOwnResponse(t *testing.T) {
	for _, ref := range oneFactor(t) {
		opt := &lmm.Options{ML: !ref.REML, Weights: ref.Weights, Offset: ref.Offset, Contrasts: ref.Contrasts}
		m, _ := fitReference(t, ref.Formula, ref.Data, opt)
		y := m.Fitted()
		for i, r := range m.Residuals(lmm.RawResidual) {
			y[i] += r
		}
		again, err := m.Refit(y)
		if err != nil {
			t.Fatal(err)
		}
		sameFit(t, ref.ID, again, m)
	}
}

// A refit is the fit of the table with the other response.
func TestRefitIsAFit(t *testing.T) {
	for _, src := range []string{"Reaction ~ Days + (Days | Subject)", "Reaction ~ Days + (Days || Subject)", "Reaction ~ poly(Days, 2) + (1 | Subject)"} {
		m, tab := fitReference(t, src, "sleepstudy_wo", &lmm.Options{Weights: "w", Offset: "off"})
		for r, y := range m.Simulate(10, 8) {
			got, err := m.Refit(y)
			if err != nil {
				t.Fatal(err)
			}
			want := fitTable(t, src, replaceResponse(t, tab, "Reaction", y), &lmm.Options{Weights: "w", Offset: "off"})
			sameFit(t, src+", replicate "+string(rune('0'+r)), got, want)
		}
	}
}

// From an estimate of zero a refit leaves the boundary where the new response
// has a variance, and the other way round.
func TestRefitLeavesAndReachesTheBoundary(t *testing.T) {
	zero, _ := fitReference(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2", nil)
	some, tab := fitReference(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff", nil)
	_, tab2 := fitReference(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2", nil)
	a, err := zero.Refit(column(t, tab, "Yield"))
	if err != nil {
		t.Fatal(err)
	}
	sameFit(t, "off the boundary", a, some)
	b, err := some.Refit(column(t, tab2, "Yield"))
	if err != nil {
		t.Fatal(err)
	}
	sameFit(t, "to the boundary", b, zero)
	if b.Verdict().Place != certify.Boundary || a.Verdict().Place != certify.Interior {
		t.Errorf("%v, %v", a.Verdict(), b.Verdict())
	}
}

func TestRefitErrors(t *testing.T) {
	_, tab := fitReference(t, "Reaction ~ Days + (1 | Subject)", "sleepstudy", nil)
	y := column(t, tab, "Reaction")
	y[3] = math.NaN()
	m := fitTable(t, "Reaction ~ Days + (1 | Subject)", replaceResponse(t, tab, "Reaction", y), nil)
	good := m.Simulate(1, 1)[0]
	bad := func(change func(y []float64) []float64) []float64 { return change(append([]float64(nil), good...)) }
	for _, tt := range []struct {
		name, want string
		y          []float64
		row        int
		code       string
	}{
		{"short", "each of the 179 rows in the model; it has 2", []float64{1, 2}, 0, ""},
		{"rows of the table", "180 rows, of which 1 are not in the model", y, 0, ""},
		{"NaN", "NaN at position 4 (row 5 of the table)", bad(func(y []float64) []float64 { y[3] = math.NaN(); return y }), 5, ""},
		{"Inf", "+Inf at position 1 ", bad(func(y []float64) []float64 { y[0] = math.Inf(1); return y }), 1, ""},
		{"constant", "nothing to explain", bad(func(y []float64) []float64 {
			for i := range y {
				y[i] = 3
			}
			return y
		}), 0, "D9"},
	} {
		_, err := m.Refit(tt.y)
		var e *design.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), tt.want) || e.Row != tt.row || e.Code != tt.code {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	exact := predict(t, m, nil, &lmm.PredictOptions{Population: true, MeanOnly: true}).Mean
	var saturated *suffstat.SaturatedError
	if _, err := m.Refit(exact); !errors.As(err, &saturated) {
		t.Errorf("the fixed effects reproduce the response: %v", err)
	}
}

// A refit does not hold on to the caller's slice, nor change the model.
func TestRefitKeepsItsResponse(t *testing.T) {
	m, _ := fitReference(t, "Reaction ~ Days + (1 | Subject)", "sleepstudy", nil)
	before, y := m.Residuals(lmm.RawResidual), m.Simulate(1, 1)[0]
	r, err := m.Refit(y)
	if err != nil {
		t.Fatal(err)
	}
	want := r.Residuals(lmm.RawResidual)
	clear(y)
	near(t, "residuals of the refit", r.Residuals(lmm.RawResidual), want, 0)
	near(t, "residuals of the model", m.Residuals(lmm.RawResidual), before, 0)
}

// BenchmarkRefit fits sleepstudy to simulated responses.
func BenchmarkRefit(b *testing.B) {
	m, _ := fitReference(b, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	ys := m.Simulate(100, 1)
	i := 0
	for b.Loop() {
		if _, err := m.Refit(ys[i%len(ys)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// million is 1e6 rows in 1e4 groups.
func million(b *testing.B) *table.Table {
	b.Helper()
	const n, groups = 1_000_000, 10_000
	r := rand.New(rand.NewPCG(1, 1))
	levels, codes := make([]string, groups), make([]int32, n)
	x, y := make([]float64, n), make([]float64, n)
	b0, b1 := make([]float64, groups), make([]float64, groups)
	for j := range levels {
		levels[j] = "g" + string(rune('a'+j/1000)) + string(rune('0'+j/100%10)) + string(rune('0'+j/10%10)) + string(rune('0'+j%10))
		b0[j], b1[j] = r.NormFloat64(), 0.5*r.NormFloat64()
	}
	for i := range x {
		j := i % groups
		codes[i], x[i] = int32(j), r.NormFloat64()
		y[i] = 1 + b0[j] + (2+b1[j])*x[i] + r.NormFloat64()
	}
	g, err := table.NewFactor("g", codes, levels)
	if err != nil {
		b.Fatal(err)
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), g)
	if err != nil {
		b.Fatal(err)
	}
	return tab
}

// BenchmarkPredictMillion predicts the rows of the fit with all intervals.
func BenchmarkPredictMillion(b *testing.B) {
	m := fitTable(b, "y ~ x + (x | g)", million(b), nil)
	for b.Loop() {
		predict(b, m, nil, nil)
	}
}
