// Package criterion computes the profiled Gaussian criterion of a linear mixed
// model and its exact derivatives.
//
// # Notation, in the coordinates of package suffstat
//
//	V     = I + Z (I (x) Psi) Z'              covariance of y over sigma^2
//	P     = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1
//	nu    = n (ML) or n - p (REML)
//	r2    = y'Py,  s2 = r2 / nu               the profiled sigma^2
//	f     = log|V| + [REML: log|X'V^-1 X|] + nu (1 + log(2 pi r2 / nu))
//	M     = V^-1 (ML) or P (REML)
//	G     = sum over levels j of Z_j'MZ_j - (Z_j'Py)(Z_j'Py)' / s2
//
// df = tr(G dPsi) for every change of Psi, at the boundary as well as in the
// interior, and no step needs the inverse of Psi or Lambda. (Bates, Maechler,
// Bolker and Walker 2015, sec. 3.4, for f; Harville 1977, sec. 4, for the
// derivatives with respect to variances.)
//
// Read onefactor.go, then derivs.go and gram.go; for several grouping factors
// blocked.go, then pivot.go, eliminate.go, remainder.go, average.go, adjoint.go
// and crossgram.go; for what inference needs sensitivity.go, crosssensitivity.go.
package criterion

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/suffstat"
)

// Derivs are the value and the derivatives of the criterion at a point.
type Derivs struct {
	F float64
	// G is df/dPsi, k x k for each block.
	G [][]float64
	// H is the second derivative in Psi, a symmetric bilinear form: row and
	// column a stand for entry Pairs[a] of Psi and its mirror image. It is
	// len(Pairs) x len(Pairs).
	H     []float64
	Pairs []cone.Pair
	// Approx says that H is the average information, not the exact second
	// derivative: a metric for steps, good near an interior optimum alone.
	Approx bool
}

// Curvature returns the second derivative along the directions x and y, each
// given by its entries at Pairs.
func (d *Derivs) Curvature(x, y []float64) float64 {
	m := len(d.Pairs)
	var s float64
	for a, v := range x {
		if v == 0 {
			continue
		}
		var t float64
		for b, w := range y {
			t += d.H[a*m+b] * w
		}
		s += v * t
	}
	return s
}

// Solution is what the criterion profiles out at a point, in internal
// coordinates.
type Solution struct {
	Sigma2 float64
	Beta   []float64 // p
	// BetaCov is (X'V^-1 X)^-1, p x p: times Sigma2 the covariance of Beta.
	BetaCov []float64
	Effects []Effects // one for each grouping factor
}

// Effects are the random effects of one grouping factor, given the variances.
type Effects struct {
	Terms []int     // whose columns stand side by side in K
	K     int       // columns a level
	Modes []float64 // levels x K: conditional modes
}

// Shift is what f in the user's units exceeds f in internal coordinates by:
// nu log s^2 from the scale of y, [REML: 2 log |det R|] from that of X, minus
// the sum of log w.
func Shift(c *suffstat.Coords, nu float64, reml bool) float64 {
	d := 2*nu*math.Log(c.YScale) - c.SumLogW
	if reml {
		d += 2 * c.LogDetR()
	}
	return d
}

// constant is what f has beside the terms in Psi and r2.
func constant(nu float64) float64 { return nu * (1 + math.Log(2*math.Pi/nu)) }
