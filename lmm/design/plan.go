package design

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/formula"
)

// plan says how a list of terms becomes the columns of a matrix. It is made
// from the training data and serves for other rows too.
type plan struct {
	intercept bool
	blocks    []block
	names     []string // of all columns
	units     []bool   // whether the scale of a column depends on a number: not for indicators
}

// block is the columns of one term: all products of one column of each part,
// the first part running fastest.
type block struct {
	parts []part
	width int
}

// part is one variable of a term.
type part struct {
	at     int     // index of the variable in the frame
	coding *coding // nil for numbers
}

const (
	maxEntries    = 1 << 28 // of a model matrix: 2 GiB
	maxColumns    = 2000    // of a model matrix
	maxPolyLevels = 200     // of polynomial contrasts: higher degrees mean nothing
)

// newPlan codes the terms. A factor is coded by contrasts where the rest of
// its term is, or is contained in, an earlier term or empty; otherwise by
// indicators of all its levels. Without an intercept the first factor is coded
// by indicators. These are R's rules (Chambers and Hastie 1992, section 2.4.1).
// With every set, all factors are coded by indicators, and a term of factors
// alone takes the place of the intercept.
func newPlan(fr *frame, intercept bool, terms []formula.Term, kinds map[string]string, every bool) (*plan, error) {
	p := &plan{intercept: intercept}
	index := make([][]int, len(terms))
	for t, term := range terms {
		onlyFactors := true
		for _, n := range term.Vars {
			index[t] = append(index[t], fr.index[n.String()])
			onlyFactors = onlyFactors && fr.variable(n).categorical()
		}
		if every && onlyFactors {
			p.intercept = false
		}
	}
	if p.intercept {
		p.names, p.units = append(p.names, "(Intercept)"), append(p.units, false)
	}
	firstFull := !p.intercept // the first factor met is coded in full
	for t, vars := range index {
		b := block{width: 1}
		for _, at := range vars {
			v := fr.vars[at]
			width := v.val.width
			pt := part{at: at}
			if v.categorical() {
				full := every || firstFull || !contained(without(vars, at), index[:t])
				firstFull = false
				var err error
				if pt.coding, err = fr.code(v, full, kinds); err != nil {
					return nil, err
				}
				width = pt.coding.width
			}
			b.parts = append(b.parts, pt)
			b.width *= width
			if all := len(p.names) + b.width; all > maxColumns || all*len(fr.rows) > maxEntries {
				return nil, errorAt(fr.src, terms[t].Vars[0], "with the term %s the model matrix has at least %d columns for %d rows, more than can be handled; a factor with many levels belongs behind a bar: (1 | g)",
					terms[t], all, len(fr.rows))
			}
		}
		p.blocks = append(p.blocks, b)
		p.addNames(fr, b)
	}
	return p, nil
}

func (v *variable) categorical() bool { return v.val.isFactor || v.val.logical }

// contained reports whether all of vars stand in one of the terms, or there
// are none.
func contained(vars []int, terms [][]int) bool {
	return len(vars) == 0 || slices.ContainsFunc(terms, func(t []int) bool {
		return !slices.ContainsFunc(vars, func(v int) bool { return !slices.Contains(t, v) })
	})
}

func without(vars []int, at int) []int {
	return slices.DeleteFunc(slices.Clone(vars), func(v int) bool { return v == at })
}

// code returns the columns that stand for a factor.
func (fr *frame) code(v *variable, full bool, kinds map[string]string) (*coding, error) {
	levels, ordered := v.val.levels, v.val.ordered
	if v.val.logical {
		levels = []string{"FALSE", "TRUE"}
	}
	if len(levels) < 2 {
		return nil, errorAt(fr.src, v.node, "the factor %s has only the level %s in the %d rows used; a predictor needs 2",
			v.node, levels[0], len(fr.rows))
	}
	kind, ok := kinds[v.name]
	switch {
	case full:
		kind = "indicator"
	case !ok && ordered:
		kind = Poly
	case !ok:
		kind = Treatment
	}
	if len(levels) > maxColumns || kind == Poly && len(levels) > maxPolyLevels {
		return nil, errorAt(fr.src, v.node, "the factor %s has %d levels, too many for %s columns; a factor with so many levels belongs behind a bar: (1 | %s)",
			v.node, len(levels), kind, v.name)
	}
	if full {
		return indicators(levels), nil
	}
	return contrasts(kind, levels), nil
}

// addNames appends the names of the columns of a block.
func (p *plan) addNames(fr *frame, b block) {
	names := []string{""}
	units := false
	for k, part := range b.parts {
		v := fr.vars[part.at]
		suffix := v.val.suffix
		switch {
		case part.coding != nil:
			suffix = part.coding.names
		case v.val.width == 1:
			suffix = []string{""}
		}
		units = units || part.coding == nil
		next := make([]string, 0, len(names)*len(suffix))
		for _, s := range suffix {
			for _, name := range names {
				if k > 0 {
					name += ":"
				}
				next = append(next, name+v.name+s)
			}
		}
		names = next
	}
	p.names = append(p.names, names...)
	for range names {
		p.units = append(p.units, units)
	}
}

// matrix computes the columns for n rows; vals are the variables in the order
// of the frame. A row with a missing factor is NaN.
func (p *plan) matrix(n int, vals []*value) Matrix {
	m := Matrix{Rows: n, Cols: len(p.names), Data: make([]float64, n*len(p.names))}
	col := 0
	if p.intercept {
		for i := range n {
			m.Data[i*m.Cols] = 1
		}
		col = 1
	}
	for _, b := range p.blocks {
		b.fill(&m, col, vals)
		col += b.width
	}
	return m
}

// fill computes the columns of the block from column col on.
func (b block) fill(m *Matrix, col int, vals []*value) {
	if len(b.parts) == 1 && b.width == 1 && b.parts[0].coding == nil {
		for i, x := range vals[b.parts[0].at].numbers {
			m.Data[i*m.Cols+col] = x
		}
		return
	}
	for i := range m.Rows {
		out := m.Data[i*m.Cols+col : i*m.Cols+col+b.width]
		width := 1
		out[0] = 1
		for _, p := range b.parts {
			row := p.row(vals[p.at], i)
			if row == nil {
				for j := range out {
					out[j] = math.NaN()
				}
				break
			}
			for j := len(row) - 1; j >= 0; j-- {
				for k := range width {
					out[j*width+k] = out[k] * row[j]
				}
			}
			width *= len(row)
		}
	}
}

// row returns the columns of a part in row i, nil if a factor is missing.
func (p part) row(v *value, i int) []float64 {
	if p.coding == nil {
		return v.numbers[i*v.width : (i+1)*v.width]
	}
	level := 0
	if v.isFactor {
		level = int(v.codes[i])
	} else if x := v.numbers[i]; x == x {
		level = int(x)
	} else {
		level = -1
	}
	if level < 0 {
		return nil
	}
	return p.coding.rows[level*p.coding.width : (level+1)*p.coding.width]
}
