package plots_test

import (
	"fmt"
	"log"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/plots"
)

// Is the residual variance the same over the range of fitted values?
func ExampleScaleLocation() {
	m := modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")
	fmt.Println(plots.ScaleLocation(m).Caption())
	// Output:
	// Square root of the absolute standardised residuals against fitted values. Dotted: 0.82, the median if they are normal with one variance. Curve: robust local regression over two thirds of the points. Model: Reaction ~ Days + (Days | Subject).
}

// Which subjects have residuals that are wider than the others'?
func ExampleResidualsByGroup() {
	m := modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")
	fmt.Print(plots.ResidualsByGroup(m, plots.Options{Levels: []string{"308", "332", "335"}}).Text())
	// Output:
	// Standardised residuals of each level of Subject, its median (disc) and quartiles (bar). Model: Reaction ~ Days + (Days | Subject).
	//
	// Subject  rows   25 %  median  75 %
	// 335        10  -0.55   -0.16  0.19
	// 332        10  -1.17   -0.33  0.65
	// 308        10  -1.20    0.36  0.94
}

// Are days that follow each other more alike than the random slopes make them?
func ExampleResidualACF() {
	m := modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")
	fmt.Print(plots.ResidualACF(m, plots.Options{Replicates: 79, Seed: 3}).Text())
	// Output:
	// Standardised residuals of the same Subject by their distance in Days: correlation and semivariogram. Band: 95 % of those in 79 fits to data simulated from the model (seed 3). Model: Reaction ~ Days + (Days | Subject).
	//
	// distance  pairs  correlation   2.5 %  97.5 %  semivariogram  2.5 %  97.5 %
	// 1           162        0.116  -0.329  -0.031          0.856  1.018   1.326
	// 2           144       -0.170  -0.376   0.031          1.198  0.981   1.365
	// 3           126       -0.343  -0.316   0.066          1.381  0.911   1.360
	// 4           108       -0.151  -0.241   0.121          1.085  0.861   1.281
	// 5            90       -0.181  -0.320   0.182          1.183  0.819   1.312
	// 6            72       -0.299  -0.286   0.250          1.414  0.755   1.371
	// 7            54       -0.073  -0.318   0.197          1.046  0.743   1.487
	// 8            36        0.282  -0.286   0.409          0.712  0.557   1.399
	// 9            18        0.541  -0.432   0.538          0.712  0.465   1.423
}

// Could the data have come from the model?
func ExampleSimulatedResiduals() {
	m := modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")
	s, err := infer.ScaledResiduals(m, &infer.ScaledOptions{Simulations: 100, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plots.SimulatedResiduals(m, s).Text())
	// Output:
	// Share of 100 simulated responses below each response (seed 1). Left: in order against uniform quantiles, with the 95 % band of the Kolmogorov-Smirnov distance for independent rows. Right: by rank of the prediction for the population, with running quartiles. p by simulation: uniform 0.890, dispersion 0.980, outliers 0.410. Model: Reaction ~ Days + (Days | Subject).
	//
	// test                statistic      p
	// uniform (distance)      0.058  0.890
	// dispersion (ratio)      0.998  0.980
	// outliers (rows)         4.000  0.410
}

// Which subject moves the fixed effects most?
func ExampleInfluence() {
	m := modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")
	t, err := infer.Influence(m, &infer.InfluenceOptions{Group: "Subject"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plots.Influence(t).Text())
	// Output:
	// What leaving out each Subject does to the fixed effects (the variances kept). Dotted: a distance of 4 / 18, a ratio of 1.
	//
	// Subject  Cook's distance  leverage  covariance ratio
	// 309               0.1485     1.612             1.175
	// 335               0.1295     1.612             1.175
	// 337               0.1260     1.612             1.154
	// 310               0.1105     1.612             1.180
	// 308               0.0924     1.612             0.858
	// 370               0.0917     1.612             1.118
	// 330               0.0834     1.612             1.136
	// 350               0.0744     1.612             1.124
	// 331               0.0564     1.612             1.140
	// 349               0.0516     1.612             1.201
	// 352               0.0342     1.612             1.133
	// 333               0.0210     1.612             1.222
	// 351               0.0138     1.612             1.164
	// 372               0.0104     1.612             1.232
	// 332               0.0063     1.612             0.697
	// 334               0.0062     1.612             1.184
	// 371               0.0013     1.612             1.152
	// 369               0.0012     1.612             1.215
}

// What should be looked at before the model is believed?
func ExampleCheckModel() {
	m := modelOf("Reaction ~ Days + (Days | Subject)", "sleepstudy")
	fmt.Println(plots.CheckModel(m, plots.Options{Seed: 1}).Caption())
	// Output:
	// Checks; each strip says what a model that holds looks like: mean: flat; variance: flat; normal: in the band; modes: on the line; time: in the band; no row alone. Model: Reaction ~ Days + (Days | Subject).
}

// Are measurements two years apart more alike than four years apart?
func ExampleCorrelations() {
	tab, err := datasets.Load("Orthodont")
	if err != nil {
		log.Fatal(err)
	}
	m, err := lmm.Fit("distance ~ age * Sex", tab, &lmm.Options{Residual: "cs(age | Subject)"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plots.Correlations(m).Text())
	// Output:
	// Correlations of rows of the same Subject by age; diagonal: standard deviations. Left: the structure of the residuals, right: the data around the fitted mean, 27 pairs each. Model: distance ~ age * Sex, residuals cs(age | Subject).
	//
	// sd at  rows  residuals   data
	// 8        27      2.285  2.323
	// 10       27      2.285  2.060
	// 12       27      2.285  2.503
	// 14       27      2.285  2.230
	//
	// pair    pairs  residuals   data
	// 8, 10      27      0.632  0.576
	// 8, 12      27      0.632  0.666
	// 10, 12     27      0.632  0.580
	// 8, 14      27      0.632  0.530
	// 10, 14     27      0.632  0.718
	// 12, 14     27      0.632  0.739
}

// Which structure forgets as the data do?
func ExampleCorrelationsByLag() {
	tab, err := datasets.Load("Orthodont")
	if err != nil {
		log.Fatal(err)
	}
	var fits []*lmm.Model
	for _, structure := range []string{"cs", "ar1", "toep"} {
		m, err := lmm.Fit("distance ~ age * Sex", tab, &lmm.Options{Residual: structure + "(age | Subject)"})
		if err != nil {
			log.Fatal(err)
		}
		fits = append(fits, m)
	}
	fmt.Print(plots.CorrelationsByLag(fits).Text())
	// Output:
	// Correlation of two rows of the same Subject by distance in age. Discs: data, residuals of distance ~ age * Sex, residuals cs(age | Subject); lines: by the models. The lowest AIC is that of toep(age | Subject).
	//
	// structure                parameters    AIC
	// (1) cs(age | Subject)             6  445.8
	// (2) ar1(age | Subject)            6  456.6
	// (3) toep(age | Subject)           8  445.4
	//
	// distance  pairs   data    (1)    (2)    (3)
	// 2            81  0.629  0.632  0.624  0.637
	// 4            54  0.689  0.632  0.390  0.697
	// 6            27  0.530  0.632  0.244  0.479
}
