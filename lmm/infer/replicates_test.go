package infer

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/internal/reference"
)

func modelOf(t *testing.T, formula, data string) *lmm.Model {
	t.Helper()
	tab, err := reference.Table(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(formula, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The stretched modes have mean 0 and the covariance matrix estimated, the
// residuals sigma^2.
func TestResidualPool(t *testing.T) {
	m := modelOf(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	p, err := newResidualPool(m)
	if err != nil {
		t.Fatal(err)
	}
	cov := m.VarCorr()[0].Cov
	const levels = 18
	for r := range 2 {
		mean := 0.0
		for j := range levels {
			mean += p.modes[0][j*2+r] / levels
		}
		if math.Abs(mean) > 1e-8 {
			t.Errorf("mean %v of mode %d", mean, r)
		}
		for c := range 2 {
			s := 0.0
			for j := range levels {
				s += p.modes[0][j*2+r] * p.modes[0][j*2+c] / levels
			}
			if math.Abs(s-cov[r][c]) > 1e-8*math.Sqrt(cov[0][0]*cov[0][0]) {
				t.Errorf("covariance %d, %d is %v, estimated %v", r, c, s, cov[r][c])
			}
		}
	}
	var s float64
	for _, v := range p.errors {
		s += v * v / float64(len(p.errors))
	}
	if sigma := m.Sigma(); math.Abs(s/(sigma*sigma)-1) > 1e-9 {
		t.Errorf("variance of the residuals %v, sigma^2 %v", s, sigma*sigma)
	}
}

// A variance of 0 stays one: nothing is drawn for it.
func TestResidualPoolOfAZeroVariance(t *testing.T) {
	p, err := newResidualPool(modelOf(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2"))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range p.modes[0] {
		if v != 0 {
			t.Errorf("modes %v", p.modes[0])
			break
		}
	}
}

// Clusters are levels of the outermost factor; one that is drawn twice is two
// clusters, with inner levels of their own.
func TestClusters(t *testing.T) {
	m := modelOf(t, "strength ~ 1 + (1 | batch/cask)", "Pastes")
	c, err := newClusters(m.Frame())
	if err != nil {
		t.Fatal(err)
	}
	if len(c.rows) != 10 {
		t.Fatalf("%d clusters, want the 10 batches", len(c.rows))
	}
	d := c.design([]int{3, 3, 7})
	if len(d.Y) != 18 || len(d.Terms[0].Levels) != 9 || len(d.Terms[1].Levels) != 3 {
		t.Errorf("%d rows, %d casks in %d batches; want 18, 9, 3", len(d.Y), len(d.Terms[0].Levels), len(d.Terms[1].Levels))
	}
	for i := range 6 {
		if d.Y[i] != d.Y[i+6] || d.Terms[1].Level[i] == d.Terms[1].Level[i+6] {
			t.Errorf("row %d of a batch drawn twice", i)
		}
	}
	// All clusters once is the model itself.
	all := make([]int, 10)
	for i := range all {
		all[i] = i
	}
	again, err := fitRows(m, c.design(all))
	if err != nil || math.Abs(again.Criterion()-m.Criterion()) > 1e-8 {
		t.Errorf("%v: criterion %v, of the model %v", err, again.Criterion(), m.Criterion())
	}
}
