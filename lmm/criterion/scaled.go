package criterion

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
)

// Scaled holds the parts of the criterion with sigma^2 as a parameter of its
// own, not profiled out:
//
//	d(Psi, sigma^2) = LogDet + nu log(2 pi sigma^2) + R2 / sigma^2
//
// LogDet is log|V| + [REML: log|X'V^-1 X|]. At sigma^2 = R2 / nu it is f.
type Scaled struct {
	LogDet, R2, Nu float64
	// Trace and Quad, k x k for each block, are the sums over levels of Z_j'MZ_j
	// and (Z_j'Py)(Z_j'Py)': dLogDet = tr(Trace dPsi), dR2 = -tr(Quad dPsi).
	Trace, Quad [][]float64
	Pairs       []cone.Pair

	// second derivatives, len(Pairs) square: tr(M E_a M E_b), y'P E_a P E_b P y
	mm, eme []float64
	approx  bool // mm is not known
	// bendM and bendE are tr(M D_ab) and y'P D_ab P y where V is not linear in its
	// parameters; nil where it is.
	bendM, bendE []float64
}

// WithSecond sets the second derivatives, len(Pairs) square: tr(M D_a M D_b), y'P
// D_a P D_b P y, and with the second derivatives D_ab of V tr(M D_ab) and y'P D_ab P
// y.
func (s *Scaled) WithSecond(mm, eme, bendM, bendE []float64) {
	s.mm, s.eme, s.bendM, s.bendE = mm, eme, bendM, bendE
}

// Finite says whether the point has a criterion.
func (s *Scaled) Finite() bool { return !math.IsInf(s.LogDet, 1) }

// Value is d at the given sigma^2.
func (s *Scaled) Value(sigma2 float64) float64 {
	return s.LogDet + s.Nu*math.Log(2*math.Pi*sigma2) + s.R2/sigma2
}

// Curvature is the second derivative of d in Psi along the directions x and y,
// each given by its entries at Pairs,
//
//	-tr(M D_x M D_y) + (2 / sigma^2) y'P D_x P D_y P y + tr(M D_xy) - y'P D_xy P y / sigma^2,
//
// exact for one grouping factor. For several it is the mean of that and of its
// expected value, y'P D_x P D_y P y / sigma^2, near an optimum (Gilmour,
// Thompson and Cullis 1995).
func (s *Scaled) Curvature(sigma2 float64, x, y []float64) float64 {
	m := len(s.Pairs)
	var mm, eme, bend float64
	for a, v := range x {
		if v == 0 {
			continue
		}
		for b, w := range y {
			eme += v * w * s.eme[a*m+b]
			if !s.approx {
				mm += v * w * s.mm[a*m+b]
			}
			if s.bendM != nil {
				bend += v * w * (s.bendM[a*m+b] - s.bendE[a*m+b]/sigma2)
			}
		}
	}
	if s.approx {
		return eme / sigma2
	}
	return 2*eme/sigma2 - mm + bend
}

// Information is the expected second derivative of the profiled criterion in Psi
// along the directions x and y,
//
//	tr(M D_x M D_y) - tr(M D_x) tr(M D_y) / nu,
//
// if the model is right at the point, whatever the response. For several grouping
// factors it is the average information, which the response tells:
// y'P D_x P D_y P y / s2 - q_x q_y / (nu s2^2).
func (s *Scaled) Information(x, y []float64) float64 {
	m := len(s.Pairs)
	var sum, sx, sy float64
	for a, p := range s.Pairs {
		part, scale := s.Trace[p.Block], 1.0
		if s.approx {
			part, scale = s.Quad[p.Block], s.Nu/s.R2
		}
		k := 1 // side of the block
		for k*k < len(part) {
			k++
		}
		v := scale * part[p.Row*k+p.Col]
		if p.Row != p.Col {
			v *= 2
		}
		sx += v * x[a]
		sy += v * y[a]
		for b := range m {
			if s.approx {
				sum += x[a] * y[b] * s.eme[a*m+b] * scale
			} else {
				sum += x[a] * y[b] * s.mm[a*m+b]
			}
		}
	}
	return sum - sx*sy/s.Nu
}

// Scaled returns the parts of the criterion at a point; second, whether Curvature
// and Information are wanted, costs nothing here. Cost: that of Derivs.
func (c *OneFactor) Scaled(pt cone.Point, second bool) *Scaled {
	c.merge(pt)
	f := c.eval()
	s := &Scaled{LogDet: math.Inf(1), Nu: c.nu, Pairs: c.pairs}
	if math.IsInf(f, 1) {
		return s
	}
	s.R2 = c.r2
	s.LogDet = f - constant(c.nu) - c.nu*math.Log(c.r2)
	t := c.tensors(c.reml)
	for b, blk := range c.blocks {
		k, at := blk.K, c.offset[b]
		trace, quad := make([]float64, k*k), make([]float64, k*k)
		for r := range k {
			copy(trace[r*k:r*k+k], t.trace[(at+r)*c.stats.K+at:])
			copy(quad[r*k:r*k+k], t.ee[(at+r)*c.stats.K+at:])
		}
		s.Trace, s.Quad = append(s.Trace, trace), append(s.Quad, quad)
	}
	s.mm, s.eme = t.mm, t.eme
	return s
}

// Scaled returns the parts of the criterion at a point; second says whether
// Curvature and Information are wanted. Cost: that of Derivs, or of Gradient.
func (c *Blocked) Scaled(pt cone.Point, second bool) *Scaled {
	d := c.derivs(pt, second)
	s := &Scaled{LogDet: math.Inf(1), Nu: c.nu, Pairs: c.pairs, approx: true}
	if math.IsInf(d.F, 1) {
		return s
	}
	s.R2 = c.r2
	s.LogDet = d.F - constant(c.nu) - c.nu*math.Log(c.r2)
	s.Trace, s.Quad = make([][]float64, len(c.stats.Blocks)), make([][]float64, len(c.stats.Blocks))
	for i := range c.factors {
		f := &c.factors[i]
		for j, b := range f.Terms {
			k, at := c.stats.Blocks[b].K, f.at[j]
			trace, quad := make([]float64, k*k), make([]float64, k*k)
			for r := range k {
				copy(trace[r*k:r*k+k], f.trace[(at+r)*f.K+at:])
				copy(quad[r*k:r*k+k], f.ee[(at+r)*f.K+at:])
			}
			s.Trace[b], s.Quad[b] = trace, quad
		}
	}
	if !second {
		return s
	}
	// The average information is eme / s2 - q q' / (nu s2^2).
	s2, m := c.r2/c.nu, len(c.pairs)
	q := make([]float64, m)
	for a, p := range c.pairs {
		k := c.stats.Blocks[p.Block].K
		q[a] = s.Quad[p.Block][p.Row*k+p.Col]
		if p.Row != p.Col {
			q[a] *= 2
		}
	}
	s.eme = d.H
	for a := range m {
		for b := range m {
			s.eme[a*m+b] = s2*s.eme[a*m+b] + q[a]*q[b]/(c.nu*s2)
		}
	}
	return s
}
