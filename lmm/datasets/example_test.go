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
