package notebooks_test

import (
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// check18 holds the numbers of the report against the library.
func check18(t *testing.T, p *page) {
	const formula = "weight ~ Treatment * sex + Lsize + (1 | Litter)"
	options := func(residual string) *lmm.Options {
		return &lmm.Options{Contrasts: map[string]string{"Treatment": "treatment"}, Residual: residual}
	}
	plan := fit(t, formula, "RatPupWeight", options(""))
	doses := fit(t, formula, "RatPupWeight", options("varident(Treatment)"))
	drop := plan.Criterion() - doses.Criterion()
	p.shows(t, "verdict", "NOT IDENTIFIABLE")
	p.shows(t, "remedies", num(plan.Criterion(), 3), num(doses.Criterion(), 3), num(drop, 3))
	p.says(t, "remedies-read", "ratio "+num(drop, 1)+" on 2 df")
	p.says(t, "report", "variance "+num(drop, 1)+", 2 df")

	a, err := infer.Anova(doses, &infer.AnovaOptions{DF: infer.KenwardRoger})
	if err != nil {
		t.Fatal(err)
	}
	dose := a.Rows[0]
	p.shows(t, "answer", num(dose.F, 2))
	p.says(t, "report", "F(2, "+num(dose.DenDF, 1)+") = "+num(dose.F, 1))
	means, err := infer.MarginalMeans(doses, &infer.MeansOptions{Of: []string{"Treatment"}, At: map[string][]float64{"Lsize": {13}}, DF: infer.KenwardRoger})
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range []string{"low dose were lighter than controls by ", "those of the high dose by "} {
		d := means.Pairs[i]
		p.shows(t, "answer", num(d.Value, 4))
		p.says(t, "report", at+num(d.Value, 2))
	}

	size := fit(t, "weight ~ Treatment * sex + (1 | Litter)", "RatPupWeight", options("varident(Treatment)"))
	e, err := infer.Coefficients(size, &infer.Options{DF: infer.KenwardRoger})
	if err != nil {
		t.Fatal(err)
	}
	high := e.Rows[2]
	p.says(t, "sturdy-read", num(high.Value, 2)+" ("+num(high.Lower, 2)+" to "+num(high.Upper, 2)+") at the high dose")
	rows := fit(t, "weight ~ Treatment * sex + Lsize", "RatPupWeight", options("id"))
	p.says(t, "exercises", "from "+num(fixed(t, doses, "TreatmentHigh").SE, 2)+" to "+num(fixed(t, rows, "TreatmentHigh").SE, 2))
}
