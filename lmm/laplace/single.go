package laplace

// The loops over the rows of a level where no factor has more than one column,
// which is most models with crossed factors: those of assembleLevel, gatherLevel
// and spread, a factor at a time.

func (o *Objective) assembleSingle(p *part, rest []float64, s int) {
	l, r, b := o.layout, o.rows, &o.schur
	from, to := l.from[s], l.from[s+1]
	n := to - from
	z, w, score, zb := r.z[0][from:to], o.w[from:to][:n], o.s[from:to][:n], o.zb[from:to][:n]
	var ss, rs, ts float64
	for i, x := range z {
		ss += w[i] * x * x
		rs += x * (score[i] + w[i]*zb[i])
		ts += x * score[i]
	}
	b.ss[s], o.r.first[s], o.t.first[s] = ss, rs, ts
	sf := b.sf[l.start[s]:l.start[s+1]]
	clear(sf)
	for f, first := range l.col {
		zf, level, pos := r.z[f+1][from:to][:n], r.level[f+1][from:to][:n], l.pos[f][from:to][:n]
		for i, x := range z {
			c, y := first+int(level[i]), zf[i]
			v := w[i] * y
			sf[pos[i]] += v * x
			p.r[c] += y * (score[i] + w[i]*zb[i])
			p.t[c] += y * score[i]
			rest[c*l.q+c] += v * y
		}
		for g, other := range l.col[:f] {
			zg, levelG := r.z[g+1][from:to][:n], r.level[g+1][from:to][:n]
			for i, y := range zf {
				rest[(first+int(level[i]))*l.q+other+int(levelG[i])] += w[i] * y * zg[i]
			}
		}
	}
}

func (o *Objective) gatherSingle(first, rest []float64, s int, g []float64) {
	l, r := o.layout, o.rows
	from, to := l.from[s], l.from[s+1]
	g = g[from:to]
	var sum float64
	for i, z := range r.z[0][from:to][:len(g)] {
		sum += z * g[i]
	}
	first[s] += sum
	for f, at := range l.col {
		z, level, out := r.z[f+1][from:to][:len(g)], r.level[f+1][from:to][:len(g)], rest[at:]
		for i, v := range g {
			out[level[i]] += z[i] * v
		}
	}
}

func (o *Objective) spreadSingle(s int, tss float64, tm []float64) {
	l, r, t := o.layout, o.rows, o.schur.trest
	from, to := l.from[s], l.from[s+1]
	z, v := r.z[0][from:to], o.adj.v[from:to]
	for i, x := range z {
		v[i] = x * x * tss
	}
	for f, first := range l.col {
		zf, level, pos := r.z[f+1][from:to][:len(z)], r.level[f+1][from:to][:len(z)], l.pos[f][from:to][:len(z)]
		for i, x := range z {
			c, y := first+int(level[i]), zf[i]
			v[i] += y * (t[c*l.q+c]*y - 2*x*tm[pos[i]])
		}
		for g, other := range l.col[:f] {
			zg, levelG := r.z[g+1][from:to][:len(z)], r.level[g+1][from:to][:len(z)]
			for i, y := range zf {
				v[i] += 2 * y * zg[i] * t[(first+int(level[i]))*l.q+other+int(levelG[i])]
			}
		}
	}
}
