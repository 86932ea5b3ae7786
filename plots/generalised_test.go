package plots

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
)

// herds is a binomial model of published data.
func herds(t testing.TB) *lmm.Model {
	t.Helper()
	tab, err := datasets.Load("cbpp")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("incidence/size ~ period + (1 | herd)", tab, &lmm.Options{Family: "binomial", Weights: "size"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Every kind of figure of a generalised model is drawn or refused with a reason.
func TestKindsOfGeneralised(t *testing.T) {
	m := herds(t)
	drawn := 0
	for _, k := range Kinds() {
		f := k.Draw(m, Options{Seed: 1, Replicates: 20})
		if err := f.Err(); err != nil {
			if len(err.Error()) < 30 || strings.Contains(err.Error(), "%!") {
				t.Errorf("%s is refused without a reason: %v", k.Name, err)
			}
			continue
		}
		drawn++
		if c := f.Caption(); strings.Contains(c, "Model: ") && !strings.Contains(c, "binomial, link logit") {
			t.Errorf("%s does not name the family: %s", k.Name, f.Caption())
		}
		words := strings.NewReplacer("Influence", "", "Information", "")
		for _, bad := range []string{"NaN", "Inf", "%!"} {
			if strings.Contains(words.Replace(svgOf(t, f)), bad) || strings.Contains(words.Replace(f.Text()), bad) {
				t.Errorf("%s has %s", k.Name, bad)
			}
		}
	}
	if drawn < 20 {
		t.Errorf("%d kinds are drawn", drawn)
	}
}

// Predictions stand among the responses: they are means of a herd whose random
// effect is 0, the logistic function of the fixed effects.
func TestPredictionsOfGeneralised(t *testing.T) {
	m := herds(t)
	f := Predictions(m)
	b := m.FixedEffects()
	for i, name := range []string{"1", "2", "3", "4"} {
		eta := b[0].Estimate
		if i > 0 {
			eta += b[i].Estimate
		}
		v := tipped(t, drawn(t, f), 0, name)
		if want := 1 / (1 + math.Exp(-eta)); math.Abs(v.y-want) > f.closeY(0) {
			t.Errorf("period %s: %v, want %v", name, v.y, want)
		}
	}
	if !strings.Contains(f.Caption(), "random effects being 0") {
		t.Error(f.Caption())
	}
}

// What is on the scale of the link says so, whatever unit the response has.
func TestUnitsOfTheLink(t *testing.T) {
	m := herds(t)
	opt := Options{Units: map[string]string{"incidence/size": "%"}}
	if x := Caterpillar(m, opt).Plots()[0].X.Label.Text; x != "deviation, logit" {
		t.Error(x)
	}
	if opt.Units["incidence/size"] != "%" {
		t.Error("the options were changed")
	}
	if u := opt.coefficientUnits(m)["(Intercept)"]; u != "logit" {
		t.Error(u)
	}
}

// The subjects of a structure are what the data are grouped by where there are
// no random effects, and a column that the options name is, too.
func TestGroupsWithoutTerms(t *testing.T) {
	m := structured(t, "distance ~ age * Sex", "Orthodont", "ar1(age | Subject)")
	for _, name := range []string{"spaghetti", "trellis", "missingness", "dropout", "residuals-group", "acf"} {
		k, err := KindNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		f := k.Draw(m, Options{Replicates: 40})
		if f.Err() != nil || !strings.Contains(f.Text(), "Subject") {
			t.Errorf("%s: %v\n%s", name, f.Err(), f.Text())
		}
	}
	plain := structured(t, "distance ~ age * Sex", "Orthodont", "varident(Sex)")
	if f := ResidualsByGroup(plain, Options{Group: "Sex"}); f.Err() != nil || len(svgOf(t, f)) == 0 {
		t.Error(f.Err())
	}
	if err := ResidualsByGroup(plain).Err(); err == nil || !strings.Contains(err.Error(), "Options.Group") {
		t.Error(err)
	}
	if !strings.Contains(ResidualsByGroup(m).Caption(), "residuals ar1(age | Subject)") {
		t.Error("the caption does not name the structure")
	}
}
