package nb

import (
	"errors"
	"fmt"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/summary"
	"github.com/golmm/golmm/lmm/table"
)

// Show must know a model when it sees one.
var _ summary.Model = (*lmm.Model)(nil)

// Fit fits a model, as lmm.Fit does; nil or no options are the defaults. It
// stops the cell where the model cannot be fitted.
func Fit(formula string, t *table.Table, opt ...*lmm.Options) *lmm.Model {
	switch {
	case t == nil:
		stop(errors.New("nb.Fit: the table is nil; read one with nb.Data"))
	case len(opt) > 1:
		stop(fmt.Errorf("nb.Fit: %d sets of options; give one", len(opt)))
	}
	return Must(lmm.Fit(formula, t, append(opt, nil)[0]))
}
