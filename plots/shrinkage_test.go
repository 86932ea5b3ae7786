package plots

import (
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

var _ ShrinkageSource = (*lmm.Model)(nil)

func TestShrinkageGolden(t *testing.T) {
	goldenSVG(t, Shrinkage(fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")), "shrinkage")
}

// The estimate within a level is the regression of its rows alone, whatever
// the model was.
func TestWithinIsRegressionWithin(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	s, ok := shrinkageOf(m, "Subject")
	if !ok {
		t.Fatal("no Subject")
	}
	d := m.Frame()
	for j, l := range s.labels {
		var x, y []float64
		for i, k := range d.Terms[0].Level {
			if int(k) == j {
				x, y = append(x, d.Terms[0].Z.At(i, 1)), append(y, d.Y[i])
			}
		}
		a, b := stat.LinearRegression(x, y, nil, false)
		// Responses near 300 with rows of 10: 1e-9 leaves three digits for the
		// condition of the level's design.
		if math.Abs(a-s.within[j][0]) > 1e-9*300 || math.Abs(b-s.within[j][1]) > 1e-9*300 {
			t.Errorf("%s: %v, the rows alone say %v and %v", l, s.within[j], a, b)
		}
		for k := range s.names {
			if mode := m.RandomEffects()[0].Mode[j][k] + m.FixedEffects()[k].Estimate; mode != s.mode[j][k] {
				t.Errorf("%s: mode %v, want %v", l, s.mode[j][k], mode)
			}
		}
	}
}

// Rows that do not determine the coefficients give no estimate, on any scale
// of the covariate.
func TestWithinNotDetermined(t *testing.T) {
	z := &design.Matrix{Rows: 4, Cols: 2, Data: []float64{1, 2e8, 1, 2e8, 1, 3e8, 1, 4e8}}
	res := []float64{1, 3, 0, 0}
	for _, c := range []struct {
		rows []int
		ok   bool
	}{{nil, false}, {[]int{0}, false}, {[]int{0, 1}, false}, {[]int{1, 2}, true}, {[]int{0, 1, 2, 3}, true}} {
		got := withinOf([]float64{0, 0}, z, c.rows, nil, res)
		if ok := !math.IsNaN(got[0]) && !math.IsNaN(got[1]); ok != c.ok {
			t.Errorf("rows %v: %v", c.rows, got)
		}
	}
}

// Names beside the arrows never overlap.
func TestShrinkageNamesKeepApart(t *testing.T) {
	root := parse(t, svgOf(t, Shrinkage(fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy"))))
	type box struct {
		name string
		x, y float64
	}
	var names []box
	for _, e := range root.all("text") {
		if len(e.Text) == 3 && strings.HasPrefix(e.Text, "3") {
			names = append(names, box{e.Text, e.number(t, "x"), e.number(t, "y")})
		}
	}
	if len(names) < 12 {
		t.Errorf("%d of 18 levels are named", len(names))
	}
	for i, a := range names {
		for _, b := range names[:i] {
			// Three digits of 8 pt are 13 pt wide.
			if math.Abs(a.x-b.x) < 13 && math.Abs(a.y-b.y) < 8 {
				t.Errorf("%s and %s overlap", a.name, b.name)
			}
		}
	}
}

func TestShrinkageExtremes(t *testing.T) {
	for _, c := range []struct{ formula, data, want string }{
		{"Yield ~ 1 + (1 | Batch)", "Dyestuff2", "(population)"}, // all shrunk to the mean
		{"diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", "plate"},
		{"score ~ Machine + (Machine | Worker)", "Machines", "MachineC"},
		{"Reaction ~ Days + (Days || Subject)", "sleepstudy", "Days within"},
	} {
		f := Shrinkage(fitted(t, c.formula, c.data))
		svgOf(t, f)
		if !strings.Contains(f.Text(), c.want) {
			t.Errorf("%s: the text lacks %q:\n%s", c.formula, c.want, f.Text())
		}
	}
	m := fitted(t, "diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin")
	if f := Shrinkage(m, Options{Group: "sample"}); !strings.Contains(f.Title(), "sample") || f.Err() != nil {
		t.Errorf("sample: %q, %v", f.Title(), f.Err())
	}
	var oe *OptionError
	if err := Shrinkage(m, Options{Group: "dish"}).Err(); !errors.As(err, &oe) {
		t.Errorf("unknown group: %v", err)
	}
}
