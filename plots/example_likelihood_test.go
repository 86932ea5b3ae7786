package plots_test

import (
	"fmt"

	"github.com/golmm/golmm/plots"
)

// Do the other parameters make up for a change of one?
func ExampleCriterionSlices() {
	m := modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")
	fmt.Print(plots.CriterionSlices(m).Text())
	// Output:
	// Rise of the criterion from its minimum along each parameter: the others at their best (line) or at their estimates (dashed). Dotted: 3.84, where the 95 % interval ends. Fixed effects by -2 log L, the others by REML. Model: Reaction ~ Days + (Days | Subject).
	//
	// parameter                     estimate   2.5 %  97.5 %  slice / profile
	// sd_(Intercept)|Subject           24.74   15.03   39.52             1.09
	// cor_Days.(Intercept)|Subject     0.066  -0.498   0.666             1.08
	// sd_Days|Subject                   5.92    3.93    9.15             1.32
	// sigma                            25.59   22.90   28.86             1.01
	// (Intercept)                     251.41  237.68  265.13             1.14
	// Days                             10.47    7.36   13.58             1.14
}

// Which combination of the variances do the data see least?
func ExampleFlatDirections() {
	m := modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")
	fmt.Print(plots.FlatDirections(m).Text())
	// Output:
	// Rise of the REML criterion along the principal directions of its Hessian in the variance parameters, flattest first (line), and the parabola of the curvature (dashed). Dotted: 3.84. Below: what moves most. Model: Reaction ~ Days + (Days | Subject).
	//
	// curvature                                                                         what moves
	// 20.5       + theta_(Intercept)|Subject, - theta_Days|Subject, + cor_Days.(Intercept)|Subject
	// 23.9       + cor_Days.(Intercept)|Subject, - theta_(Intercept)|Subject, - theta_Days|Subject
	// 57.2       + cor_Days.(Intercept)|Subject, + theta_Days|Subject, + theta_(Intercept)|Subject
}

// Could all of the variance lie between the samples, none between the batches?
func ExampleCriterionContours() {
	m := modelOf("strength ~ 1 + (1 | sample) + (1 | batch)", "Pastes")
	fmt.Print(plots.CriterionContours(m).Text())
	// Output:
	// Contours of the REML criterion, where it is above its minimum by the 20, 50, 80, 95 (thick) and 99 % quantiles of chi-square with 2 degrees of freedom; theta is a standard deviation over sigma. Disc: the minimum. Model: strength ~ 1 + (1 | sample) + (1 | batch).
	//
	// minimum  theta_(Intercept)|sample  theta_(Intercept)|batch    rise
	// 1                          3.5269                   1.5635  0.0000
}

// How did the fit arrive at a variance of 0?
func ExampleOptimiserPath() {
	m := modelOf("Yield ~ 1 + (1 | Batch)", "Dyestuff2")
	fmt.Print(plots.OptimiserPath(m).Caption())
	// Output:
	// Path of the optimiser (trust-region Newton, exact Hessian), iteration by iteration, from the best of 2 starts, 14 evaluations of the criterion in all; it ended: at a minimum. Ring: cut short by the trust region; diamond: leaves or meets the boundary; the lowest line is 0. Model: Yield ~ 1 + (1 | Batch).
}
