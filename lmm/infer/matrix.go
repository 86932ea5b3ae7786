package infer

import (
	"fmt"
	"math"
	"strings"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// matrix is row-major.
type matrix struct {
	rows, cols int
	data       []float64
}

func (m *matrix) at(i, j int) float64 { return m.data[i*m.cols+j] }

// triangleOf returns R of the QR decomposition of the columns of x, in the
// given order (nil: as they are), p x p upper triangular.
func triangleOf(x *design.Matrix, order []int) []float64 {
	t := dense.NewTallR(x.Cols)
	row := make([]float64, x.Cols)
	for i := 0; i < x.Rows; i++ {
		copy(row, x.Row(i))
		for k, j := range order {
			row[k] = x.At(i, j)
		}
		t.Add(row)
	}
	return t.R()
}

// combinations returns A of Y = X A for columns of y, X of full rank: p x
// len(columns). It is the coupling block of the triangle of [X Y].
func combinations(x, y *design.Matrix, columns []int) (*matrix, error) {
	p, q := x.Cols, len(columns)
	t := dense.NewTallR(p + q)
	row := make([]float64, p+q)
	for i := 0; i < x.Rows; i++ {
		copy(row, x.Row(i))
		for k, j := range columns {
			row[p+k] = y.At(i, j)
		}
		t.Add(row)
	}
	r := t.R()
	out := &matrix{p, q, make([]float64, p*q)}
	for k := 0; k < q; k++ {
		for i := p - 1; i >= 0; i-- {
			s := r[i*(p+q)+p+k]
			for j := i + 1; j < p; j++ {
				s -= r[i*(p+q)+j] * out.at(j, k)
			}
			d := r[i*(p+q)+i]
			if d == 0 {
				return nil, fmt.Errorf("infer: the columns of X are dependent")
			}
			out.data[i*q+k] = s / d
		}
	}
	return out, nil
}

func list(names []string) string {
	const most = 12
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// finite says that a number is neither NaN nor infinite.
func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
