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

// forgetGroup has what is left of a group removed.
func (s *Session) forgetGroup(r *repair, d *decl) {
	for _, key := range d.keys {
		if s.kept[key] == d {
			r.forget(key)
		}
	}
	r.forget(d.hidden...)
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
			names[name] = name != "_"
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
		}
	}
	for _, d := range c.read.kept {
		if !out[d] {
			continue
		}
		s.pending.forget(d.keys...)
		for i, key := range d.keys {
			old := s.kept[key]
			if old == nil {
				s.withdrawn[d.names[i]] = c.src.number
				continue
			}
			if old.grouped { // the rest of it is there
				s.forgetGroup(&s.pending, old)
			}
			s.giveBack(old)
		}
	}
}

// makeRoom makes GoNB forget what it would not replace by the declarations of the
// cell: names that were of another kind, for it would declare both, and constants
// and variables that were declared together with others, for it would keep or lose
// them all. The rest of such a group is declared anew by the code of the cell. It
// returns the keys to remove.
func (s *Session) makeRoom(c *Cell) []string {
	var room repair
	var again []string
	for _, d := range c.read.kept {
		again = append(again, d.keys...)
	}
	for _, d := range c.read.kept {
		for _, key := range d.keys {
			old := s.kept[key]
			switch {
			case old == nil || old.kind == token.IMPORT:
			case old.grouped:
				if !slices.ContainsFunc(c.regrouped, func(r restored) bool { return r.decl == old }) {
					s.forgetGroup(&room, old)
					c.regrouped = append(c.regrouped, restored{old, s.takenOver(old, again...)})
				}
			case old.kind != d.kind:
				room.forget(key)
				c.replaced = append(c.replaced, old)
			}
		}
	}
	return room.remove
}

// takenOver returns the names of a declaration that others have declared since,
// and some more.
func (s *Session) takenOver(d *decl, more ...string) []string {
	more = slices.Clone(more)
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
	w.add(removal(s.pending.remove))
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

// removal is the command by which GoNB forgets, "" for nothing.
func removal(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	words := []string{"%rm"}
	for _, key := range keys {
		if strings.ContainsAny(key, " \t") {
			key = `"` + key + `"`
		}
		words = append(words, key)
	}
	return strings.Join(words, " ") + "\n"
}

// writeAgain writes a declaration of an earlier cell.
func (s *Session) writeAgain(w *writer, r restored) {
	if !r.all() {
		s.writeDecl(w, r.decl, r.src.text, protect(r.src.text, tokens(r.src.text)), r.but...)
	}
}
