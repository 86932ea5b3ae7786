package plots_test

import (
	"context"
	"fmt"
	"log"

	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/plots"
)

// Does it matter what is done about a variance of 0?
func ExampleForest() {
	r, err := diagnose.Run(modelOf("Yield ~ 1 + (1 | Batch)", "Dyestuff2"), &diagnose.Options{Try: true, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plots.Forest(r).Caption())
	// Output:
	// Fixed effects as the fit stands (ring) and under each remedy (disc), bars of 1.96 standard errors; dotted: the estimate as it stands. Diamond, Batch as a fixed effect: they are about these levels of Batch alone, and compare rows within a level. Model: Yield ~ 1 + (1 | Batch).
}

// Do intercepts and slopes both vary?
func ExampleEigenvalues() {
	fmt.Print(plots.Eigenvalues(modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")).Text())
	// Output:
	// Standard deviations of the components of the random effects, and eigenvalues of the Hessian of the criterion, each as a share of the largest. Dotted: 1e-6 for components, 1e-5 for the Hessian, below which a component does not vary and a direction is flat. Model: Reaction ~ Days + (Days | Subject).
	//
	//                                    value  share
	// components of Subject
	//   component 1                     0.9669      1
	//   component 2                     0.2309  0.239
	// Hessian
	//   + cor_Days.(Intercept)|Subject    57.2      1
	//   + cor_Days.(Intercept)|Subject   23.88  0.417
	//   + theta_(Intercept)|Subject      20.54  0.359
}

// Of which parameter do the data say least by itself?
func ExampleInformation() {
	fmt.Print(plots.Information(modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")).Text())
	// Output:
	// Information on each parameter: left the share that remains when the others are estimated, too; right the standard error of a standard deviation, relative to it, or of a correlation. theta is a standard deviation over sigma. Model: Reaction ~ Days + (Days | Subject).
	//
	// parameter                     share  standard error
	// theta_(Intercept)|Subject     0.932           0.248
	// cor_Days.(Intercept)|Subject  0.887           0.325
	// theta_Days|Subject            0.934           0.222
	// (Intercept)                   0.981               -
	// Days                          0.981               -
}

// Do all optimizers agree?
func ExampleAllFit() {
	r, err := diagnose.AllFit(modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy"), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plots.AllFit(r).Caption())
	// Output:
	// Where 30 runs of all optimizers ended: the criterion above the lowest, and fixed effects. Disc: at a maximum; ring: not. All 30 runs end at one point. Model: Reaction ~ Days + (Days | Subject).
}

// How many of the fits to simulated data are singular?
func ExampleStudyRates() {
	r, err := diagnose.FailedFits(context.Background(), &diagnose.StudyOptions{Replicates: 40, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plots.StudyRates(r).Text())
	// Output:
	// Verdicts and codes of fits to 40 data sets of 75 rows from a known truth (seed 1), with 95 % Wilson intervals; below, how often intervals had the truth in them (dotted: 95 %).
	//
	// model                  count   rate  lower  upper
	// y ~ x + (x | g)
	//   converged, interior     26  0.650  0.495  0.779
	//   converged, boundary     14  0.350  0.221  0.505
	//   B2 CORR_1               14  0.350  0.221  0.505
	//   (Intercept)             37  0.925  0.801  0.974
	//   x                       36  0.900  0.769  0.960
	// y ~ x + (x || g)
	//   converged, interior     37  0.925  0.801  0.974
	//   converged, boundary      3  0.075  0.026  0.199
	//   B1 ZERO_VAR              3  0.075  0.026  0.199
	//   (Intercept)             37  0.925  0.801  0.974
	//   x                       36  0.900  0.769  0.960
}
