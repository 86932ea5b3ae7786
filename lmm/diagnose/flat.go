package diagnose

import (
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
)

// flatWords puts a direction of the Hessian, an eigenvector in the chart l, into
// words: which standard deviations grow along it and which shrink, against that
// of the residuals; those that move by a tenth of the most, on the log scale.
func (s *subject) flatWords(l *certify.Local, column int) string {
	pairs := cone.Pairs(s.obj.Blocks())
	m := len(l.Values)
	d, x := make([]float64, len(pairs)), make([]float64, len(pairs))
	for a := range l.Chart.Dirs {
		l.Chart.Vech(x, a)
		for i, v := range x {
			d[i] += l.Vectors[a*m+column] * v
		}
	}
	var names []string
	var moves []float64
	most := 0.0
	for t, blk := range s.obj.Blocks()[:len(s.d.Terms)] {
		k := blk.K
		change, psi := make([]float64, k*k), make([]float64, k*k)
		for i, p := range pairs {
			if p.Block == t {
				change[p.Row*k+p.Col], change[p.Col*k+p.Row] = d[i], d[i]
			}
		}
		change = outward(change, s.obj.Coords.T[t], k)
		cone.Cov(psi, s.factor(t), k)
		for r := range k {
			move := change[r*k+r] / (2 * psi[r*k+r])
			if psi[r*k+r] == 0 || math.IsNaN(move) {
				continue
			}
			names, moves = append(names, s.d.Terms[t].Names[r]+" within "+s.d.Terms[t].Group), append(moves, move)
			most = math.Max(most, math.Abs(move))
		}
	}
	var up, down []string
	sign := 0.0
	for i, v := range moves {
		if math.Abs(v) < 0.1*most || most == 0 {
			continue
		}
		if sign == 0 {
			sign = v // the first one grows
		}
		if v*sign > 0 {
			up = append(up, names[i])
		} else {
			down = append(down, names[i])
		}
	}
	switch {
	case len(up) == 0:
		return ""
	case len(down) > 0:
		return "the standard deviations of " + list(up) + " grow as those of " + list(down) + " shrink"
	case len(up) == 1:
		return "the standard deviation of " + up[0] + " changes against that of the residuals"
	}
	return "the standard deviations of " + list(up) + " change together"
}
