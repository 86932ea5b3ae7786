package criterion

import "github.com/golmm/golmm/lmm/internal/dense"

// eliminate takes level s of link a out of all that comes after it:
//
//	S_FF <- S_FF - S_Fs T_s S_sF.
//
// The columns F are, in this order, those of the levels of later links that
// hold s, those of the remainder that s meets, X and y.
func (c *Blocked) eliminate(a, s int) (logDet float64, ok bool) {
	f, ln := &c.factors[a], &c.stats.Chain[a]
	k := f.K
	from, w := ln.Span(s)
	row, t := f.rows[from:from+k*w], f.t[s*k*k:][:k*k]
	logDet, ok = f.psi.pivot(f.inv[s*k*k:][:k*k], t, f.diag[s*k*k:][:k*k])
	if !ok || isZero(t) {
		return logDet, ok
	}
	h := c.work.wide[:k*w]
	if k == 1 {
		for i, v := range row {
			h[i] = t[0] * v
		}
	} else {
		dense.Mul(h, t, row, k, k, w)
	}

	met := ln.Meets(s)
	tail := ln.Above + len(met)
	at := 0
	for b := a + 1; b < c.links; b++ {
		g, above, up := &c.factors[b], &c.stats.Chain[b], int(ln.Up[b-a-1][s])
		kb := g.K
		to, wb := above.Span(up)
		pos := ln.Pos[b-a-1][ln.Start[s]:ln.Start[s+1]]
		for i := 0; i < kb; i++ {
			diag := g.diag[(up*kb+i)*kb:][:kb]
			dst := g.rows[to+i*wb:][:wb]
			for r := 0; r < k; r++ {
				v, src := -h[r*w+at+i], row[r*w:r*w+w]
				axpy(v, src[at:at+kb], diag)
				axpy(v, src[at+kb:ln.Above], dst[:above.Above])
				scatter(v, src[ln.Above:tail], dst[above.Above:], pos)
				axpy(v, src[tail:], dst[wb-above.Fixed:])
			}
		}
		at += kb
	}
	for i, col := range met {
		dst := c.rem[int(col)*c.m:][:c.m]
		for r := 0; r < k; r++ {
			v, src := -h[r*w+ln.Above+i], row[r*w:r*w+w]
			scatter(v, src[ln.Above+i:tail], dst, met[i:])
			axpy(v, src[tail:], dst[c.q:])
		}
	}
	for i := tail; i < w; i++ {
		dst := c.rem[(c.q+i-tail)*c.m+c.q+i-tail : (c.q+i-tail+1)*c.m]
		for r := 0; r < k; r++ {
			axpy(-h[r*w+i], row[r*w+i:r*w+w], dst)
		}
	}
	return logDet, true
}

func isZero(x []float64) bool {
	for _, v := range x {
		if v != 0 {
			return false
		}
	}
	return true
}

// axpy adds a x to y.
func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}

// scatter adds a x_i to entry at_i of y.
func scatter(a float64, x, y []float64, at []int32) {
	at = at[:len(x)]
	for i, v := range x {
		y[at[i]] += a * v
	}
}

// gather returns the sum of x_i times entry at_i of y.
func gather(x, y []float64, at []int32) float64 {
	at = at[:len(x)]
	var s float64
	for i, v := range x {
		s += v * y[at[i]]
	}
	return s
}
