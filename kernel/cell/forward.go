package cell

import (
	"cmp"
	"go/token"
	"slices"
	"strings"
	"unicode/utf8"
)

// Forward returns a Go file in which a language server can complete or inspect what
// stands at the cursor, though the cell is not finished: the cell, and what earlier cells
// have declared. The place is cursor + shift there, in code points, and shift is to be
// taken off places in the server's answer. ok is false where there is no Go at the
// cursor.
func (s *Session) Forward(src string, cursor int) (code string, shift int, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	from := newSource(0, src)
	r := readLayout(from)
	if cursor < 0 || r.form == wholeForm || from.text != src {
		return "", 0, false
	}
	at := byteOffset(src, cursor)
	for _, p := range r.commands {
		if p.from < at && (at < p.to || at == p.to && src[at-1] != '\n') {
			return "", 0, false
		}
	}
	text := without(src, r.commands...)
	imports, kept := s.keptText()
	w := new(writer)
	w.add("package main\n")
	w.add(s.importLine(s.neededImports(&reading{}, text+"\n"+kept)))
	w.add(imports)
	above := 0
	apart := false // the cursor stands in what is written before main
	edits := protect(text, tokens(text))
	if r.form == gonbForm && r.main >= 0 {
		w.typed(from, text, span{0, r.main}, edits)
		w.add("\nfunc main() {\n")
		above, apart = len(w.segs), at < r.main
		w.typed(from, text, span{r.main, len(text)}, edits)
		w.add("\n}\n")
	} else {
		above, apart = s.forwardPlain(w, from, text, at, edits)
	}
	w.add("\n" + kept)
	rec := w.record(1)
	segs := rec.segs[above:]
	if apart {
		segs = rec.segs[:above]
	}
	for _, seg := range segs {
		if seg.off <= at && at <= seg.off+seg.n {
			there := seg.code + at - seg.off
			return rec.text, utf8.RuneCountInString(rec.text[:there]) - utf8.RuneCountInString(src[:at]), true
		}
	}
	return "", 0, false
}

// forwardPlain writes imports, functions and a main with the rest. The segments from
// above on are main's; apart tells that the place at stands before.
func (s *Session) forwardPlain(w *writer, from *source, text string, at int, edits []edit) (above int, apart bool) {
	parts := split(text)
	body := without(text, append(append(parts.packages, parts.imports...), parts.funcs...)...)
	hasMain := false
	for _, p := range slices.Concat(parts.imports, parts.funcs) {
		w.typed(from, text, p, edits)
		w.endLine()
		apart = apart || p.from <= at && at <= p.to
		hasMain = hasMain || strings.Contains(p.of(text), "func main(")
	}
	above = len(w.segs)
	if !hasMain {
		w.add("func main() {\n")
		w.typed(from, body, span{0, len(body)}, protect(body, tokens(body)))
		w.add("\n}\n")
	}
	return above, apart
}

// keptText returns the imports and the other declarations that the session has, in the
// order in which they were typed.
func (s *Session) keptText() (imports, rest string) {
	var list []*decl
	for _, d := range s.kept {
		if !slices.Contains(list, d) {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b *decl) int {
		return cmp.Or(cmp.Compare(a.src.number, b.src.number), cmp.Compare(a.span.from, b.span.from))
	})
	var first, second strings.Builder
	for _, d := range list {
		if d.kind == token.IMPORT {
			first.WriteString(d.text() + "\n")
		} else {
			second.WriteString(d.text() + "\n")
		}
	}
	return first.String(), second.String()
}
