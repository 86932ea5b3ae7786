package gee

import (
	"fmt"
	"math"
)

// correlation is a working correlation matrix.
type correlation interface {
	name() string
	// estimate finds alpha from Pearson residuals of variance 1; it reports how
	// far the matrix had to be pulled towards independence to be positive
	// definite (0: not at all).
	estimate(e []float64, d *data) (pulled float64)
	// whiten overwrites the rows of subject s, m x c, with L^-1 times them,
	// where L L' = R_s (or another square root of R_s).
	whiten(d *data, s int, block []float64, c int)
	// alpha are the estimates before any pull.
	alpha() []float64
	// entry is R at two occasions whose times are given too.
	entry(j, k int, tj, tk float64) float64
}

// leastEigenvalue is the smallest eigenvalue that a working correlation may
// have: below it, weights of single rows exceed 100 and what is estimated is
// noise of alpha.
const leastEigenvalue = 0.01

func newCorrelation(opt *Options, d *data) (correlation, error) {
	kind := opt.Correlation
	if opt.Given != nil {
		if kind != "" && kind != "given" {
			return nil, fmt.Errorf("a correlation matrix is given and %q is asked for: choose one", kind)
		}
		return newGiven(opt.Given, d)
	}
	switch kind {
	case "", "independence":
		return independence{}, nil
	case "exchangeable":
		return &exchangeable{}, nil
	case "ar1":
		return newAR1(d)
	case "unstructured":
		return newUnstructured(d)
	case "given":
		return nil, fmt.Errorf("the correlation \"given\" needs a matrix in Options.Given")
	}
	return nil, unknownName("working correlation", kind, []string{"independence", "exchangeable", "ar1", "unstructured"})
}

// independence is R = I.
type independence struct{}

func (independence) name() string                      { return "independence" }
func (independence) estimate([]float64, *data) float64 { return 0 }
func (independence) whiten(*data, int, []float64, int) {}
func (independence) alpha() []float64                  { return nil }
func (independence) entry(j, k int, _, _ float64) float64 {
	if j == k {
		return 1
	}
	return 0
}

// exchangeable is R = (1 - a) I + a J, positive definite for -1/(m-1) < a < 1,
// m rows in the largest subject.
type exchangeable struct{ raw, used float64 }

func (x *exchangeable) name() string     { return "exchangeable" }
func (x *exchangeable) alpha() []float64 { return []float64{x.raw} }

func (x *exchangeable) entry(j, k int, _, _ float64) float64 {
	if j == k {
		return 1
	}
	return x.used
}

// estimate is the mean product over all pairs of rows of a subject.
func (x *exchangeable) estimate(e []float64, d *data) float64 {
	var products, pairs float64
	for s := range d.subject {
		var sum, squares float64
		m := d.start[s+1] - d.start[s]
		for _, v := range e[d.start[s]:d.start[s+1]] {
			sum += v
			squares += v * v
		}
		products += (sum*sum - squares) / 2
		pairs += float64(m) * float64(m-1) / 2
	}
	if pairs == 0 {
		x.raw, x.used = 0, 0
		return 0
	}
	x.raw = products / pairs
	_, most := d.sizes()
	low, high := -(1-leastEigenvalue)/float64(most-1), 1-leastEigenvalue
	x.used = math.Min(math.Max(x.raw, low), high)
	if x.raw == x.used {
		return 0
	}
	return 1 - x.used/x.raw
}

// whiten multiplies by R^(-1/2) = (1-a)^(-1/2) (I - J/m) + (1+(m-1)a)^(-1/2) J/m.
func (x *exchangeable) whiten(d *data, s int, block []float64, c int) {
	m := d.start[s+1] - d.start[s]
	within := 1 / math.Sqrt(1-x.used)
	mean := 1 / math.Sqrt(1+float64(m-1)*x.used)
	for j := range c {
		var sum float64
		for i := range m {
			sum += block[i*c+j]
		}
		shift := (mean - within) * sum / float64(m)
		for i := range m {
			block[i*c+j] = within*block[i*c+j] + shift
		}
	}
}
