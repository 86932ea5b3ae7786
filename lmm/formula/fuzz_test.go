package formula

import (
	"errors"
	"testing"
	"unicode/utf8"
)

// Parse never panics; its errors have a position within the source; what it
// accepts prints as a formula that means the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"Reaction ~ Days + (Days | Subject)",
		"y ~ a*b - 1 + (1 | a/b/c) + (x || g)",
		"cbind(a, b - a) ~ poly(x, 2, raw = TRUE) + rr(f | g, 2) + offset(log(n))",
		"log(y + 1) ~ (a + b)^2 %in% c + `my col` + I(x^-2) + cs(0 + f | g)",
		"y ~ factor(x, levels = c('a', \"b\\n\")) + !a == 1e5 & b",
		"größe ~ ((x", "y ~ 1 | g", "y ~ %", "y ~ a*b + (1 & x > 0) + (!c | g)", "y ~ x <- 2",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		parsed, err := Parse(src)
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("%T: %v", err, err)
			}
			if syntax.Off < 0 || syntax.Off > len(src) || syntax.Column() < 1 {
				t.Fatalf("offset %d of %q", syntax.Off, src)
			}
			if utf8.ValidString(src) && !utf8.ValidString(err.Error()) {
				t.Fatalf("the message is not UTF-8: %q", err.Error())
			}
			return
		}
		printed := parsed.String()
		again, err := Parse(printed)
		if err != nil {
			if len(printed) > maxBytes {
				return
			}
			t.Fatalf("%q printed as %q: %v", src, printed, err)
		}
		if again.String() != printed {
			t.Fatalf("%q prints as %q, that as %q", src, printed, again)
		}
		if again.Expanded() != parsed.Expanded() {
			t.Fatalf("%q means %q, as printed %q", src, parsed.Expanded(), again.Expanded())
		}
		whole, err := Parse(parsed.Expanded())
		if err != nil {
			if len(parsed.Expanded()) > maxBytes || len(parsed.Random) > 1 {
				return
			}
			t.Fatalf("%q expands to %q: %v", src, parsed.Expanded(), err)
		}
		if len(whole.Fixed) != len(parsed.Fixed) || len(whole.Random) != len(parsed.Random) {
			t.Fatalf("%q expands to %q, that to %q", src, parsed.Expanded(), whole.Expanded())
		}
	})
}
