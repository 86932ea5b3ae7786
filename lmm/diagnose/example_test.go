package diagnose_test

import (
	"fmt"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/diagnose"
)

// Another program stopped at this theta and said "singular". Is it the maximum?
func ExampleAt() {
	tab, err := datasets.Load("sleepstudy")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", tab, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := diagnose.At(m, []float64{1, 0, 0}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Verdict.Convergence)
	for _, f := range r.Findings {
		fmt.Println(f.Code, f.Name)
	}
	// Output:
	// not converged
	// C4 FALSE_EDGE
}

// Can the model be fitted to these data at all?
func ExampleBefore() {
	tab, err := datasets.Load("Machines")
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := diagnose.Before("score ~ Machine + Worker + (1 | Worker)", tab, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range r.Findings {
		fmt.Println(f.Code, f.Meaning)
	}
	// Output:
	// I1 The fixed effects already have a value for every level of Worker: nothing is left to estimate the variance of (1 | Worker) from. The fixed effects can still be estimated, but not all of their standard errors.
}

// Which random effects do the data ask for?
func ExampleClimb() {
	tab, err := datasets.Load("Machines")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := lmm.Fit("score ~ Machine + (Machine | Worker)", tab, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	l, err := diagnose.Climb(m, &diagnose.LadderOptions{Alpha: 0.05})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range l.Rungs {
		fmt.Printf("%-20s AIC %.1f\n", r.Random, r.AIC)
	}
	fmt.Println("tests stop at", l.Rungs[l.Choices[2].Rung].Random)
	// Output:
	// (Machine | Worker)   AIC 228.3
	// cs(Machine | Worker) AIC 227.7
	// (1 | Worker)         AIC 296.9
	// tests stop at cs(Machine | Worker)
}
