package infer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// Least squares with a sandwich over subjects is estimating equations with
// working independence: geepack 1.3.9.
func TestSandwichOfLeastSquaresIsGEE(t *testing.T) {
	for _, c := range []struct {
		data, formula string
		se            []float64
	}{
		{"sleepstudy", "Reaction ~ Days", []float64{6.63227680702447, 1.50223678231342}},
		{"Orthodont", "distance ~ age * Sex", []float64{1.17148092332356, 0.0983475531517588, 1.37778505976664, 0.116867301798755}},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(c.formula, tab, &lmm.Options{Residual: "id"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := infer.Robust(m, &infer.RobustOptions{Correction: infer.CR0, Cluster: "Subject"})
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range r.Rows {
			if math.Abs(e.SE-c.se[i]) > 1e-9*c.se[i] || math.Abs(math.Sqrt(r.Vcov[i][i])-e.SE) > 1e-12*e.SE {
				t.Errorf("%s, %s: SE %.12g, geepack has %.12g", c.formula, e.Name, e.SE, c.se[i])
			}
		}
	}
}

// The mean of equal clusters: CR2 is the standard error of the mean of the
// cluster means with n - 1 degrees of freedom, whatever the working covariance;
// CR3 is the jackknife, larger by the root of m / (m - 1).
func TestSandwichOfAMeanIsATTest(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	y, means := tab.Column("Reaction").Floats(), make([]float64, 18)
	var mean, ss float64
	for i, v := range y {
		means[i/10] += v / 10
		mean += v / 180
	}
	for _, v := range means {
		ss += (v - mean) * (v - mean)
	}
	want := math.Sqrt(ss / 17 / 18)
	for _, c := range []struct{ formula, residual string }{
		{"Reaction ~ 1 + (1 | Subject)", ""}, {"Reaction ~ 1", "cs(1 | Subject)"}, {"Reaction ~ 1", "id(1 | Subject)"}, {"Reaction ~ 1 + (Days | Subject)", "id"},
	} {
		m, err := lmm.Fit(c.formula, tab, &lmm.Options{Residual: c.residual})
		if err != nil {
			t.Fatal(err)
		}
		for correction, factor := range map[infer.Correction]float64{infer.CR2: 1, infer.CR3: math.Sqrt(18.0 / 17), infer.CR1: 1, infer.CR0: math.Sqrt(17.0 / 18)} {
			r, err := infer.Robust(m, &infer.RobustOptions{Correction: correction})
			if err != nil {
				t.Fatal(err)
			}
			e := r.Rows[0]
			if strings.Contains(c.formula, "Days") {
				continue // a mean with weights over the days
			}
			if math.Abs(e.SE-want*factor) > 1e-9*want || math.Abs(e.DF-17) > 1e-9 {
				t.Errorf("%s %s, %v: SE %.10g df %.8g, want %.10g and 17", c.formula, c.residual, correction, e.SE, e.DF, want*factor)
			}
		}
	}
}

func TestSandwichRefusesWhatItCannot(t *testing.T) {
	tab, err := reference.Table("Penicillin")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("diameter ~ 1 + (1 | plate) + (1 | sample)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	for opt, want := range map[infer.RobustOptions]string{
		{}:                 "crossed",
		{Cluster: "plat"}:  "plate",
		{Cluster: "plate"}: "split",
		{Level: 2}:         "level",
		{Correction: 9}:    "CR3",
	} {
		if _, err := infer.Robust(m, &opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", opt, err, want)
		}
	}
}
