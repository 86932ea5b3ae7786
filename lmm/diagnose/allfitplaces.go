package diagnose

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
)

// compare sorts the runs to the maxima at which they ended.
func (r *AllFitResult) compare() {
	r.Best, r.At = math.Inf(1), -1
	if !math.IsNaN(r.Criterion) {
		r.Best = r.Criterion
	}
	order := make([]int, len(r.Runs))
	for i := range r.Runs {
		order[i] = i
		if c := r.Runs[i].Criterion; c < r.Best && r.Runs[i].Verdict.Place != certify.NoFiniteMaximum {
			r.Best = c
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := r.Runs[a].Criterion, r.Runs[b].Criterion; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	other := false // a run has the value of a maximum and other parameters
	for _, i := range order {
		run := &r.Runs[i]
		run.Above = run.Criterion - r.Best
		if run.Verdict.Convergence != certify.Converged {
			continue
		}
		at, moved := r.place(run.model)
		if at < 0 {
			at = r.found(run)
		}
		other = other || moved
		run.Maximum = at
		r.Maxima[at].Runs = append(r.Maxima[at].Runs, i)
	}
	if r.Verdict.Convergence == certify.Converged {
		r.At, _ = r.place(r.model)
	}
	switch {
	case len(r.Maxima) == 0:
		r.Agreement = NoMaximum
	case len(r.Maxima) > 1:
		r.Agreement = SeveralMaxima
	case other:
		r.Agreement = OtherParameters
	default:
		r.Agreement = OnePoint
	}
	r.Findings = r.observe()
}

// found adds the maximum at which a run ended.
func (r *AllFitResult) found(run *OptimizerRun) int {
	x := Maximum{Criterion: run.Criterion, Above: run.Above, Theta: run.Theta, Fixed: run.Fixed, Verdict: run.Verdict}
	for _, c := range run.model.FixedEffects() {
		x.SE = append(x.SE, c.SE)
	}
	if len(r.Maxima) > 0 {
		w := wayBetween(r.first(0), run.model, wayPoints)
		x.Way = &w
	}
	r.Maxima = append(r.Maxima, x)
	return len(r.Maxima) - 1
}

// first is the lowest run at a maximum.
func (r *AllFitResult) first(at int) *lmm.Model {
	return r.Runs[r.Maxima[at].Runs[0]].model
}

// Points are the estimates at the maxima, in the coordinates of Model.Objective; nil for a
// saved result.
func (r *AllFitResult) Points() []cone.Point {
	var out []cone.Point
	for i := range r.Maxima {
		m := r.first(i)
		if m == nil {
			return nil
		}
		out = append(out, m.Objective().Point)
	}
	return out
}

// place returns the maximum at which a converged fit stands, -1 for one that is
// new, and whether its parameters are others than those of the lowest run there: by
// more than is seen, or, on a ridge, than a search leaves.
func (r *AllFitResult) place(m *lmm.Model) (at int, moved bool) {
	for i := range r.Maxima {
		first := r.first(i)
		if !(math.Abs(m.Criterion()-first.Criterion()) < criteriaDiffer) {
			continue
		}
		switch {
		case effectsApart(first, m) < effectsDiffer && matricesApart(first, m) < r.apartAbove():
			return i, false
		case m.Verdict().Place == certify.NotIdentifiable || wayBetween(first, m, fewWayPoints).Barrier < barrierBetween:
			return i, true
		}
	}
	return -1, false
}

// apartAbove is the relative difference of covariance matrices from which on two
// points are told apart.
func (r *AllFitResult) apartAbove() float64 {
	if r.Verdict.Place == certify.NotIdentifiable {
		return ridgeDiffers
	}
	return matricesDiffer
}

// effectsApart is the largest difference of a fixed effect in standard errors of
// a.
func effectsApart(a, b *lmm.Model) float64 {
	most := 0.0
	other := b.FixedEffects()
	for i, c := range a.FixedEffects() {
		if d := math.Abs(other[i].Estimate-c.Estimate) / c.SE; d > most {
			most = d
		}
	}
	return most
}

// matricesApart is the largest difference of the covariance matrices of a term,
// relative to their size, or to that below which a term adds less to a level than
// a row of noise.
func matricesApart(a, b *lmm.Model) float64 {
	most := 0.0
	x, y := a.Objective(), b.Objective()
	for i, blk := range x.Blocks() {
		p, q := matrixOf(blk, x.Point[i]), matrixOf(blk, y.Point[i])
		var diff, size float64
		for j := range p {
			diff = math.Hypot(diff, p[j]-q[j])
			size = math.Hypot(size, p[j])
		}
		unit := blk.Unit * blk.Unit
		if blk.Shape == cone.Free {
			unit = blk.Unit
		}
		most = math.Max(most, diff/(size+unit))
	}
	return most
}

// matrixOf is Lambda Lambda', or the parameters of a free block.
func matrixOf(blk cone.Block, lambda []float64) []float64 {
	if blk.Shape == cone.Free {
		return lambda
	}
	psi := make([]float64, blk.K*blk.K)
	cone.Cov(psi, lambda, blk.K)
	return psi
}

// Way is the criterion along the straight line from one maximum to another in
// the relative covariance matrices, (1 - t) Psi_1 + t Psi_2, the fixed effects and
// sigma at their best everywhere.
type Way struct {
	T         []float64 // 0 ... 1, dense at the ends
	Criterion []float64 // NaN where it does not exist
	// Barrier is what the highest point on the way is above the higher of the two
	// ends; 0 where none is.
	Barrier float64
}

const (
	wayPoints    = 24 // from each end, of the way that is kept
	fewWayPoints = 10 // of one that decides whether there is a barrier
)

// wayBetween goes from a to b with n points in geometric progression from each
// end: maxima may lie at variances of very different size.
func wayBetween(a, b *lmm.Model, n int) Way {
	obj, to := a.Objective(), b.Objective().Point
	var w Way
	for i := range 2*n + 1 {
		t := 0.5
		switch {
		case i == 0:
			t = 0
		case i == 2*n:
			t = 1
		case i < n:
			t = 0.5 * math.Pow(2, -12*float64(n-i)/float64(n))
		case i > n:
			t = 1 - 0.5*math.Pow(2, -12*float64(i-n)/float64(n))
		}
		f := math.NaN()
		if p := blend(obj.Blocks(), obj.Point, to, t); p != nil {
			f = finiteOr(obj.Value(p) + obj.Shift())
		}
		w.T, w.Criterion = append(w.T, t), append(w.Criterion, f)
		w.Barrier = math.Max(w.Barrier, orZero(f-math.Max(a.Criterion(), b.Criterion())))
	}
	return w
}

func finiteOr(x float64) float64 {
	if math.IsInf(x, 0) {
		return math.NaN()
	}
	return x
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// blend is a factor of (1 - t) Psi_p + t Psi_q, nil if there is none.
func blend(blocks []cone.Block, p, q cone.Point, t float64) cone.Point {
	out := make(cone.Point, len(blocks))
	for b, blk := range blocks {
		x, y := slices.Clone(matrixOf(blk, p[b])), matrixOf(blk, q[b])
		for i := range x {
			x[i] += t * (y[i] - x[i])
		}
		var ok bool
		if out[b], ok = cone.Nearest(blk, x, 0); !ok {
			return nil
		}
	}
	return out
}
