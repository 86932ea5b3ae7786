package mathml

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind tells tokens of TeX apart.
type tokenKind int

const (
	end     tokenKind = iota
	command           // \name or \ and another character
	char              // any other character
	number            // digits, with a point between or before them
)

// token is one token: text is the name of a command without its backslash, or the
// characters.
type token struct {
	kind tokenKind
	text string
	at   int
}

func (t token) is(kind tokenKind, text string) bool { return t.kind == kind && t.text == text }

// scan returns the tokens of src. Blanks only end the names of commands; comments are
// left out. Text arguments are read from the source itself.
func scan(src string) []token {
	var list []token
	for at := 0; at < len(src); {
		r, size := utf8.DecodeRuneInString(src[at:])
		switch {
		case unicode.IsSpace(r):
			at += size
		case r == '%':
			line := strings.IndexByte(src[at:], '\n')
			if line < 0 {
				return append(list, token{end, "", len(src)})
			}
			at += line
		case r == '\\':
			name := commandName(src[at+1:])
			list = append(list, token{command, name, at})
			at += 1 + len(name)
		case isDigit(r) || r == '.' && at+1 < len(src) && isDigit(rune(src[at+1])):
			n := numberLength(src[at:])
			list = append(list, token{number, src[at : at+n], at})
			at += n
		default:
			list = append(list, token{char, src[at : at+size], at})
			at += size
		}
	}
	return append(list, token{end, "", len(src)})
}

func isDigit(r rune) bool  { return '0' <= r && r <= '9' }
func isLetter(r byte) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// commandName returns the name at the start of s: letters, or one other character.
func commandName(s string) string {
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	if n == 0 && s != "" {
		_, n = utf8.DecodeRuneInString(s)
	}
	return s[:n]
}

func numberLength(s string) int {
	n, point := 0, false
	for n < len(s) {
		if s[n] == '.' && !point && n+1 < len(s) && isDigit(rune(s[n+1])) {
			point = true
		} else if !isDigit(rune(s[n])) {
			break
		}
		n++
	}
	return n
}
