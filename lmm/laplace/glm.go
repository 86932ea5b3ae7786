package laplace

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/suffstat"
)

// glm is the model without random effects: where a fit starts, and the weights
// of the coordinates.
type glm struct {
	beta   []float64 // p
	shape  float64
	weight []float64 // a row: the expected information
}

const glmIterations = 30

// enoughRows: of more rows, about as many as these tell where to start.
const enoughRows = 50000

// fitGLM maximises the likelihood, of a part of the rows if they are many, by
// Fisher scoring with step halving. Data that are separated leave it where the
// steps end: it is a start, no estimate. So do a link and predictors that together
// have no linear predictor above 0 where one is needed.
func fitGLM(fam *family.Family, r *rows) *glm {
	part := r.thin(r.n / enoughRows)
	g := scoreGLM(fam, part)
	if part != r {
		if positive(fam) {
			g.enter(fam, r)
		}
		g.weight = make([]float64, r.n)
		g.logLik(fam, r, make([]float64, r.n), make([]float64, r.n))
	}
	return g.floor()
}

// thin returns one of so many rows, without random effects. Which of them goes by the
// golden section, so that no period of the rows, of pairs of one success and one
// failure say, is that of the choice.
func (r *rows) thin(stride int) *rows {
	if stride < 2 {
		return r
	}
	out := &rows{p: r.p}
	for from := 0; from+stride <= r.n; from += stride {
		_, place := math.Modf(float64(out.n) / math.Phi)
		i := from + int(place*float64(stride))
		out.n++
		out.x = append(out.x, r.x[i*r.p:i*r.p+r.p]...)
		out.y, out.w, out.offset = append(out.y, r.y[i]), append(out.w, r.w[i]), append(out.offset, r.offset[i])
	}
	return out
}

func scoreGLM(fam *family.Family, r *rows) *glm {
	g := &glm{beta: make([]float64, r.p), shape: 1, weight: make([]float64, r.n)}
	eta := make([]float64, r.n)
	for i, y := range r.y {
		eta[i] = fam.Eta(inside(fam, y, r.w[i]))
	}
	if fam.HasShape() {
		g.shape = firstShape(fam, r, eta)
	}
	score := make([]float64, r.n)
	for i := range eta {
		// The first working response is eta itself.
		g.weight[i] = fam.Expected(r.w[i], eta[i], g.shape)
		score[i] = g.weight[i] * (eta[i] - r.offset[i])
	}
	step := make([]float64, r.p)
	if !scoring(step, r, g.weight, score) {
		return g
	}
	copy(g.beta, step)
	var before []float64
	if positive(fam) && g.enter(fam, r) {
		before = make([]float64, r.n)
	}
	last := g.logLik(fam, r, eta, score)
	for it := 0; it < glmIterations && r.p > 0; it++ {
		if !scoring(step, r, g.weight, score) {
			break
		}
		gain := math.Inf(-1)
		copy(before, eta)
		for half := 1.0; half > 1e-6; half /= 2 {
			for j, v := range step {
				g.beta[j] += half * v
			}
			gain = g.logLik(fam, r, eta, score) - last
			if before != nil && cuts(eta, before) {
				gain = math.Inf(-1)
			}
			if gain >= 0 || math.IsInf(last, -1) && !math.IsInf(gain, 0) {
				break
			}
			for j, v := range step {
				g.beta[j] -= half * v
			}
		}
		if !(gain >= 0) {
			g.logLik(fam, r, eta, score)
			break
		}
		last += gain
		if fam.HasShape() && it == 4 {
			g.shape = firstShape(fam, r, eta)
			last = g.logLik(fam, r, eta, score)
		}
		if gain < 1e-8*(1+math.Abs(last)) && (it > 4 || !fam.HasShape()) {
			break
		}
	}
	if fam.HasShape() {
		g.shape = firstShape(fam, r, eta)
		g.logLik(fam, r, eta, score)
	}
	return g
}

// inside is a mean near a response that the family can have as its mean.
func inside(fam *family.Family, y, w float64) float64 {
	switch fam.Name() {
	case "binomial":
		return (w*y + 0.5) / (w + 1)
	case "gamma":
		return y
	}
	return y + 0.1
}

// firstShape matches the second moment of the residuals.
func firstShape(fam *family.Family, r *rows, eta []float64) float64 {
	var excess, square float64
	for i, y := range r.y {
		mu := fam.Mean(eta[i])
		switch fam.Name() {
		case "gamma":
			excess += r.w[i] * (y/mu - 1) * (y/mu - 1)
			square += r.w[i]
		default:
			excess += r.w[i] * ((y-mu)*(y-mu) - mu)
			square += r.w[i] * mu * mu
		}
	}
	return square / math.Max(excess, 0.02*square)
}

// logLik sets eta, the weights and the scores at beta.
func (g *glm) logLik(fam *family.Family, r *rows, eta, score []float64) float64 {
	canonical := fam.Canonical()
	var sum float64
	var l, bend [batchRows]float64
	r.predict(eta, g.beta)
	for from := 0; from < r.n; from += batchRows {
		to := min(from+batchRows, r.n)
		fam.Kernels(r.y[from:to], eta[from:to], g.shape, l[:to-from], score[from:to], g.weight[from:to], bend[:to-from])
		for i := from; i < to; i++ {
			sum += r.w[i] * l[i-from]
			score[i] *= r.w[i]
			if g.weight[i] *= -r.w[i]; !canonical {
				g.weight[i] = fam.Expected(r.w[i], eta[i], g.shape)
			}
		}
	}
	return sum
}

// scoring solves X'WX step = X'score.
func scoring(step []float64, r *rows, w, score []float64) bool {
	p := r.p
	a := make([]float64, p*p)
	clear(step)
	for i, v := range w {
		x := r.x[i*p : i*p+p]
		for j, s := range x {
			step[j] += s * score[i]
			for l, t := range x[:j+1] {
				a[j*p+l] += v * s * t
			}
		}
	}
	if !dense.Cholesky(a, p) {
		return false
	}
	dense.SolveLower(a, p, step, 1)
	dense.SolveLowerTrans(a, p, step, 1)
	for _, v := range step {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// floor keeps the weights from 0, where the data are separated: coordinates need
// all rows.
func (g *glm) floor() *glm {
	var top float64
	for _, v := range g.weight {
		if !math.IsInf(v, 1) {
			top = math.Max(top, v)
		}
	}
	if top == 0 {
		top = 1
	}
	for i, v := range g.weight {
		if !(v >= 1e-3*top) {
			g.weight[i] = 1e-3 * top
		}
		if v > top {
			g.weight[i] = top
		}
	}
	return g
}

// rotate turns beta into internal coordinates, R beta.
func (g *glm) rotate(c *suffstat.Coords) {
	out := make([]float64, c.P)
	for i := range out {
		for j := i; j < c.P; j++ {
			out[i] += c.R[i*c.P+j] * g.beta[j]
		}
	}
	g.beta = out
}

// weighted is the design with the weights of the model without random effects, from
// which the coordinates are taken, and room for a response.
func (m *model) weighted() *design.Design {
	w := *m.d
	n := len(m.d.Y)
	w.Offset, w.Trials = nil, nil
	w.Weights, w.Y = make([]float64, n), make([]float64, n)
	for i := range w.Y {
		r := m.rows.of[i]
		w.Weights[i] = m.glm.weight[r] * m.rows.part(i) / m.rows.w[r]
	}
	return &w
}

// part is the weight of a row of the design.
func (r *rows) part(i int) float64 {
	if r.rawW == nil {
		return 1
	}
	return r.rawW[i]
}

// working is weighted with the working response of the model without random
// effects.
func (m *model) working() *design.Design {
	w, p := m.weighted(), m.rows.p
	for i := range w.Y {
		r := int(m.rows.of[i])
		eta := m.rows.offset[r]
		for j, v := range m.rows.x[r*p : r*p+p] {
			eta += v * m.glm.beta[j]
		}
		_, d1, _, _ := m.fam.Kernel(m.rows.rawY[i], eta, m.glm.shape)
		w.Y[i] = m.rows.part(i) * d1 / w.Weights[i]
	}
	return w
}

// standardise replaces the columns of the rows by those in internal coordinates.
func (m *model) standardise() error {
	w := m.weighted()
	spread(w.Y) // the coordinates do not depend on it
	std, err := suffstat.NewRows(w)
	if err != nil {
		return err
	}
	m.coords = std.Coords
	m.coords.Beta0, m.coords.YScale, m.coords.SumLogW = make([]float64, m.coords.P), 1, 0
	m.blocks = append(m.blocks, std.Blocks...)
	p := m.rows.p
	for i, a := range m.rows.first {
		root := math.Sqrt(w.Weights[a])
		for j := range p {
			m.rows.x[i*p+j] = std.X[int(a)*p+j] / root
		}
	}
	for f, g := range factorsOf(m.d) {
		for i, a := range m.rows.first {
			root := math.Sqrt(w.Weights[a])
			at := i * g.k
			for _, t := range g.terms {
				k := m.d.Terms[t].Z.Cols
				for j := range k {
					m.rows.z[f][at] = std.Z[t][int(a)*k+j] / root
					at++
				}
			}
		}
	}
	m.glm.rotate(&m.coords)
	if m.fam.HasShape() {
		m.blocks = append(m.blocks, m.shapeBlock())
	}
	m.pairs = cone.Pairs(m.blocks)
	return nil
}

// spread fills y with numbers that no predictors explain.
func spread(y []float64) {
	for i := range y {
		y[i] = math.Sin(1 + float64(i)*float64(i))
	}
}

// shapeBlock is the block of the shape: 1/size is felt where it is 1/mu.
func (m *model) shapeBlock() cone.Block {
	if m.fam.Name() == "gamma" {
		return cone.Block{K: 1, Shape: cone.Free, Unit: 1}
	}
	var mean, n float64
	for i, y := range m.rows.y {
		mean += m.rows.w[i] * y
		n += m.rows.w[i]
	}
	return cone.Block{K: 1, Shape: cone.Diagonal, Unit: math.Sqrt(n / math.Max(mean, 1))}
}
