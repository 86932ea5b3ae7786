package design

import (
	"math"

	"github.com/golmm/golmm/lmm/formula"
)

const maxDegree = 50

// learnPoly evaluates the arguments of poly(x, degree, raw).
func (ev *evaluator) learnPoly(n *formula.Call, x []float64) (transform, error) {
	degree, err := ev.whole(n.Param("degree"), 1, maxDegree, "the degree of poly")
	if err != nil {
		return nil, err
	}
	raw, err := ev.flag(n.Param("raw"), false)
	if err != nil {
		return nil, err
	}
	if raw {
		return powers(degree), nil
	}
	if d := distinct(x, degree+1); d <= degree {
		return nil, errorAt(ev.src, n, "a polynomial of degree %d needs %d different values; %s has %d",
			degree, degree+1, n.Param("x"), d)
	}
	return newPolynomials(x, degree), nil
}

// powers is x, x^2, ... x^k.
type powers int

func (k powers) apply(x *value) *value {
	return basis(x, int(k), func(v float64, row []float64) {
		p := 1.0
		for j := range row {
			p *= v
			row[j] = p
		}
	})
}

// basis computes k columns from each value of x; a missing value makes a
// missing row.
func basis(x *value, k int, fill func(v float64, row []float64)) *value {
	out := &value{numbers: make([]float64, len(x.numbers)*k), width: k, suffix: numbered(k)}
	for i, v := range x.numbers {
		fill(v, out.numbers[i*k:(i+1)*k])
	}
	return out
}

// polynomials are p_1 ... p_k, orthonormal over the training values and
// orthogonal to the constant, with positive leading coefficients. They follow
// the three-term recurrence (Forsythe 1957, J. SIAM 5, 74-88)
//
//	q_0 = 1,  q_j+1 = (z - alpha_j) q_j - (norm2_j / norm2_j-1) q_j-1,  p_j = q_j / sqrt(norm2_j)
//
// in z = (x - shift) / scale, which lies in [-1, 1].
type polynomials struct {
	shift, scale float64
	alpha, norm2 []float64 // alpha_0 ... alpha_k-1, norm2_0 ... norm2_k
}

func newPolynomials(x []float64, k int) *polynomials {
	p := &polynomials{shift: mean(x)}
	for _, v := range x {
		p.scale = math.Max(p.scale, math.Abs(v-p.shift))
	}
	z := make([]float64, len(x))
	before := make([]float64, len(x)) // q_j-1
	q := make([]float64, len(x))      // q_j
	for i, v := range x {
		z[i] = (v - p.shift) / p.scale
		q[i] = 1
	}
	p.norm2 = append(p.norm2, float64(len(x)))
	for j := range k {
		sum := 0.0
		for i, v := range z {
			sum += v * q[i] * q[i]
		}
		alpha, ratio := sum/p.norm2[j], p.ratio(j)
		norm2 := 0.0
		for i, v := range z {
			before[i], q[i] = q[i], (v-alpha)*q[i]-ratio*before[i]
			norm2 += q[i] * q[i]
		}
		p.alpha, p.norm2 = append(p.alpha, alpha), append(p.norm2, norm2)
	}
	return p
}

// ratio is norm2_j / norm2_j-1, 0 for j = 0.
func (p *polynomials) ratio(j int) float64 {
	if j == 0 {
		return 0
	}
	return p.norm2[j] / p.norm2[j-1]
}

func (p *polynomials) apply(x *value) *value {
	k := len(p.alpha)
	return basis(x, k, func(v float64, row []float64) {
		z := (v - p.shift) / p.scale
		before, q := 0.0, 1.0
		for j := range k {
			before, q = q, (z-p.alpha[j])*q-p.ratio(j)*before
			row[j] = q / math.Sqrt(p.norm2[j+1])
		}
	})
}
