package design

import (
	"cmp"
	"maps"
	"slices"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/nearest"
	"github.com/golmm/golmm/lmm/table"
)

// Build evaluates a formula on a table. opt may be nil. The error is an *Error.
func Build(f *formula.Formula, t *table.Table, opt *Options) (*Design, error) {
	if opt == nil {
		opt = &Options{}
	}
	if len(f.Random) == 0 && !opt.FixedOnly {
		return nil, &Error{Src: f.Src, Off: len(f.Src), Msg: "this is an ordinary linear model; golmm needs at least one random term, such as (1 | g)"}
	}
	kinds, err := contrastKinds(opt.Contrasts)
	if err != nil {
		return nil, err
	}
	fr, err := newFrame(f, t, opt)
	if err != nil {
		return nil, err
	}
	d := &Design{Formula: f, Weights: fr.weights, TableRows: fr.tableRows, Rows: fr.rows}
	if err := d.response(fr, opt); err != nil {
		return nil, err
	}
	if err := d.offsets(fr); err != nil {
		return nil, err
	}
	d.recipe = newRecipe(fr, opt)
	if err := d.fixed(fr, kinds); err != nil {
		return nil, err
	}
	if err := d.random(fr); err != nil {
		return nil, err
	}
	d.find(fr)
	return d, nil
}

// fixed builds X from the fixed terms and drops the columns that depend on
// those before them.
func (d *Design) fixed(fr *frame, kinds map[string]string) error {
	p, err := newPlan(fr, d.Formula.Intercept, d.Formula.Fixed, kinds, false)
	if err != nil {
		return err
	}
	if err := checkContrasts(fr, p, kinds); err != nil {
		return err
	}
	full := p.matrix(len(fr.rows), fr.values())
	d.FullNames = p.names
	d.recipe.fixed, d.recipe.keep = p, independentColumns(&full)
	d.X = full.columns(d.recipe.keep)
	for j, name := range p.names {
		if d.recipe.keep[j] {
			d.XNames = append(d.XNames, name)
		} else {
			d.Aliased = append(d.Aliased, name)
		}
	}
	if d.X.Rows <= d.X.Cols && d.Trials == nil {
		e := dataError("%s cannot estimate %s and a variance beside them; drop terms or find more data",
			plural(d.X.Rows, "row", "rows"), plural(d.X.Cols, "fixed effect", "fixed effects"))
		e.Code = "D8"
		return e
	}
	return nil
}

// checkContrasts refuses contrasts for what is no factor of the fixed terms.
func checkContrasts(fr *frame, p *plan, kinds map[string]string) error {
	var factors []string
	for _, b := range p.blocks {
		for _, part := range b.parts {
			if part.coding != nil {
				factors = append(factors, fr.vars[part.at].name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		if slices.Contains(factors, name) {
			continue
		}
		if near := nearest.Name(name, factors); near != "" {
			return dataError("contrasts are given for %s, which is not a factor among the fixed terms; did you mean %s?", name, near)
		}
		return dataError("contrasts are given for %s, which is not a factor among the fixed terms", name)
	}
	return nil
}

// columns returns the columns to keep; m itself if that is all of them.
func (m *Matrix) columns(keep []bool) Matrix {
	var at []int
	for j, k := range keep {
		if k {
			at = append(at, j)
		}
	}
	if len(at) == m.Cols {
		return *m
	}
	out := Matrix{Rows: m.Rows, Cols: len(at), Data: make([]float64, 0, m.Rows*len(at))}
	for i := range m.Rows {
		row := m.Row(i)
		for _, j := range at {
			out.Data = append(out.Data, row[j])
		}
	}
	return out
}

// random builds the blocks of the random terms, in order of decreasing number
// of levels.
func (d *Design) random(fr *frame) error {
	known := map[string]grouping{}
	for _, r := range d.Formula.Random {
		g, ok := known[r.GroupName]
		if !ok {
			g = fr.grouping(r.Group)
			known[r.GroupName] = g
		}
		if len(g.levels) < 2 {
			e := errorAt(fr.src, r.Group[0], "the grouping factor %s has only the level %s in the %d rows used; a variance between groups needs at least 2 groups",
				r.GroupName, g.levels[0], len(fr.rows))
			e.Code = "D3"
			return e
		}
		p, err := d.coefficients(fr, r)
		if err != nil {
			return err
		}
		d.Terms = append(d.Terms, Term{Group: r.GroupName, Levels: g.levels, Level: g.codes,
			Z: p.matrix(len(fr.rows), fr.values()), Names: p.names, Shape: r.Shape, Rank: r.Rank, Src: r.String()})
		d.recipe.terms = append(d.recipe.terms, termRecipe{p, g})
	}
	order := make([]int, len(d.Terms))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return -cmp.Compare(len(d.Terms[a].Levels), len(d.Terms[b].Levels)) })
	d.Terms = permuted(d.Terms, order)
	d.recipe.terms = permuted(d.recipe.terms, order)
	return nil
}

func permuted[T any](list []T, order []int) []T {
	out := make([]T, len(list))
	for k, from := range order {
		out[k] = list[from]
	}
	return out
}

// coefficients plans the columns of a random term and checks that its shape
// suits them.
func (d *Design) coefficients(fr *frame, r formula.Random) (*plan, error) {
	every := r.Shape == formula.Independent || r.Shape == formula.CompSymm
	p, err := newPlan(fr, r.Intercept, r.Terms, nil, every)
	if err != nil {
		return nil, err
	}
	refuse := func(format string, args ...any) (*plan, error) {
		e := dataError(format, args...)
		e.Src, e.Off = fr.src, r.Offset
		return nil, e
	}
	switch r.Shape {
	case formula.ReducedRank:
		if r.Rank > len(p.names) {
			return refuse("the rank of %s is %d, but it has only %s", r, r.Rank, plural(len(p.names), "coefficient", "coefficients"))
		}
	case formula.CompSymm:
		if len(p.names) < 2 {
			return refuse("%s has a single coefficient; compound symmetry needs the levels of a factor, as in cs(f | g)", r)
		}
		numeric := slices.Contains(p.units, true)
		if numeric && (p.intercept || slices.Contains(p.units, false)) {
			return refuse("%s gives all coefficients the same variance, so they must have the same unit: use the levels of one factor, as in cs(f | g)", r)
		}
	}
	return p, nil
}
