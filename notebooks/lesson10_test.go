package notebooks_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// check10 holds lesson 10: three reasons for which optimisers disagree.
func check10(t *testing.T, p *page) {
	units := fit(t, "Reaction ~ Days + (I(Days*1e6) | Subject)", "sleepstudy")
	ridge := fit(t, `distance ~ age * Sex + (age + as.numeric(Sex == "Male") | Subject)`, "Orthodont")
	for _, m := range []*lmm.Model{units, ridge} {
		p.shows(t, "verdict", allFit(t, m).Sentence())
	}
	p.shows(t, "verdict", "CONVERGED, NOT IDENTIFIABLE", "D6 NO_WITHIN", num(ridge.Criterion(), 3))

	clinics, ml := clinicFit(t, 4.71, nil), clinicFit(t, 4.71, &lmm.Options{ML: true})
	all := allFit(t, clinics)
	if all.Agreement != diagnose.SeveralMaxima || len(all.Maxima) != 2 {
		t.Fatal(all.Sentence())
	}
	p.shows(t, "maxima", "SEVERAL MAXIMA", "C5 MULTIMODE", all.Sentence())
	for _, x := range all.Maxima {
		p.says(t, "maxima-read", num(x.Criterion, 3), num(x.Fixed[0], 2))
		p.says(t, "report", "mean "+num(x.Fixed[0], 2)+", SE "+num(x.SE[0], 2))
	}
	p.says(t, "maxima-read", "difference of "+num(all.Maxima[1].Above, 2))

	sds := []float64{0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 1.5, 2, 3}
	r, l := profileAt(t, clinics, sds), profileAt(t, ml, sds)
	for i, sd := range sds {
		p.shows(t, "figure", fmt.Sprintf("%18.1f %21.3f %19.3f", sd, r[i].Criterion-clinics.Criterion(), l[i].Criterion-ml.Criterion()))
	}
	p.says(t, "figure-read", "a hump of "+num(r[4].Criterion-clinics.Criterion(), 1), "by "+num(l[6].Criterion-ml.Criterion(), 1))
	if l[0].Criterion-ml.Criterion() > 1e-6 {
		t.Error("by maximum likelihood the best fit is not at 0")
	}

	plain := fit(t, "distance ~ age * Sex + (age | Subject)", "Orthodont")
	p.shows(t, "remedies", num(plain.Criterion(), 3), num(fixed(t, plain, "age:SexFemale").SE, 4), "All 30 runs end at one point")
	p.says(t, "remedies-read", "rises by "+num(plain.Criterion()-ridge.Criterion(), 1))

	// The solutions of the exercises.
	if a := allFit(t, clinicFit(t, 3, nil)); a.Agreement != diagnose.OnePoint || a.Maxima[0].Theta[0] != 0 {
		t.Errorf("with 3: %s", a.Sentence())
	}
	a := allFit(t, clinicFit(t, 4, nil))
	if len(a.Maxima) != 2 || a.Maxima[0].Theta[0] != 0 {
		t.Fatalf("with 4: %s", a.Sentence())
	}
	p.says(t, "exercises", "the outlier, by "+num(a.Maxima[1].Above, 1))
	stop, err := diagnose.At(units, []float64{2.53747510516, 7.16706751066e-07, 0}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.says(t, "exercises", num(stop.Criterion, 3), num(stop.Criterion-units.Criterion(), 1)+" above")
}

func allFit(t *testing.T, m *lmm.Model) *diagnose.AllFitResult {
	t.Helper()
	r, err := diagnose.AllFit(m, &diagnose.AllFitOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func profileAt(t *testing.T, m *lmm.Model, sds []float64) []infer.CurvePoint {
	t.Helper()
	r, err := infer.ProfileAt(m, "sd_(Intercept)|clinic", sds)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// clinicFit fits the clinics of lesson 10, with a value for the patient of F.
func clinicFit(t *testing.T, last float64, opt *lmm.Options) *lmm.Model {
	t.Helper()
	var y []float64
	var clinic []string
	means := []float64{-0.12, -0.14, -0.16, -0.03, -0.19, last}
	for g, n := range []int{33, 28, 27, 3, 6, 1} {
		var squares float64
		for i := range n {
			e := float64(i) - float64(n-1)/2
			squares += e * e
		}
		for i := range n {
			e := float64(i) - float64(n-1)/2
			if n > 1 {
				e /= math.Sqrt(squares / float64(n-1))
			}
			y = append(y, means[g]+e)
			clinic = append(clinic, string(rune('A'+g)))
		}
	}
	tab, err := table.New(table.NewTexts("clinic", clinic), table.NewFloats("y", y))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ 1 + (1 | clinic)", tab, opt)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
