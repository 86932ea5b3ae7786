package infer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/design"
)

// maxExactLevels bounds the matrix whose eigenvalues the exact distribution
// needs. With that many levels the mixture of chi-squares is good.
const maxExactLevels = 1000

// varianceNull is the finite-sample distribution of the (restricted) likelihood
// ratio of one variance, sigma^2 lambda, in y = X beta + Z b + e, where lambda =
// 0:
//
//	RLRT = sup over lambda >= 0 of  nu log(S / D(lambda)) - sum_s log(1 + lambda xi_s)
//	D    = sum_s w_s^2 / (1 + lambda mu_s) + R,   S = sum_s w_s^2 + R,   w_s ~ N(0, 1)
//
// mu are the eigenvalues of Z'(I - X(X'X)^-1 X')Z, R is chi-square on the other
// n - p - #mu degrees of freedom. REML: nu = n - p, xi = mu. ML: nu = n, xi are
// the eigenvalues of Z'Z, and S has one more chi-square on the fixed effects
// tested (Crainiceanu and Ruppert 2004, theorems 1 and 2).
//
// Equal eigenvalues share a term of each sum: a balanced design has one.
type varianceNull struct {
	mu, xi []eigenvalue
	nu     float64
	rest   int // degrees of freedom of R
	fixed  int // fixed effects tested
	reml   bool

	grid   []float64 // lambda
	shrink []float64 // grid x mu: 1 / (1 + lambda mu)
	factor []float64 // grid: product of (1 + lambda xi)^(1/nu)
}

// eigenvalue is a value and how often it occurs.
type eigenvalue struct {
	value float64
	times int
}

// grouped collects equal values, up to rounding.
func grouped(values []float64) []eigenvalue {
	values = slices.Sorted(slices.Values(values))
	var out []eigenvalue
	for _, v := range values {
		if n := len(out); n > 0 && v-out[n-1].value <= 1e-10*v {
			out[n-1].times++
			continue
		}
		out = append(out, eigenvalue{v, 1})
	}
	return out
}

// newVarianceNull describes the test of the variance of one column of a term of
// the design; fixed counts the fixed effects tested with it.
func newVarianceNull(d *design.Design, term, column int, reml bool, fixed int) (*varianceNull, error) {
	t := &d.Terms[term]
	q := len(t.Levels)
	if q > maxExactLevels {
		return nil, fmt.Errorf("the exact distribution needs the eigenvalues of a matrix of %d x %d, one row for each level of %s; up to %d are computed. With so many levels the mixture of chi-squares does as well",
			q, q, t.Group, maxExactLevels)
	}
	basis, p := orthonormal(&d.X, d.Weights), d.X.Cols
	n := d.X.Rows
	diag, cross := make([]float64, q), mat.NewDense(q, max(p, 1), nil)
	for i, l := range t.Level {
		w := weightOf(d, i)
		z := t.Z.At(i, column)
		diag[l] += w * z * z
		for j := range p {
			cross.Set(int(l), j, cross.At(int(l), j)+math.Sqrt(w)*z*basis[i*p+j])
		}
	}
	inner := mat.NewSymDense(q, nil)
	for r := range q {
		for c := r; c < q; c++ {
			inner.SetSym(r, c, -mat.Dot(cross.RowView(r), cross.RowView(c)))
		}
		inner.SetSym(r, r, inner.At(r, r)+diag[r])
	}
	var eig mat.EigenSym
	if !eig.Factorize(inner, false) {
		return nil, fmt.Errorf("the eigenvalues of the levels of %s could not be computed", t.Group)
	}
	v := &varianceNull{reml: reml, fixed: fixed, nu: float64(n)}
	if reml {
		v.nu -= float64(p)
	}
	top := slices.Max(diag)
	var mus []float64
	for _, mu := range eig.Values(nil) {
		if mu > 1e-9*top {
			mus = append(mus, mu/top)
		}
	}
	if len(mus) == 0 {
		return nil, fmt.Errorf("the fixed effects take up the random effects of %s: there is nothing to test", t.Src)
	}
	var xis []float64
	for _, x := range diag {
		if x > 0 {
			xis = append(xis, x/top)
		}
	}
	v.mu = grouped(mus)
	v.xi = v.mu
	if !reml {
		v.xi = grouped(xis)
	}
	v.rest = n - p - len(mus)
	v.tabulate()
	return v, nil
}

// tabulate prepares a grid of lambda, in units of the largest eigenvalue of
// Z'Z: dense where maxima are common, then a point a decade.
func (v *varianceNull) tabulate() {
	for e := -2.5; e <= 3; e += 0.5 {
		v.grid = append(v.grid, math.Pow(10, e))
	}
	for e := 4.0; e <= 9; e++ {
		v.grid = append(v.grid, math.Pow(10, e))
	}
	for _, l := range v.grid {
		v.factor = append(v.factor, math.Exp(v.cost(l)/v.nu))
		for _, m := range v.mu {
			v.shrink = append(v.shrink, 1/(1+l*m.value))
		}
	}
}

// cost is the sum of log(1 + lambda xi).
func (v *varianceNull) cost(lambda float64) float64 {
	c, product := 0.0, 1.0
	for _, x := range v.xi {
		if x.times > 1 {
			c += float64(x.times) * math.Log1p(lambda*x.value)
			continue
		}
		if product *= 1 + lambda*x.value; product > 1e290 { // a factor is at most 1e9
			c += math.Log(product)
			product = 1
		}
	}
	return c + math.Log(product)
}

// simulate returns n draws of the statistic. Draw r uses PCG(seed, r).
func (v *varianceNull) simulate(n int, seed uint64, workers int) []float64 {
	out := make([]float64, n)
	type state struct {
		pcg *rand.PCG
		rng *rand.Rand
		w   []float64
	}
	states := make([]*state, workerCount(workers, n))
	const block = 256 // draws a turn: a turn costs more than a draw
	each(workers, 0, (n+block-1)/block, func(worker, b int) {
		st := states[worker]
		if st == nil {
			pcg := rand.NewPCG(0, 0)
			st = &state{pcg, rand.New(pcg), make([]float64, len(v.mu))}
			states[worker] = st
		}
		for r := b * block; r < min(n, (b+1)*block); r++ {
			st.pcg.Seed(seed, uint64(r))
			out[r] = v.draw(st.rng, st.w)
		}
	})
	return out
}

// draw returns one value of the statistic; w is workspace.
func (v *varianceNull) draw(rng *rand.Rand, w []float64) float64 {
	var sum float64
	for i := range w {
		w[i] = chiSquareDraw(rng, v.mu[i].times)
		sum += w[i]
	}
	rest := chiSquareDraw(rng, v.rest)
	sum += rest
	total := sum // S
	if v.fixed > 0 {
		total += chiSquareDraw(rng, v.fixed)
	}
	// nu log D + cost is to be as small as possible.
	best, at := sum, -1
	k := len(v.mu)
	for g, f := range v.factor {
		if d := f * (rest + floats.Dot(v.shrink[g*k:g*k+k], w)); d < best {
			best, at = d, g
		}
	}
	least := v.nu * math.Log(best)
	if x := v.refine(w, rest, at); x > 0 {
		d := rest
		for i, m := range v.mu {
			d += w[i] / (1 + x*m.value)
		}
		least = math.Min(least, v.nu*math.Log(d)+v.cost(x))
	}
	return math.Max(0, v.nu*math.Log(total)-least)
}

// refine returns the lambda of least nu log D + cost in the interval around a
// point of the grid, at = -1 for 0, by Newton's method on the derivative,
// safeguarded by bisection.
func (v *varianceNull) refine(w []float64, rest float64, at int) float64 {
	lo, hi, x := 0.0, v.grid[0], 0.0
	if at >= 0 {
		x = v.grid[at]
		if at > 0 {
			lo = v.grid[at-1]
		}
		hi = v.grid[min(at+1, len(v.grid)-1)]
	}
	slope, curve := v.derivatives(w, rest, x)
	if x == 0 && slope >= 0 {
		return 0
	}
	for range 30 {
		if slope > 0 {
			hi = x
		} else {
			lo = x
		}
		next := x - slope/curve
		if !(curve > 0) || next <= lo || next >= hi {
			next = (lo + hi) / 2
		}
		promised := slope * slope / math.Abs(curve)
		x = next
		if promised < 1e-7 { // the step leaves its square
			break
		}
		slope, curve = v.derivatives(w, rest, x)
	}
	return x
}

// derivatives of nu log D + cost with respect to lambda.
func (v *varianceNull) derivatives(w []float64, rest, lambda float64) (slope, curve float64) {
	d, d1, d2 := rest, 0.0, 0.0
	var c1, c2 float64
	shared := len(v.xi) > 0 && &v.xi[0] == &v.mu[0]
	for i, m := range v.mu {
		s := 1 / (1 + lambda*m.value)
		t, u := s*w[i], s*m.value
		d += t
		d1 -= t * u
		d2 += 2 * t * u * u
		if shared {
			c1 += float64(m.times) * u
			c2 -= float64(m.times) * u * u
		}
	}
	if !shared {
		for _, x := range v.xi {
			u := x.value / (1 + lambda*x.value)
			c1 += float64(x.times) * u
			c2 -= float64(x.times) * u * u
		}
	}
	r := d1 / d
	return v.nu*r + c1, v.nu*(d2/d-r*r) + c2
}

// chiSquareDraw draws from chi-square by Marsaglia and Tsang (2000) for the gamma
// distribution; small degrees of freedom are sums of squares.
func chiSquareDraw(rng *rand.Rand, df int) float64 {
	if df <= 4 {
		var s float64
		for range df {
			z := rng.NormFloat64()
			s += z * z
		}
		return s
	}
	d := float64(df)/2 - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		u := rng.Float64()
		if u < 1-0.0331*x*x*x*x || math.Log(u) < x*x/2+d*(1-v+math.Log(v)) {
			return 2 * d * v
		}
	}
}
