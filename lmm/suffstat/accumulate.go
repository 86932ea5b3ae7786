package suffstat

import "slices"

// structure finds which levels and columns each level of link a meets.
func (s *Blocked) structure(a int) {
	f, links := &s.Factors[a], len(s.Chain)
	ln := &s.Chain[a]
	ln.K, ln.Fixed = f.K, s.P+1
	for b := a + 1; b < links; b++ {
		g := &s.Factors[b]
		ln.Up = append(ln.Up, parents(f, g))
		ln.Above += g.K
	}
	ln.Start = make([]int, f.Levels+1)
	if s.Q == 0 {
		return
	}
	rows, from := byLevel(f)
	seen := make([]int32, s.Q) // 1 + the last level that met a column
	for j := 0; j < f.Levels; j++ {
		for b, at := range s.Offset {
			g := &s.Factors[links+b]
			for _, i := range rows[from[j]:from[j+1]] {
				col := at + int(g.level[i])*g.K
				if seen[col] == int32(j+1) {
					continue
				}
				seen[col] = int32(j + 1)
				for c := 0; c < g.K; c++ {
					ln.Cols = append(ln.Cols, int32(col+c))
				}
			}
		}
		slices.Sort(ln.Cols[ln.Start[j]:])
		ln.Start[j+1] = len(ln.Cols)
	}
}

// byLevel lists the rows level by level: those of level j are
// rows[from[j]:from[j+1]].
func byLevel(f *Factor) (rows []int32, from []int) {
	from = make([]int, f.Levels+1)
	for _, j := range f.level {
		from[j+1]++
	}
	for j := range f.Levels {
		from[j+1] += from[j]
	}
	rows = make([]int32, len(f.level))
	next := slices.Clone(from)
	for i, j := range f.level {
		rows[next[j]] = int32(i)
		next[j]++
	}
	return rows, from
}

// positions finds the columns of each level of link a in the lists of the
// levels that hold it: these have all its rows, hence all its columns.
func (s *Blocked) positions(a int) {
	ln := &s.Chain[a]
	for b, up := range ln.Up {
		above := &s.Chain[a+1+b]
		pos := make([]int32, len(ln.Cols))
		for j, l := range up {
			list := above.Meets(int(l))
			for i := ln.Start[j]; i < ln.Start[j+1]; i++ {
				p, _ := slices.BinarySearch(list, ln.Cols[i])
				pos[i] = int32(p)
			}
		}
		ln.Pos = append(ln.Pos, pos)
	}
}

// accumulate adds up the cross-products of link a with itself and everything
// that is eliminated later.
func (s *Blocked) accumulate(a int, z [][]float64, x, y []float64) {
	f, ln, links, p := &s.Factors[a], &s.Chain[a], len(s.Chain), s.P
	k := f.K
	end, _ := ln.Span(f.Levels - 1)
	_, w := ln.Span(f.Levels - 1)
	ln.Diag = make([]float64, f.Levels*k*k)
	ln.Rows = make([]float64, end+k*w)
	rows, from := byLevel(f)
	place := make([]int, s.Q) // of a column in the row of the current level
	for j := 0; j < f.Levels; j++ {
		at, w := ln.Span(j)
		diag, row := ln.Diag[j*k*k:][:k*k], ln.Rows[at:at+k*w]
		for i, c := range ln.Meets(j) {
			place[c] = ln.Above + i
		}
		for _, i := range rows[from[j]:from[j+1]] {
			i := int(i)
			own := z[a][i*k : i*k+k]
			addOuter(diag, k, own, own)
			to := 0
			for b := a + 1; b < links; b++ {
				kb := s.Factors[b].K
				addOuter(row[to:], w, own, z[b][i*kb:i*kb+kb])
				to += kb
			}
			for b, first := range s.Offset {
				g := &s.Factors[links+b]
				col := first + int(g.level[i])*g.K
				addOuter(row[place[col]:], w, own, z[links+b][i*g.K:i*g.K+g.K])
			}
			addOuter(row[w-p-1:], w, own, x[i*p:i*p+p])
			addOuter(row[w-1:], w, own, y[i:i+1])
		}
	}
}

// remainder adds up the cross-products of the factors outside the chain, X and
// y.
func (s *Blocked) remainder(z [][]float64, x, y []float64) {
	links, p, m := len(s.Chain), s.P, s.Q+s.P+1
	s.Remainder = make([]float64, m*m)
	for i := 0; i < s.N; i++ {
		xi, yi := x[i*p:i*p+p], y[i:i+1]
		for b, first := range s.Offset {
			f := &s.Factors[links+b]
			own := z[links+b][i*f.K : i*f.K+f.K]
			row := (first + int(f.level[i])*f.K) * m
			for c := b; c < len(s.Offset); c++ {
				g := &s.Factors[links+c]
				addOuter(s.Remainder[row+s.Offset[c]+int(g.level[i])*g.K:], m, own, z[links+c][i*g.K:i*g.K+g.K])
			}
			addOuter(s.Remainder[row+s.Q:], m, own, xi)
			addOuter(s.Remainder[row+m-1:], m, own, yi)
		}
		addOuter(s.Remainder[s.Q*m+s.Q:], m, xi, xi)
		addOuter(s.Remainder[s.Q*m+m-1:], m, xi, yi)
		s.Remainder[m*m-1] += yi[0] * yi[0]
	}
}

// addOuter adds u v' to the matrix at a, its rows stride apart.
func addOuter(a []float64, stride int, u, v []float64) {
	for r, s := range u {
		row := a[r*stride:][:len(v)]
		for c, t := range v {
			row[c] += s * t
		}
	}
}
