package covstruct

import "github.com/golmm/golmm/lmm/cone"

// hessian collects the second derivative over kinds, a and b standing for
// entries of cone.Pairs.
type hessian struct {
	o     *Objective
	s2    float64
	exact bool
	m     int
	// ede is y'P D_a P D_b P y but for what X takes: sum of e'D_a V^-1 D_b e.
	ede []float64 // m x m
	// mm is tr(M D_a M D_b) but for tr(A_a A_b), bend tr(Q D_ab).
	mm, bend []float64
	quad     []float64   // m: e'D_a e
	fixed    [][]float64 // m: B'D_a e
	first    [][]float64 // m: A_a = B'D_a B
}

func newHessian(o *Objective, s2 float64, exact bool) *hessian {
	m, p := len(o.pairs), o.rows.P
	h := &hessian{o: o, s2: s2, exact: exact, m: m, ede: make([]float64, m*m), mm: make([]float64, m*m), bend: make([]float64, m*m), quad: make([]float64, m)}
	for range m {
		h.fixed, h.first = append(h.fixed, make([]float64, p)), append(h.first, make([]float64, p*p))
	}
	return h
}

// add adds a kind; q is its Q, nil where the bends are added elsewhere.
func (h *hessian) add(k int, p cone.Point, r *reduced, q []float64) {
	o, n, groups := h.o, r.n, float64(len(h.o.kinds[k].all))
	d, vd := make([][]float64, h.m), make([][]float64, h.m)
	for a, pair := range o.pairs {
		d[a] = o.change(k, pair)
		vd[a] = multiply(r.inv, d[a], n)
		first, fixed := r.project(d[a])
		for i, v := range first {
			h.first[a][i] += v
		}
		for i, v := range fixed {
			h.fixed[a][i] += v
		}
		h.quad[a] += dot(d[a], r.ee)
		vde := multiply(vd[a], r.ee, n)
		var vdb []float64
		if h.exact && o.reml {
			vdb = multiply(vd[a], r.bb, n)
		}
		for b := range a + 1 {
			h.ede[a*h.m+b] += transposedDot(d[b], vde, n)
			if !h.exact {
				continue
			}
			h.mm[a*h.m+b] += groups * transposedDot(vd[a], vd[b], n)
			if o.reml {
				h.mm[a*h.m+b] -= 2 * transposedDot(d[b], vdb, n)
			}
		}
	}
	if h.exact && q != nil {
		o.bends(k, p, func(a, b int, d []float64) { h.bend[a*h.m+b] += dot(d, q) })
	}
}

// matrix returns the second derivative, or the average information.
func (h *hessian) matrix() []float64 {
	m, nu := h.m, h.o.nu
	out := make([]float64, m*m)
	for a := range m {
		for b := range a + 1 {
			ede := h.quadratic(a, b)
			v := ede/h.s2 - h.quad[a]*h.quad[b]/(nu*h.s2*h.s2)
			if h.exact {
				v += ede/h.s2 - h.traced(a, b) + h.bend[a*m+b]
			}
			out[a*m+b], out[b*m+a] = v, v
		}
	}
	return out
}

// quadratic is y'P D_a P D_b P y, b <= a.
func (h *hessian) quadratic(a, b int) float64 {
	return h.ede[a*h.m+b] - dot(h.fixed[a], h.fixed[b])
}

// traced is tr(M D_a M D_b), b <= a.
func (h *hessian) traced(a, b int) float64 {
	mm := h.mm[a*h.m+b]
	if h.o.reml {
		mm += transposedDot(h.first[a], h.first[b], h.o.rows.P)
	}
	return mm
}
