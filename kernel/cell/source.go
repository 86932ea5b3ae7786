package cell

import (
	"sort"
	"strings"
)

// source is the text of a cell as it was typed.
type source struct {
	number int    // of the cell
	text   string // with \n alone as the end of a line
	starts []int  // where lines begin
}

// newSource keeps text without carriage returns, which Go ignores.
func newSource(number int, text string) *source {
	s := &source{number: number, text: strings.ReplaceAll(text, "\r", "")}
	s.starts = lineStarts(s.text)
	return s
}

func lineStarts(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// lines returns the lines without their ends.
func (s *source) lines() []string { return strings.Split(s.text, "\n") }

// line returns a line by its number from 1, "" if there is none.
func (s *source) line(n int) string {
	if n < 1 || n > len(s.starts) {
		return ""
	}
	from, to := s.starts[n-1], len(s.text)
	if n < len(s.starts) {
		to = s.starts[n] - 1
	}
	return s.text[from:to]
}

// position returns line and column of an offset, both from 1, the column in
// bytes.
func (s *source) position(off int) (line, col int) {
	off = max(0, min(off, len(s.text)))
	line = sort.SearchInts(s.starts, off+1)
	return line, off - s.starts[line-1] + 1
}

// span is a part of a source: [from, to) in bytes.
type span struct{ from, to int }

func (p span) of(text string) string { return text[p.from:p.to] }

// blanked returns text with all but its line ends replaced by blanks, except in
// the spans to keep.
func blanked(text string, keep ...span) string {
	b := []byte(text)
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
	for _, p := range keep {
		copy(b[p.from:p.to], text[p.from:p.to])
	}
	return string(b)
}

// without returns text with the spans replaced by blanks, line ends kept.
func without(text string, drop ...span) string {
	b := []byte(text)
	for _, p := range drop {
		for i := p.from; i < p.to; i++ {
			if b[i] != '\n' {
				b[i] = ' '
			}
		}
	}
	return string(b)
}
