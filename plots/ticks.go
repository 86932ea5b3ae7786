package plots

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// minus is the sign that figures print; files and text meant to be copied have
// the hyphen.
const minus = "\u2212"

// niceTicks places labelled ticks at multiples of 1, 2 or 5 times a power of
// ten, at most Max of them.
type niceTicks struct{ max int }

// Ticks gives the ticks in [lo, hi].
func (t niceTicks) Ticks(lo, hi float64) []plot.Tick {
	if !(hi > lo) || math.IsInf(hi-lo, 0) {
		return nil
	}
	step := niceStep(hi-lo, t.max)
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	var ticks []plot.Tick
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+1e-9*step && len(ticks) <= t.max; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: tickLabel(i*step, decimals)})
	}
	return ticks
}

// niceStep is the smallest of 1, 2, 5 times a power of ten that divides the
// range into fewer than n steps.
func niceStep(width float64, n int) float64 {
	least := width / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, k := range []float64{1, 2, 5} {
		if k*power >= least {
			return k * power
		}
	}
	return 10 * power
}

// tickLabel prints v with a number of decimals, large and small values with a
// power of ten.
func tickLabel(v float64, decimals int) string {
	if v == 0 {
		return "0"
	}
	if decimals > 4 || math.Abs(v) >= 1e6 {
		return typeset(strconv.FormatFloat(v, 'g', 4, 64))
	}
	return typeset(strconv.FormatFloat(v, 'f', decimals, 64))
}

// typeset writes a number as print has it: the sign U+2212, and no padding in
// the exponent.
func typeset(s string) string {
	s = strings.Replace(s, "e-0", "e-", 1)
	s = strings.Replace(s, "e+0", "e", 1)
	s = strings.Replace(s, "e+", "e", 1)
	return strings.ReplaceAll(s, "-", minus)
}
