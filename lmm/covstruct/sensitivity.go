package covstruct

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Sensitivity returns the sensitivities at a point, nil where the criterion
// cannot be computed there. With B_g = V^-1 X L^-T of a group and A_a =
// First_a,
//
//	A_a          = sum B_g'D_aB_g
//	Trace_a      = sum tr(V^-1 D_a) - tr A_a
//	Second_ab    = sum (D_aB_g)'V^-1(D_bB_g) - A_aA_b, made symmetric
//	Info_ab      = sum tr(V^-1D_aV^-1D_b) - 2 sum tr((D_aB_g)'V^-1(D_bB_g)) + tr(A_aA_b)
//
// and Curved as curvature.go says.
//
// Cost, with depth 2 and m parameters: O(m n_k^3) a kind and O(m^2 n p^2).
func (o *Objective) Sensitivity(pt cone.Point, depth int) *criterion.Sensitivity {
	if math.IsInf(o.eval(pt, depth > 0), 1) {
		return nil
	}
	p, m := o.rows.P, len(o.pairs)
	s := criterion.NewSensitivity(o.pairs, p, depth)
	s.Sigma2 = o.r2 / o.nu
	s.Root = make([]float64, p*p)
	for i := range p {
		copy(s.Root[i*p:i*p+i+1], o.lx[i*p:i*p+i+1])
	}
	if depth < 1 {
		return s
	}
	var bend *curvature
	if depth > 1 {
		bend = o.newCurvature()
	}
	for k := range o.kinds {
		b, e := o.whitened(k)
		n, c := len(o.kinds[k].rows), len(o.kinds[k].all)
		moved := make([][]float64, m)  // D_a B, n x c p
		traces := make([][]float64, m) // L^-1 D_a L^-T, n x n
		for a, pair := range o.pairs {
			d := o.change(k, pair)
			moved[a] = times(d, b, n)
			addCross(s.First[a], b, moved[a], n*c, p)
			s.Quad[a] += dot(e, times(d, e, n))
			if depth < 2 {
				continue
			}
			o.solve(k, blas.NoTrans, moved[a])
			traces[a] = o.sandwiched(k, append([]float64(nil), d...))
			s.Trace[a] += float64(c) * trace(traces[a], n)
			for l := range a + 1 {
				second := make([]float64, p*p)
				addCross(second, moved[a], moved[l], n*c, p)
				for i := range p {
					for j := range p {
						s.Second[a][l][i*p+j] += (second[i*p+j] + second[j*p+i]) / 2
					}
				}
				s.Info[a*m+l] += float64(c) * dot(traces[a], traces[l])
			}
		}
		if depth > 1 {
			bend.add(k, pt, b, moved, traces)
		}
	}
	if depth > 1 {
		s.Project()
		s.Curved = bend.normal(s)
	}
	return s
}

// sandwiched overwrites D with L^-1 D L^-T.
func (o *Objective) sandwiched(k int, d []float64) []float64 {
	n := len(o.kinds[k].rows)
	blas64.Trsm(blas.Right, blas.Trans, 1, blas64.Triangular{N: n, Stride: n, Uplo: blas.Lower, Diag: blas.NonUnit, Data: o.state[k].l},
		blas64.General{Rows: n, Cols: n, Stride: n, Data: d})
	o.solve(k, blas.NoTrans, d)
	return d
}

func trace(a []float64, n int) float64 {
	var s float64
	for i := range n {
		s += a[i*n+i]
	}
	return s
}

// FixedModes returns Psi Z_s'V^-1 X L^-T, levels x K x P for each grouping factor
// in the order of Solution.Effects; nil where the criterion cannot be computed.
func (o *Objective) FixedModes(pt cone.Point) [][]float64 {
	if math.IsInf(o.eval(pt, false), 1) {
		return nil
	}
	psi, p := o.psi(pt), o.rows.P
	var out [][]float64
	for _, terms := range o.factors() {
		wide := 0
		at := make([]int, len(o.blocks))
		for _, t := range terms {
			at[t] = wide
			wide += o.blocks[t].K
		}
		out = append(out, make([]float64, len(o.d.Terms[terms[0]].Levels)*wide*p))
		modes := out[len(out)-1]
		for k := range o.kinds {
			b, _ := o.whitened(k)
			c := len(o.kinds[k].all)
			for g, grp := range o.kinds[k].all {
				for _, blk := range grp.blocks {
					if o.d.Terms[blk.term].Group != o.d.Terms[terms[0]].Group {
						continue
					}
					w := o.blocks[blk.term].K
					zb := make([]float64, w*p)
					for _, i := range blk.at {
						z, row := o.rows.Z[blk.term][grp.rows[i]*w:][:w], b[i*c*p+g*p:][:p]
						for r, v := range z {
							for j, x := range row {
								zb[r*p+j] += v * x
							}
						}
					}
					dense.Mul(modes[(int(blk.level)*wide+at[blk.term])*p:][:w*p], psi[blk.term], zb, w, w, p)
				}
			}
		}
	}
	return out
}
