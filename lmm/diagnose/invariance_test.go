package diagnose_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// disguised is the same data in other units, with its rows in another order and
// the levels of its factors in the reverse order. A covariate that a random term
// has alone, without the intercept, keeps its origin; all of them change units.
func disguised(t testing.TB, tab *table.Table, f *formula.Formula) *table.Table {
	t.Helper()
	var columns []*table.Column
	response := f.Response.String()
	for _, c := range tab.Columns() {
		switch c.Kind() {
		case table.Float, table.Int:
			v := c.Floats()
			for i := range v {
				if c.Name() == response {
					v[i] *= 1e4
				} else if covariate(f, c.Name()) {
					v[i] *= 50
				}
			}
			c = table.NewFloats(c.Name(), v)
		case table.Factor:
			levels := slices.Clone(c.Levels())
			slices.Reverse(levels)
			var err error
			if c, err = c.WithLevels(levels); err != nil {
				t.Fatal(err)
			}
		}
		columns = append(columns, c)
	}
	out, err := table.New(columns...)
	if err != nil {
		t.Fatal(err)
	}
	n := out.Rows()
	step := 7919 // a prime above most numbers of rows
	for n%step == 0 {
		step = 7907
	}
	rows := make([]int, n)
	for i := range rows {
		rows[i] = (i*step + 3) % n
	}
	return out.Take(rows)
}

// covariate says that a variable stands as it is in a fixed effect and groups
// nothing.
func covariate(f *formula.Formula, name string) bool {
	for _, r := range f.Random {
		for _, g := range r.Group {
			if strings.Contains(g.String(), name) {
				return false
			}
		}
	}
	return slices.ContainsFunc(f.Fixed, func(t formula.Term) bool {
		return slices.ContainsFunc(t.Vars, func(v formula.Node) bool { return v.String() == name })
	})
}

// told is the verdict and the codes, but for D2, which is about units, and the
// notes on the draw, N1 and H4: the sign of a covariance depends on the order of
// levels.
func told(r *diagnose.Report) string {
	var out []string
	for _, f := range r.Findings {
		if f.Code != "D2" && f.Code != "N1" && f.Code != "H4" {
			out = append(out, f.Code)
		}
	}
	return r.Verdict.Convergence.String() + ", " + r.Verdict.Place.String() + " " + strings.Join(out, " ")
}

// The verdict and the codes of all reference data stay the same in other units, in
// another order of rows and levels.
func TestDisguiseChangesNothing(t *testing.T) {
	type fit struct {
		data, formula string
		opt           lmm.Options
		tab           *table.Table
	}
	var fits []fit
	for _, e := range failureModes(t) {
		fits = append(fits, fit{e.data, e.formula, lmm.Options{ML: e.by == "ML"}, e.table(t)})
	}
	all, err := reference.Fits()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		// The largest take seconds.
		if f.Family != "gaussian" || f.NObs > 3000 {
			continue
		}
		tab, err := reference.Table(f.Data)
		if err != nil {
			t.Fatal(err)
		}
		fits = append(fits, fit{f.Data, f.Formula, lmm.Options{ML: !f.REML, Weights: f.Weights, Offset: f.Offset, Contrasts: f.Contrasts}, tab})
	}
	for _, f := range fits {
		parsed, err := formula.Parse(f.formula)
		if err != nil {
			t.Fatal(err)
		}
		if f.opt.Offset != "" {
			continue // an offset has the units of the response
		}
		_, want := run(t, f.formula, f.tab, &f.opt, nil)
		_, got := run(t, f.formula, disguised(t, f.tab, parsed), &f.opt, nil)
		if told(got) != told(want) {
			t.Errorf("%s, %s: %q, disguised %q", f.data, f.formula, told(want), told(got))
		}
	}
	if len(fits) < 80 {
		t.Errorf("%d fits", len(fits))
	}
}
