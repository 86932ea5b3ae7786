package infer

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// ChiBar is a mixture of chi-square distributions, the distribution of a
// likelihood ratio where the null hypothesis lies on the boundary: the sum over
// i of Weights[i] times chi-square with i degrees of freedom (Self and Liang
// 1987; Shapiro 1988). Chi-square with 0 degrees of freedom is the point 0.
type ChiBar struct {
	// Weights sum to 1. They are nil where they are not known in closed form.
	Weights []float64
	// Simulated says that the weights, or the distribution itself where
	// Weights is nil, come from draws.
	Simulated bool

	free  int              // degrees of freedom beside those of the cone
	dims  int              // of the cone
	draws func() []float64 // of the squared length of the projection on the cone, made once
}

// PlainChiSquare is the chi-square distribution with df degrees of freedom.
func PlainChiSquare(df int) ChiBar {
	w := make([]float64, df+1)
	w[df] = 1
	return ChiBar{Weights: w}
}

// Survival is the probability of a value of at least x.
func (c ChiBar) Survival(x float64) float64 {
	if !(x > 0) {
		return 1
	}
	if c.Weights == nil {
		// Draws say nothing about a tail that none of them reached; chi-square on
		// all degrees of freedom is an upper bound there.
		bound := chiSquareSurvival(c.free+c.dims, x)
		if bound*(1+matrixDraws) <= 1 {
			return bound
		}
		var s float64
		for _, t := range c.draws() {
			s += chiSquareSurvival(c.free, x-t)
		}
		return math.Min((1+s)/(1+matrixDraws), bound)
	}
	var s float64
	for df, w := range c.Weights {
		if w > 0 {
			s += w * chiSquareSurvival(df, x)
		}
	}
	return s
}

func chiSquareSurvival(df int, x float64) float64 {
	switch {
	case x <= 0:
		return 1
	case df == 0:
		return 0
	}
	return distuv.ChiSquared{K: float64(df)}.Survival(x)
}

// Numbers of draws where there is no closed form: for weights, whose standard
// error is then at most 0.0025, and for cones of matrices, where a draw takes an
// iteration over eigenvalues.
const (
	weightDraws = 40000
	matrixDraws = 2000
)

// newChiBar is the distribution of the squared length of the projection of a
// standard normal vector, in the metric J, on R^free x cones, each the cone of
// positive semidefinite matrices of the size given. J, by rows, is that of the
// coordinates of the cones with the free ones projected out, vech order: row by
// row of the lower triangle.
func newChiBar(free int, sizes []int, j *mat.SymDense) (ChiBar, bool) {
	linear := !slices.ContainsFunc(sizes, func(s int) bool { return s > 1 })
	switch {
	case len(sizes) == 0:
		return PlainChiSquare(free), true
	case linear && len(sizes) == 1:
		return shifted(free, 0.5, 0.5), true
	case j == nil:
		return ChiBar{}, false
	case linear && len(sizes) == 2:
		// The angle between the edges of the cone.
		cos := j.At(0, 1) / math.Sqrt(j.At(0, 0)*j.At(1, 1))
		if math.IsNaN(cos) || math.Abs(cos) > 1 {
			return ChiBar{}, false
		}
		w := math.Acos(cos) / (2 * math.Pi)
		return shifted(free, 0.5-w, 0.5, w), true
	}
	var chol mat.Cholesky
	if !chol.Factorize(j) || chol.Cond() > 1e10 {
		return ChiBar{}, false
	}
	var upper mat.TriDense
	chol.UTo(&upper)
	rng := rand.New(rand.NewPCG(1, 0))
	n, _ := j.Dims()
	if !linear && len(sizes) == 1 && sizes[0] == 2 {
		return twoByTwo(free, j, &upper, rng)
	}
	c := newProductCone(sizes, j)
	z := make([]float64, n)
	draw := func() []float64 { // the projection of a normal vector
		for i := range z {
			z[i] = rng.NormFloat64()
		}
		backSolve(&upper, z)
		return c.project(z)
	}
	if !linear {
		squares := func() []float64 {
			out := make([]float64, matrixDraws)
			for i := range out {
				out[i] = c.square(draw())
			}
			return out
		}
		return ChiBar{Simulated: true, free: free, dims: n, draws: sync.OnceValue(squares)}, true
	}
	counts := make([]float64, n+1)
	for range weightDraws {
		positive := 0
		for _, v := range draw() {
			if v > 0 {
				positive++
			}
		}
		counts[positive] += 1.0 / weightDraws
	}
	out := shifted(free, counts...)
	out.Simulated = true
	return out, true
}

// twoByTwo is the mixture of the cone of 2 x 2 matrices. The weights of the
// largest and the least dimension are the probabilities that a point lies inside
// the cone and inside its polar; weights of even and of odd dimensions sum to 1/2
// each (Shapiro 1988, sec. 5), which leaves nothing unknown of four.
func twoByTwo(free int, j *mat.SymDense, upper *mat.TriDense, rng *rand.Rand) (ChiBar, bool) {
	semidefinite := func(a, b, c float64) bool { return a >= 0 && c >= 0 && a*c >= b*b } // a, b; b, c
	inside, polar := 0.0, 0.0
	z, g := make([]float64, 3), make([]float64, 3)
	for range weightDraws {
		for i := range z {
			z[i] = rng.NormFloat64()
		}
		backSolve(upper, z)
		if semidefinite(z[0], z[1], z[2]) {
			inside += 1.0 / weightDraws
		}
		clear(g)
		for i := range g {
			for k, v := range z {
				g[i] += j.At(i, k) * v
			}
		}
		// <g, x> <= 0 for all x of the cone; an entry off the diagonal of x
		// stands twice in the matrix.
		if semidefinite(-g[0], -g[1]/2, -g[2]) {
			polar += 1.0 / weightDraws
		}
	}
	if inside > 0.5 || polar > 0.5 {
		return ChiBar{}, false
	}
	out := shifted(free, polar, 0.5-inside, 0.5-polar, inside)
	out.Simulated = true
	return out, true
}

// backSolve overwrites z with U^-1 z: of covariance matrix J^-1 where J = U'U.
func backSolve(upper *mat.TriDense, z []float64) {
	for i := len(z) - 1; i >= 0; i-- {
		for k := i + 1; k < len(z); k++ {
			z[i] -= upper.At(i, k) * z[k]
		}
		z[i] /= upper.At(i, i)
	}
}

// shifted has the given weights from free degrees of freedom on.
func shifted(free int, w ...float64) ChiBar {
	return ChiBar{Weights: append(make([]float64, free), w...)}
}
