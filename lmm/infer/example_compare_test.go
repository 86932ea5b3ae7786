package infer_test

import (
	"fmt"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
)

// Do subjects differ in how their reactions slow down?
func ExampleLRT() {
	sleep, err := datasets.Load("sleepstudy")
	if err != nil {
		fmt.Println(err)
		return
	}
	same, err := lmm.Fit("Reaction ~ Days + (1 | Subject)", sleep, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	differ, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", sleep, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	test, err := infer.LRT(same, differ, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("LR %.2f, %s: p %.1e; chi-square on %d would say %.1e\n", test.Statistic, test.Mixture, test.P, test.DF, test.Naive)
	// Output: LR 42.84, 0.50 chi2(1) + 0.50 chi2(2): p 2.8e-10; chi-square on 2 would say 5.0e-10
}

// How large may the differences between batches be, where the estimate is 0?
func ExampleProfile() {
	dye, err := datasets.Load("Dyestuff2")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := lmm.Fit("Yield ~ 1 + (1 | Batch)", dye, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := infer.Profile(m, &infer.ProfileOptions{Params: []string{"sd_(Intercept)|Batch"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := p.Curves[0]
	fmt.Printf("%s: %.2f, from %.2f to %.2f; %s\n", c.Name, c.Estimate, c.Lower.Value, c.Upper.Value, c.Lower.Reason)
	// Output: sd_(Intercept)|Batch: 0.00, from 0.00 to 2.51; the data do not exclude 0, the end of its range
}

// Is the ratio of two standard deviations known? Any function of a fit can be
// bootstrapped.
func ExampleBootstrap() {
	sleep, err := datasets.Load("sleepstudy")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := lmm.Fit("Reaction ~ Days + (1 | Subject)", sleep, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := infer.Bootstrap(m, &infer.BootstrapOptions{
		Replicates: 500, Seed: 1, Names: []string{"sd of subjects / sigma"},
		Statistic: func(m *lmm.Model) []float64 { return []float64{m.VarCorr()[0].SD[0] / m.Sigma()} },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	intervals, err := r.Intervals(infer.Percentile, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	b := intervals[0]
	fmt.Printf("%s: %.1f, 95 %% interval from %.1f to %.1f\n", b.Name, b.Estimate, b.Lower.Value, b.Upper.Value)
	// Output: sd of subjects / sigma: 1.2, 95 % interval from 0.7 to 1.6
}
