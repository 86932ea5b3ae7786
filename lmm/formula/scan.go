package formula

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	tokEOF kind = iota
	tokIdent
	tokNumber
	tokText
	tokOp     // an operator, or ~
	tokOpen   // (
	tokClose  // )
	tokComma  // ,
	tokAssign // = between the name and the value of an argument
)

type token struct {
	kind     kind
	off, end int
	text     string // source; of names and texts without their quotes
	value    float64
	quoted   bool // a name in back-ticks
}

func (t token) String() string {
	switch t.kind {
	case tokEOF:
		return "the end"
	case tokText:
		return strconv.Quote(t.text)
	}
	return t.text
}

// operators in the order in which they are tried, longest first.
var operators = [...]string{"**", "==", "!=", "<=", ">=", "<-", "&&", "||",
	"~", "+", "-", "*", "/", ":", "^", "<", ">", "!", "&", "|"}

type scanner struct {
	src string
	off int
}

// next returns the token at the current offset and moves behind it.
func (s *scanner) next() (token, error) {
	s.skipSpace()
	start := s.off
	if start >= len(s.src) {
		return token{kind: tokEOF, off: start, end: start}, nil
	}
	r, size := utf8.DecodeRuneInString(s.src[start:])
	switch {
	case r == utf8.RuneError && size == 1:
		return token{}, errorAt(s.src, start, "the byte 0x%02x is not UTF-8 text", s.src[start])
	case r == '`':
		return s.quotedName()
	case r == '"' || r == '\'':
		return s.quotedText(byte(r))
	case isDigit(r) || r == '.' && s.digitAt(start+1):
		return s.number()
	case isNameStart(r):
		return s.name(), nil
	case r == '%':
		return s.percent()
	}
	single := map[rune]kind{'(': tokOpen, ')': tokClose, ',': tokComma}
	if k, ok := single[r]; ok {
		return s.take(k, size), nil
	}
	for _, op := range operators {
		if strings.HasPrefix(s.src[start:], op) {
			return s.operator(op)
		}
	}
	if r == '=' {
		return s.take(tokAssign, size), nil
	}
	return token{}, errorAt(s.src, start, "%s", strangeRune(r))
}

func (s *scanner) take(k kind, size int) token {
	t := token{kind: k, off: s.off, end: s.off + size, text: s.src[s.off : s.off+size]}
	s.off = t.end
	return t
}

func (s *scanner) operator(op string) (token, error) {
	switch op {
	case "<-":
		return token{}, errorAt(s.src, s.off, "<- assigns in R; for \"less than minus\" write x < -1, for a formula write ~")
	case "&&":
		return token{}, errorAt(s.src, s.off, "&& compares single values; write & to compare row by row")
	}
	t := s.take(tokOp, len(op))
	if op == "**" {
		t.text = "^"
	}
	return t, nil
}

func strangeRune(r rune) string {
	switch r {
	case '$', '@':
		return "data" + string(r) + "x is not used here; write the name of the column alone"
	case '[', ']':
		return "golmm formulas have no [ ]; choose the rows in the table before the fit"
	case '{', '}', ';':
		return "a formula is one expression; " + string(r) + " has no place in it"
	case '\u2212', '\u2013':
		return "this is a dash of typesetting; write the minus sign -"
	case '\u201c', '\u201d', '\u2018', '\u2019':
		return "these are quotation marks of typesetting; write \" or '"
	}
	return "the character " + strconv.QuoteRune(r) + " has no meaning in a formula"
}

func (s *scanner) skipSpace() {
	for s.off < len(s.src) {
		r, size := utf8.DecodeRuneInString(s.src[s.off:])
		if !unicode.IsSpace(r) {
			return
		}
		s.off += size
	}
}

func isDigit(r rune) bool     { return '0' <= r && r <= '9' }
func isNameStart(r rune) bool { return r == '.' || r == '_' || unicode.IsLetter(r) }
func isNamePart(r rune) bool {
	return isNameStart(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

func (s *scanner) digitAt(off int) bool {
	return off < len(s.src) && isDigit(rune(s.src[off]))
}

func (s *scanner) name() token {
	end := s.off
	for end < len(s.src) {
		r, size := utf8.DecodeRuneInString(s.src[end:])
		if !isNamePart(r) {
			break
		}
		end += size
	}
	return s.take(tokIdent, end-s.off)
}

func (s *scanner) quotedName() (token, error) {
	n := strings.IndexByte(s.src[s.off+1:], '`')
	if n < 0 {
		return token{}, errorAt(s.src, s.off, "this ` has no closing `")
	}
	if n == 0 {
		return token{}, errorAt(s.src, s.off, "the name between the `` is empty")
	}
	t := s.take(tokIdent, n+2)
	t.text, t.quoted = t.text[1:n+1], true
	return t, nil
}

func (s *scanner) quotedText(quote byte) (token, error) {
	var b strings.Builder
	for i := s.off + 1; i < len(s.src); i++ {
		c := s.src[i]
		switch {
		case c == quote:
			t := s.take(tokText, i+1-s.off)
			t.text = b.String()
			return t, nil
		case c == '\\' && i+1 < len(s.src):
			i++
			switch s.src[i] {
			case '\\', '"', '\'':
				b.WriteByte(s.src[i])
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			default:
				return token{}, errorAt(s.src, i-1, `unknown escape in the text; known are \\ \" \' \n \t`)
			}
		default:
			b.WriteByte(c)
		}
	}
	return token{}, errorAt(s.src, s.off, "this %c has no closing %c", quote, quote)
}

func (s *scanner) number() (token, error) {
	end := s.off
	digits := func() {
		for s.digitAt(end) {
			end++
		}
	}
	digits()
	if end < len(s.src) && s.src[end] == '.' {
		end++
		digits()
	}
	if end < len(s.src) && (s.src[end] == 'e' || s.src[end] == 'E') {
		exp := end + 1
		if exp < len(s.src) && (s.src[exp] == '+' || s.src[exp] == '-') {
			exp++
		}
		if s.digitAt(exp) {
			end = exp
			digits()
		}
	}
	value, err := strconv.ParseFloat(s.src[s.off:end], 64)
	if err != nil {
		return token{}, errorAt(s.src, s.off, "the number %s is too large", s.src[s.off:end])
	}
	if end < len(s.src) && s.src[end] == 'L' {
		end++
	}
	if r, _ := utf8.DecodeRuneInString(s.src[end:]); end < len(s.src) && isNamePart(r) {
		return token{}, errorAt(s.src, s.off, "a name cannot begin with a digit; if this is a column, write it between back-ticks: `%s`",
			s.src[s.off:s.nameEnd(end)])
	}
	t := s.take(tokNumber, end-s.off)
	t.value = value
	return t, nil
}

func (s *scanner) nameEnd(off int) int {
	t := (&scanner{src: s.src, off: off}).name()
	return t.end
}

func (s *scanner) percent() (token, error) {
	if strings.HasPrefix(s.src[s.off:], "%in%") {
		return s.take(tokOp, len("%in%")), nil
	}
	n := strings.IndexByte(s.src[s.off+1:], '%')
	if n < 0 || n > 10 {
		return token{}, errorAt(s.src, s.off, "%% has no meaning in a formula except in %%in%%")
	}
	return token{}, errorAt(s.src, s.off, "unknown operator %s; golmm knows %%in%%", s.src[s.off:s.off+n+2])
}
