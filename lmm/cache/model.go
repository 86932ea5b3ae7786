package cache

import (
	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// Model adds a fitted model: the whole of its table, the rows and columns that
// its formula makes of it, the response, the options and the estimates. ok is
// false where an option has no content to go by.
func (h *Hasher) Model(m *lmm.Model) (ok bool) {
	d := m.Frame()
	h.Text(m.Formula()).Flag(m.REML())
	h.numbers(m.Theta()).Number(m.Sigma()).Number(m.Criterion())
	h.Flag(d.Table() != nil)
	if t := d.Table(); t != nil {
		h.Table(t)
	}
	h.numbers(d.Y).numbers(d.Weights).numbers(d.Offset).numbers(d.Trials)
	h.matrix(d.X).names(d.FullNames).names(d.XNames)
	h.whole(uint64(len(d.Rows)))
	for _, i := range d.Rows {
		h.whole(uint64(i))
	}
	h.whole(uint64(len(d.Terms)))
	for _, t := range d.Terms {
		h.Text(t.Group).Text(t.Src).names(t.Levels).names(t.Names).matrix(t.Z)
		h.whole(uint64(t.Shape))
		h.whole(uint64(t.Rank))
		for _, l := range t.Level {
			h.whole(uint64(l))
		}
	}
	if s := m.Save(); s != nil {
		h.Number(s.Criterion)
		h.whole(uint64(s.Status))
		for _, block := range s.Point {
			h.numbers(block)
		}
	}
	own := m.Options()
	own.Saved = nil
	return h.Options(own) && h.Options(m.Log()) && h.Options(m.Residual())
}

func (h *Hasher) numbers(x []float64) *Hasher {
	h.Flag(x == nil)
	h.whole(uint64(len(x)))
	for _, v := range x {
		h.Number(v)
	}
	return h
}

func (h *Hasher) names(x []string) *Hasher {
	h.whole(uint64(len(x)))
	for _, s := range x {
		h.Text(s)
	}
	return h
}

func (h *Hasher) matrix(m design.Matrix) *Hasher {
	h.whole(uint64(m.Rows))
	h.whole(uint64(m.Cols))
	return h.numbers(m.Data)
}
