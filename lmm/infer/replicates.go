package infer

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// replicator returns what makes a replicate of a model from random numbers.
func replicator(m *lmm.Model, kind BootstrapKind) (func(*rand.Rand) (*lmm.Model, error), error) {
	switch kind {
	case Parametric:
		sim, err := newSimulator(m)
		if err != nil {
			return nil, err
		}
		return func(rng *rand.Rand) (*lmm.Model, error) {
			y := make([]float64, m.NObs())
			sim.draw(y, rng)
			return m.Refit(y)
		}, nil
	case Residual:
		if err := gaussianOnly(m, "the bootstrap of residuals", "its responses are not the sum of a mean and a residual: take parametric or case"); err != nil {
			return nil, err
		}
		pool, err := newResidualPool(m)
		if err != nil {
			return nil, err
		}
		return func(rng *rand.Rand) (*lmm.Model, error) { return m.Refit(pool.draw(rng)) }, nil
	case Case:
		c, err := newClusters(m.Frame())
		if err != nil {
			return nil, err
		}
		return func(rng *rand.Rand) (*lmm.Model, error) {
			chosen := make([]int, len(c.rows))
			for i := range chosen {
				chosen[i] = rng.IntN(len(c.rows))
			}
			return fitRows(m, c.design(chosen))
		}, nil
	}
	return nil, fmt.Errorf("there is no bootstrap %q; the kinds are %q, %q and %q", kind, Parametric, Residual, Case)
}

// fitRows fits a design made of some of the rows of m.
func fitRows(m *lmm.Model, d *design.Design) (*lmm.Model, error) {
	if !fullRank(&d.X) {
		return nil, &design.Error{Code: "D1 RANK_X", Msg: "the rows drawn do not identify all fixed effects"}
	}
	return lmm.FitDesign(d, likeIts(m, !m.REML()))
}

// fullRank says that no column depends on those before it.
func fullRank(x *design.Matrix) bool {
	if x.Rows < x.Cols {
		return false
	}
	r := triangleOf(x, nil)
	for j := range x.Cols {
		var size float64
		for i := 0; i <= j; i++ {
			size = math.Hypot(size, r[i*x.Cols+j])
		}
		if math.Abs(r[j*x.Cols+j]) <= 1e-7*size {
			return false
		}
	}
	return true
}

// residualPool holds stretched modes and residuals.
type residualPool struct {
	design *design.Design
	mean   []float64
	modes  [][]float64 // a term: levels x k
	errors []float64   // of unit weight
}

// newResidualPool centres the modes u and gives them the covariance matrix
// estimated: u A, A = L_S^-T L_R' with S = u'u / J = L_S L_S', Sigma = L_R L_R'
// (Carpenter, Goldstein and Rasbash 2003, sec. 3.2).
func newResidualPool(m *lmm.Model) (*residualPool, error) {
	sim, err := newSimulator(m)
	if err != nil {
		return nil, err
	}
	p := &residualPool{design: m.Frame(), mean: sim.mean, errors: make([]float64, m.NObs())}
	u := modesOf(m)
	for t := range p.design.Terms {
		k := p.design.Terms[t].Z.Cols
		centre(u[t], k)
		sigma := append([]float64(nil), sim.lambda[t]...)
		scale(sigma, sim.sigma)
		p.modes = append(p.modes, stretch(u[t], sigma, k))
	}
	fitted := m.Fitted()
	for i := range p.errors {
		p.errors[i] = (p.design.Y[i] - fitted[i]) * math.Sqrt(weightOf(p.design, i))
	}
	centre(p.errors, 1)
	p.errors = stretch(p.errors, []float64{sim.sigma}, 1)
	return p, nil
}

// modesOf returns the modes of each term, levels x k.
func modesOf(m *lmm.Model) [][]float64 {
	d := m.Frame()
	out := make([][]float64, len(d.Terms))
	for _, e := range m.RandomEffects() {
		at := 0
		for t := range d.Terms {
			if d.Terms[t].Group != e.Group {
				continue
			}
			k := d.Terms[t].Z.Cols
			for j := range e.Levels {
				out[t] = append(out[t], e.Mode[j][at:at+k]...)
			}
			at += k
		}
	}
	return out
}

// centre takes the mean of each of k columns out.
func centre(x []float64, k int) {
	n := len(x) / k
	for c := range k {
		var s float64
		for i := range n {
			s += x[i*k+c]
		}
		for i := range n {
			x[i*k+c] -= s / float64(n)
		}
	}
}

// stretch gives rows of k columns the covariance matrix factor factor': 0 in
// directions in which they do not vary.
func stretch(x, factor []float64, k int) []float64 {
	n := len(x) / k
	rows := mat.NewDense(n, k, append([]float64(nil), x...))
	var svd mat.SVD
	if !svd.Factorize(rows, mat.SVDThin) {
		return make([]float64, len(x))
	}
	// The left singular vectors have unit variances when multiplied by sqrt n;
	// V' takes them back to the columns.
	var left, right, back, out mat.Dense
	svd.UTo(&left)
	svd.VTo(&right)
	values := svd.Values(nil)
	for j, v := range values {
		f := math.Sqrt(float64(n))
		if v <= 1e-10*values[0] {
			f = 0
		}
		for i := range n {
			left.Set(i, j, f*left.At(i, j))
		}
	}
	back.Mul(&left, right.T())
	out.Mul(&back, mat.NewDense(k, k, factor).T())
	return out.RawMatrix().Data
}

// draw returns a response.
func (p *residualPool) draw(rng *rand.Rand) []float64 {
	y := append([]float64(nil), p.mean...)
	for t := range p.design.Terms {
		term := &p.design.Terms[t]
		k, levels := term.Z.Cols, len(term.Levels)
		chosen := make([]int, levels)
		for j := range chosen {
			chosen[j] = rng.IntN(levels)
		}
		for i, j := range term.Level {
			b := p.modes[t][chosen[j]*k:][:k]
			for c, v := range term.Z.Row(i) {
				y[i] += v * b[c]
			}
		}
	}
	for i := range y {
		y[i] += p.errors[rng.IntN(len(p.errors))] / math.Sqrt(weightOf(p.design, i))
	}
	return y
}

// clusters are the levels of the factor in which all others are nested.
type clusters struct {
	whole *design.Design
	rows  [][]int // of each cluster
}

func newClusters(d *design.Design) (*clusters, error) {
	outer := -1
	for t := range d.Terms {
		holds := true
		for s := range d.Terms {
			holds = holds && within(d.Terms[s].Level, d.Terms[t].Level)
		}
		if holds {
			outer = t
		}
	}
	if outer < 0 {
		return nil, fmt.Errorf("the grouping factors of %q are crossed: there are no clusters to draw. A parametric or a residual bootstrap does not need them", d.Formula.Src)
	}
	c := &clusters{whole: d, rows: make([][]int, len(d.Terms[outer].Levels))}
	for i, l := range d.Terms[outer].Level {
		c.rows[l] = append(c.rows[l], i)
	}
	return c, nil
}

// design is that of the clusters chosen; one chosen twice is two clusters.
func (c *clusters) design(chosen []int) *design.Design {
	var rows, copyOf []int
	for n, j := range chosen {
		rows = append(rows, c.rows[j]...)
		for range c.rows[j] {
			copyOf = append(copyOf, n)
		}
	}
	d := *c.whole
	d.Y, d.Weights, d.Offset, d.X = pick(d.Y, rows), pick(d.Weights, rows), pick(d.Offset, rows), pickRows(&d.X, rows)
	d.Trials = trials(c.whole, rows)
	d.Rows = make([]int, len(rows))
	for i, r := range rows {
		d.Rows[i] = c.whole.Rows[r]
	}
	d.Findings = nil
	d.Terms = append([]design.Term(nil), d.Terms...)
	for t := range d.Terms {
		term := &d.Terms[t]
		term.Z = pickRows(&c.whole.Terms[t].Z, rows)
		old := c.whole.Terms[t]
		seen := make(map[[2]int]int32)
		term.Level, term.Levels = make([]int32, len(rows)), nil
		for i, r := range rows {
			key := [2]int{copyOf[i], int(old.Level[r])}
			l, ok := seen[key]
			if !ok {
				l = int32(len(term.Levels))
				seen[key] = l
				term.Levels = append(term.Levels, fmt.Sprintf("%s.%d", old.Levels[old.Level[r]], copyOf[i]+1))
			}
			term.Level[i] = l
		}
	}
	return &d
}
