package cell

import (
	"go/token"
	"slices"
	"strings"
)

// repair is what GoNB must forget or get back before the next cell.
type repair struct {
	remove  []string // keys
	restore []restored
}

// restored is a declaration to give back, but for some names of it.
type restored struct {
	*decl
	but []string
}

// forget has keys removed.
func (r *repair) forget(keys ...string) {
	for _, key := range keys {
		if key != "_" && !slices.Contains(r.remove, key) {
			r.remove = append(r.remove, key)
		}
	}
}

// giveBack has a declaration declared anew, but for some names and for those that
// another declaration has taken over since.
func (s *Session) giveBack(d *decl, but ...string) {
	if slices.ContainsFunc(s.pending.restore, func(o restored) bool { return o.decl == d }) {
		return
	}
	for i, key := range d.keys {
		if s.kept[key] != d {
			but = append(but, d.names[i])
		}
	}
	s.pending.restore = append(s.pending.restore, restored{d, but})
}

// forgetGroup has what is left of a group of constants removed.
func (s *Session) forgetGroup(d *decl) {
	for _, key := range d.keys {
		if s.kept[key] == d {
			s.pending.forget(key)
		}
	}
	s.pending.forget(d.hidden...)
}

// withdraw has GoNB forget the variables of a cell that failed while it ran, and
// what uses them, or take back what had their names before. The rest is kept.
func (s *Session) withdraw(c *Cell) {
	s.keep(c.read.imports)
	out := make(map[*decl]bool)
	names := make(map[string]bool)
	drop := func(d *decl) {
		out[d] = true
		for _, name := range d.names {
			names[name] = true
		}
	}
	for _, d := range c.read.kept {
		if d.runs {
			drop(d)
		}
	}
	for changed := true; changed; {
		changed = false
		for _, d := range c.read.kept {
			if !out[d] && d.usesAny(names) {
				drop(d)
				changed = true
			}
		}
	}
	for _, d := range c.read.kept {
		if !out[d] {
			s.keep([]*decl{d})
			continue
		}
		s.pending.forget(d.keys...)
		for i, key := range d.keys {
			old := s.kept[key]
			switch {
			case old == nil:
				s.withdrawn[d.names[i]] = c.src.number
			default:
				s.giveBack(old)
			}
		}
	}
}

// regroup prepares for constants that were declared in a group with others: GoNB
// would go on to declare all of the group. The rest of it is declared anew.
func (s *Session) regroup(c *Cell) {
	var again []string
	for _, d := range c.read.kept {
		if d.kind == token.CONST {
			again = append(again, d.keys...)
		}
	}
	for _, key := range again {
		old := s.kept[key]
		if old == nil || old.kind != token.CONST || len(old.keys) < 2 || slices.Contains(c.regrouped, old) {
			continue
		}
		c.regrouped = append(c.regrouped, old)
		s.forgetGroup(old)
		if slices.ContainsFunc(old.keys, func(k string) bool { return s.kept[k] == old && !slices.Contains(again, k) }) {
			s.giveBack(old, again...)
		}
	}
}

// ungroup gives back the groups of constants where the cell did not compile.
func (s *Session) ungroup(c *Cell) {
	for _, old := range c.regrouped {
		s.forgetGroup(old)
		s.giveBack(old)
	}
}

// usesAny tells whether a declaration uses one of the names. A method belongs to
// its type.
func (d *decl) usesAny(names map[string]bool) bool {
	for name := range d.uses {
		if names[name] {
			return true
		}
	}
	return false
}

// isFunc tells whether the declaration is a function or method.
func (d *decl) isFunc() bool { return d.kind == token.FUNC }

// composeRepair writes the cell that puts right what a failed one left, if any.
func (s *Session) composeRepair() []string {
	if len(s.pending.remove) == 0 {
		return nil
	}
	w := new(writer)
	w.add("%rm")
	for _, key := range s.pending.remove {
		if strings.ContainsAny(key, " \t") {
			key = `"` + key + `"`
		}
		w.add(" " + key)
	}
	w.add("\n")
	for _, d := range s.pending.restore {
		s.writeDecl(w, d.decl, d.src.text, protect(d.src.text, tokens(d.src.text)), d.but...)
	}
	if len(s.pending.restore) > 0 {
		w.add("func main() {}\n")
	}
	rec := w.record(s.base)
	s.remember(rec)
	return []string{rec.code()}
}
