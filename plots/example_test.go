package plots_test

import (
	"fmt"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/plots"
)

// dyes stands for a fitted model: a *lmm.Model has the same method.
type dyes struct{}

func (dyes) RandomEffects() []lmm.Modes {
	m := lmm.Modes{Group: "Batch", Names: []string{"(Intercept)"}, Levels: []string{"A", "B", "C"}}
	for _, mode := range []float64{-17.6, 0.4, 28.6} {
		m.Mode = append(m.Mode, []float64{mode})
		m.CondVar = append(m.CondVar, [][]float64{{362.3}})
	}
	return []lmm.Modes{m}
}

// Which batches differ from the average? The text twin of the figure has the
// numbers; Save writes the picture.
func ExampleCaterpillar() {
	fig := plots.Caterpillar(dyes{})
	fmt.Print(fig.Text())
	// Output:
	// Conditional modes of Batch with 95 % intervals (mode +- 1.96 conditional standard deviations), ordered by (Intercept).
	//
	// Batch  (Intercept)  2.5 %  97.5 %
	// A            -17.6  -54.9    19.7
	// B              0.4  -36.9    37.7
	// C             28.6   -8.7    65.9
}

// How far could the standard deviation between batches be from its estimate,
// and is the interval symmetric?
func ExampleProfileZeta() {
	tab, err := datasets.Load("Dyestuff")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := lmm.Fit("Yield ~ 1 + (1 | Batch)", tab, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := infer.Profile(m, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plots.ProfileZeta(p, plots.Options{Group: "Batch"}).Text())
	// Output:
	// Profile zeta, the signed root of the rise of the profiled criterion, with 95 % intervals where zeta is within the normal quantiles (bars; points are estimates). Dashed: the line of a quadratic log likelihood. Fixed effects by -2 log L, the others by REML. Model: Yield ~ 1 + (1 | Batch).
	//
	// parameter             estimate  2.5 %  97.5 %
	// sd_(Intercept)|Batch      42.0   15.7   101.1
}

// How much does the model trust the mean of each batch?
func ExampleShrinkage() {
	tab, err := datasets.Load("Dyestuff")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := lmm.Fit("Yield ~ 1 + (1 | Batch)", tab, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plots.Shrinkage(m).Text())
	// Output:
	// Coefficients of the levels of Batch: by least squares within the level (rings) and in the model (discs). Line: the population. Model: Yield ~ 1 + (1 | Batch).
	//
	// Batch         (Intercept) within   model
	// (population)                      1527.5
	// A                         1505.0  1509.9
	// B                         1528.0  1527.9
	// C                         1564.0  1556.1
	// D                         1498.0  1504.4
	// E                         1600.0  1584.2
	// F                         1470.0  1482.5
}

// Is the mean right over the whole range of fitted values?
func ExampleResiduals() {
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
	fmt.Println(plots.Residuals(m).Caption())
	// Output:
	// Conditional residuals against fitted values. Curve: robust local regression over two thirds of the points. Model: Reaction ~ Days + (Days | Subject).
}

// Are the residuals as normal as the model says? Those outside the band have
// tails that are heavier.
func ExampleResidualsQQ() {
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
	fmt.Println(plots.ResidualsQQ(m, plots.Options{Seed: 1}).Caption())
	// Output:
	// 180 ordered standardised residuals against normal quantiles. Band: 95 % of those of each rank in 199 fits to data simulated from the model (seed 1); 93 are outside. Model: Reaction ~ Days + (Days | Subject).
}

// How do the subjects differ over the days, and what of it does the model keep?
func ExampleSpaghetti() {
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
	fmt.Println(plots.Spaghetti(m, "Days").Caption())
	// Output:
	// Reaction over Days: one line for each of 18 levels of Subject. Left: responses; right: fitted values, thick: the population. Model: Reaction ~ Days + (Days | Subject).
}
