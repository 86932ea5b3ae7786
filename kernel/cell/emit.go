package cell

import (
	"sort"
	"strings"
)

// record is code that GoNB was given and where its parts were typed.
type record struct {
	base  int // the number of the first line of text
	text  string
	start []int // of the lines of text
	segs  []segment
}

// segment is a stretch of code that stands in a source just so.
type segment struct {
	code, n int
	src     *source
	off     int
}

// writer makes a record.
type writer struct {
	b    strings.Builder
	segs []segment
}

// add writes code that nobody typed.
func (w *writer) add(text string) { w.b.WriteString(text) }

// endLine ends the line if it is not at its start.
func (w *writer) endLine() {
	if s := w.b.String(); s != "" && s[len(s)-1] != '\n' {
		w.add("\n")
	}
}

// typed writes the part p of text, which is that of src or a copy with blanks,
// and the edits that fall into it. Edits are in the order of their offsets.
func (w *writer) typed(src *source, text string, p span, edits []edit) {
	at := p.from
	upTo := func(to int) {
		if to > at {
			w.segs = append(w.segs, segment{w.b.Len(), to - at, src, at})
			w.add(text[at:to])
			at = to
		}
	}
	for _, e := range edits {
		if e.off >= p.from && e.off <= p.to {
			upTo(e.off)
			w.add(e.text)
		}
	}
	upTo(p.to)
}

// record closes the code. It begins at line base.
func (w *writer) record(base int) *record {
	text := w.b.String()
	return &record{base: base, text: text, start: lineStarts(text), segs: w.segs}
}

// code is what GoNB gets: the lines before base are blank.
func (r *record) code() string { return strings.Repeat("\n", r.base-1) + r.text }

// line returns a line of the code by its number, and whether there is one.
func (r *record) line(n int) (string, bool) {
	i := n - r.base
	if i < 0 || i >= len(r.start) {
		return "", false
	}
	line, _, _ := strings.Cut(r.text[r.start[i]:], "\n")
	return line, true
}

// typedAt returns where the code at a line and column, from 1, was typed. Where
// nothing was typed, the nearest place of the line counts, and exact is false.
func (r *record) typedAt(line, col int) (src *source, off int, exact bool) {
	i := line - r.base
	if i < 0 || i >= len(r.start) {
		return nil, 0, false
	}
	from, to := r.start[i], len(r.text)
	if i+1 < len(r.start) {
		to = r.start[i+1]
	}
	at := from + max(col, 1) - 1
	k := sort.Search(len(r.segs), func(k int) bool { return r.segs[k].code+r.segs[k].n > at })
	if k < len(r.segs) && r.segs[k].code <= at && at < to {
		s := r.segs[k]
		return s.src, s.off + at - s.code, col > 0
	}
	// The first segment that reaches into the line.
	k = sort.Search(len(r.segs), func(k int) bool { return r.segs[k].code+r.segs[k].n > from })
	if k < len(r.segs) && r.segs[k].code < to {
		s := r.segs[k]
		return s.src, s.off + max(0, from-s.code), false
	}
	return nil, 0, false
}
