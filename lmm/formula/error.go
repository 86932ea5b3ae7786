package formula

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// SyntaxError says what is wrong with a formula and where.
type SyntaxError struct {
	Src string // the whole formula
	Off int    // byte offset into Src, at most len(Src)
	Msg string
}

// Error returns the message, the source line and a caret under the offending
// character.
func (e *SyntaxError) Error() string {
	if e.Src == "" {
		return "formula: " + e.Msg
	}
	return "formula: " + e.Msg + "\n" + Caret(e.Src, e.Off)
}

// Column returns the position of the offending character in its line, counted
// in characters from 1.
func (e *SyntaxError) Column() int {
	_, before := splitLine(e.Src, e.Off)
	return utf8.RuneCountInString(before) + 1
}

// caretWindow is how many characters of a long line Caret shows on each side.
const caretWindow = 60

// Caret returns two indented lines: the line of src that holds the byte offset
// off, and a caret under the character at off. A long line is cut around it.
func Caret(src string, off int) string {
	line, before := splitLine(src, off)
	text, lead := []rune(line), []rune(before)
	start, end := 0, len(text)
	prefix, suffix := "", ""
	if len(lead) > caretWindow {
		start, prefix = len(lead)-caretWindow, "..."
	}
	if len(text)-len(lead) > caretWindow {
		end, suffix = len(lead)+caretWindow, "..."
	}
	var pad strings.Builder
	pad.WriteString(strings.Repeat(" ", len(prefix)))
	for _, r := range lead[start:] {
		if r == '\t' {
			pad.WriteRune('\t')
		} else {
			pad.WriteRune(' ')
		}
	}
	return "  " + prefix + string(text[start:end]) + suffix + "\n  " + pad.String() + "^"
}

// splitLine returns the line that holds off and its part before off.
func splitLine(src string, off int) (line, before string) {
	off = min(max(off, 0), len(src))
	for off > 0 && off < len(src) && !utf8.RuneStart(src[off]) {
		off--
	}
	begin := strings.LastIndexByte(src[:off], '\n') + 1
	end := len(src)
	if i := strings.IndexByte(src[off:], '\n'); i >= 0 {
		end = off + i
	}
	line = strings.TrimSuffix(src[begin:end], "\r")
	return line, src[begin:min(off, begin+len(line))]
}

func errorAt(src string, off int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Src: src, Off: off, Msg: fmt.Sprintf(format, args...)}
}
