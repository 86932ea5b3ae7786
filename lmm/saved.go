package lmm

import (
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/solve"
)

// Saved is what the search of a fit found: all that is needed to have the Model
// again at the cost of one evaluation. It is plain data, for any encoding.
type Saved struct {
	Criterion float64     // in internal coordinates
	Point     [][]float64 // a term: Lambda in internal coordinates
	Status    int         // of the search
	// Centre, Directions and Hessian are the second derivatives around Point.
	Centre     [][]float64
	Directions []cone.Direction
	Hessian    []float64
	Log        FitLog
	Nodes      int // of quadrature, of a generalised model
}

// Save returns what Options.Saved takes; nil where the search found nothing, and where
// the variance depends on the fitted values: the point is then that of the last
// of many searches.
func (m *Model) Save() *Saved {
	r := m.found
	if r.Local == nil || m.source.reweigh != nil {
		return nil
	}
	return &Saved{
		Criterion: r.Derivs.F, Point: r.Point.Clone(), Status: int(r.Status),
		Centre:     r.Local.Chart.Centre.Clone(),
		Directions: append([]cone.Direction(nil), r.Local.Chart.Dirs...),
		Hessian:    append([]float64(nil), r.Local.Hess...),
		Log:        m.Log(),
		Nodes:      m.Nodes(),
	}
}

// restore takes up what a search found before, nil if it does not fit the
// criterion: the value is another, or its shape.
func restore(obj Criterion, s *Saved) *solve.Result {
	blocks := obj.Blocks()
	if s == nil || !shaped(s.Point, blocks) || !shaped(s.Centre, blocks) || len(s.Hessian) != len(s.Directions)*len(s.Directions) ||
		s.Status < 0 || s.Status >= int(solve.Failed) {
		return nil
	}
	for _, d := range s.Directions {
		if d.Block < 0 || d.Block >= len(blocks) || len(d.L) != blocks[d.Block].K*blocks[d.Block].K {
			return nil
		}
	}
	d := obj.Derivs(s.Point)
	// The same bits on the same machine; a relative 1e-12 on another.
	if !(math.Abs(d.F-s.Criterion) <= 1e-12*(1+math.Abs(s.Criterion))) {
		return nil
	}
	d.F = s.Criterion // a mode that is found anew has other rounding
	chart := cone.RestoreChart(blocks, s.Centre, s.Directions)
	return &solve.Result{
		Point: s.Point, Derivs: d, Status: solve.Status(s.Status), Evaluations: 1,
		Local: certify.Restore(chart, s.Hessian, d, s.Point),
	}
}

func shaped(p [][]float64, blocks []cone.Block) bool {
	if len(p) != len(blocks) {
		return false
	}
	for b, l := range p {
		if len(l) != blocks[b].K*blocks[b].K {
			return false
		}
	}
	return true
}
