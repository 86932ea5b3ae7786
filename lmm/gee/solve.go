package gee

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/internal/dense"
)

const (
	// smallStep: the equations are solved when a Fisher scoring step is shorter
	// than this in standard errors.
	smallStep = 1e-9
	// smallShift: and when it moves no linear predictor by more than this. Where
	// an estimate runs to infinity, steps in standard errors vanish and this
	// does not.
	smallShift = 1e-6
	// shortStep: below it the shift is worth computing.
	shortStep = 1e-3
	// maxIterations is the default limit.
	maxIterations = 200
)

// state is where the equations stand: all in the coordinates of data.q.
type state struct {
	d     *data
	fam   *family
	work  correlation
	gamma []float64 // p coefficients
	mu    []float64 // n means
	slope []float64 // n: d mu / d eta over the standard deviation at phi = 1
	e     []float64 // n Pearson residuals at phi = 1
	phi   float64
	// pulled is how far the working correlation had to be pulled towards
	// independence.
	pulled float64

	information []float64 // p x p: sum of D'R^-1 D at phi = 1
	score       []float64 // p
	block       []float64 // rows of one subject: D | e
	edge        bool      // a fitted mean lies at the edge of its range
}

func newState(d *data, fam *family, work correlation) *state {
	_, most := d.sizes()
	return &state{d: d, fam: fam, work: work, gamma: make([]float64, d.p), mu: make([]float64, d.n), slope: make([]float64, d.n),
		e: make([]float64, d.n), information: make([]float64, d.p*d.p), score: make([]float64, d.p), block: make([]float64, most*(d.p+1)), phi: 1}
}

// predictor is the linear predictor of row i.
func (s *state) predictor(i int, gamma []float64) float64 {
	eta := s.d.offset[i]
	for j, q := range s.d.q[i*s.d.p : (i+1)*s.d.p] {
		eta += q * gamma[j]
	}
	return eta
}

// evaluate computes means, slopes and residuals. It reports whether all means
// are in the range of the family.
func (s *state) evaluate() bool {
	s.edge = false
	for i := range s.mu {
		mu, slope := s.fam.mean(s.predictor(i, s.gamma))
		kept, ok := s.fam.clamp(mu)
		if !ok {
			return false
		}
		s.edge = s.edge || kept != mu || s.fam.name == "binomial" && (mu < 1e-8 || mu > 1-1e-8)
		root := math.Sqrt(s.d.weight[i] / s.fam.variance(kept))
		s.mu[i], s.slope[i], s.e[i] = kept, slope*root, (s.d.y[i]-kept)*root
	}
	return true
}

// associate estimates phi and the working correlation from the residuals.
func (s *state) associate(scale float64) {
	s.phi = scale
	if scale == 0 {
		var sum float64
		for _, e := range s.e {
			sum += e * e
		}
		s.phi = sum / float64(s.d.n)
	}
	standard := make([]float64, len(s.e))
	root := 1 / math.Sqrt(s.phi)
	for i, e := range s.e {
		standard[i] = e * root
	}
	s.pulled = s.work.estimate(standard, s.d)
}

// subject fills the block of a subject with its whitened rows D | e.
func (s *state) subjectBlock(i int) (block []float64, rows int) {
	from, to, p := s.d.start[i], s.d.start[i+1], s.d.p
	c := p + 1
	block = s.block[:(to-from)*c]
	for k := from; k < to; k++ {
		row := block[(k-from)*c : (k-from+1)*c]
		for j, q := range s.d.q[k*p : (k+1)*p] {
			row[j] = q * s.slope[k]
		}
		row[p] = s.e[k]
	}
	s.work.whiten(s.d, i, block, c)
	return block, to - from
}

// accumulate sums information and score over the subjects.
func (s *state) accumulate() {
	p := s.d.p
	c := p + 1
	clear(s.information)
	clear(s.score)
	for i := range s.d.subject {
		block, m := s.subjectBlock(i)
		for k := range m {
			row := block[k*c : (k+1)*c]
			e := row[p]
			for a, x := range row[:p] {
				s.score[a] += x * e
				info := s.information[a*p : a*p+a+1]
				for b := range info {
					info[b] += x * row[b]
				}
			}
		}
	}
	for a := range p {
		for b := range a {
			s.information[b*p+a] = s.information[a*p+b]
		}
	}
}

// step returns the Fisher scoring step and its length in standard errors; ok is
// false where the information has no inverse.
func (s *state) step() (step []float64, length float64, ok bool) {
	p := s.d.p
	l := append([]float64(nil), s.information...)
	if !dense.Cholesky(l, p) {
		return nil, math.NaN(), false
	}
	step = append([]float64(nil), s.score...)
	dense.SolveLower(l, p, step, 1)
	for _, v := range step {
		length += v * v
	}
	dense.SolveLowerTrans(l, p, step, 1)
	return step, math.Sqrt(length / s.phi), true
}

// shift is the largest change of a linear predictor in a step, 0 for the
// identity, whose predictors have units.
func (s *state) shift(step []float64) float64 {
	switch {
	case step == nil:
		return math.NaN()
	case s.fam.link == "identity":
		return 0
	}
	var most float64
	for i := range s.mu {
		most = math.Max(most, math.Abs(s.predictor(i, step)-s.d.offset[i]))
	}
	return most
}

// iterate solves the equations from where the state stands.
func (s *state) iterate(scale float64, limit int) progress {
	var p progress
	if !s.evaluate() {
		p.stopped = "a starting value is outside the range of the family"
		return p
	}
	last := math.Inf(1)
	for p.iterations = 1; p.iterations <= limit; p.iterations++ {
		s.associate(scale)
		if !(s.phi > 0) {
			p.stopped = "the residuals are all 0: nothing is left to estimate the scale from"
			return p
		}
		s.accumulate()
		step, length, ok := s.step()
		if !ok {
			p.stopped = "the information matrix has no inverse"
			return p
		}
		p.length, p.shift, p.step = length, math.Inf(1), step
		if length < shortStep {
			p.shift = s.shift(step)
		}
		if length < smallStep && p.shift < smallShift {
			p.converged = true
			return p
		}
		size := 1.0
		if p.iterations > 20 && length > 0.5*last { // mean and correlation swing
			size = 0.5
		}
		last = length
		if !s.move(step, size) {
			p.stopped = "no step stays in the range of the family"
			return p
		}
	}
	p.iterations = limit
	p.stopped = fmt.Sprintf("%d iterations were not enough", limit)
	return p
}

// progress is how an iteration ended.
type progress struct {
	converged     bool
	iterations    int
	length, shift float64
	step          []float64 // the last, in the coordinates of data.q
	stopped       string    // why, if not converged
}

// move takes a step, shortened until all means are valid.
func (s *state) move(step []float64, size float64) bool {
	before := append([]float64(nil), s.gamma...)
	for range 30 {
		for j, v := range step {
			s.gamma[j] = before[j] + size*v
		}
		if s.evaluate() {
			return true
		}
		size /= 2
	}
	copy(s.gamma, before)
	return s.evaluate() && false
}

// begin sets coefficients by one weighted regression of the working response at
// means close to the data (McCullagh and Nelder 1989, sec. 2.5).
func (s *state) begin() {
	d, p := s.d, s.d.p
	var mean float64
	for _, y := range d.y {
		mean += y / float64(d.n)
	}
	clear(s.information)
	clear(s.score)
	for i := range d.y {
		mu, _ := s.fam.clamp(s.fam.start(d.y[i], mean))
		eta := s.fam.eta(mu)
		_, slope := s.fam.mean(eta)
		w := d.weight[i] * slope * slope / s.fam.variance(mu)
		z := eta - d.offset[i] + (d.y[i]-mu)/slope
		row := d.q[i*p : (i+1)*p]
		for a, x := range row {
			s.score[a] += w * x * z
			for b, v := range row {
				s.information[a*p+b] += w * x * v
			}
		}
	}
	l := append([]float64(nil), s.information...)
	if dense.Cholesky(l, p) {
		copy(s.gamma, s.score)
		dense.SolveLower(l, p, s.gamma, 1)
		dense.SolveLowerTrans(l, p, s.gamma, 1)
	}
}

// solve estimates first under independence, then with the working correlation.
func solve(d *design.Design, dat *data, fam *family, work correlation, opt Options) (*Result, error) {
	limit := opt.MaxIterations
	if limit <= 0 {
		limit = maxIterations
	}
	base := newState(dat, fam, independence{})
	base.begin()
	p := base.iterate(opt.Scale, limit)
	if p.iterations == 0 {
		return nil, fmt.Errorf("%s and link %s: %s; give the family or link that suits the response, or an offset", fam.name, fam.link, p.stopped)
	}
	s := base
	if _, ok := work.(independence); !ok {
		s = newState(dat, fam, work)
		copy(s.gamma, base.gamma)
		if p.converged {
			p = s.iterate(opt.Scale, limit)
		} else {
			s.evaluate()
			s.associate(opt.Scale)
			s.accumulate()
		}
	}
	return newResult(d, s, base, p, opt), nil
}
