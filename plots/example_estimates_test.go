package plots_test

import (
	"fmt"
	"log"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/plots"
)

// modelOf fits a model to an embedded data set.
func modelOf(formula, data string) *lmm.Model {
	tab, err := datasets.Load(data)
	if err != nil {
		log.Fatal(err)
	}
	m, err := lmm.Fit(formula, tab, nil)
	if err != nil {
		log.Fatal(err)
	}
	return m
}

// Which of the predictors of a pup's weight matter, and by how much?
func ExampleCoefficients() {
	e, err := infer.Coefficients(modelOf("weight ~ Treatment * sex + Lsize + (1 | Litter)", "RatPupWeight"), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plots.Coefficients(e).Text())
	// Output:
	// Fixed effects with 95 % intervals (t, Satterthwaite degrees of freedom, the default with 20 groups or more).
	//
	// coefficient            estimate    lower    upper
	// (Intercept)               7.866    7.385    8.346
	// Treatment.L              -0.641   -0.917   -0.364
	// Treatment.Q               0.011   -0.235    0.258
	// sexFemale               -0.3481  -0.4480  -0.2481
	// Lsize                   -0.1284  -0.1666  -0.0902
	// Treatment.L:sexFemale    0.0757  -0.1077   0.2590
	// Treatment.Q:sexFemale   -0.0248  -0.1866   0.1371
}

// Does the slope of the population depend on whether subjects have their own?
func ExampleCompareCoefficients() {
	var models []plots.NamedEstimates
	for _, f := range []string{"Reaction ~ Days + (Days | Subject)", "Reaction ~ Days + (1 | Subject)"} {
		e, err := infer.Coefficients(modelOf(f, "sleepstudy"), nil)
		if err != nil {
			log.Fatal(err)
		}
		models = append(models, plots.NamedEstimates{Name: f, Estimates: e})
	}
	fmt.Print(plots.CompareCoefficients(models).Text())
	// Output:
	// Fixed effects with 95 % intervals (t, Kenward-Roger degrees of freedom, the default with few groups: Subject has 18).
	//
	// coefficient                         estimate   lower   upper
	// Reaction ~ Days + (Days | Subject)
	// (Intercept)                           251.41  237.01  265.80
	// Days                                   10.47    7.21   13.73
	// Reaction ~ Days + (1 | Subject)
	// (Intercept)                            251.4   231.2   271.6
	// Days                                  10.467   8.879  12.055
}

// On which machine do the workers do best?
func ExampleMeans() {
	s, err := infer.MarginalMeans(modelOf("score ~ Machine + (Machine | Worker)", "Machines"), &infer.MeansOptions{Of: []string{"Machine"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plots.Means(s).Text())
	// Output:
	// Marginal means of score with 95 % intervals (t, Kenward-Roger degrees of freedom, the default with few groups: Worker has 6).
	//
	// Machine  estimate  lower  upper
	// A           52.36  48.04  56.68
	// B           60.32  51.25  69.39
	// C           66.27  61.63  70.92
}

// Do boys grow faster than girls?
func ExampleMeans_slopes() {
	s, err := infer.Trends(modelOf("distance ~ age * Sex + (age | Subject)", "Orthodont"), "age", &infer.MeansOptions{Of: []string{"Sex"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plots.Means(s).Text())
	// Output:
	// Slopes of distance in age with 95 % intervals (t, Satterthwaite degrees of freedom, the default with 20 groups or more).
	//
	// Sex     estimate   lower   upper
	// Male      0.7844  0.6073  0.9615
	// Female    0.4795  0.2659  0.6932
}

// Which machines differ?
func ExampleDifferences() {
	s, err := infer.MarginalMeans(modelOf("score ~ Machine + (Machine | Worker)", "Machines"), &infer.MeansOptions{Of: []string{"Machine"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plots.Differences(s).Text())
	// Output:
	// Differences of means of score with 95 % intervals (t, Kenward-Roger degrees of freedom, the default with few groups: Worker has 6), one at a time; p values adjusted: Tukey.
	//
	// difference  estimate   lower  upper        p
	// A - B          -7.97  -14.19  -1.74    0.048
	// A - C         -13.92  -17.88  -9.96  < 0.001
	// B - C          -5.95  -12.24   0.34    0.125
}

// How do boys and girls grow, and how well is that known at each age?
func ExamplePredictions() {
	m := modelOf("distance ~ age * Sex + (age | Subject)", "Orthodont")
	fmt.Print(plots.Predictions(m, plots.Options{X: "age", By: "Sex"}).Text())
	// Output:
	// Responses, and the mean of the population over age by Sex with 95 % intervals (line and band; t, Satterthwaite degrees of freedom, the default with 20 groups or more). Model: distance ~ age * Sex + (age | Subject).
	//
	// age by Sex    mean   lower   upper
	// Sex Male
	// 8           22.616  21.531  23.700
	// 9           23.400  22.373  24.427
	// 10          24.184  23.186  25.183
	// 11          24.969  23.968  25.970
	// 12          25.753  24.719  26.787
	// 13          26.538  25.442  27.633
	// 14          27.322  26.142  28.502
	// Sex Female
	// 8           21.209  19.901  22.517
	// 9           21.689  20.450  22.927
	// 10          22.168  20.964  23.372
	// 11          22.648  21.441  23.855
	// 12          23.127  21.880  24.374
	// 13          23.607  22.286  24.928
	// 14          24.086  22.663  25.510
}
