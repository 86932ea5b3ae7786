package separation

import (
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/table"
)

// What is said of a threshold and of cells is true of the rows, and all that is
// separated is accounted for.
func TestWordsAreTrue(t *testing.T) {
	var thresholds, covered, both int
	for seed := range uint64(1500) {
		cols, src, family := hostile(seed)
		d := tryBuild(src, columns(t, cols...))
		if d == nil {
			continue
		}
		r := find(t, d, family)
		if !r.Separated() {
			continue
		}
		text := r.Sentence()
		if strings.Contains(text, "Inf") || strings.Contains(text, "NaN") {
			t.Errorf("seed %d: %s", seed, text)
		}
		side, _ := Sides(family, "", d.Y)
		inside := make([]bool, len(side))
		for _, c := range r.Cells {
			rows := 0
			for i, k := range side {
				in := true
				for f, name := range c.Factors {
					column := d.Table().Column(name).AsFactor()
					in = in && column.Levels()[column.Code(d.Rows[i])] == c.Levels[f]
				}
				if in {
					inside[i] = true
					rows++
					if k == Held || (k == Up) != c.High {
						t.Errorf("seed %d: row %d of %s is on side %d", seed, i, c.Name(), k)
					}
				}
			}
			if rows != c.Rows {
				t.Errorf("seed %d: %d rows with %s, not %d", seed, rows, c.Name(), c.Rows)
			}
		}
		all := true
		for _, i := range r.Rows {
			all = all && inside[i]
		}
		if all != r.covered {
			t.Errorf("seed %d: cells hold all rows: %v", seed, all)
		}
		if all {
			covered++
		} else if len(r.Cells) > 0 && r.Threshold == nil && r.one == Held {
			both++
			if !strings.Contains(text, "Besides, ") {
				t.Errorf("seed %d: %s", seed, text)
			}
		}
		th := r.Threshold
		if th == nil {
			continue
		}
		thresholds++
		column := r.Columns[len(r.Columns)-1]
		var below, above int
		for i, k := range side {
			high := th.HighAbove
			switch v := d.X.At(i, column); {
			case v < th.Below || v == th.Below && th.Below < th.Above:
				high = !high
				below++
			case v > th.Above || v == th.Above && th.Below < th.Above:
				above++
			case v > th.Below:
				t.Errorf("seed %d: row %d at %g lies between %g and %g", seed, i, v, th.Below, th.Above)
				fallthrough
			default:
				continue
			}
			if k == Held || (k == Up) != high {
				t.Errorf("seed %d: row %d is on side %d: %s", seed, i, k, text)
			}
		}
		if (below == 0) != th.NoneBelow || (above == 0) != th.NoneAbove {
			t.Errorf("seed %d: %d below, %d above: %s", seed, below, above, text)
		}
	}
	if thresholds < 50 || covered < 50 || both < 20 {
		t.Errorf("%d thresholds, %d by cells, %d by cells and more: too few", thresholds, covered, both)
	}
}

func TestSentences(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5, 6}
	for _, c := range []struct {
		src, family, want string
		y                 []float64
	}{
		{"y ~ x", "poisson", "y is 0 wherever x is below 6, its largest value.", []float64{0, 0, 0, 0, 0, 1}},
		{"y ~ x", "poisson", "y is 0 wherever x is above 1, its least value.", []float64{7, 0, 0, 0, 0, 0}},
		{"y ~ 0 + x", "binomial", "y is 1 in all 6 rows.", []float64{1, 1, 1, 1, 1, 1}},
		{"y ~ x", "poisson", "y is 0 in all 6 rows.", []float64{0, 0, 0, 0, 0, 0}},
		{"y ~ x + f", "binomial", "All 3 rows with f = b: y is 0. Besides, 0.2 x - fb - 0.3 is 0 or less wherever y is 0 and 0 or more wherever it is 1.", []float64{0, 1, 1, 0, 0, 0}},
		{"y ~ n", "binomial", "y is 0 wherever n is 1.000002 or less and 1 wherever it is 1.000003 or more.", []float64{0, 0, 0, 1, 1, 1}},
	} {
		tab := columns(t, table.NewFloats("y", []float64{0, 1, 0, 1, 0, 1}), table.NewFloats("x", x), table.NewTexts("f", []string{"a", "a", "a", "b", "b", "b"}),
			table.NewFloats("n", []float64{1, 1.000001, 1.000002, 1.000003, 1.000004, 1.000005}))
		d := build(t, c.src, tab)
		d.Y = c.y // a table with one value alone has no design, a simulated response may
		if got := find(t, d, c.family).Sentence(); got != c.want {
			t.Errorf("%s, %v:\n%s\nwant\n%s", c.src, c.y, got, c.want)
		}
	}
}

// Counts that are held are not among the rows that could be separated.
func TestWithinOpen(t *testing.T) {
	y := []float64{0, 2, 0, 3, 0, 0, 1, 1}
	x := []float64{1, 2, 1, 2, 5, 6, 7, 8}
	g := []string{"a", "a", "b", "b", "c", "c", "d", "d"}
	d := build(t, "y ~ x + (1 | g)", columns(t, table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g)))
	r, err := Within(d, "poisson", "", 0)
	if err != nil || r.Separated() || r.Open != 2 || r.Complete || len(r.Low) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	// Without the level whose counts hold x, two rows are separated, and two held.
	d = build(t, "y ~ x + (1 | g)", columns(t, table.NewFloats("y", y[:6]), table.NewFloats("x", x[:6]), table.NewTexts("g", g[:6])))
	r, err = Within(d, "poisson", "", 0)
	if err != nil || len(r.Rows) != 2 || r.Open != 2 || r.Complete {
		t.Errorf("%+v, %v", r, err)
	}
}
