package table

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestColumnValues(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		col    *Column
		kind   Kind
		texts  string
		floats []float64
	}{
		{NewColumn("x", []float64{1.5, nan, math.Copysign(0, -1), math.Inf(-1), 1e20}), Float, "1.5 NA 0 -Inf 1e+20", []float64{1.5, nan, 0, math.Inf(-1), 1e20}},
		{NewColumn("x", []float32{0.5, 3}), Float, "0.5 3", []float64{0.5, 3}},
		{NewColumn("x", []int{1, -2}), Int, "1 -2", []float64{1, -2}},
		{NewColumn("x", []int32{1, -2}), Int, "1 -2", []float64{1, -2}},
		{NewColumn("x", []int64{1, MissingInt}), Int, "1 NA", []float64{1, nan}},
		{NewColumn("x", []bool{true, false}), Bool, "TRUE FALSE", []float64{1, 0}},
		{NewColumn("x", []string{"b", "", "a", "b"}), Text, "b NA a b", []float64{nan, nan, nan, nan}},
	} {
		if test.col.Kind() != test.kind || test.col.Name() != "x" || test.col.Len() != len(test.floats) {
			t.Errorf("%v: kind %v, name %s, %d values", test.kind, test.col.Kind(), test.col.Name(), test.col.Len())
		}
		if got := strings.Join(texts(test.col), " "); got != test.texts {
			t.Errorf("%v: texts %s, want %s", test.kind, got, test.texts)
		}
		for i, got := range test.col.Floats() {
			if got != test.floats[i] && !(math.IsNaN(got) && math.IsNaN(test.floats[i])) {
				t.Errorf("%v: number %d is %v, want %v", test.kind, i, got, test.floats[i])
			}
			if test.col.Missing(i) && (test.col.Text(i) != "" || !math.IsNaN(test.col.Float(i))) {
				t.Errorf("%v: value %d is missing but %q, %v", test.kind, i, test.col.Text(i), test.col.Float(i))
			}
		}
		if test.col.Levels() != nil || test.col.Code(0) != -1 {
			t.Errorf("%v: levels %v, code %d of a column that is no factor", test.kind, test.col.Levels(), test.col.Code(0))
		}
	}
}

func TestColumnsDoNotChange(t *testing.T) {
	x := []float64{1, 2}
	codes := []int32{0, 1}
	levels := []string{"a", "b"}
	c := NewFloats("x", x)
	f, err := NewFactor("f", codes, levels)
	if err != nil {
		t.Fatal(err)
	}
	x[0], codes[0], levels[0] = 9, 1, "z"
	f.Levels()[1] = "z"
	c.Floats()[1] = 9
	if c.Float(0) != 1 || c.Float(1) != 2 || f.Code(0) != 0 || !slices.Equal(f.Levels(), []string{"a", "b"}) {
		t.Errorf("%v %v %v", c.Floats(), f.Code(0), f.Levels())
	}
	if c.Renamed("y").Name() != "y" || c.Name() != "x" {
		t.Error("Renamed changes the column")
	}
}

func TestNewFactorErrors(t *testing.T) {
	for _, test := range []struct {
		codes  []int32
		levels []string
		want   string
	}{
		{[]int32{0, 2}, []string{"a", "b"}, "column f: value 2 has code 2, but the codes of 2 levels are 0 to 1, and -1 for missing"},
		{[]int32{-2}, []string{"a"}, "column f: value 1 has code -2, but the codes of 1 level are 0 to 0, and -1 for missing"},
		{nil, []string{"a", "a"}, `column f: the level "a" is listed twice`},
		{nil, []string{"a", ""}, "column f: level 2 is empty; an empty text stands for a missing value"},
	} {
		for _, make := range []func(string, []int32, []string) (*Column, error){NewFactor, NewOrdered} {
			if _, err := make("f", test.codes, test.levels); err == nil || err.Error() != test.want {
				t.Errorf("%v %q: %v, want %s", test.codes, test.levels, err, test.want)
			}
		}
	}
	if o, err := NewOrdered("f", []int32{1, -1}, []string{"a", "b"}); err != nil || o.Kind() != Ordered || o.Text(0) != "b" || !o.Missing(1) {
		t.Error(o, err)
	}
}

func TestAsFactor(t *testing.T) {
	for _, test := range []struct {
		col    *Column
		levels string
	}{
		{NewTexts("x", []string{"b", "a", "", "B", "10", "9"}), "10 9 B a b"},
		{NewInts("x", []int64{10, 9, MissingInt, -1, 9}), "-1 9 10"},
		{NewFloats("x", []float64{10, 9.5, math.NaN(), 1e-9, 0, math.Copysign(0, -1)}), "0 1e-09 9.5 10"},
		{NewBools("x", []bool{true, true}), "TRUE"},
		{NewBools("x", []bool{true, false}), "FALSE TRUE"},
	} {
		f := test.col.AsFactor()
		if f.Kind() != Factor || strings.Join(f.Levels(), " ") != test.levels {
			t.Errorf("%v: %v with levels %q, want %s", test.col.Kind(), f.Kind(), f.Levels(), test.levels)
		}
		if f.AsFactor() != f {
			t.Errorf("%v: a factor does not return itself", test.col.Kind())
		}
		if got, want := texts(f), texts(test.col); !slices.Equal(got, want) {
			t.Errorf("%v: values %q, want %q", test.col.Kind(), got, want)
		}
	}
}

// Whatever the kind, a factor says the same as its column, and its levels are
// the distinct values.
func TestAsFactorKeepsValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOf(rapid.SampledFrom([]float64{-2, 0, 0.1, 0.1 + 0.2, 0.3, 1e300, math.NaN()})).Draw(t, "x")
		c := NewFloats("x", x)
		f := c.AsFactor()
		var seen []string
		for i := range x {
			if f.Text(i) != c.Text(i) || f.Missing(i) != c.Missing(i) {
				t.Fatalf("value %d: %q, want %q", i, f.Text(i), c.Text(i))
			}
			if !c.Missing(i) && !slices.Contains(seen, c.Text(i)) {
				seen = append(seen, c.Text(i))
			}
		}
		if len(f.Levels()) != len(seen) {
			t.Fatalf("levels %q, values %q", f.Levels(), seen)
		}
	})
}

func TestWithLevels(t *testing.T) {
	text := NewTexts("dose", []string{"low", "high", "", "low"})
	f, err := text.WithLevels([]string{"low", "mid", "high"})
	if err != nil || f.Kind() != Factor || f.Code(1) != 2 || f.Code(2) != -1 || len(f.Levels()) != 3 {
		t.Errorf("%v, %v", f, err)
	}
	number, err := NewFloats("x", []float64{1, 2.5}).WithLevels([]string{"2.50", "1.0"})
	if err != nil || number.Text(0) != "1.0" || number.Text(1) != "2.50" {
		t.Errorf("levels of numbers by value: %v", err)
	}
	_, err = text.WithLevels([]string{"lo", "high"})
	var e *LevelError
	if !errors.As(err, &e) || e.Value != "low" || e.Rows != 2 {
		t.Fatalf("%#v", err)
	}
	want := `column dose has the value "low", which is not among the levels lo, high (2 rows have such values); nearest: "lo"; ` +
		`list every value that occurs, or remove the rows first`
	if err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err := text.WithLevels([]string{"low", "low"}); err == nil {
		t.Error("a level twice is no error")
	}
	o, err := text.AsOrdered([]string{"low", "high"})
	if err != nil || o.Kind() != Ordered || o.Code(0) != 0 {
		t.Errorf("%v, %v", o, err)
	}
	if o, err = o.WithLevels([]string{"high", "low"}); err != nil || o.Kind() != Ordered || o.Code(0) != 1 {
		t.Errorf("reordered: %v, %v", o, err)
	}
	if o, err = text.AsOrdered(nil); err != nil || o.Kind() != Ordered || strings.Join(o.Levels(), " ") != "high low" {
		t.Errorf("ordered by default: %v, %v", o, err)
	}
	if _, err = text.AsOrdered([]string{"low"}); err == nil {
		t.Error("a missing level is no error")
	}
}

func TestKindString(t *testing.T) {
	var names []string
	for k := Float; k <= Ordered+1; k++ {
		names = append(names, k.String())
	}
	if got := strings.Join(names, " "); got != "float integer boolean text factor ordered Kind(6)" {
		t.Error(got)
	}
}
