package separation

import (
	"fmt"
	"slices"

	"github.com/golmm/golmm/lmm/design"
)

// Result says whether some direction separates the responses, and which.
type Result struct {
	// Applies is false for families whose estimates are always finite.
	Applies bool
	// Group is the grouping factor of Within, "" for the fixed effects alone.
	Group string
	// Rows of the design that are separated, in order; none if the estimates are
	// finite.
	Rows []int
	// Open is the number of rows that could be: without those that are held in
	// both directions and, for Within, those of levels of one kind.
	Open int
	// Complete says that all rows are separated, or all of Within's levels with
	// both kinds of response.
	Complete bool
	// Names are those of the columns of X, Direction has an entry for each. Along
	// it the likelihood never falls; a step of 1 moves the linear predictor of
	// each separated row (for Within its distance from rows of the other kind)
	// by 1 or more.
	Names     []string
	Direction []float64
	// Columns are the indices of a set of columns that does it and of which none
	// can be spared: where Direction is not 0.
	Columns []int
	// Infinite are the columns of X whose coefficients have no finite estimate.
	Infinite []int
	// Free is a basis of the directions along which no row moves that is not
	// separated; what changes along one of them is not estimated. The largest
	// change of a row is 1.
	Free [][]float64
	// Determined are columns of X that the rows that are not separated tell apart, as
	// many as they can: the first ones.
	Determined []int
	// Cells are levels of factors, or combinations of them, whose responses are
	// all alike; Threshold is set where one covariate does it alone.
	Cells     []Cell
	Threshold *Threshold
	// Low and High are the levels of Within's group whose responses are all Down
	// or all Up.
	Low, High []int

	response response
	// covered says that Cells hold all rows that are separated; one is the side of all
	// rows, Held where they differ.
	covered bool
	one     Side
}

// Separated says that there is no finite maximum.
func (r *Result) Separated() bool { return len(r.Rows) > 0 }

// UnsettledError says that the linear programme came to no end that can be
// believed: rounding in X is too large.
type UnsettledError struct{ Columns int }

func (e *UnsettledError) Error() string {
	return fmt.Sprintf("it could not be settled whether the responses are separated by the %d columns of the fixed effects: they almost depend on each other; centre the covariates or leave one out", e.Columns)
}

// Find asks whether the fixed effects of a design separate its responses.
//
// Errors: *UnsettledError.
func Find(d *design.Design, family, link string) (*Result, error) {
	side, ok := Sides(family, link, d.Y)
	if !ok {
		return &Result{Names: d.XNames}, nil
	}
	r := &Result{Applies: true, Names: d.XNames, Direction: make([]float64, d.X.Cols)}
	var err error
	if !someOverlap(d, side) {
		err = r.find(d, func(f *frame) constraints { return newSingle(f, side) })
	}
	for _, k := range side {
		if k != Held {
			r.Open++
		}
	}
	r.Complete = r.Separated() && len(r.Rows) == len(side)
	if r.Separated() {
		r.Cells, r.covered = cells(d, side, r.Rows)
		r.Threshold = threshold(d, side, r)
		if !slices.ContainsFunc(side, func(k Side) bool { return k != side[0] }) {
			r.one = side[0]
		}
	}
	return r, err
}

// Within asks whether they do so when each level of the grouping factor of a
// term (an index of Design.Terms) has an intercept of its own. Levels whose responses are
// all Up or all Down tell nothing then. A model with a random intercept
// still compares levels with each other, so that its estimates can be
// finite where Within separates.
//
// Errors: *UnsettledError.
func Within(d *design.Design, family, link string, term int) (*Result, error) {
	t := &d.Terms[term]
	side, ok := Sides(family, link, d.Y)
	if !ok {
		return &Result{Names: d.XNames, Group: t.Group}, nil
	}
	r := &Result{Applies: true, Names: d.XNames, Group: t.Group}
	err := r.find(d, func(f *frame) constraints { return newPairs(f, side, t.Level, len(t.Levels)) })
	held := r.levels(side, t)
	r.Complete = r.Separated() && len(r.Rows) == r.Open && held == 0
	return r, err
}

// levels finds the levels of one kind and counts the rows of the others, those apart
// that are held.
func (r *Result) levels(side []Side, t *design.Term) (held int) {
	count := make([][3]int, len(t.Levels))
	for i, l := range t.Level {
		count[l][side[i]]++
	}
	for l, c := range count {
		switch {
		case c[Up] == 0 && c[Held] == 0:
			r.Low = append(r.Low, l)
		case c[Down] == 0 && c[Held] == 0:
			r.High = append(r.High, l)
		case c[Up]+c[Down] > 0:
			r.Open += c[Up] + c[Down]
			held += c[Held]
		}
	}
	return held
}

// find fills in rows, direction and columns.
func (r *Result) find(d *design.Design, build func(*frame) constraints) error {
	p := d.X.Cols
	r.Direction, r.response = make([]float64, p), responseOf(d)
	f := newFrame(d.X.Data, d.X.Rows, p)
	c := build(f)
	_, free := split(p, c.held)
	z, err := search(free, c)
	if err != nil {
		return &UnsettledError{Columns: p}
	}
	if len(c.separated()) == 0 {
		return nil
	}
	free = f.free(c)
	columns, among, z := f.spare(sparing(d), free, z, len(c.separated()), func() constraints { return build(f) })
	if better := widest(among, c); better != nil {
		z = better
	}
	z = among.apply(among.coordinates(z)) // what is not separated stays where it is
	least := margin(z, c)
	if !(least > 0) {
		return &UnsettledError{Columns: p}
	}
	r.Rows = slices.Sorted(slices.Values(c.separated()))
	r.Infinite = f.infinite(f.free(build(f)), free)
	r.Free, r.Determined = f.freely(free), f.determined(free)
	r.Columns = columns
	step := f.back(z)
	for _, j := range columns {
		r.Direction[j] = step[j] / least
	}
	return nil
}

// sparing is the order in which columns are left out: interactions before what
// they are made of, the intercept last.
func sparing(d *design.Design) []int {
	order := make([]int, d.X.Cols)
	for k := range order {
		order[k] = len(order) - 1 - k
	}
	if at := slices.Index(d.XNames, intercept); at >= 0 {
		order = append(slices.DeleteFunc(order, func(j int) bool { return j == at }), at)
	}
	return order
}
