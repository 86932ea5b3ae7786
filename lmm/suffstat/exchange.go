package suffstat

import (
	"slices"

	"github.com/golmm/golmm/lmm/design"
)

// Exchange returns a function that gives the cross-products of the design d,
// those of s, with another response. It shares what does not depend on the
// response. The function holds one standardised copy of the columns and is
// safe for concurrent use. Cost of a call: O(n (K + P)).
//
// Errors: *SaturatedError.
func (s *OneFactor) Exchange(d *design.Design) (func(y []float64) (*OneFactor, error), error) {
	std, err := newStandard(d)
	if err != nil {
		return nil, err
	}
	z, level := std.columns(s.terms()), d.Terms[0].Level
	return func(raw []float64) (*OneFactor, error) {
		y, coords, err := std.response(raw)
		if err != nil {
			return nil, err
		}
		t := *s
		t.Coords, t.E, t.S = coords, slices.Clone(s.E), slices.Clone(s.S)
		k, p, m := s.K, s.P, s.P+1
		for i := p; i < len(t.E); i += m {
			t.E[i] = 0
		}
		clear(t.S[p*m:])
		for i, j := range level {
			e := t.E[int(j)*k*m:]
			for r, v := range z[i*k : i*k+k] {
				e[r*m+p] += v * y[i]
			}
			for r, v := range std.x[i*p : i*p+p] {
				t.S[p*m+r] += v * y[i]
			}
			t.S[p*m+p] += y[i] * y[i]
		}
		mirror(t.S, m)
		return &t, nil
	}, nil
}

// Exchange returns a function that gives the cross-products of the design d,
// those of s, with another response, as OneFactor.Exchange does.
func (s *Blocked) Exchange(d *design.Design) (func(y []float64) (*Blocked, error), error) {
	std, err := newStandard(d)
	if err != nil {
		return nil, err
	}
	z := make([][]float64, len(s.Factors))
	for i, f := range s.Factors {
		z[i] = std.columns(f.Terms)
	}
	return func(raw []float64) (*Blocked, error) {
		y, coords, err := std.response(raw)
		if err != nil {
			return nil, err
		}
		t := *s
		t.Coords, t.Chain, t.Remainder = coords, slices.Clone(s.Chain), slices.Clone(s.Remainder)
		for a := range t.Chain {
			ln, f := &t.Chain[a], &s.Factors[a]
			ln.Rows = slices.Clone(ln.Rows)
			for j := range f.Levels {
				from, w := ln.Span(j)
				for r := range f.K {
					ln.Rows[from+r*w+w-1] = 0
				}
			}
			for i, j := range f.level {
				from, w := ln.Span(int(j))
				addOuter(ln.Rows[from+w-1:], w, z[a][i*f.K:i*f.K+f.K], y[i:i+1])
			}
		}
		p, m := s.P, s.Q+s.P+1
		for r := range m {
			t.Remainder[r*m+m-1] = 0
		}
		for i := range y {
			for b, first := range s.Offset {
				f := &s.Factors[len(s.Chain)+b]
				addOuter(t.Remainder[(first+int(f.level[i])*f.K+1)*m-1:], m, z[len(s.Chain)+b][i*f.K:i*f.K+f.K], y[i:i+1])
			}
			addOuter(t.Remainder[(s.Q+1)*m-1:], m, std.x[i*p:i*p+p], y[i:i+1])
			t.Remainder[m*m-1] += y[i] * y[i]
		}
		return &t, nil
	}, nil
}
