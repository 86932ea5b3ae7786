package design

import (
	"slices"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// Table is the table that the design was built from, all of its rows.
func (d *Design) Table() *table.Table { return d.recipe.table }

// FixedTerm is a term of the fixed effects.
type FixedTerm struct {
	Name string
	// Columns of X that belong to the term: none where all depend on earlier
	// ones.
	Columns []int
	// Factors and Covariates are the variables of the term by their names.
	Factors, Covariates []string
}

// FixedTerms lists the terms of the fixed effects in the order of X, without
// the intercept.
func (d *Design) FixedTerms() []FixedTerm {
	r := d.recipe
	at, kept := 0, 0
	next := func(width int) (columns []int) {
		for range width {
			if r.keep[at] {
				columns = append(columns, kept)
				kept++
			}
			at++
		}
		return columns
	}
	if r.fixed.intercept {
		next(1)
	}
	var out []FixedTerm
	for i, b := range r.fixed.blocks {
		t := FixedTerm{Name: d.Formula.Fixed[i].String(), Columns: next(b.width)}
		for _, part := range b.parts {
			if v := r.vars[part.at]; part.coding != nil {
				t.Factors = append(t.Factors, v.name)
			} else {
				t.Covariates = append(t.Covariates, v.name)
			}
		}
		out = append(out, t)
	}
	return out
}

// Overparameterised returns the columns of the fixed effects with all factors
// coded by indicators of all their levels, for the rows in the model: more
// columns than their rank, but none that depends on a choice of contrasts. The
// second result tells for each column the term of FixedTerms, -1 for the
// intercept, which is there if the formula has one.
func (d *Design) Overparameterised() (Matrix, []int, error) {
	r := d.recipe
	ev := &evaluator{src: d.Formula.Src, tab: r.table.Take(d.Rows), learned: r.learned}
	vals, err := r.evaluate(ev, d.Formula)
	if err != nil {
		return Matrix{}, nil, err
	}
	p := &plan{intercept: r.fixed.intercept}
	var term []int
	if p.intercept {
		p.names, term = append(p.names, "(Intercept)"), append(term, -1)
	}
	for i, b := range r.fixed.blocks {
		full := block{width: 1, parts: slices.Clone(b.parts)}
		for k, part := range b.parts {
			v := r.vars[part.at]
			width := v.val.width
			if part.coding != nil {
				levels := v.val.levels
				if v.val.logical {
					levels = []string{"FALSE", "TRUE"}
				}
				full.parts[k].coding = indicators(levels)
				width = len(levels)
			}
			full.width *= width
		}
		if all := len(p.names) + full.width; all > maxColumns || all*len(d.Rows) > maxEntries {
			return Matrix{}, nil, dataError("with indicators of all levels the fixed effects have at least %d columns for %d rows, more than can be handled", all, len(d.Rows))
		}
		p.blocks = append(p.blocks, full)
		for range full.width {
			p.names, term = append(p.names, ""), append(term, i)
		}
	}
	return p.matrix(len(d.Rows), vals), term, nil
}

// Full returns all columns of the fixed effects, those that depend on earlier
// ones included, for the rows in the model: the columns of FullNames.
func (d *Design) Full() (Matrix, error) {
	if len(d.Aliased) == 0 {
		return d.X, nil
	}
	r := d.recipe
	ev := &evaluator{src: d.Formula.Src, tab: r.table.Take(d.Rows), learned: r.learned}
	vals, err := r.evaluate(ev, d.Formula)
	if err != nil {
		return Matrix{}, err
	}
	return r.fixed.matrix(len(d.Rows), vals), nil
}

// NewFixed evaluates the fixed effects on another table, by the rules of
// NewData: all columns of FullNames. The table needs the predictors alone.
func (d *Design) NewFixed(t *table.Table) (Matrix, error) {
	r := d.recipe
	ev := &evaluator{src: d.Formula.Src, tab: t, learned: r.learned}
	vals := make([]*value, len(r.vars))
	for _, b := range r.fixed.blocks {
		for _, part := range b.parts {
			v := r.vars[part.at]
			val, err := ev.eval(v.node)
			if err != nil {
				return Matrix{}, err
			}
			if vals[part.at], err = v.match(ev, val); err != nil {
				return Matrix{}, err
			}
		}
	}
	return r.fixed.matrix(t.Rows(), vals), nil
}

// Columns returns the names of the columns of the table that an expression
// uses, each once, and whether it makes a factor of the column, as factor(x)
// does.
func Columns(n formula.Node) (names []string, coerced map[string]bool) {
	coerced = map[string]bool{}
	var walk func(n formula.Node, factor bool)
	walk = func(n formula.Node, factor bool) {
		switch n := n.(type) {
		case *formula.Ident:
			if !slices.Contains(names, n.Name) {
				names = append(names, n.Name)
			}
			coerced[n.Name] = coerced[n.Name] || factor
		case *formula.Call:
			for _, a := range n.Args {
				walk(a.Value, factor || n.Fun == "factor" || n.Fun == "ordered")
			}
		case *formula.Paren:
			walk(n.X, factor)
		case *formula.Unary:
			walk(n.X, factor)
		case *formula.Binary:
			walk(n.X, factor)
			walk(n.Y, factor)
		}
	}
	walk(n, false)
	return names, coerced
}
