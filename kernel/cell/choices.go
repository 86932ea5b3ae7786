package cell

import (
	"go/token"
	"slices"
	"strconv"

	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/solve"
)

// choices returns what the string at the cursor can be where it is an option of a
// fit with few values, as in &lmm.Options{Family: "".
func (s *Session) choices(q *query) []string {
	i := q.inString
	if i < 2 || q.toks[i-1].tok != token.COLON {
		return nil
	}
	t, inside := s.literal(q, q.toks[:i])
	if t.name != "Options" || t.pkg != modulePath+"/lmm" {
		return nil
	}
	switch q.toks[i-2].lit {
	case "Family":
		return append([]string{"gaussian"}, family.Names()...)
	case "Link":
		return links(inside)
	case "Optimizer":
		return solve.Names()
	}
	return nil
}

// links are those of the family that the options name so far, or else of any.
func links(options []lexeme) []string {
	var all []string
	for _, name := range family.Names() {
		for i, t := range options {
			if i > 1 && options[i-2].lit == "Family" && t.lit == strconv.Quote(name) {
				return family.Links(name)
			}
		}
		for _, l := range family.Links(name) {
			if !slices.Contains(all, l) {
				all = append(all, l)
			}
		}
	}
	return all
}
