package lmm_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
)

// More nodes agree with ever more of them, and the automatic number with the most.
func TestAutoQuadrature(t *testing.T) {
	m := cbpp(t, &lmm.Options{Family: "binomial", Quadrature: lmm.AutoQuadrature})
	tried := m.Log().Quadrature
	if len(tried) < 3 || tried[0].Nodes != 1 || tried[len(tried)-1].Nodes != m.Nodes() {
		t.Fatalf("%d nodes, tried %+v", m.Nodes(), tried)
	}
	last := tried[len(tried)-1].Criterion
	if d := last - tried[len(tried)-2].Criterion; math.Abs(d) > 1e-6 {
		t.Errorf("the last nodes moved the criterion by %g", d)
	}
	most := cbpp(t, &lmm.Options{Family: "binomial", Quadrature: 50})
	if d := m.Criterion() - most.Criterion(); math.Abs(d) > 1e-6 {
		t.Errorf("criterion %.9f, with 50 nodes %.9f", m.Criterion(), most.Criterion())
	}
	// -91.9834 with all constants; -92.0266 by Laplace's approximation.
	if math.Abs(most.LogLik()+91.9834) > 1e-4 || math.Abs(tried[0].Criterion/2-92.0263) > 1e-4 {
		t.Errorf("log-likelihood %.6f, by Laplace %.6f", most.LogLik(), -tried[0].Criterion/2)
	}
	opt := lmm.Options{Family: "binomial", Quadrature: lmm.AutoQuadrature, Saved: m.Save()}
	again := cbpp(t, &opt)
	if again.Nodes() != m.Nodes() || again.Criterion() != m.Criterion() || len(again.Log().Quadrature) != len(tried) {
		t.Errorf("saved: %d nodes, %.12f, want %d, %.12f", again.Nodes(), again.Criterion(), m.Nodes(), m.Criterion())
	}
}
