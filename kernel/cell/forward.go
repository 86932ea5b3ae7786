package cell

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Forward returns code in which GoNB can complete or inspect what stands at the
// cursor, though the cell is not finished: the place is cursor + shift there, in
// code points, and shift is to be taken off places in GoNB's answer.
func (s *Session) Forward(src string, cursor int) (code string, shift int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	from := newSource(0, src)
	r := readLayout(from)
	if cursor < 0 || r.form != plainForm || from.text != src {
		return src, 0
	}
	text := without(src, r.commands...)
	parts := split(text)
	body := without(text, append(append(parts.packages, parts.imports...), parts.funcs...)...)
	w := new(writer)
	w.add(s.importLine(s.neededImports(&reading{}, text)))
	edits := protect(text, parts.toks)
	at, apart, hasMain := byteOffset(src, cursor), false, false
	for _, p := range slices.Concat(parts.imports, parts.funcs) {
		w.typed(from, text, p, edits)
		w.endLine()
		apart = apart || p.from <= at && at <= p.to
		hasMain = hasMain || strings.Contains(p.of(text), "func main(")
	}
	above := len(w.segs)
	if !hasMain {
		w.add("func main() {\n")
		w.typed(from, body, span{0, len(body)}, protect(body, tokens(body)))
		w.add("\n}\n")
	}
	rec := w.record(1)
	segs := rec.segs[above:]
	if apart {
		segs = rec.segs[:above]
	}
	for _, seg := range segs {
		if seg.off <= at && at <= seg.off+seg.n {
			there := seg.code + at - seg.off
			return rec.text, utf8.RuneCountInString(rec.text[:there]) - utf8.RuneCountInString(src[:at])
		}
	}
	return src, 0
}
