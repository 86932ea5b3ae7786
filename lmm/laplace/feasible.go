package laplace

import (
	"math"

	"github.com/golmm/golmm/lmm/family"
)

const (
	feasibleIterations = 300
	// feasibleShare of the mean linear predictor of the responses is what the rows
	// are drawn to.
	feasibleShare = 0.25
	// feasibleCut is the part of a linear predictor that a step leaves of it: weights
	// grow without end towards 0, and draw a search that comes too near to it.
	feasibleCut = 0.2
)

// positive says that a family has means above 0 alone, and a link that can give
// others: the linear predictor of every row must be above 0.
func positive(fam *family.Family) bool {
	return fam.Link() == "identity" || fam.Link() == "inverse"
}

// enter moves beta to where all linear predictors are above 0, if least squares
// have left it elsewhere, by projections in turn on the column space of X and on
// the predictors above a limit (von Neumann 1950, ch. 13; Boyle and Dykstra 1986
// for convex sets). It reports whether there is such a beta.
func (g *glm) enter(fam *family.Family, r *rows) bool {
	eta, up, one := make([]float64, r.n), make([]float64, r.n), make([]float64, r.n)
	var mean float64
	for i, y := range r.y {
		mean += fam.Eta(inside(fam, y, r.w[i])) / float64(r.n)
		one[i] = 1
	}
	limit := feasibleShare * mean
	step := make([]float64, r.p)
	for range feasibleIterations {
		r.predict(eta, g.beta)
		least := math.Inf(1)
		for i, v := range eta {
			least = math.Min(least, v)
			up[i] = math.Max(0, limit-v)
		}
		if least > limit/2 {
			return true
		}
		if r.p == 0 || !scoring(step, r, one, up) {
			return false
		}
		for j, v := range step {
			// A longer step than the projection gets there sooner.
			g.beta[j] += 1.5 * v
		}
	}
	return false
}

// cuts says that linear predictors have lost too much of what they were.
func cuts(now, before []float64) bool {
	for i, v := range now {
		if v < feasibleCut*before[i] {
			return true
		}
	}
	return false
}

// predict sets eta to the offset plus X beta.
func (r *rows) predict(eta, beta []float64) {
	for i := range eta {
		eta[i] = r.offset[i]
		for j, v := range r.x[i*r.p : i*r.p+r.p] {
			eta[i] += v * beta[j]
		}
	}
}

// stuck notes that a search found no way on: at the limit of what a link allows, or
// elsewhere.
func (o *Objective) stuck(search string) bool {
	if positive(o.fam) {
		least, mean := math.Inf(1), 0.0
		for i, v := range o.xb {
			v += o.zb[i]
			least = math.Min(least, v)
			mean += v / float64(len(o.xb))
		}
		if least < 1e-3*mean {
			return o.fail("the likelihood grows until a linear predictor is 0, where the " + o.fam.Link() + " link leaves what the " + o.fam.Name() + " family can have: there is no maximum inside")
		}
	}
	return o.fail(search + " is stuck")
}
