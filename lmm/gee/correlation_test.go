package gee

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/table"
)

// With a Time the order of rows does not matter, and missing occasions count.
func TestTimeOrders(t *testing.T) {
	tab := data4(t, "sleepstudy")
	rng := rand.New(rand.NewPCG(3, 4))
	for _, corr := range []string{"ar1", "unstructured"} {
		opt := Options{Subject: "Subject", Time: "Days", Correlation: corr}
		some := tab
		if corr == "ar1" { // holes
			keep := make([]bool, tab.Rows())
			for i := range keep {
				keep[i] = i%7 != 3
			}
			some = tab.Mask(keep)
		}
		r := fit(t, "Reaction ~ Days", some, opt)
		same(t, corr, fit(t, "Reaction ~ Days", some.Take(rng.Perm(some.Rows())), opt), r, nil)
	}
}

// An AR(1) over half units is that over units with the root of alpha.
func TestUnequalTimes(t *testing.T) {
	tab := data4(t, "sleepstudy")
	half := make([]float64, tab.Rows())
	for i, d := range tab.Column("Days").Floats() {
		half[i] = d/2 + 0.25
	}
	with, err := tab.With(table.NewFloats("half", half))
	if err != nil {
		t.Fatal(err)
	}
	a := fit(t, "Reaction ~ Days", with, Options{Subject: "Subject", Time: "Days", Correlation: "ar1"})
	b := fit(t, "Reaction ~ Days", with, Options{Subject: "Subject", Time: "half", Correlation: "ar1"})
	same(t, "half units", a, b, nil)
	// 1e-8: the moment equation is solved to rounding in either unit.
	if math.Abs(b.Alpha[0]-a.Alpha[0]*a.Alpha[0]) > 1e-8 {
		t.Errorf("alpha %g and %g", a.Alpha[0], b.Alpha[0])
	}
}

// The sums by Fourier transforms are those of the pairs, holes included.
func TestLongSeries(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	e, time := []float64{}, []float64{}
	at := 5.0
	for range 600 {
		at += float64(1 + rng.IntN(3))
		e, time = append(e, rng.NormFloat64()), append(time, at)
	}
	span := int(time[len(time)-1] - time[0])
	want, got := make([]float64, span+1), make([]float64, span+1)
	for i := range e {
		for j := i + 1; j < len(e); j++ {
			want[int(time[j]-time[i])] += e[i] * e[j]
		}
	}
	addAutocorrelation(got, e, time)
	for g := range want {
		if math.Abs(got[g]-want[g]) > 1e-11*600 { // rounding of a transform of 600 terms
			t.Fatalf("gap %d: %g, want %g", g, got[g], want[g])
		}
	}
	// A known autocorrelation comes back: 4 series of 2,500 rows.
	var id, y []float64
	for s := range 4 {
		v := rng.NormFloat64()
		for range 2500 {
			v = 0.6*v + 0.8*rng.NormFloat64()
			id, y = append(id, float64(s)), append(y, v)
		}
	}
	r := fit(t, "y ~ 1", columns(t, "id y", id, y), Options{Subject: "id", Correlation: "ar1"})
	if math.Abs(r.Alpha[0]-0.6) > 0.03 { // sd about 0.008, all-pairs moments somewhat more
		t.Errorf("alpha %g", r.Alpha[0])
	}
}

// A correlation given as another estimates it gives the same.
func TestGivenCorrelation(t *testing.T) {
	tab := data4(t, "Orthodont")
	for _, corr := range []string{"exchangeable", "ar1", "unstructured"} {
		opt := Options{Subject: "Subject", Time: "age", Correlation: corr}
		r := fit(t, "distance ~ age * Sex", tab, opt)
		given, _ := r.Working()
		g := fit(t, "distance ~ age * Sex", tab, Options{Subject: "Subject", Time: "age", Given: given})
		same(t, corr, g, r, nil)
	}
}

// In pairs no exchangeable correlation can be below -1; in triples -1/2 is the
// bound, and the residuals of deviations from the mean of a triple reach it.
func TestExchangeableBelowItsBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var id, x, y []float64
	for s := range 30 {
		a, b := rng.NormFloat64(), rng.NormFloat64()
		for _, e := range []float64{a, b, -a - b} {
			id, x, y = append(id, float64(s)), append(x, rng.NormFloat64()), append(y, e)
		}
	}
	r := fit(t, "y ~ x", columns(t, "id x y", id, x, y), Options{Subject: "id", Correlation: "exchangeable"})
	if !r.Converged || r.Alpha[0] > -0.4 {
		t.Fatalf("converged %v, alpha %g", r.Converged, r.Alpha[0])
	}
	working, _ := r.Working()
	if low := r.smallestEigenvalue(); low < leastEigenvalue*(1-1e-9) || working[0][1] < -0.5 {
		t.Errorf("smallest eigenvalue %g of %v", low, working)
	}
	if r.Alpha[0] < -0.495 && (r.Pulled <= 0 || !has(r, "W1")) {
		t.Errorf("alpha %g, pulled %g, %+v", r.Alpha[0], r.Pulled, r.Findings)
	}
	// An unstructured estimate from few subjects with holes is often indefinite.
	var id2, t2, y2 []float64
	for s := range 8 {
		for k := range 6 {
			if rng.IntN(3) > 0 || s == 0 {
				id2, t2, y2 = append(id2, float64(s)), append(t2, float64(k)), append(y2, rng.NormFloat64())
			}
		}
	}
	u := fit(t, "y ~ 1", columns(t, "id t y", id2, t2, y2), Options{Subject: "id", Time: "t", Correlation: "unstructured"})
	if low := u.smallestEigenvalue(); low < leastEigenvalue*(1-1e-9) || u.Pulled > 0 != has(u, "W1") {
		t.Errorf("smallest eigenvalue %g, pulled %g", low, u.Pulled)
	}
}
