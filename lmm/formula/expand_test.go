package formula

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustParse(t *testing.T, src string) *Formula {
	t.Helper()
	f, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func termStrings(terms []Term) []string {
	out := []string{}
	for _, t := range terms {
		out = append(out, t.String())
	}
	return out
}

// testdata/terms.tsv holds what R makes of the same formulas (terms.R).
func TestTermsAsInR(t *testing.T) {
	data, err := os.ReadFile("testdata/terms.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		f, err := Parse("y ~ " + fields[0])
		if err != nil {
			t.Error(err)
			continue
		}
		if got := f.Intercept; got != (fields[1] == "1") {
			t.Errorf("%s: intercept %v", fields[0], got)
		}
		if d := cmp.Diff(fields[2:], termStrings(f.Fixed)); d != "" {
			t.Errorf("%s: terms (-R +golmm)\n%s", fields[0], d)
		}
	}
}

func TestRandomTerms(t *testing.T) {
	// The names of nested groups are lme4's.
	for _, tt := range []struct{ src, want string }{
		{"(1 | g)", "(1 | g) g"},
		{"(x | g)", "(x | g) g"},
		{"(1 + x | g)", "(x | g) g"},
		{"(x - 1 | g)", "(0 + x | g) g"},
		{"(0 + x + z | g)", "(0 + x + z | g) g"},
		{"(x || g)", "(x || g) g"},
		{"diag(x | g)", "diag(x | g) g"},
		{"cs(0 + f | g)", "cs(0 + f | g) g"},
		{"rr(f | g, 2)", "rr(f | g, 2) g"},
		{"(1 | a/b)", "(1 | b:a) b:a; (1 | a) a"},
		{"(1 | a/b/c)", "(1 | c:b:a) c:(b:a); (1 | b:a) b:a; (1 | a) a"},
		{"(1 | a/(b:c))", "(1 | b:c:a) (b:c):a; (1 | a) a"},
		{"(1 | a:b)", "(1 | a:b) a:b"},
		{"(1 | a*b)", "(1 | a) a; (1 | b) b; (1 | a:b) a:b"},
		{"(1 | a + b)", "(1 | a) a; (1 | b) b"},
		{"(x*z || factor(g))", "(x + z + x:z || factor(g)) factor(g)"},
		{"(1 | `my group`)", "(1 | `my group`) `my group`"},
		{"((1 | g))", "(1 | g) g"},
		{"(x + (1 | g))", "(1 | g) g"},
	} {
		f := mustParse(t, "y ~ "+tt.src)
		var got []string
		for _, r := range f.Random {
			got = append(got, r.String()+" "+r.GroupName)
			if !strings.HasPrefix(f.Src[r.Offset:], r.Src) {
				t.Errorf("%s: source %q is not at offset %d", tt.src, r.Src, r.Offset)
			}
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s: got %s, want %s", tt.src, s, tt.want)
		}
	}
}

func TestParts(t *testing.T) {
	f := mustParse(t, "log(y + 1) ~ a*b + offset(log(n)) + (x | g) - 1 + offset(o)")
	if f.Intercept || f.Response.String() != "log(y + 1)" || len(f.Random) != 1 {
		t.Errorf("got %+v", f)
	}
	if d := cmp.Diff([]string{"log(n)", "o"}, []string{f.Offsets[0].String(), f.Offsets[1].String()}); d != "" {
		t.Error(d)
	}
	want := "log(y + 1) ~ 0 + a + b + a:b + offset(log(n)) + offset(o) + (x | g)"
	if got := f.Expanded(); got != want {
		t.Errorf("Expanded %q, want %q", got, want)
	}
}

func TestParam(t *testing.T) {
	for _, tt := range []struct{ src, param, want string }{
		{"poly(x, 2)", "degree", "2"},
		{"poly(x, raw = TRUE, 2)", "degree", "2"},
		{"poly(degree = 2, x)", "x", "x"},
		{"poly(x, 2)", "raw", ""},
		{"scale(x, scale = FALSE)", "scale", "FALSE"},
	} {
		call := mustParse(t, "y ~ "+tt.src).Fixed[0].Vars[0].(*Call)
		got := ""
		if n := call.Param(tt.param); n != nil {
			got = n.String()
		}
		if got != tt.want {
			t.Errorf("%s, %s: got %q, want %q", tt.src, tt.param, got, tt.want)
		}
	}
}

// Input that would exhaust the stack or memory is refused with a position.
func TestBounds(t *testing.T) {
	sum := func(prefix string, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString("+" + prefix + string(rune('a'+i%26)) + strings.Repeat("z", i/26))
		}
		return b.String()[1:]
	}
	for name, src := range map[string]string{
		"parentheses": "y ~ " + strings.Repeat("(", 30000) + "x",
		"signs":       "y ~ " + strings.Repeat("-", 30000) + "x",
		"powers":      "y ~ x" + strings.Repeat("^x", 30000),
		"calls":       "y ~ " + strings.Repeat("I(", 20000),
		"stars":       "y ~ a" + strings.Repeat("*b", 3) + "*" + strings.ReplaceAll(sum("x", 20), "+", "*"),
		"power":       "y ~ (" + sum("x", 60) + ")^20",
		"product":     "y ~ (" + sum("x", 200) + "):(" + sum("w", 200) + ")",
		"nesting":     "y ~ (" + sum("x", 500) + ")/(" + sum("w", 500) + ")/(" + sum("v", 500) + ")",
		"groups":      "y ~ (1|" + strings.ReplaceAll(sum("x", 40), "+", "*") + ")",
		"length":      "y ~ " + sum("x", 4000),
	} {
		_, err := Parse(src)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: got %v, want a *SyntaxError", name, err)
			continue
		}
		if len(err.Error()) > 1000 {
			t.Errorf("%s: the message has %d bytes", name, len(err.Error()))
		}
	}
	f := mustParse(t, "y ~ "+sum("x", 900))
	if len(f.Fixed) != 900 {
		t.Errorf("a long sum has %d terms", len(f.Fixed))
	}
}
