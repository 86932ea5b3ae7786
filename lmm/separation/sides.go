package separation

// Side is the direction of the linear predictor of a row in which its
// likelihood does not fall.
type Side int8

const (
	Held Side = iota // it falls in both directions
	Up               // it rises to its supremum as the linear predictor grows
	Down             // it rises to its supremum as the linear predictor shrinks
)

// Sides tells the side of each response, a proportion for the family
// "binomial". The second result is false for families and links whose linear predictor is
// never drawn to infinity: the identity, the square root and the inverse
// reach the edge of the range at finite values, and a gamma response has no edge.
func Sides(family, link string, y []float64) ([]Side, bool) {
	up := false
	switch {
	case family == "binomial" && (link == "" || link == "logit" || link == "probit" || link == "cloglog" || link == "cauchit"):
		up = true
	case (family == "binomial" || family == "poisson" || family == "negbinomial") && (link == "log" || link == "" && family != "binomial"):
	default:
		return nil, false
	}
	out := make([]Side, len(y))
	for i, v := range y {
		switch {
		case v == 0:
			out[i] = Down
		case v == 1 && up:
			out[i] = Up
		}
	}
	return out, true
}
