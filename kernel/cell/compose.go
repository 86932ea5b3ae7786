package cell

import (
	"go/token"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// nbAlias is what inserted code calls nb where the cell means something else by
// that name.
const nbAlias = "golmm_nb"

// compose writes the code of a cell, with its last expression shown or as typed.
// Of a function of golmm that returns a value and an error, the value is shown.
func (s *Session) compose(c *Cell, show bool) *record {
	w := new(writer)
	r := c.read
	c.shown = nil
	switch r.form {
	case gonbForm:
		s.composeGonb(w, c)
	default:
		if show {
			c.shown = s.toShow(c)
		}
		s.composePlain(w, c)
	}
	w.endLine()
	return w.record(s.base)
}

// composeGonb leaves a cell as it is, but for imports, and constants that GoNB had
// to forget.
func (s *Session) composeGonb(w *writer, c *Cell) {
	r, text := c.read, without(c.src.text, c.read.packages...)
	w.add(s.importLine(s.neededImports(r, r.text)))
	edits, at := protect(without(r.text, r.packages...), tokens(r.text)), 0
	if len(c.regrouped) > 0 {
		for _, d := range r.imports {
			at = max(at, d.span.to)
		}
		if rest := strings.TrimLeft(r.text[at:], " \t"); at > 0 && strings.HasPrefix(rest, ";") {
			at = len(text) - len(rest) + 1
		}
		if at > 0 {
			w.typed(c.src, text, span{0, at}, edits)
			w.endLine()
		}
		for _, d := range c.regrouped {
			s.writeAgain(w, d)
		}
	}
	w.typed(c.src, text, span{at, len(text)}, edits)
}

// composePlain puts commands, imports, declarations and statements in the order
// that Go wants.
func (s *Session) composePlain(w *writer, c *Cell) {
	r, text := c.read, c.src.text
	for _, p := range r.commands {
		w.typed(c.src, text, p, nil)
		w.endLine()
	}
	if len(r.imports)+len(r.kept) == 0 && r.body == "" {
		return
	}
	show, more := "nb.Show(", []string(nil)
	names := s.neededImports(r, r.text)
	if c.shown != nil {
		switch i := sort.SearchStrings(names, "nb"); {
		case !s.isPackage("nb", r) || s.imports["nb"] != nbPath:
			show, more = nbAlias+".Show(", []string{nbAlias + " " + strconv.Quote(nbPath)}
		case i == len(names) || names[i] != "nb":
			names = append(names, "nb")
		}
	}
	w.add(s.importLine(names, more...))
	edits := protect(r.text, tokens(r.text))
	for _, d := range r.imports {
		s.writeDecl(w, d, r.text, edits)
	}
	for _, d := range c.regrouped {
		s.writeAgain(w, d)
	}
	for _, d := range r.kept {
		s.writeDecl(w, d, r.text, edits)
	}
	if r.hasMain {
		return
	}
	w.add("func main() {\n")
	if r.args {
		w.add("flag.Parse()\n") // goimports finds it
	}
	if r.body != "" {
		edits = protect(r.body, tokens(r.body))
		if p := c.shown; p != nil {
			end := ")"
			if s.valueAndError(p.of(r.text), r) {
				show, end = show+strings.TrimSuffix(show, "Show(")+"Must(", "))"
			}
			edits = append([]edit{{p.from, show}}, append(edits, edit{p.to, end})...)
			sort.SliceStable(edits, func(i, j int) bool { return edits[i].off < edits[j].off })
		}
		if p := r.muted; p != nil {
			edits = append([]edit{{p.from, "_ = "}}, edits...)
			sort.SliceStable(edits, func(i, j int) bool { return edits[i].off < edits[j].off })
		}
		w.typed(c.src, r.body, span{0, len(strings.TrimRight(r.body, " \t\n"))}, edits)
		w.endLine()
	}
	w.add("}\n")
}

// toShow returns the last expression of a cell unless it calls a function of the
// session that returns nothing.
func (s *Session) toShow(c *Cell) *span {
	r := c.read
	if r.last == nil || r.body == "" {
		return nil
	}
	name := callee(r.last.of(r.text))
	if r.silent[name] {
		return nil
	}
	if _, local := r.locals[name]; name == "" || local {
		return r.last
	}
	d := s.kept[name]
	for _, k := range r.kept {
		if k.keys[0] == name {
			d = k
		}
	}
	if d != nil && d.isFunc() && !d.results {
		return nil
	}
	return r.last
}

// writeDecl writes a declaration. GoNB knows constants and variables by their
// names and confuses those called _, so they get names of their own; so do the
// names that are declared elsewhere.
func (s *Session) writeDecl(w *writer, d *decl, text string, edits []edit, but ...string) {
	at := d.span.from
	for i, name := range d.names {
		again := slices.Contains(but, name)
		if !again && (name != "_" || d.kind != token.VAR && d.kind != token.CONST) {
			continue
		}
		key := d.keys[i]
		if again || key == "_" {
			s.hidden++
			key = hiddenPrefix + strconv.Itoa(s.hidden)
		}
		if again {
			d.hidden = append(d.hidden, key)
		} else {
			d.keys[i] = key
		}
		w.typed(d.src, text, span{at, d.offs[i]}, edits)
		w.add(key)
		at = d.offs[i] + len(name)
	}
	w.typed(d.src, text, span{at, d.span.to}, edits)
	w.endLine()
}

// hiddenPrefix begins names that no user reads.
const hiddenPrefix = "golmm_"
