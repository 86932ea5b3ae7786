package plots_test

import (
	"fmt"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/plots"
)

// How does each subject's own line differ from the model's?
func ExampleTrellis() {
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
	opt := plots.Options{Levels: []string{"308", "335", "350"}, Units: plots.DataUnits("sleepstudy")}
	fmt.Print(plots.Trellis(m, opt).Text())
	// Output:
	// Reaction over Days for each level of Subject. Points: responses; dashed: least squares within the level; solid: the model; thin: the population. Ordered by the level's own slope. Model: Reaction ~ Days + (Days | Subject).
	//
	// Subject  rows  intercept   slope  residual sd
	// 335        10      263.0  -2.881        11.39
	// 350        10      225.8   19.50        24.36
	// 308        10      244.2   21.76        47.78
}

// Which herds are seen in all periods, and had those that were lost more cases?
func ExampleDropout() {
	tab, err := datasets.Load("cbpp")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plots.Dropout(tab, "herd", "period", "incidence").Text())
	// Output:
	// Left: share of the 15 levels of herd with a value of incidence at each period (solid), and then or later (dashed). Right: means of those with the same last period, and their number. 2 of 15 leave before the last.
	//
	// period  observed, %  then or later, %  mean, last 4  mean, last 3  mean, last 1
	// 1             100.0             100.0         3.538         3.000         12.00
	// 2              93.3              93.3         1.231         1.000             -
	// 3              93.3              93.3         1.000         1.000             -
	// 4              86.7              86.7        0.5385             -             -
}

// What is missing when?
func ExampleMissingness() {
	tab, err := datasets.Load("cbpp")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plots.Missingness(tab, "herd", "period", []string{"incidence", "size"}).Text())
	// Output:
	// Share of the 15 levels of herd without a value at each period, in per cent; first row: without a row in the table.
	//
	// missing, %  1  2  3   4
	// (no row)    0  7  7  13
	// incidence   0  7  7  13
	// size        0  7  7  13
}

// Do the workers look like draws from one normal distribution?
func ExampleModesQQ() {
	fmt.Print(plots.ModesQQ(dyes{}).Text())
	// Output:
	// Ordered conditional modes of Batch with 95 % intervals (mode +- 1.96 conditional standard deviations) against normal quantiles: (Intercept). Dashed: a normal distribution with the spread of the modes.
	//
	// term         lowest   mode  highest  mode
	// (Intercept)       A  -17.6        C  28.6
}

// Are workers who are slow on one machine slow on the others?
func ExampleModesPairs() {
	m, err := machines()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plots.ModesPairs(m).Text())
	// Output:
	// Conditional modes of 6 levels of Worker, one coefficient against another. Dashed: 95 % of the levels by the estimated covariance matrix; strips: its correlations. Model: score ~ Machine + (Machine | Worker).
	//
	// Correlations
	// pair                   model  modes
	// (Intercept), MachineB   0.48   0.50
	// (Intercept), MachineC  -0.37  -0.36
	// MachineB, MachineC      0.30   0.29
}

// In how many directions do the workers differ?
func ExampleRandomPCA() {
	m, err := machines()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plots.RandomPCA(infer.RandomPCA(m)).Text())
	// Output:
	// Principal components of the random effects of Worker: shares of the variance, relative to sigma, and loadings. Shares depend on the units of the covariates.
	//
	//      sd / sigma  share, %  (Intercept)  MachineB  MachineC
	// PC1       6.634     62.80        0.406     0.904     0.132
	// PC2       4.632     30.62       -0.640     0.178     0.748
	// PC3       2.147      6.58        0.653    -0.388     0.651
}

func machines() (*lmm.Model, error) {
	tab, err := datasets.Load("Machines")
	if err != nil {
		return nil, err
	}
	return lmm.Fit("score ~ Machine + (Machine | Worker)", tab, nil)
}
