package diagnose

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// StudyRate is how often something was said of a fit.
type StudyRate struct {
	What  string // "C0 converged", a place, a code
	Count int
	Of    int
	Rate  float64
	// Low and High are the ends of the Wilson (1927) interval.
	Low, High float64
	First     []int // up to ten data sets that show it
}

// shownSets is the number of data sets in StudyRate.First.
const shownSets = 10

// rate counts the data sets whose outcome is so.
func (c *StudyCount) rate(what string, level float64, so func(*StudyOutcome) bool) StudyRate {
	r := StudyRate{What: what, Of: len(c.Of)}
	for i, o := range c.Of {
		if so(&c.Outcomes[o]) {
			if r.Count++; len(r.First) < shownSets {
				r.First = append(r.First, i)
			}
		}
	}
	r.Rate = float64(r.Count) / float64(r.Of)
	r.Low, r.High = wilson(r.Count, r.Of, level)
	return r
}

// wilson is the interval of Wilson (1927) for a proportion.
func wilson(count, n int, level float64) (low, high float64) {
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	p, m := float64(count)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	low, high = centre-half, centre+half
	if count == 0 {
		low = 0
	}
	if count == n {
		high = 1
	}
	return low, high
}

// Verdicts are the rates of the verdicts on a model, all words of both axes that
// came up, and of fits that failed.
func (c *StudyCount) Verdicts(level float64) []StudyRate {
	var out []StudyRate
	seen := map[string]bool{}
	for _, o := range c.Outcomes {
		word := o.verdict()
		if !seen[word] {
			seen[word] = true
			out = append(out, c.rate(word, level, func(x *StudyOutcome) bool { return x.verdict() == word }))
		}
	}
	slices.SortStableFunc(out, func(a, b StudyRate) int { return b.Count - a.Count })
	return out
}

// verdict is the verdict in words.
func (o *StudyOutcome) verdict() string {
	switch {
	case o.Failed != "":
		return "not fitted: " + o.Failed
	case o.Place == "-" || o.Place == "no finite maximum":
		if o.Place == "-" {
			return o.Convergence
		}
		return o.Place
	}
	return o.Convergence + ", " + o.Place
}

// Codes are the rates of the codes that came up, in the order D, I, C, B, H.
func (c *StudyCount) Codes(level float64) []StudyRate {
	var codes []string
	for _, o := range c.Outcomes {
		for _, code := range o.Codes {
			if !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	slices.SortFunc(codes, func(a, b string) int {
		const order = "DICBHN"
		for i := range order {
			switch {
			case a[0] == order[i] && b[0] == order[i]:
				if a < b {
					return -1
				}
				return 1
			case a[0] == order[i]:
				return -1
			case b[0] == order[i]:
				return 1
			}
		}
		return 0
	})
	var out []StudyRate
	for _, code := range codes {
		out = append(out, c.rate(code, level, func(o *StudyOutcome) bool { return slices.Contains(o.Codes, code) }))
	}
	return out
}

// flagged says that other programs would have called the fit a failure: it is on
// the boundary, not identifiable or not converged.
func (o *StudyOutcome) flagged() bool { return o.Failed != "" || o.verdict() != "converged, interior" }

// StudyEffect is how a fixed effect did.
type StudyEffect struct {
	Name   string
	Truth  float64 // NaN where the truth has no such effect
	Mean   float64
	MeanSE float64 // Monte Carlo standard error of Mean
	SD     float64 // of the estimates
	SE     float64 // root of the mean square of the standard errors
	// Coverage is the rate of data sets in which estimate -+ z SE has the truth
	// in it; Flagged that among data sets with a fit that is on the boundary, not
	// identifiable or not converged. Of is 0 where there is no truth.
	Coverage, Flagged StudyRate
}

// EffectsOf says how the fixed effects of model i did.
func (r *StudyResult) EffectsOf(i int) []StudyEffect {
	c := &r.Models[i]
	p := len(c.Effects)
	z := distuv.UnitNormal.Quantile((1 + r.Level) / 2)
	out := make([]StudyEffect, p)
	for j, name := range c.Effects {
		e := StudyEffect{Name: name, Truth: r.beta(name)}
		var kept []float64
		var sum, se float64
		for s := range c.Of {
			est, err := c.Estimate[s*p+j], c.SE[s*p+j]
			if math.IsNaN(est) || math.IsNaN(err) {
				continue
			}
			kept = append(kept, est)
			sum += est
			se += err * err
			if math.IsNaN(e.Truth) {
				continue
			}
			within := math.Abs(est-e.Truth) <= z*err
			e.Coverage.count(within)
			if c.Outcomes[c.Of[s]].flagged() {
				e.Flagged.count(within)
			}
		}
		e.Coverage.finish("coverage", r.Level)
		e.Flagged.finish("coverage where the fit is no interior maximum", r.Level)
		n, square := float64(len(kept)), 0.0
		e.Mean = sum / n
		for _, v := range kept {
			square += (v - e.Mean) * (v - e.Mean)
		}
		e.SD = math.Sqrt(square / (n - 1))
		e.MeanSE, e.SE = e.SD/math.Sqrt(n), math.Sqrt(se/n)
		out[j] = e
	}
	return out
}

func (r *StudyRate) count(yes bool) {
	r.Of++
	if yes {
		r.Count++
	}
}

func (r *StudyRate) finish(what string, level float64) {
	r.What, r.Rate = what, float64(r.Count)/float64(r.Of)
	r.Low, r.High = wilson(r.Count, r.Of, level)
}

// beta is the true value of a fixed effect, NaN if there is none.
func (r *StudyResult) beta(name string) float64 {
	for i, n := range r.Names {
		if n == name {
			return r.Truth.Beta[i]
		}
	}
	return math.NaN()
}
