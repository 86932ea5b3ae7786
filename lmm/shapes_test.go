package lmm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/table"
)

func converged(t *testing.T, m *lmm.Model, place certify.Place) {
	t.Helper()
	v := m.Verdict()
	if v.Convergence != certify.Converged || v.Place != place || v.Decrement > 1e-8 || v.EscapeDrop > 1e-8 {
		t.Errorf("%s: verdict %+v, want converged, %s", m.Formula(), v, place)
	}
}

// Equal covariances that are positive are the variance of a common effect.
func TestCompoundSymmetryIsANestedModel(t *testing.T) {
	for _, ml := range []bool{false, true} {
		t.Run(fmt.Sprint("ML ", ml), func(t *testing.T) {
			opt := &lmm.Options{ML: ml}
			cs, tab := fitReference(t, "score ~ Machine + cs(Machine | Worker)", "Machines", opt)
			nested := fitTable(t, "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)", tab, opt)
			converged(t, cs, certify.Interior)
			converged(t, nested, certify.Interior)
			near(t, "criterion", []float64{cs.Criterion()}, []float64{nested.Criterion()}, 1e-8)
			beta := func(m *lmm.Model) (b, se []float64) {
				for _, c := range m.FixedEffects() {
					b, se = append(b, c.Estimate), append(se, c.SE)
				}
				return b, se
			}
			b, se := beta(cs)
			wantB, wantSE := beta(nested)
			near(t, "beta", b, wantB, 1e-8)
			// Standard errors and variances move with the error of theta at
			// first order, the criterion at second.
			near(t, "SE", se, wantSE, 1e-6)
			near(t, "sigma", []float64{cs.Sigma()}, []float64{nested.Sigma()}, 1e-6)
			if cs.NPar() != 6 || nested.NPar() != 6 {
				t.Errorf("%d and %d parameters, want 6: three fixed effects, three variances", cs.NPar(), nested.NPar())
			}
			if names := []string{"Worker.cs.sd", "Worker.cs.correlation"}; !slices.Equal(cs.ThetaNames(), names) {
				t.Errorf("names of theta %v, want %v", cs.ThetaNames(), names)
			}
			inter, worker := nested.VarCorr()[0].Cov[0][0], nested.VarCorr()[1].Cov[0][0]
			c := cs.VarCorr()[0]
			for i := range c.Cov {
				for j := range c.Cov {
					want := worker
					if i == j {
						want += inter
					}
					if relative(c.Cov[i][j], want) > 1e-6 {
						t.Errorf("covariance of %s, %s: %.9g, want %.9g", c.Names[i], c.Names[j], c.Cov[i][j], want)
					}
				}
			}
			near(t, "theta", cs.Theta(), []float64{math.Sqrt(worker+inter) / nested.Sigma(), worker / (worker + inter)}, 1e-6)
		})
	}
}

// rank counts the eigenvalues of a covariance matrix above rounding.
func rank(t *testing.T, cov [][]float64) int {
	t.Helper()
	s := mat.NewSymDense(len(cov), nil)
	for i, row := range cov {
		for j := range i + 1 {
			s.SetSym(i, j, row[j])
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(s, false) {
		t.Fatal("no eigenvalues")
	}
	values := eig.Values(nil)
	r := 0
	for _, v := range values {
		if v > 1e-12*slices.Max(values) {
			r++
		}
	}
	return r
}

// The best matrix of a lower rank is no better than that of a higher, and full
// rank is no restriction.
func TestReducedRank(t *testing.T) {
	for _, ml := range []bool{false, true} {
		t.Run(fmt.Sprint("ML ", ml), func(t *testing.T) {
			opt := &lmm.Options{ML: ml}
			full, tab := fitReference(t, "score ~ Machine + (0 + Machine | Worker)", "Machines", opt)
			least := full.Criterion()
			reversed, err := tab.Column("Machine").WithLevels([]string{"C", "B", "A"})
			if err != nil {
				t.Fatal(err)
			}
			for k := 3; k >= 1; k-- {
				m := fitTable(t, fmt.Sprintf("score ~ Machine + rr(0 + Machine | Worker, %d)", k), tab, opt)
				converged(t, m, certify.Interior) // of the matrices of rank k
				if got := rank(t, m.VarCorr()[0].Cov); got != k {
					t.Errorf("rr(., %d): rank %d", k, got)
				}
				// 3 k - k (k - 1) / 2 entries in the first k columns of Lambda
				if want := 3 + 3*k - k*(k-1)/2 + 1; m.NPar() != want {
					t.Errorf("rr(., %d): %d parameters, want %d", k, m.NPar(), want)
				}
				if m.Criterion() < least-1e-8 {
					t.Errorf("rr(., %d): criterion %.10f, below %.10f of a higher rank", k, m.Criterion(), least)
				}
				if k == 3 {
					near(t, "criterion of full rank", []float64{m.Criterion()}, []float64{least}, 1e-8)
				}
				least = m.Criterion()
				// Neither the coding nor which level comes first matters.
				coded := fitTable(t, fmt.Sprintf("score ~ Machine + rr(Machine | Worker, %d)", k), tab, opt)
				near(t, "criterion with an intercept", []float64{coded.Criterion()}, []float64{least}, 1e-8)
				turned := fitTable(t, m.Formula(), with(t, tab, reversed), opt)
				near(t, "criterion of reversed levels", []float64{turned.Criterion()}, []float64{least}, 1e-8)
			}
		})
	}
}

// One row for each pair and time: the variance of V is the sum of two that the
// data cannot tell apart. The fit is still that of marginal compound symmetry:
// with b degrees of freedom between pairs and w within,
//
//	b log MSB + w log MSW + log|X'X| + (b + w)(1 + log 2 pi),
//
// as every pair has the same times.
func TestNegativeCorrelationWithOneRowACell(t *testing.T) {
	m, tab := fitReference(t, "y ~ t + cs(factor(t) | pair)", "fm02_negative_icc", nil)
	y, x := column(t, tab, "y"), column(t, tab, "t")
	pair := tab.Column("pair").AsFactor()
	ssb, ssw := strata(y, x, pair)
	n, pairs := float64(len(y)), float64(len(pair.Levels()))
	b, w := pairs-1, n-pairs-1
	// |X'X| = n sum (t - 1.5)^2 = n^2 5/4
	want := b*math.Log(ssb/b) + w*math.Log(ssw/w) + math.Log(n*n*1.25) + (b+w)*(1+math.Log(2*math.Pi))
	near(t, "criterion", []float64{m.Criterion()}, []float64{want}, 1e-8)
	near(t, "criterion of R's gls", []float64{want}, []float64{662.453352193067}, 1e-7) // nlme 3.1-162, corCompSymm
	converged(t, m, certify.NotIdentifiable)
	// Var(b1) = MSW / sum (t - 1.5)^2, Var(b0) = MSB / n + 1.5^2 Var(b1)
	slope := ssw / w / (n * 1.25)
	se := []float64{math.Sqrt(ssb/b/n + 2.25*slope), math.Sqrt(slope)}
	for i, c := range m.FixedEffects() {
		if !(relative(c.SE, se[i]) < 1e-6) {
			t.Errorf("SE of %s: %.10g, want %.10g", c.Name, c.SE, se[i])
		}
	}
	if !math.IsNaN(m.Sigma()) {
		t.Errorf("sigma %g is printed, but only its sum with a variance is known", m.Sigma())
	}
}

// strata returns the sums of squares between groups, and within them about the
// regression on x, which has the same values in each.
func strata(y, x []float64, g *table.Column) (between, within float64) {
	mean := func(v []float64) float64 {
		var s float64
		for _, u := range v {
			s += u
		}
		return s / float64(len(v))
	}
	my, mx := mean(y), mean(x)
	byGroup := make(map[int32][]float64)
	for i, v := range y {
		byGroup[g.Code(i)] = append(byGroup[g.Code(i)], v-my)
	}
	var sxx, sxy float64
	for i, v := range y {
		d := v - my - mean(byGroup[g.Code(i)])
		within += d * d
		sxx += (x[i] - mx) * (x[i] - mx)
		sxy += (x[i] - mx) * d
	}
	for _, v := range byGroup {
		between += float64(len(v)) * mean(v) * mean(v)
	}
	return between, within - sxy*sxy/sxx
}

// With two rows a cell and f of four levels all three parameters are known from the mean squares of three strata:
//
//	E MS(g) = 2 tau^2 (1 + 3 rho) + sigma^2,  E MS(g:f) = 2 tau^2 (1 - rho) + sigma^2,  E MSE = sigma^2.
func TestNegativeCorrelationWithTwoRowsACell(t *testing.T) {
	const groups, k, reps = 12, 4, 2
	var y []float64
	var g, f []string
	ms := [3]float64{}
	cell := make([][k]float64, groups)
	var byF [k]float64
	rng := rand.New(rand.NewPCG(2, 9))
	for i := range cell {
		var b [k]float64
		var sum float64
		for j := range b {
			b[j] = 3 * rng.NormFloat64()
			sum += b[j]
		}
		for j := range b {
			b[j] -= 0.6 * sum / k // cells of a group compete
			e := [reps]float64{rng.NormFloat64(), rng.NormFloat64()}
			for _, v := range e {
				y, g, f = append(y, float64(j)+b[j]+v), append(g, fmt.Sprint("g", i)), append(f, fmt.Sprint("f", j))
			}
			cell[i][j] = float64(j) + b[j] + (e[0]+e[1])/2
			byF[j] += cell[i][j] / groups
			ms[2] += (e[0] - e[1]) * (e[0] - e[1]) / 2
		}
	}
	for i := range cell {
		var mean float64
		for j, c := range cell[i] {
			mean += (c - byF[j]) / k
		}
		ms[0] += k * reps * mean * mean
		for j, c := range cell[i] {
			ms[1] += reps * (c - byF[j] - mean) * (c - byF[j] - mean)
		}
	}
	want := float64(k) * math.Log(groups*reps) // log|X'X|
	for i, df := range []float64{groups - 1, (groups - 1) * (k - 1), groups * k} {
		ms[i] /= df
		want += df * (1 + math.Log(2*math.Pi*ms[i]))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewTexts("g", g), table.NewTexts("f", f))
	if err != nil {
		t.Fatal(err)
	}
	m := fitTable(t, "y ~ f + cs(f | g)", tab, nil)
	converged(t, m, certify.Interior)
	near(t, "criterion", []float64{m.Criterion()}, []float64{want}, 1e-8)
	variance := (ms[0] + 3*ms[1] - 4*ms[2]) / (k * reps)
	covariance := (ms[0] - ms[1]) / (k * reps)
	if covariance >= 0 || ms[0] <= ms[2] {
		t.Fatalf("mean squares %v: not the case to test", ms)
	}
	cov := m.VarCorr()[0].Cov
	near(t, "sigma^2, variance, covariance", []float64{m.Sigma() * m.Sigma(), cov[0][0], cov[0][1]}, []float64{ms[2], variance, covariance}, 1e-6*ms[1])
	// A common effect cannot have a negative variance.
	nested := fitTable(t, "y ~ f + (1 | g) + (1 | g:f)", tab, nil)
	converged(t, nested, certify.Boundary)
	if nested.Criterion() <= want {
		t.Errorf("criterion %.9f with a common effect, not above %.9f", nested.Criterion(), want)
	}
}
