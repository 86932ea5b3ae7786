package plots_test

import (
	"fmt"
	"log"

	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/plots"
)

func profileOf(formula, data string) *infer.ProfileResult {
	p, err := infer.Profile(modelOf(formula, data), nil)
	if err != nil {
		log.Fatal(err)
	}
	return p
}

// How skew is the estimate of a variance at its boundary?
func ExampleProfileDensity() {
	fmt.Print(plots.ProfileDensity(profileOf("Yield ~ 1 + (1 | Batch)", "Dyestuff2")).Text())
	// Output:
	// Densities whose central regions are the profile likelihood intervals, each scaled to its peak; below, the 95 % intervals and the estimates. 50 % of sd_(Intercept)|Batch is cut off by the end of the parameter space. Fixed effects by -2 log L, the others by REML. Model: Yield ~ 1 + (1 | Batch).
	//
	// parameter             estimate  2.5 %  97.5 %
	// sd_(Intercept)|Batch     0.000  0.000   2.514
	// sigma                    3.716  2.932   4.924
	// (Intercept)              5.666  4.313   7.018
	// sd_(Intercept)|Batch, lower limit: the data do not exclude 0, the end of its range
}

// Can the data tell the two standard deviations apart?
func ExampleProfilePairs() {
	p := profileOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")
	fmt.Print(plots.ProfilePairs(p, plots.Options{Parameters: []string{"sd_(Intercept)|Subject", "sd_Days|Subject"}}).Text())
	// Output:
	// Regions of pairs of parameters by the profile likelihood, 50, 80 and 95 % (thick), and profile traces: the best value of the upright parameter given the level one (line) and the reverse (dashed). Cross: the estimates. Model: Reaction ~ Days + (Days | Subject).
	//
	// x                                     y  trace slope  95 % region
	// sd_(Intercept)|Subject  sd_Days|Subject        0.005        drawn
}
