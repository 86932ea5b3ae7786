package laplace

import "math"

// sweep evaluates the rows at the mode: Z b, score, W and W'; and assembles S, r =
// Z'(s + W Z b) and t = Z's. It returns -2 sum l without the constants, +Inf where a
// mean cannot be.
func (o *Objective) sweep() float64 {
	o.fresh = true
	o.clearSums()
	o.crew.each(func(c, s0, s1 int) {
		p := &o.crew.parts[c]
		p.sum = 0
		for s := s0; s < s1; s++ {
			o.predict(s, o.zb, o.b)
			to := o.layout.from[s+1]
			for i := o.layout.from[s]; i < to; i += batchRows {
				p.sum += o.kernels(p, i, min(i+batchRows, to))
			}
			o.assembleLevel(p, c, s)
		}
	})
	return o.addSums()
}

// kernels sets the score, W and W' of some rows of a level, at most batchRows, and
// returns the sum of l.
func (o *Objective) kernels(p *part, from, to int) float64 {
	eta, l := p.eta[:to-from], p.l[:to-from]
	for i := range eta {
		eta[i] = o.xb[from+i] + o.zb[from+i]
	}
	score, w, w3 := o.s[from:to], o.w[from:to], o.w3[from:to]
	o.fam.Kernels(o.rows.y[from:to], eta, o.shape, l, score, w, w3)
	var sum float64
	for i, rw := range o.rows.w[from:to] {
		sum += rw * l[i]
		score[i] *= rw
		w[i] *= -rw
		w3[i] *= -rw
	}
	return sum
}

// reassemble is sweep for the weights as they are.
func (o *Objective) reassemble() {
	o.clearSums()
	o.crew.each(func(c, s0, s1 int) {
		for s := s0; s < s1; s++ {
			o.assembleLevel(&o.crew.parts[c], c, s)
		}
	})
	o.addSums()
}

func (o *Objective) clearSums() {
	b := &o.schur
	clear(b.raw)
	o.r.clear()
	o.t.clear()
	for i := range o.crew.parts {
		p := &o.crew.parts[i]
		clear(p.r)
		clear(p.t)
		clear(p.rest)
	}
}

// addSums adds the parts of the chunks and returns -2 times their sum.
func (o *Objective) addSums() float64 {
	var sum float64
	for i := range o.crew.parts {
		p := &o.crew.parts[i]
		sum += p.sum
		for j, v := range p.rest {
			o.schur.raw[j] += v
		}
		for j, v := range p.r {
			o.r.rest[j] += v
			o.t.rest[j] += p.t[j]
		}
	}
	if math.IsNaN(sum) {
		return math.Inf(1)
	}
	return -2 * sum
}

// predict sets out to Z b for the rows of a level.
func (o *Objective) predict(s int, out []float64, b vector) {
	l, rows := o.layout, o.rows
	k, from, to := l.k, l.from[s], l.from[s+1]
	if z := rows.z[0]; k == 1 {
		v := b.first[s]
		for i := from; i < to; i++ {
			out[i] = z[i] * v
		}
	} else {
		bs := b.first[s*k : s*k+k]
		for i := from; i < to; i++ {
			var v float64
			for j, x := range z[i*k : i*k+k] {
				v += x * bs[j]
			}
			out[i] = v
		}
	}
	for f, first := range l.col {
		kf, z, level := l.fs[f+1].k, rows.z[f+1], rows.level[f+1]
		if kf == 1 {
			bf := b.rest[first : first+l.fs[f+1].levels]
			for i := from; i < to; i++ {
				out[i] += z[i] * bf[level[i]]
			}
			continue
		}
		for i := from; i < to; i++ {
			bs := b.rest[first+int(level[i])*kf:][:kf]
			for j, x := range z[i*kf : i*kf+kf] {
				out[i] += x * bs[j]
			}
		}
	}
}

// assembleLevel adds the rows of a level to S, r and t. The first chunk adds to the
// dense part itself.
func (o *Objective) assembleLevel(p *part, chunk, s int) {
	l, rows, b := o.layout, o.rows, &o.schur
	k, q, from, to := l.k, l.q, l.from[s], l.from[s+1]
	rest := p.rest
	if chunk == 0 {
		rest = b.raw
	}
	if l.single {
		o.assembleSingle(p, rest, s)
		return
	}
	width := l.width(s)
	ss, sf := b.ss[s*k*k:s*k*k+k*k], b.sf[k*l.start[s]:][:k*width]
	clear(ss)
	clear(sf)
	r, t := o.r.first[s*k:s*k+k], o.t.first[s*k:s*k+k]
	for i := from; i < to; i++ {
		w, score, z := o.w[i], o.s[i], rows.z[0][i*k:i*k+k]
		h := score + w*o.zb[i]
		for a, x := range z {
			v := w * x
			r[a] += x * h
			t[a] += x * score
			for c, y := range z[:a+1] {
				ss[a*k+c] += v * y
			}
		}
		for f, first := range l.col {
			kf := l.fs[f+1].k
			zf := rows.z[f+1][i*kf : i*kf+kf]
			at := int(l.pos[f][i])
			for a, x := range z {
				v := w * x
				for c, y := range zf {
					sf[a*width+at+c] += v * y
				}
			}
			at = first + int(rows.level[f+1][i])*kf
			for a, x := range zf {
				v := w * x
				p.r[at+a] += x * h
				p.t[at+a] += x * score
				for g, other := range l.col[:f+1] {
					kg := l.fs[g+1].k
					row := rest[(at+a)*q+other+int(rows.level[g+1][i])*kg:][:kg]
					for c, y := range rows.z[g+1][i*kg : i*kg+kg] {
						row[c] += v * y
					}
				}
			}
		}
	}
	for a := range k {
		for c := range a {
			ss[c*k+a] = ss[a*k+c]
		}
	}
}

// random sets out to Z b.
func (o *Objective) random(out []float64, b vector) {
	o.crew.each(func(_, s0, s1 int) {
		for s := s0; s < s1; s++ {
			o.predict(s, out, b)
		}
	})
}

// gather sets out to Z'g for a value g of each row.
func (o *Objective) gather(out vector, g []float64) {
	out.clear()
	o.crew.each(func(c, s0, s1 int) {
		p := &o.crew.parts[c]
		clear(p.r)
		for s := s0; s < s1; s++ {
			o.gatherLevel(out.first, p.r, s, g)
		}
	})
	o.crew.add(out.rest, func(p *part) []float64 { return p.r })
}

// gatherLevel adds the rows of a level to Z'g.
func (o *Objective) gatherLevel(first, rest []float64, s int, g []float64) {
	l, rows := o.layout, o.rows
	if l.single {
		o.gatherSingle(first, rest, s, g)
		return
	}
	k, from, to := l.k, l.from[s], l.from[s+1]
	t := first[s*k : s*k+k]
	for i := from; i < to; i++ {
		v := g[i]
		for j, z := range rows.z[0][i*k : i*k+k] {
			t[j] += z * v
		}
		for f, at := range l.col {
			kf := l.fs[f+1].k
			u := rest[at+int(rows.level[f+1][i])*kf:][:kf]
			for j, z := range rows.z[f+1][i*kf : i*kf+kf] {
				u[j] += z * v
			}
		}
	}
}

// fixedGather adds X'g to out.
func (o *Objective) fixedGather(out, g []float64) {
	np, x := o.rows.p, o.rows.x
	o.crew.each(func(c, s0, s1 int) {
		to := o.crew.parts[c].fixed
		clear(to)
		for i := o.layout.from[s0]; i < o.layout.from[s1]; i++ {
			v := g[i]
			for j, u := range x[i*np : i*np+np] {
				to[j] += u * v
			}
		}
	})
	o.crew.add(out, func(p *part) []float64 { return p.fixed })
}
