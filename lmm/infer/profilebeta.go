package infer

import (
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// line is the profile of a fixed effect by ML: the model without its column x,
// fitted to y - x b, or, a generalised one, with x b in its offset.
type line struct {
	all    []parameter
	column []float64
	frame  *design.Design
	index  int
	se     float64
	vcov   [][]float64
	top    conditional
	fits   []*lmm.Model // state[0] of a conditional is an index into it
}

func newLine(ml *lmm.Model, all []parameter, p parameter) (*line, error) {
	d := ml.Frame()
	l := &line{all: all, frame: d, index: p.i, vcov: ml.Vcov(), column: make([]float64, d.X.Rows)}
	for i := range l.column {
		l.column[i] = d.X.At(i, p.i)
	}
	var estimate float64
	for _, e := range ml.FixedEffects() {
		if e.Name == p.name {
			estimate, l.se = e.Estimate, e.SE
		}
	}
	small := *d
	small.X = dropColumnOf(&d.X, p.i)
	small.XNames = append(append([]string(nil), d.XNames[:p.i]...), d.XNames[p.i+1:]...)
	small.FullNames = small.XNames
	small.Aliased = nil
	if ml.Family() != nil {
		small.Offset = l.offset(estimate)
	} else {
		small.Y = l.response(estimate)
	}
	own := likeIts(ml, true)
	if own.Quadrature == lmm.AutoQuadrature {
		own.Quadrature = ml.Nodes()
	}
	m, err := lmm.FitDesign(&small, own)
	if err != nil {
		return nil, err
	}
	l.fits = []*lmm.Model{m}
	l.top = conditional{x: estimate, f: m.Criterion(), state: []float64{0}}
	return l, nil
}

func dropColumnOf(x *design.Matrix, c int) design.Matrix {
	out := design.Matrix{Rows: x.Rows, Cols: x.Cols - 1, Data: make([]float64, 0, x.Rows*(x.Cols-1))}
	for i := range x.Rows {
		row := x.Row(i)
		out.Data = append(append(out.Data, row[:c]...), row[c+1:]...)
	}
	return out
}

// response is y - x b.
func (l *line) response(b float64) []float64 {
	y := make([]float64, len(l.column))
	for i, v := range l.frame.Y {
		y[i] = v - b*l.column[i]
	}
	return y
}

// offset is that of the model and x b.
func (l *line) offset(b float64) []float64 {
	out := make([]float64, len(l.column))
	for i, v := range l.column {
		out[i] = offset(l.frame, i) + b*v
	}
	return out
}

func (l *line) best() conditional { return l.top }

func (l *line) bounds() (lower, upper float64) { return math.Inf(-1), math.Inf(1) }

func (l *line) step() float64 { return 0.7 * l.se }

func (l *line) value(x float64) float64 { return x }

func (l *line) solve(x float64, from *conditional) (conditional, bool) {
	near := l.fits[int(from.state[0])]
	var m *lmm.Model
	var err error
	if near.Family() != nil {
		m, err = near.WithOffset(l.offset(x))
	} else {
		m, err = near.Refit(l.response(x))
	}
	if err != nil || settled(m) != "" {
		return conditional{}, false
	}
	l.fits = append(l.fits, m)
	// The slope is taken from the chord: zeta is nearly straight in a fixed
	// effect.
	c := conditional{x: x, f: m.Criterion(), state: []float64{float64(len(l.fits) - 1)}}
	if d := c.f - l.top.f; d > 0 {
		c.slope = 2 * d / (x - l.top.x)
	}
	return c, true
}

func (l *line) params(c *conditional) []float64 {
	m := l.fits[int(c.state[0])]
	land, ok := newLandscape(m)
	out := make([]float64, len(l.all))
	effects := m.FixedEffects()
	for i, q := range l.all {
		switch {
		case q.kind == FixedEffect && q.i == l.index:
			out[i] = c.x
		case q.kind == FixedEffect && q.i > l.index:
			out[i] = effects[q.i-1].Estimate
		case q.kind == FixedEffect:
			out[i] = effects[q.i].Estimate
		case q.kind == ResidualSD:
			out[i] = m.Sigma()
		case q.kind == ShapeParameter:
			out[i] = m.Shape()
		case q.kind == FreeVariance:
			out[i] = m.Residual().Free[q.i].Variance
		case q.kind == StructureParameter:
			out[i] = m.Residual().Params[q.i].Value
		case ok:
			out[i] = land.read(land.factor[q.block], q)
		default:
			out[i] = math.NaN()
		}
	}
	return out
}
