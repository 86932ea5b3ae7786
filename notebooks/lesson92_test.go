package notebooks_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// check92 holds one model in several programs.
func check92(t *testing.T, p *page) {
	const formula, data = "Reaction ~ Days + (Days | Subject)", "sleepstudy"
	m := fit(t, formula, data)
	p.shows(t, "fit", "CONVERGED, INTERIOR", num(m.Criterion(), 3), num(m.AIC(), 3), num(m.BIC(), 3))
	p.says(t, "quoted-r", num(m.Criterion(), 3), num(m.FixedEffects()[1].Estimate, 5))
	for name, other := range map[string]*lmm.Model{
		"uncorrelated, REML": fit(t, "Reaction ~ Days + (Days || Subject)", data),
		"correlated, ML":     fit(t, formula, data, &lmm.Options{ML: true}),
	} {
		p.shows(t, "structures", fmt.Sprintf("%-18s  %.3f   SE of Days %.3f", name, other.Criterion(), other.FixedEffects()[1].SE))
	}
	kr, err := infer.Coefficients(m, &infer.Options{DF: infer.KenwardRoger})
	if err != nil {
		t.Fatal(err)
	}
	p.shows(t, "df", num(kr.Rows[1].DF, 1), num(kr.Rows[1].SE, 3))
	for _, n := range []float64{180, 178, 18} {
		p.shows(t, "bic", num(m.Criterion()+float64(m.NPar())*math.Log(n), 3))
	}
	p.says(t, "quoted-bic", num(m.AIC(), 3), num(m.BIC(), 3), num(m.Criterion()+float64(m.NPar())*math.Log(178), 3))

	ar := fit(t, "Reaction ~ Days", data, &lmm.Options{Residual: "ar1(Days | Subject)"})
	p.shows(t, "residuals", num(ar.Criterion(), 3))
	p.says(t, "quoted-gls", num(ar.Criterion(), 3))
	const phi = 0.799953 // of gls, in testdata/92.out; it stops at about 1e-5 of the maximum
	if got := ar.Residual().Params[0].Value; math.Abs(got-phi) > 1e-4 {
		t.Errorf("the correlation of neighbours is %g, that of gls %g", got, phi)
	}

	// What the dictionary writes for golmm is understood.
	for _, f := range []string{"(1 | recipe)", "(temp | recipe)", "(temp || recipe)", "(0 + temp | recipe)", "(1 | recipe/replicate)",
		"(1 | recipe) + (1 | replicate)", "cs(0 + recipe | replicate)", "rr(temperature | replicate, 2)"} {
		fit(t, "angle ~ temp + "+f, "cake")
	}
	fit(t, "distance ~ age + (1 | Subject)", "Orthodont", &lmm.Options{Residual: "varident(Sex)"})
	fit(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2", &lmm.Options{Unbounded: true})
}
