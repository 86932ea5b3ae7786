package certify_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// evidence has one free direction with the given gradient and curvature.
func evidence(grad, curvature, slope, drop float64) certify.Certificate {
	return certify.Certificate{
		Face: &certify.Local{Grad: []float64{grad}, Hess: []float64{curvature}, Values: []float64{curvature},
			Vectors: []float64{1}, GradIn: []float64{grad}},
		Off: certify.Escape{Slope: slope, Drop: drop},
	}
}

// ridge is the evidence beside a ridge, with a gradient g across it.
func ridge(g float64) certify.Certificate {
	c := evidence(g, 1, math.Inf(1), 0)
	c.Face.Values, c.Face.GradIn = []float64{-g, 1}, []float64{0, g}
	return c
}

// A drop that could not be computed is null in JSON.
func TestVerdictAsJSON(t *testing.T) {
	b, err := json.Marshal(certify.Verdict{Decrement: math.NaN(), EscapeDrop: math.Inf(1)})
	want := `{"convergence":"not converged","place":"-","decrement":null,"escape_drop":null,"not_identifiable":[]}`
	if err != nil || string(b) != want {
		t.Errorf("%v: %s, want %s", err, b, want)
	}
}

func TestJudge(t *testing.T) {
	inside := math.Inf(1)
	for _, tt := range []struct {
		name        string
		c           certify.Certificate
		diverged    bool
		names       []string
		convergence certify.Convergence
		place       certify.Place
	}{
		{"minimum", evidence(1e-9, 2, inside, 0), false, nil, certify.Converged, certify.Interior},
		// A gradient of 35 with a curvature to match is a fifth of an SE.
		{"large gradient, near", evidence(35, 35*35/(2*0.005), inside, 0), false, nil, certify.Polishable, certify.Unknown},
		{"large gradient, at it", evidence(0.22, 1e5, inside, 0), false, nil, certify.Converged, certify.Interior},
		{"far", evidence(1, 2, inside, 0), false, nil, certify.NotConverged, certify.Unknown},
		{"saddle", evidence(0, -1, inside, 0), false, nil, certify.NotConverged, certify.Unknown},
		{"edge", evidence(0, 2, 0.3, 0), false, nil, certify.Converged, certify.Boundary},
		{"false edge", evidence(0, 2, -0.3, 1.2), false, nil, certify.NotConverged, certify.Unknown},
		{"two variances for one job", evidence(0, 0, inside, 0), false, []string{"a"}, certify.Converged, certify.NotIdentifiable},
		// A point 1e-8 above the optimum on a ridge of radius 1, the other curvature 1.
		{"beside a ridge", ridge(1.4e-4), false, []string{"a"}, certify.Converged, certify.NotIdentifiable},
		{"the same bend in what is identified", ridge(1.4e-4), false, nil, certify.NotConverged, certify.Unknown},
		{"saddle and ridge", evidence(0, -1, math.Inf(1), 0), false, []string{"a"}, certify.NotConverged, certify.Unknown},
		{"no evidence", evidence(math.NaN(), math.NaN(), inside, 0), false, nil, certify.NotConverged, certify.Unknown},
		{"no maximum", evidence(0, 2, inside, 0), true, nil, certify.NotConverged, certify.NoFiniteMaximum},
	} {
		v := certify.Judge(tt.c, tt.diverged, tt.names)
		if v.Convergence != tt.convergence || v.Place != tt.place {
			t.Errorf("%s: %v, %v, want %v, %v", tt.name, v.Convergence, v.Place, tt.convergence, tt.place)
		}
	}
}

// Two parameters that add the same matrix to the covariance of the data are
// one; Null is their difference.
func TestIdentify(t *testing.T) {
	g := &criterion.Gram{Pairs: make([]cone.Pair, 2), Inner: []float64{4, 4, 1, 4, 4, 1, 1, 1, 3}, Scale: []float64{4, 4, 3}}
	each := [][]float64{{1, 0}, {0, 1}}
	id := certify.Identify(g, each)
	if len(id.Null) != 1 || math.Abs(id.Least) > 1e-15 {
		t.Fatalf("%+v", id)
	}
	x := id.Null[0]
	if math.Abs(x[0]+x[1]) > 1e-15 || math.Abs(x[2]) > 1e-15 || math.Abs(x[0]) < 0.1 {
		t.Errorf("null direction %v, want (1, -1, 0)", x)
	}
	// Along their sum alone there is nothing to tell apart.
	if id := certify.Identify(g, [][]float64{{1, 1}}); len(id.Null) != 0 {
		t.Errorf("a single parameter: %+v", id)
	}
	g.Inner[0] = 5
	if id := certify.Identify(g, each); len(id.Null) != 0 {
		t.Errorf("an identifiable design: %+v", id)
	}
}
