package lmm

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// Simulate draws n responses for the rows in the model from the fitted model,
//
//	X beta + offset + Z b* + e*,   b*_j ~ N(0, Sigma),   e*_i ~ N(0, sigma^2 / w_i)
//
// or e* with the structure of the residuals, with new random effects in each. A
// generalised model draws from its family at the mean of X beta + offset + Z b*,
// proportions of the trials of the row in a binomial one. Replicate r uses the generator PCG(seed, r)
// and draws term by term, level by level, then row by row: its bits depend on
// seed and r only. A negative n panics.
func (m *Model) Simulate(n int, seed uint64) [][]float64 {
	if n < 0 {
		panic("lmm: a negative number of simulations")
	}
	mean := m.mean(m.frameRows(), false)
	out := make([][]float64, n)
	each(n, func(r int) {
		out[r] = m.draw(mean, rand.New(rand.NewPCG(seed, uint64(r))))
	})
	return out
}

// Draw draws one response as Simulate does.
func (m *Model) Draw(rng *rand.Rand) []float64 { return m.draw(m.mean(m.frameRows(), false), rng) }

// draw adds random effects and errors to the mean.
func (m *Model) draw(mean []float64, rng *rand.Rand) []float64 {
	y := append([]float64(nil), mean...)
	for t := range m.design.Terms {
		term := &m.design.Terms[t]
		k, lambda := len(term.Names), m.lambda[t]
		b, u := make([]float64, len(term.Levels)*k), make([]float64, k)
		for j := range term.Levels {
			for c := range u {
				u[c] = m.sigma * rng.NormFloat64()
			}
			bj := b[j*k : j*k+k]
			for r := range bj {
				for c := 0; c <= r; c++ {
					bj[r] += lambda[r*k+c] * u[c]
				}
			}
		}
		for i, j := range term.Level {
			bj := b[int(j)*k:][:k]
			for c, v := range term.Z.Row(i) {
				y[i] += v * bj[c]
			}
		}
	}
	if g := m.source.general; g != nil {
		shape := m.rowShape()
		for i, eta := range y {
			y[i] = g.fam.Simulate(rng, g.fam.Mean(eta), g.weights[i], shape)
		}
		return y
	}
	e := make([]float64, len(y))
	for i := range e {
		e[i] = rng.NormFloat64()
	}
	if m.noise != nil {
		e = m.noise()(e)
	}
	for i := range y {
		y[i] += m.sigma / m.scale * e[i] / math.Sqrt(m.weight(i))
	}
	return y
}

// each calls f with 0 ... n-1, on all processors.
func each(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}
