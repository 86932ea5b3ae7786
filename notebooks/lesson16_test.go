package notebooks_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// check16 holds what the lesson says of effects that compete against the library.
func check16(t *testing.T, p *page) {
	both := fit(t, "y ~ site + x + (1 | site)", "countries")
	these := fit(t, "y ~ site + x", "countries", &lmm.Options{Residual: "id"})
	p.shows(t, "verdict", "NOT IDENTIFIABLE", "I1 NOT_IDENT", num(both.Criterion(), 3), num(fixed(t, these, "x").SE, 4), "depends on variances that the data do not determine")
	for _, e := range both.FixedEffects() {
		if known := !math.IsNaN(e.SE); known != (e.Name == "x") {
			t.Errorf("SE %g of %s: that of x alone does not depend on the variance between sites", e.SE, e.Name)
		}
	}
	if sd := both.VarCorr()[0].SD[0]; sd == sd {
		t.Errorf("sd between sites %g, which nothing determines", sd)
	}
	for formula, said := range map[string]string{"y ~ x + (1 | site)": "0.42 - 1.50", "y ~ poly(rank, 5) + x + (1 | site)": "0.32 - 3.87"} {
		table, err := infer.VarianceIntervals(fit(t, formula, "countries"), nil)
		if err != nil {
			t.Fatal(err)
		}
		sd := table.Rows[0]
		p.shows(t, "partial", num(sd.Estimate, 2)+", 95 % interval "+num(sd.Lower.Value, 2)+" to "+num(sd.Upper.Value, 2))
		if got := num(sd.Lower.Value, 2) + " - " + num(sd.Upper.Value, 2); got != said {
			t.Errorf("%s: interval %s", formula, got)
		}
		p.says(t, "partial-read", said)
	}
	near := fit(t, "y ~ 1 + (1 | ward) + (1 | clinic)", "wards")
	p.shows(t, "random", num(near.Criterion(), 3), "Two variances do one job", "divide the rows almost alike", "one point of it")

	country := fit(t, "y ~ country + x + (1 | site)", "countries")
	rows := fit(t, "y ~ country + x", "countries", &lmm.Options{Residual: "id"})
	for _, m := range []*lmm.Model{country, rows} {
		a, err := infer.Anova(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		p.shows(t, "remedies", num(a.Rows[0].F, 2))
		if m == country {
			p.says(t, "report", "F(3, "+num(a.Rows[0].DenDF, 1)+") = "+num(a.Rows[0].F, 2)+", p = "+num(a.Rows[0].P, 3))
		}
	}

	ml, err := infer.VarianceIntervals(fit(t, "y ~ poly(rank, 5) + x + (1 | site)", "countries", &lmm.Options{ML: true}), nil)
	if err != nil {
		t.Fatal(err)
	}
	p.says(t, "exercises", num(ml.Rows[0].Estimate, 2)+", interval 0 to "+num(ml.Rows[0].Upper.Value, 2))
}
