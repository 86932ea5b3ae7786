package plots_test

import (
	"fmt"

	"github.com/golmm/golmm/lmm"
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
