package infer

import (
	"fmt"
	"math"
)

// Adjustment is the way p values of several comparisons are adjusted.
type Adjustment int

const (
	// Tukey takes the studentized range of all means compared (Tukey 1953;
	// Kramer 1956); the default. With unequal df it is approximate.
	Tukey Adjustment = iota
	Holm
	Bonferroni
	NoAdjustment
)

func (a Adjustment) String() string {
	switch a {
	case Tukey:
		return "Tukey"
	case Holm:
		return "Holm"
	case Bonferroni:
		return "Bonferroni"
	case NoAdjustment:
		return "none"
	}
	return fmt.Sprintf("Adjustment(%d)", int(a))
}

// MarshalText writes the adjustment by its name.
func (a Adjustment) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// adjusted returns the p values of the pairs of k means.
func (a Adjustment) adjusted(pairs []Estimate, k int) []float64 {
	out := make([]float64, len(pairs))
	for i, e := range pairs {
		out[i] = e.P
	}
	switch a {
	case Tukey:
		if k > 2 {
			for i, e := range pairs {
				out[i] = studentizedTail(math.Sqrt2*math.Abs(e.T), k, e.DF)
			}
		}
	case Holm:
		return holmAdjusted(out)
	case Bonferroni:
		for i := range out {
			out[i] = math.Min(1, out[i]*float64(len(out)))
		}
	}
	return out
}
