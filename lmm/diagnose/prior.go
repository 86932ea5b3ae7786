package diagnose

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/solve"
)

// penalised is the criterion with a weakly informative prior on the covariance
// matrices of some terms,
//
//	f(Psi) - sum over t of log |Psi_t|,
//
// which is the density |Psi|^(1/2) of a Wishart with k + 2 degrees of freedom and
// an infinite scale, for a single variance a gamma density of shape 2 of its
// standard deviation (Chung et al. 2013, 2015): it is 0 on the boundary and moves
// an estimate in the interior by less than a standard error. It does not depend
// on the units of the columns.
type penalised struct {
	lmm.Criterion
	on []bool // a term
}

// Value is +Inf on the boundary of a penalised term.
func (p *penalised) Value(at cone.Point) float64 {
	f := p.Criterion.Value(at)
	for b, blk := range p.Blocks() {
		if p.on[b] {
			logDet, _ := p.inverse(blk, at[b])
			f -= logDet
		}
	}
	return f
}

// Derivs adds the penalty to the value and its derivatives to G and H.
func (p *penalised) Derivs(at cone.Point) *criterion.Derivs {
	return p.add(p.Criterion.Derivs(at), at)
}

// Gradient adds the penalty to the value and its derivatives.
func (p *penalised) Gradient(at cone.Point) *criterion.Derivs {
	return p.add(p.Criterion.Gradient(at), at)
}

func (p *penalised) add(d *criterion.Derivs, at cone.Point) *criterion.Derivs {
	m := len(d.Pairs)
	inverses := make([][]float64, len(at))
	for b, blk := range p.Blocks() {
		if !p.on[b] {
			continue
		}
		logDet, inverse := p.inverse(blk, at[b])
		d.F -= logDet
		if inverse == nil {
			d.F = math.Inf(1)
			return d
		}
		inverses[b] = inverse
		for i, v := range inverse {
			d.G[b][i] -= v
		}
	}
	if len(d.H) != m*m {
		return d
	}
	for x, a := range d.Pairs {
		inv := inverses[a.Block]
		if inv == nil {
			continue
		}
		k := p.Blocks()[a.Block].K
		for y, b := range d.Pairs {
			if b.Block != a.Block {
				continue
			}
			// tr(Psi^-1 E_a Psi^-1 E_b); E has two entries off the diagonal.
			h := inv[a.Row*k+b.Row]*inv[a.Col*k+b.Col] + inv[a.Row*k+b.Col]*inv[a.Col*k+b.Row]
			if a.Row == a.Col {
				h /= 2
			}
			if b.Row == b.Col {
				h /= 2
			}
			d.H[x*m+y] += 2 * h
		}
	}
	return d
}

// inverse returns log|Psi| and Psi^-1 of a term, -Inf and nil for a singular one.
func (p *penalised) inverse(blk cone.Block, lambda []float64) (logDet float64, inverse []float64) {
	psi := make([]float64, blk.K*blk.K)
	cone.Cov(psi, lambda, blk.K)
	var chol mat.Cholesky
	var out mat.SymDense
	if !chol.Factorize(mat.NewSymDense(blk.K, psi)) || chol.InverseTo(&out) != nil {
		return math.Inf(-1), nil
	}
	inverse = make([]float64, blk.K*blk.K)
	for r := range blk.K {
		for c := range blk.K {
			inverse[r*blk.K+c] = out.At(r, c)
		}
	}
	return chol.LogDet(), inverse
}

// prior is the fit with the prior on the covariance matrices of the terms on the
// boundary; ok is false where there is none, or a rank was fixed.
func (s *subject) prior() (r Remedy, ok bool) {
	blocks := s.obj.Blocks()
	p := &penalised{Criterion: s.m.Objective().Criterion, on: make([]bool, len(blocks))}
	start := s.obj.Point.Clone()
	var terms []string
	for t, blk := range blocks[:len(s.d.Terms)] {
		if !s.deficient[t] || s.hidden[t] || blk.Shape == cone.ReducedRank {
			continue
		}
		psi := make([]float64, blk.K*blk.K)
		cone.Cov(psi, s.obj.Point[t], blk.K)
		if start[t], ok = cone.Nearest(blk, psi, blk.Unit*blk.Unit/10); !ok {
			return r, false
		}
		p.on[t] = true
		terms = append(terms, s.d.Terms[t].Src)
	}
	if len(terms) == 0 {
		return r, false
	}
	r = Remedy{What: "weak prior on " + list(terms), Formula: s.m.Formula(),
		Method: "penalised likelihood", Criterion: math.NaN(), Params: s.m.NPar(),
		NoTest: "it is the model of the fit at another point, which a prior chose"}
	found := solve.Minimize(p, start, nil)
	if found.Status != solve.Minimum {
		r.Failed = "the penalised search ended early: " + ended(s.m, found.Status)
		return r, true
	}
	m, err := s.m.AtPoint(found.Point)
	if err != nil {
		r.Failed = err.Error()
		return r, true
	}
	v := certify.Judge(certify.Examine(found.Local, found.Derivs, blocks, found.Point), false, nil)
	r.Verdict, r.Criterion = &v, m.Criterion()
	r.Fixed = shifts(s.effects, tested(m))
	return r, true
}
