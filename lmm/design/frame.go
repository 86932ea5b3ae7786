package design

import (
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/nearest"
	"github.com/golmm/golmm/lmm/table"
)

// variable is an expression of the formula with its values on the model frame.
type variable struct {
	node formula.Node
	name string // as R deparses it
	val  *value
	// before is the number of levels of a grouping variable in the whole table.
	before int
}

// frame is the model frame: all variables on the rows that are used.
type frame struct {
	src       string
	ev        *evaluator
	vars      []*variable
	index     map[string]int // by name
	groups    []*variable    // the variables of grouping factors, as factors
	groupAt   map[string]int
	tableRows int
	rows      []int // of the table
	weights   []float64
	offset    []float64
	also      []*table.Column // that must be complete too
	losses    []loss
	counts    bool // the response is cbind(), the first two variables
}

// newFrame evaluates every variable, finds the complete rows, and restricts
// all variables to them.
func newFrame(f *formula.Formula, t *table.Table, opt *Options) (*frame, error) {
	fr := &frame{
		src:       f.Src,
		ev:        &evaluator{src: f.Src, tab: t, training: true, learned: map[*formula.Call]transform{}},
		index:     map[string]int{},
		groupAt:   map[string]int{},
		tableRows: t.Rows(),
	}
	if err := fr.evaluate(f); err != nil {
		return nil, err
	}
	if err := fr.columns(t, opt); err != nil {
		return nil, err
	}
	if err := fr.complete(t); err != nil {
		return nil, err
	}
	return fr, fr.checkFinite(f)
}

// evaluate computes the variables in order of appearance.
func (fr *frame) evaluate(f *formula.Formula) error {
	if err := fr.evaluateResponse(f.Response); err != nil {
		return err
	}
	for _, t := range f.Fixed {
		if err := fr.addTerm(t); err != nil {
			return err
		}
	}
	for _, o := range f.Offsets {
		if err := fr.add(o); err != nil {
			return err
		}
	}
	for _, r := range f.Random {
		for _, t := range r.Terms {
			if err := fr.addTerm(t); err != nil {
				return err
			}
		}
		for _, g := range r.Group {
			if err := fr.addGroup(g); err != nil {
				return err
			}
		}
	}
	return nil
}

// evaluateResponse adds the response, or the two arguments of cbind().
func (fr *frame) evaluateResponse(n formula.Node) error {
	call, ok := isCounts(n)
	if !ok {
		return fr.add(n)
	}
	fr.counts = true
	if call.Param("successes").String() == call.Param("failures").String() {
		return errorAt(fr.src, n, "%s stands for the successes and for the failures: half of the trials of every row succeed, and there is nothing to explain; write cbind(successes, trials - successes)", call.Param("successes"))
	}
	if err := fr.add(call.Param("successes")); err != nil {
		return err
	}
	return fr.add(call.Param("failures"))
}

func (fr *frame) addTerm(t formula.Term) error {
	for _, v := range t.Vars {
		if err := fr.add(v); err != nil {
			return err
		}
	}
	return nil
}

func (fr *frame) add(n formula.Node) error {
	name := n.String()
	if _, ok := fr.index[name]; ok {
		return nil
	}
	val, err := fr.ev.eval(n)
	if err != nil {
		return err
	}
	if val.constant {
		return errorAt(fr.src, n, "%s is the same in all rows: it has no column of the data in it", n)
	}
	fr.index[name] = len(fr.vars)
	fr.vars = append(fr.vars, &variable{node: n, name: name, val: val})
	return nil
}

// addGroup adds a variable of a grouping factor, whatever its kind.
func (fr *frame) addGroup(n formula.Node) error {
	name := n.String()
	if _, ok := fr.groupAt[name]; ok {
		return nil
	}
	val, err := fr.ev.group(n)
	if err != nil {
		return err
	}
	fr.groupAt[name] = len(fr.groups)
	fr.groups = append(fr.groups, &variable{node: n, name: name, val: val})
	return nil
}

// group evaluates a variable of a grouping factor.
func (ev *evaluator) group(n formula.Node) (*value, error) {
	if id, ok := n.(*formula.Ident); ok {
		if c := ev.tab.Column(id.Name); c != nil {
			return factorValue(c.AsFactor()), nil
		}
	}
	v, err := ev.eval(n)
	if err != nil {
		return nil, err
	}
	if v.constant || v.width > 1 {
		return nil, errorAt(ev.src, n, "%s does not name groups; behind the bar stands a column or an interaction of columns", n)
	}
	return v.asFactor(), nil
}

// variable returns the variable that an expression of the formula stands for.
func (fr *frame) variable(n formula.Node) *variable { return fr.vars[fr.index[n.String()]] }

// columns reads the columns of weights and offset that Options name.
func (fr *frame) columns(t *table.Table, opt *Options) error {
	var err error
	if fr.weights, err = optionColumn(t, opt.Weights, "weights"); err != nil {
		return err
	}
	if fr.offset, err = optionColumn(t, opt.Offset, "offset"); err != nil {
		return err
	}
	for _, name := range opt.Complete {
		c, err := t.Lookup(name)
		if err != nil {
			return dataError("%v", err)
		}
		fr.also = append(fr.also, c)
	}
	return nil
}

func optionColumn(t *table.Table, name, role string) ([]float64, error) {
	if name == "" {
		return nil, nil
	}
	c := t.Column(name)
	if c == nil {
		if near := nearest.Name(name, t.Names()); near != "" {
			return nil, dataError("the column of the %s, %s, is not in the data; did you mean %s?", role, name, near)
		}
		return nil, dataError("the column of the %s, %s, is not in the data; the columns are %s", role, name, listText(t.Names()))
	}
	if !c.Kind().Numeric() {
		return nil, dataError("the column of the %s, %s, holds %s where numbers are needed", role, name, c.Kind())
	}
	return c.Floats(), nil
}
