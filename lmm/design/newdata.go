package design

import (
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// recipe is what a design remembers so as to make the same columns of other
// rows.
type recipe struct {
	learned map[*formula.Call]transform
	vars    []*variable // as in the frame, without values
	groups  []*variable
	fixed   *plan
	keep    []bool // columns of the fixed plan that are in X
	terms   []termRecipe
	offset  string
	table   *table.Table
}

type termRecipe struct {
	plan *plan
	grouping
}

func newRecipe(fr *frame, opt *Options) *recipe {
	return &recipe{learned: fr.ev.learned, vars: skeletons(fr.vars), groups: skeletons(fr.groups),
		offset: opt.Offset, table: fr.ev.tab}
}

// skeletons returns variables with what describes their values, but without
// the values.
func skeletons(vars []*variable) []*variable {
	out := make([]*variable, len(vars))
	for k, v := range vars {
		val := *v.val
		val.numbers, val.codes = nil, nil
		out[k] = &variable{node: v.node, name: v.name, val: &val}
	}
	return out
}

// values lists the values of the variables.
func (fr *frame) values() []*value {
	vals := make([]*value, len(fr.vars))
	for k, v := range fr.vars {
		vals[k] = v.val
	}
	return vals
}

// NewRows is a design's matrices for rows it was not built from. There is one
// row for every row of the table; where a predictor is missing, the columns
// concerned are NaN.
type NewRows struct {
	X      Matrix    // n x p, the columns of Design.X
	Terms  []NewTerm // in the order of Design.Terms
	Offset []float64 // n, or nil
}

// NewTerm is the block of a random term for new rows.
type NewTerm struct {
	Level []int32 // n, index into the levels of the design's term; -1 for a new or missing one
	Z     Matrix  // n x k
}

// NewData evaluates the predictors on another table: with the levels and
// contrasts of the data that the design was built from, and with the means,
// knots and coefficients that scale, center, ns and poly learned there. The
// response and the weights are not needed. A new level of a factor that is a
// predictor is an *Error; a new level of a grouping factor is not.
func (d *Design) NewData(t *table.Table) (*NewRows, error) {
	r := d.recipe
	ev := &evaluator{src: d.Formula.Src, tab: t, learned: r.learned}
	vals, err := r.evaluate(ev, d.Formula)
	if err != nil {
		return nil, err
	}
	n := t.Rows()
	full := r.fixed.matrix(n, vals)
	out := &NewRows{X: full.columns(r.keep)}
	for _, term := range r.terms {
		level, err := term.levelsOf(ev, r.groups, n)
		if err != nil {
			return nil, err
		}
		out.Terms = append(out.Terms, NewTerm{Level: level, Z: term.plan.matrix(n, vals)})
	}
	if out.Offset, err = optionColumn(t, r.offset, "offset"); err != nil {
		return nil, err
	}
	for _, o := range d.Formula.Offsets {
		if out.Offset == nil {
			out.Offset = make([]float64, n)
		}
		for i, x := range vals[r.index(o)].numbers {
			out.Offset[i] += x
		}
	}
	return out, nil
}

func (r *recipe) index(n formula.Node) int {
	name := n.String()
	return slices.IndexFunc(r.vars, func(v *variable) bool { return v.name == name })
}

// evaluate computes the variables that the matrices and offsets use.
func (r *recipe) evaluate(ev *evaluator, f *formula.Formula) ([]*value, error) {
	needed := make([]bool, len(r.vars))
	plans := []*plan{r.fixed}
	for _, t := range r.terms {
		plans = append(plans, t.plan)
	}
	for _, p := range plans {
		for _, b := range p.blocks {
			for _, part := range b.parts {
				needed[part.at] = true
			}
		}
	}
	for _, o := range f.Offsets {
		needed[r.index(o)] = true
	}
	vals := make([]*value, len(r.vars))
	for k, v := range r.vars {
		if !needed[k] {
			continue
		}
		val, err := ev.eval(v.node)
		if err != nil {
			return nil, err
		}
		if vals[k], err = v.match(ev, val); err != nil {
			return nil, err
		}
	}
	return vals, nil
}

// match brings a new value into the form that the variable had in training.
func (v *variable) match(ev *evaluator, val *value) (*value, error) {
	if !v.val.isFactor {
		if val.isFactor || val.width != v.val.width {
			return nil, errorAt(ev.src, v.node, "%s is %s in the new data; the model was fitted to numbers", v.node, val.describe())
		}
		for i, x := range val.numbers {
			if math.IsInf(x, 0) {
				return nil, infinite(ev.src, v.node, i/val.width)
			}
		}
		val.logical = v.val.logical
		return val, nil
	}
	f, outside := val.asFactor().withLevels(v.val.levels)
	if outside != "" {
		return nil, errorAt(ev.src, v.node, "%s is %q in the new data, a level that was not in the data of the fit; its levels are %s",
			v.node, outside, listText(v.val.levels))
	}
	return f, nil
}

// levelsOf finds the level of the grouping factor for each row.
func (t termRecipe) levelsOf(ev *evaluator, groups []*variable, n int) ([]int32, error) {
	parts := len(t.vars)
	codes := make([][]int32, parts)
	for k, at := range t.vars {
		v, err := ev.group(groups[at].node)
		if err != nil {
			return nil, err
		}
		f, _ := v.withLevels(groups[at].val.levels)
		codes[k] = f.codes
	}
	if parts == 1 {
		return codes[0], nil
	}
	place := make(map[string]int32, len(t.levels))
	for l := range t.levels {
		place[memberKey(t.members[l*parts:(l+1)*parts])] = int32(l)
	}
	level := make([]int32, n)
	member := make([]int32, parts)
	for i := range level {
		for k := range member {
			member[k] = codes[k][i]
		}
		var ok bool
		if level[i], ok = place[memberKey(member)]; !ok {
			level[i] = -1
		}
	}
	return level, nil
}

// memberKey makes a combination of codes comparable.
func memberKey(codes []int32) string {
	var b strings.Builder
	for _, c := range codes {
		b.Write([]byte{byte(c), byte(c >> 8), byte(c >> 16), byte(c >> 24)})
	}
	return b.String()
}
