package lmm_test

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/table"
)

// The moments of simulated responses are X beta + offset and
// Z Sigma Z' + sigma^2 W^-1, entry by entry.
func TestSimulatedMoments(t *testing.T) {
	for _, src := range []string{"Reaction ~ Days + (Days | Subject)", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)"} {
		m, tab := fitReference(t, src, "sleepstudy_wo", &lmm.Options{Weights: "w", Offset: "off"})
		const reps, rows = 4000, 15 // one subject and half of the next
		mean := predict(t, m, nil, &lmm.PredictOptions{Population: true, MeanOnly: true}).Mean
		days, w := column(t, tab, "Days"), column(t, tab, "w")
		subject, _ := tab.Lookup("Subject")
		var cov [2][2]float64
		at := 0
		for _, c := range m.VarCorr() {
			for r := range c.Cov {
				copy(cov[at+r][at:], c.Cov[r])
			}
			at += len(c.Cov)
		}
		v := func(i, j int) float64 {
			var s float64
			if subject.Code(i) == subject.Code(j) {
				s = cov[0][0] + cov[0][1]*(days[i]+days[j]) + cov[1][1]*days[i]*days[j]
			}
			if i == j {
				s += m.Sigma() * m.Sigma() / w[i]
			}
			return s
		}
		ys := m.Simulate(reps, 11)
		for i := range rows {
			var sum float64
			for _, y := range ys {
				sum += y[i] - mean[i]
			}
			// 4.5 standard errors: one in 1e5, for 15 means and 120 covariances
			if z := sum / math.Sqrt(reps*v(i, i)); math.Abs(z) > 4.5 {
				t.Errorf("%s: mean of row %d is %.2g standard errors off", src, i, z)
			}
			for j := range i + 1 {
				var s float64
				for _, y := range ys {
					s += (y[i] - mean[i]) * (y[j] - mean[j])
				}
				se := math.Sqrt((v(i, i)*v(j, j) + v(i, j)*v(i, j)) / reps)
				if z := (s/reps - v(i, j)) / se; math.Abs(z) > 4.5 {
					t.Errorf("%s: covariance of rows %d, %d is %.2g standard errors off", src, i, j, z)
				}
			}
		}
	}
}

func TestSimulateIsTheSameOnAnyNumberOfWorkers(t *testing.T) {
	m, _ := fitReference(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	a := m.Simulate(20, 5)
	old := runtime.GOMAXPROCS(1)
	b := m.Simulate(7, 5)
	runtime.GOMAXPROCS(old)
	for r := range b {
		if !slices.Equal(a[r], b[r]) {
			t.Fatalf("replicate %d differs", r)
		}
	}
	if slices.Equal(a[0], a[1]) || slices.Equal(a[0], m.Simulate(1, 6)[0]) {
		t.Error("two replicates or two seeds are the same")
	}
	if got := m.Simulate(0, 1); len(got) != 0 {
		t.Errorf("no replicates: %v", got)
	}
}

// Fits to simulated responses recover what they were simulated from: over 200
// refits the mean of an estimate is within 4.5 Monte Carlo standard errors.
func TestSimulateThenRefit(t *testing.T) {
	m, _ := fitReference(t, "Reaction ~ Days + (1 | Subject)", "sleepstudy", nil)
	const reps = 200
	var beta, s2 []float64
	for _, y := range m.Simulate(reps, 3) {
		r, err := m.Refit(y)
		if err != nil {
			t.Fatal(err)
		}
		beta = append(beta, r.FixedEffects()[1].Estimate)
		s2 = append(s2, r.Sigma()*r.Sigma())
	}
	check := func(what string, x []float64, want float64) {
		var sum, ss float64
		for _, v := range x {
			sum += v
		}
		mean := sum / reps
		for _, v := range x {
			ss += (v - mean) * (v - mean)
		}
		if z := (mean - want) / math.Sqrt(ss/(reps-1)/reps); math.Abs(z) > 4.5 {
			t.Errorf("%s: mean %g of the refits, want %g, %.2g standard errors off", what, mean, want, z)
		}
	}
	check("slope", beta, m.FixedEffects()[1].Estimate)
	check("residual variance", s2, m.Sigma()*m.Sigma())
}

// BenchmarkSimulate draws one response of sleepstudy.
func BenchmarkSimulate(b *testing.B) {
	m, _ := fitReference(b, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	for b.Loop() {
		m.Simulate(1, 1)
	}
}

func replaceResponse(t testing.TB, tab *table.Table, name string, y []float64) *table.Table {
	t.Helper()
	return with(t, tab, table.NewFloats(name, y))
}
