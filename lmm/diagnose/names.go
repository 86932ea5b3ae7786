package diagnose

import (
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/design"
)

const intercept = "(Intercept)"

// effect names a random effect of a term: "the slope of Days within Subject".
func effect(t *design.Term, r int) string {
	if t.Names[r] == intercept {
		return "the intercept of " + t.Group
	}
	return "the slope of " + t.Names[r] + " within " + t.Group
}

// effects names all random effects of a term.
func effects(t *design.Term) []string {
	out := make([]string, len(t.Names))
	for r := range out {
		out[r] = effect(t, r)
	}
	return out
}

// list joins words: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// plural counts things: "1 level", "3 levels".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
