package infer

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// simulator draws responses from a fitted model, one at a time, with the bits of
// Model.Simulate.
type simulator struct {
	design *design.Design
	mean   []float64
	sigma  float64
	lambda [][]float64 // of the terms of design, in the user's units
	model  *lmm.Model  // that draws by itself: its residuals have a structure, or it is generalised
	// respond, for a generalised model without random effects, takes a mean of the
	// linear predictor to a response.
	respond func(rng *rand.Rand, i int, eta float64) float64
}

func newSimulator(m *lmm.Model) (*simulator, error) {
	p, err := m.Predict(nil, &lmm.PredictOptions{Population: true, MeanOnly: true})
	if err != nil {
		return nil, err
	}
	if m.Residual() != nil || m.Family() != nil {
		return &simulator{design: m.Frame(), mean: p.Mean, model: m}, nil
	}
	obj := m.Objective()
	// Where the data cannot tell sigma from other variances, any split of them
	// has the same distribution.
	sigma := obj.Coords.YScale * math.Sqrt(obj.Solve(obj.Point).Sigma2)
	s := &simulator{design: m.Frame(), mean: p.Mean, sigma: sigma}
	for t, l := range obj.Point {
		k := obj.Blocks()[t].K
		lam := mat.NewDense(k, k, nil)
		lam.Mul(mat.NewDense(k, k, obj.Coords.T[t]), mat.NewDense(k, k, l))
		factor := lam.RawMatrix().Data
		dense.LowerFactor(factor, k)
		s.lambda = append(s.lambda, factor)
	}
	return s, nil
}

// newLinearSimulator draws from the linear model inside m, of the design given.
func newLinearSimulator(m *lmm.Model, d *design.Design) *simulator {
	obj := m.Objective()
	zero := emptied(obj, len(m.Frame().Terms))
	sol := obj.Solve(zero)
	s := &simulator{design: d, mean: make([]float64, d.X.Rows), sigma: obj.Coords.YScale * math.Sqrt(sol.Sigma2)}
	beta := obj.Coords.Beta(sol.Beta)
	for i := range s.mean {
		s.mean[i] = offset(d, i)
		for j, x := range d.X.Row(i) {
			s.mean[i] += x * beta[j]
		}
	}
	if fam := m.Family(); fam != nil {
		shape := m.ShapeAt(zero)
		s.respond = func(rng *rand.Rand, i int, eta float64) float64 {
			return fam.Simulate(rng, fam.Mean(eta), m.RowWeight(i), shape)
		}
	}
	return s
}

// draw sets y to a response: term by term, level by level, then row by row.
func (s *simulator) draw(y []float64, rng *rand.Rand) {
	if s.model != nil {
		copy(y, s.model.Draw(rng))
		return
	}
	copy(y, s.mean)
	for t := range s.design.Terms {
		term := &s.design.Terms[t]
		k, lambda := term.Z.Cols, s.lambda[t]
		b, u := make([]float64, len(term.Levels)*k), make([]float64, k)
		for j := range term.Levels {
			for c := range u {
				u[c] = s.sigma * rng.NormFloat64()
			}
			for r := range k {
				for c := 0; c <= r; c++ {
					b[j*k+r] += lambda[r*k+c] * u[c]
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
	if s.respond != nil {
		for i, eta := range y {
			y[i] = s.respond(rng, i, eta)
		}
		return
	}
	for i := range y {
		y[i] += s.sigma * rng.NormFloat64() / math.Sqrt(weightOf(s.design, i))
	}
}
