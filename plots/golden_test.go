package plots

import (
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// golden compares a figure's SVG with the one that was looked at and found
// good: the same elements with the same attributes and words in the same
// order, numbers in them within 0.05 pt.
func golden(t *testing.T, f *Figure, name string) {
	t.Helper()
	got := svgOf(t, f)
	path := "testdata/" + name + ".svg"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := differs(parse(t, got), parse(t, string(want)), name); diff != "" {
		t.Errorf("%s\nlook at the picture, then run with -update", diff)
	}
}

// differs says where two elements differ, "" where they do not.
func differs(got, want *element, at string) string {
	at += " <" + want.XMLName.Local + ">"
	if got.XMLName.Local != want.XMLName.Local {
		return at + ": is <" + got.XMLName.Local + ">"
	}
	if !alike(got.Text, want.Text) {
		return at + ": says " + strconv.Quote(got.Text) + ", want " + strconv.Quote(want.Text)
	}
	if len(got.Attrs) != len(want.Attrs) || len(got.Children) != len(want.Children) {
		return at + " has " + strconv.Itoa(len(got.Attrs)) + " attributes and " + strconv.Itoa(len(got.Children)) +
			" elements, want " + strconv.Itoa(len(want.Attrs)) + " and " + strconv.Itoa(len(want.Children))
	}
	for i, w := range want.Attrs {
		if g := got.Attrs[i]; g.Name != w.Name || !alike(g.Value, w.Value) {
			return at + ": has " + g.Name.Local + "=" + strconv.Quote(g.Value) + ", want " + w.Name.Local + "=" + strconv.Quote(w.Value)
		}
	}
	for i := range want.Children {
		if d := differs(&got.Children[i], &want.Children[i], at); d != "" {
			return d
		}
	}
	return ""
}

var numerals = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?`)

// alike says whether two strings are the same but for numbers with a fraction,
// which may differ by 0.05.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	if numerals.ReplaceAllString(a, "0") != numerals.ReplaceAllString(b, "0") {
		return false
	}
	x, y := numerals.FindAllString(a, -1), numerals.FindAllString(b, -1)
	return slices.EqualFunc(x, y, func(s, t string) bool {
		if s == t {
			return true
		}
		v, _ := strconv.ParseFloat(s, 64)
		w, _ := strconv.ParseFloat(t, 64)
		return strings.Contains(s+t, ".") && math.Abs(v-w) <= 0.05
	})
}

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"M1.02 3H5", "M1.04 3H5", true}, {"M1 3", "M1.04 3", true}, {"M1.02 3", "M1.12 3", false},
		{"18 levels", "19 levels", false}, {"M1 2H3", "M1 2V3", false}, {"a", "a", true},
	} {
		if got := alike(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
