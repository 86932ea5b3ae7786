package plots_test

import (
	"fmt"
	"log"

	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/plots"
)

// How often would a sample from the fitted model show no variance between
// batches at all?
func ExampleBootstrapDensities() {
	b, err := infer.Bootstrap(modelOf("Yield ~ 1 + (1 | Batch)", "Dyestuff"), &infer.BootstrapOptions{Replicates: 300, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plots.BootstrapDensities(b).Text())
	// Output:
	// Distributions over 300 replicates of a parametric bootstrap (seed 1), each scaled to its peak, with percentile intervals of 95 % and, thick, 50 %; dotted: the estimate. 12 fits are on the boundary; they count. 4 % of sd_(Intercept)|Batch are 0. Model: Yield ~ 1 + (1 | Batch).
	//
	// value                 estimate   2.5 %    25 %    75 %  97.5 %
	// sd_(Intercept)|Batch      42.0     0.0    26.5    51.7    74.6
	// sigma                    49.51   35.52   42.98   54.09   66.87
	// (Intercept)             1527.5  1491.1  1513.2  1536.9  1562.4
}

// Do the estimates of intercept and slope depend on each other?
func ExampleBootstrapPairs() {
	b, err := infer.Bootstrap(modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy"), &infer.BootstrapOptions{Replicates: 200, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plots.BootstrapPairs(b, plots.Options{Parameters: []string{"(Intercept)", "Days"}}).Text())
	// Output:
	// Pairs of values of 200 replicates of a parametric bootstrap (seed 1), with the regions of highest density that hold 50 % (thick) and 95 % of them; cross: the estimates. 5 fits are on the boundary; they count. Model: Reaction ~ Days + (Days | Subject).
	//
	// x               y  correlation
	// (Intercept)  Days       -0.176
}
