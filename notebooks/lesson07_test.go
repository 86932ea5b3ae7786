package notebooks_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/infer"
)

// check07 holds lesson 07: a covariance matrix of six coefficients from ten
// rats.
func check07(t *testing.T, p *page) {
	full := fit(t, "cc ~ pair + (pair | rat)", "rats")
	same := fit(t, "cc ~ pair + cs(pair | rat)", "rats")
	one := fit(t, "cc ~ pair + (1 | rat)", "rats")
	bars := fit(t, "cc ~ pair + (pair || rat)", "rats")
	p.shows(t, "verdict", "CONVERGED, ON THE BOUNDARY", "has rank 2", "B3 LOW_RANK", num(full.Criterion(), 3))
	if r := rank(full); r != 2 {
		t.Errorf("rank %d", r)
	}
	sds := infer.RandomPCA(full)[0].SD
	p.says(t, "verdict-read", "sds of "+num(sds[0], 2)+" and "+num(sds[1], 2))

	own := fit(t, "cc ~ pair + (0 + pair | rat)", "rats")
	p.shows(t, "pairs", num(full.Criterion(), 3))
	for i, c := range own.VarCorr()[0].Corr {
		p.shows(t, "pairs", fmt.Sprintf("%.4f   %6.2f", own.VarCorr()[0].SD[i], c))
	}

	counts := map[int]int{}
	for _, y := range same.Simulate(100, 1) {
		m, err := full.Refit(y)
		if err != nil || m.Verdict().Convergence != certify.Converged {
			t.Fatalf("%v, %v", m.Verdict(), err)
		}
		counts[rank(m)]++
	}
	for r := 1; r <= 6; r++ {
		p.shows(t, "simulate", fmt.Sprintf("rank %d: %d of 100", r, counts[r]))
	}
	if counts[6] != 0 {
		t.Errorf("%d of 100 fits have full rank; the lesson says none", counts[6])
	}

	p.shows(t, "remedies", "write the rank", "equal variances", num(same.Criterion(), 3))
	p.shows(t, "remedies-compare", num(one.Criterion(), 3), num(bars.Criterion(), 3)+"  13 parameters, converged, interior")
	p.says(t, "remedies-read", num(bars.Criterion()-one.Criterion(), 0)+" above the random intercept")
	test, err := infer.LRT(same, full, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.says(t, "remedies-read", "(p = "+num(test.P, 2))
	p.says(t, "report", num(test.Statistic, 1)+" on "+fmt.Sprint(test.DF)+" df, p = "+num(test.P, 2),
		num(same.VarCorr()[0].SD[0], 3), "between pairs "+num(same.VarCorr()[0].Corr[0][1], 2))
	nested := fit(t, "cc ~ pair + (1 | rat/pair)", "rats")
	if d := nested.Criterion() - same.Criterion(); math.Abs(d) > 1e-6 {
		t.Errorf("(1 | rat/pair) differs from cs(pair | rat) by %g", d)
	}

	// The solutions of the exercises.
	machines := fit(t, "score ~ Machine + (Machine | Worker)", "Machines")
	simple := fit(t, "score ~ Machine + (1 | Worker/Machine)", "Machines")
	if r := rank(machines); r != 3 {
		t.Errorf("Machines have rank %d", r)
	}
	test, err = infer.LRT(simple, machines, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.says(t, "exercises", num(test.Statistic, 1)+" on "+fmt.Sprint(test.DF)+" df, p = "+num(test.P, 2))
	sum := fit(t, "cc ~ pair + (pair | rat)", "rats", &lmm.Options{Contrasts: map[string]string{"pair": "sum"}})
	if r := rank(sum); r != 2 {
		t.Errorf("with sum contrasts the rank is %d", r)
	}
	a, b := full.Fitted(), sum.Fitted()
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-6 {
			t.Fatalf("row %d: fitted %g, with sum contrasts %g", i, a[i], b[i])
		}
	}
}

// rank counts the combinations of the coefficients of a factor that vary.
func rank(m *lmm.Model) int {
	r := 0
	for _, sd := range infer.RandomPCA(m)[0].SD {
		if sd > 1e-4 {
			r++
		}
	}
	return r
}
