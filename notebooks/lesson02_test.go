package notebooks_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
)

// check02 holds lesson 02: one model in many units.
func check02(t *testing.T, p *page) {
	m := fit(t, "spending ~ income + (income | region)", "incomes")
	million := fit(t, "spending ~ I(income/1e6) + (I(income/1e6) | region)", "incomes")
	income := fixed(t, m, "income")
	p.shows(t, "verdict", "CONVERGED, INTERIOR", "D2 SCALE", num(m.Criterion(), 3))
	p.shows(t, "units", num(million.Criterion(), 3), num(income.Estimate*1e6, 6), num(income.SE*1e6, 6))
	p.says(t, "units-read", num(m.Criterion(), 3), num(million.Criterion(), 3), num(2*math.Log(1e6), 3))
	if d := m.Criterion() - million.Criterion() - 2*math.Log(1e6); math.Abs(d) > 1e-6 {
		t.Errorf("the criterion changes by %g more than the unit asks for", d)
	}
	p.says(t, "exercises", num(m.AIC(), 1), num(million.AIC(), 1))
	for _, x := range []string{"income", "I(income/1e6)"} {
		f := fit(t, "spending ~ "+x+" + ("+x+" | region)", "incomes", &lmm.Options{ML: true})
		p.says(t, "exercises", num(f.AIC(), 3))
	}

	days := fit(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy", &lmm.Options{ML: true})
	slope := fixed(t, days, "Days")
	for _, k := range []int{-6, -4, -2, 0, 1, 2, 3, 4, 5, 6, 7} {
		p.shows(t, "powers", fmt.Sprintf("1e%-13d %11.3f %12.3f %6.2f   converged, interior",
			k, days.Criterion(), slope.SE, slope.Estimate/slope.SE))
	}
	for _, y := range []string{"Reaction", "I(Reaction*1e-9)", "I(Reaction*1e9)", "I(Reaction+1e6)", "I(Reaction+1e10)"} {
		p.shows(t, "response", y)
	}
	p.shows(t, "response", fmt.Sprintf("%8.4f %22.5f   converged, interior", slope.Estimate/slope.SE, days.VarCorr()[0].SD[1]/days.Sigma()))

	p.shows(t, "remedies", "income in units of 1e+06", "the same model in other units")
	var bars []float64
	for _, f := range []string{"(I(income/1e6) | region)", "(scale(income) | region)", "(I(income/1e6) || region)", "(scale(income) || region)"} {
		x := "I(income/1e6)"
		if f[1] == 's' {
			x = "scale(income)"
		}
		c := fit(t, "spending ~ "+x+" + "+f, "incomes", &lmm.Options{ML: true}).Criterion()
		bars = append(bars, c)
		p.shows(t, "remedies-origin", fmt.Sprintf("%-42s %13.3f", f, c))
	}
	p.says(t, "remedies-read", "worse by "+num(bars[3]-bars[1], 0), "worse by "+num(bars[2]-bars[0], 0))
	p.says(t, "report", num(income.Estimate*1e6, 2), num(income.SE*1e6, 2), num(m.VarCorr()[0].SD[1]*1e6, 2))

	// Where lmer stopped.
	r, err := diagnose.At(m, []float64{1.91619610494, -1.43175260104e-05, 8.16231164713e-05}, nil)
	if err != nil || r.Verdict.Convergence != certify.NotConverged {
		t.Fatalf("%v, %v", r.Verdict, err)
	}
	p.says(t, "exercises", num(r.Criterion, 3), num(r.Criterion-m.Criterion(), 0)+" above")
}
