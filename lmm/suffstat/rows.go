package suffstat

import (
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
)

// Rows is a design in internal coordinates as it is, row by row, for a
// criterion that no cross-products fixed in advance can give: the rows are
// times sqrt(w).
type Rows struct {
	Coords
	Blocks []cone.Block
	X      []float64   // n x p
	Y      []float64   // n
	Z      [][]float64 // a term: n x k

	std *standard
}

// NewRows returns the rows of a design. Errors: *SaturatedError.
func NewRows(d *design.Design) (*Rows, error) {
	std, err := newStandard(d)
	if err != nil {
		return nil, err
	}
	r := &Rows{Blocks: std.blocks, X: std.x, std: std}
	for t := range d.Terms {
		r.Z = append(r.Z, std.columns([]int{t}))
	}
	return r.Exchange(d.Y)
}

// Exchange returns the rows with another response. Errors: *SaturatedError.
func (r *Rows) Exchange(y []float64) (*Rows, error) {
	out := *r
	var err error
	out.Y, out.Coords, err = r.std.response(y)
	if err != nil {
		return nil, err
	}
	return &out, nil
}
