package infer_test

import (
	"fmt"
	"log"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
)

func exampleFit(name, formula string) *lmm.Model {
	tab, err := datasets.Load(name)
	if err != nil {
		log.Fatal(err)
	}
	m, err := lmm.Fit(formula, tab, nil)
	if err != nil {
		log.Fatal(err)
	}
	return m
}

// How sure is it that reactions get slower with every day without sleep?
func ExampleCoefficients() {
	e, err := infer.Coefficients(exampleFit("sleepstudy", "Reaction ~ Days + (Days | Subject)"), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(e.Document().Text())
	// Output:
	// Fixed effects: Kenward-Roger degrees of freedom, the default with few groups: Subject has 18
	//               Estimate      95 % interval      SE     df       t         p
	// --------------------------------------------------------------------------
	// (Intercept)    251.405   237.007  265.804   6.825   17.0   36.84   < 0.001
	// Days            10.467     7.206   13.729   1.546   17.0    6.77   < 0.001
}

// How many degrees of freedom are left where the variance between batches is 0?
func ExampleCoefficients_boundary() {
	e, err := infer.Coefficients(exampleFit("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range e.Findings {
		for _, v := range f.Evidence {
			fmt.Printf("%s: %.0f\n", v.Check, v.Found)
		}
	}
	// Output:
	// Satterthwaite df of (Intercept): 29
	// Kenward-Roger df of (Intercept): 5
}

// Does it matter which machine is used?
func ExampleAnova() {
	a, err := infer.Anova(exampleFit("Machines", "score ~ Machine + (Machine | Worker)"), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(a.Document().Text())
	// Output:
	// Analysis of variance, type III: Kenward-Roger degrees of freedom, the default with few groups:
	// Worker has 6
	//           df   den. df       F       p
	// --------------------------------------
	// Machine    2       4.0   32.80   0.003
}

// Which machines differ?
func ExampleMarginalMeans() {
	s, err := infer.MarginalMeans(exampleFit("Machines", "score ~ Machine + (Machine | Worker)"), &infer.MeansOptions{Of: []string{"Machine"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(s.Document().Text())
	// Output:
	// Marginal means of score: Kenward-Roger degrees of freedom, the default with few groups: Worker
	// has 6
	//     Estimate    95 % interval      SE    df
	// -------------------------------------------
	// A     52.356   48.035  56.676   1.681   5.0
	// B     60.322   51.252  69.393   3.529   5.0
	// C     66.272   61.629  70.915   1.806   5.0
	//
	// Differences: p values adjusted by Tukey
	//         Estimate      SE    df       t         p
	// ------------------------------------------------
	// A - B     -7.967   2.421   5.0   -3.29     0.048
	// A - C    -13.917   1.540   5.0   -9.04   < 0.001
	// B - C     -5.950   2.446   5.0   -2.43     0.125
}

// Which subject moves the conclusions most?
func ExampleInfluence() {
	f, err := infer.Influence(exampleFit("sleepstudy", "Reaction ~ Days + (Days | Subject)"), &infer.InfluenceOptions{Group: "Subject"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(f.Document().Text())
	// Output:
	// Influence of each Subject: one step, the variances kept
	//        Cook   leverage   cov. ratio   DFBETAS (Intercept)   DFBETAS Days
	// ------------------------------------------------------------------------
	// 309   0.149      1.612        1.175                 -0.38          -0.30
	// 335   0.129      1.612        1.175                  0.10          -0.49
	// 337   0.126      1.612        1.154                  0.32           0.31
	// 310   0.111      1.612        1.180                 -0.40          -0.16
	// 308   0.092      1.612        0.858                 -0.06           0.45
	// 370   0.092      1.612        1.118                 -0.34           0.28
	// 330   0.083      1.612        1.136                  0.32          -0.27
	// 350   0.074      1.612        1.124                 -0.21           0.33
	// 331   0.056      1.612        1.140                  0.29          -0.19
	// 349   0.052      1.612        1.201                 -0.30           0.11
	// The largest distances of 18.
}

// How much of the variance lies between subjects?
func ExampleVarianceShares() {
	fmt.Print(infer.VarianceShares(exampleFit("sleepstudy", "Reaction ~ Days + (Days | Subject)")).Document().Text())
	// Output:
	// Shares of variance: random terms as the mean over the rows of z'Sigma z
	//                    Variance     ICC
	// -----------------------------------
	// fixed effects        908.95
	// (Days | Subject)    1698.07   0.722
	// residual             654.94
	//
	// Summary
	//                   Estimate
	// --------------------------
	// ICC, adjusted        0.722
	// ICC, unadjusted      0.521
	// R2, marginal         0.279
	// R2, conditional      0.799
}

// How alike are two samples of one batch, and how sure is that of 6 batches?
func ExampleShareIntervals() {
	m := exampleFit("Dyestuff", "Yield ~ 1 + (1 | Batch)")
	v, err := infer.ShareIntervals(m, &infer.VarianceOptions{Method: infer.ByProfile})
	if err != nil {
		log.Fatal(err)
	}
	icc := v.Rows[0]
	fmt.Printf("%s %.2f, from %.2f to %.2f\n", icc.Name, icc.Estimate, icc.Lower.Value, icc.Upper.Value)
	// Output: ICC, adjusted 0.42, from 0.07 to 0.82
}
