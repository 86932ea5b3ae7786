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

// giveBack has a declaration declared anew, but for the names that another has
// taken over since.
func (s *Session) giveBack(d *decl) {
	if !slices.ContainsFunc(s.pending.restore, func(o restored) bool { return o.decl == d }) {
		s.pending.restore = append(s.pending.restore, restored{d, s.takenOver(d)})
	}
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

// replace prepares for names that were of another kind: GoNB would declare both,
// the func and the var of one name.
func (s *Session) replace(c *Cell) {
	for _, d := range c.read.kept {
		for _, key := range d.keys {
			if old := s.kept[key]; old != nil && old.kind != d.kind && old.kind != token.IMPORT {
				s.pending.forget(key)
				c.replaced = append(c.replaced, old)
			}
		}
	}
}

// regroup prepares for constants that were declared in a group with others: GoNB
// would go on to declare all of the group. It forgets the group, and the code of
// the cell declares the rest of it.
func (s *Session) regroup(c *Cell) {
	var again []string
	for _, d := range c.read.kept {
		if d.kind == token.CONST {
			again = append(again, d.keys...)
		}
	}
	for _, key := range again {
		old := s.kept[key]
		if old == nil || old.kind != token.CONST || len(old.keys) < 2 ||
			slices.ContainsFunc(c.regrouped, func(r restored) bool { return r.decl == old }) {
			continue
		}
		s.forgetGroup(old)
		c.regrouped = append(c.regrouped, restored{old, s.takenOver(old, again...)})
	}
}

// takenOver returns the names of a declaration that others have declared since,
// and some more.
func (s *Session) takenOver(d *decl, more ...string) []string {
	for i, key := range d.keys {
		if s.kept[key] != d {
			more = append(more, d.names[i])
		}
	}
	return more
}

// all tells whether nothing is left to give back.
func (r restored) all() bool {
	for _, name := range r.names {
		if name != "_" && !slices.Contains(r.but, name) {
			return false
		}
	}
	return true
}

// takeBack gives back what GoNB had to forget for a cell that did not compile.
func (s *Session) takeBack(c *Cell) {
	for _, old := range c.replaced {
		s.giveBack(old)
	}
	for _, old := range c.regrouped {
		s.forgetGroup(old.decl)
		s.giveBack(old.decl)
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
	if len(s.pending.remove)+len(s.pending.restore) == 0 {
		return nil
	}
	w := new(writer)
	if len(s.pending.remove) > 0 {
		w.add("%rm")
		for _, key := range s.pending.remove {
			if strings.ContainsAny(key, " \t") {
				key = `"` + key + `"`
			}
			w.add(" " + key)
		}
		w.add("\n")
	}
	for _, d := range s.pending.restore {
		s.writeAgain(w, d)
	}
	if len(s.pending.restore) > 0 {
		w.add("func main() {}\n")
	}
	rec := w.record(s.base)
	s.remember(rec)
	return []string{rec.code()}
}

// writeAgain writes a declaration of an earlier cell.
func (s *Session) writeAgain(w *writer, r restored) {
	if !r.all() {
		s.writeDecl(w, r.decl, r.src.text, protect(r.src.text, tokens(r.src.text)), r.but...)
	}
}
