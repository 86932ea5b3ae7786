package datasets_test

import (
	"fmt"

	"github.com/golmm/golmm/lmm/datasets"
)

// What is in sleepstudy, and where does it come from?
func ExampleLoad() {
	sleep, err := datasets.Load("sleepstudy")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(sleep)
	about, _ := datasets.Info("sleepstudy")
	fmt.Println(about.Columns[0].Meaning, "in", about.Columns[0].Unit)
	// Output:
	// 180 rows, 3 columns
	//     Reaction   Days  Subject
	//        float  float  factor 18
	//  1    249.56      0  308
	//  2  258.7047      1  308
	//  3  250.8006      2  308
	//  4  321.4398      3  308
	//  5  356.8519      4  308
	//  6  414.6901      5  308
	//  7  382.2038      6  308
	//  8  290.1486      7  308
	//  9  430.5853      8  308
	// 10  466.3535      9  308
	// and 170 more rows
	// average reaction time of the day in ms
}

// How does a sample look in which groups do not differ at all?
func ExampleSimulate() {
	classes := datasets.Groups{Groups: 24, Rows: 18, Intercept: 50, Slope: 2, InterceptSD: 0, Sigma: 8, Seed: 1}
	tab, err := datasets.Simulate(classes)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tab.Rows(), "rows of", tab.Names())
	fmt.Print(classes.Truth().Document().Text())
	// Output:
	// 432 rows of [y x g]
	// y ~ x + (1 | g)
	//
	// Truth: what the data are drawn from
	// parameter          value
	// ------------------------
	// (Intercept)           50
	// x                      2
	// sd_(Intercept)|g       0
	// sigma                  8
}
