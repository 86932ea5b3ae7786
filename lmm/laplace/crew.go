package laplace

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/golmm/golmm/lmm/internal/dense"
)

const (
	// chunkRows is about the number of rows of a chunk: the work of 50 us.
	chunkRows = 1000
	maxChunks = 64
	// batchRows is the number of rows whose likelihoods are computed in one call.
	batchRows = 256
	// copiedCells bounds what all chunks hold of the dense part.
	copiedCells = 1 << 20
)

// crew shares the levels of the first factor out among the processors, in chunks
// that depend on the data alone, whose sums are added in their order: the bits do
// not depend on the number of processors.
type crew struct {
	from  []int // levels: chunk c is from[c] to from[c+1]
	parts []part
}

// part is what a chunk sums up.
type part struct {
	sum   float64
	rest  []float64 // q x q
	r, t  []float64 // q
	fixed []float64 // p
	cross []float64 // p x p
	wide  []float64 // q x p
	own   []float64 // k x k
	eta   []float64 // batchRows: linear predictors, and log-likelihoods
	l     []float64
	m, tm []float64 // of meet
	gemm  dense.Gemm
}

// init makes the chunks for n rows, each of which costs as much as so many.
func (c *crew) init(l *layout, n, cost, p int) {
	chunks := min(maxChunks, 1+n*cost/chunkRows, l.n)
	if q := l.q; chunks*q*q > copiedCells {
		chunks = max(1, copiedCells/(q*q))
	}
	c.from = []int{0}
	for i := 1; i < chunks; i++ {
		s := c.from[len(c.from)-1]
		for s < l.n && l.from[s] < i*n/chunks {
			s++
		}
		if s > c.from[len(c.from)-1] && s < l.n {
			c.from = append(c.from, s)
		}
	}
	c.from = append(c.from, l.n)
	c.parts = make([]part, len(c.from)-1)
	for i := range c.parts {
		q, k := l.q, l.k
		c.parts[i] = part{r: make([]float64, q), t: make([]float64, q), fixed: make([]float64, p),
			cross: make([]float64, p*p), wide: make([]float64, q*p), own: make([]float64, k*k),
			eta: make([]float64, min(n, batchRows)), l: make([]float64, min(n, batchRows))}
		if i > 0 {
			c.parts[i].rest = make([]float64, q*q)
		}
	}
}

// chunksEach is the number of chunks for which it pays to wake another processor.
const chunksEach = 2

// each runs a function for every chunk.
func (c *crew) each(run func(chunk, from, to int)) {
	n := len(c.parts)
	workers := max(1, min(runtime.GOMAXPROCS(0), n/chunksEach))
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			run(i, c.from[i], c.from[i+1])
		}
	}
	var done sync.WaitGroup
	for range workers - 1 {
		done.Go(work)
	}
	work()
	done.Wait()
}

// add adds what the parts hold of a vector, in their order.
func (c *crew) add(to []float64, of func(*part) []float64) {
	for i := range c.parts {
		for j, v := range of(&c.parts[i]) {
			to[j] += v
		}
	}
}
