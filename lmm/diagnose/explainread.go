package diagnose

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPage is the length of the text that is read at each end of a long one.
const maxPage = 1 << 20

// cut returns the text, or the two ends of a long one.
func cut(text string) (head, tail string, skipped int) {
	if len(text) <= 2*maxPage {
		return text, "", 0
	}
	return text[:maxPage], text[len(text)-maxPage:], len(text) - 2*maxPage
}

// page is a text brought to one form: blanks and line breaks are single
// blanks, quotes are ' or ", dashes are -, control and direction marks are gone.
type page struct {
	plain string // as written
	lower string // in lower case, all quotes ', of the same length
	lines []line // where each line of the original stands in plain
	said  []bool // of each line: a known message stands in it
}

type line struct{ from, to int }

// readPage brings a text to the form in which messages are compared.
func readPage(text string) *page {
	var b strings.Builder
	b.Grow(len(text))
	p := &page{}
	text = html.UnescapeString(text) // copied from the source of a page
	marks := marksOf(text)
	for len(text) > 0 {
		end := strings.IndexAny(text, "\n\r")
		raw := text
		if end >= 0 {
			raw, text = text[:end], text[end+1:]
		} else {
			text = ""
		}
		from := b.Len()
		blank := writePlain(&b, unmarked(raw, marks))
		p.lines = append(p.lines, line{from, b.Len()})
		if !blank {
			b.WriteByte(' ')
		}
	}
	p.plain = b.String()
	p.lower = lowered(p.plain)
	p.said = make([]bool, len(p.lines))
	return p
}

// marks are what notebooks, mail and logs put before a line: "## ", "#> ",
// "> ", "| ". Those that can also be words of a message ("> 1 level") count
// only where most lines begin with one.
const (
	sureMarks  = "#\u2502\u250c\u2514"
	otherMarks = ">!|*"
)

// marksOf returns the marks that are removed from the lines of a text.
func marksOf(text string) string {
	marked, lines := 0, 0
	for line := range strings.Lines(text[:min(len(text), 1<<16)]) {
		if line = strings.TrimSpace(line); line != "" {
			lines++
			if strings.ContainsRune(otherMarks+sureMarks, rune(line[0])) {
				marked++
			}
		}
	}
	if 2*marked > lines {
		return sureMarks + otherMarks
	}
	return sureMarks + ">" // only beside another: "#>"
}

// unmarked removes the marks and colours before a line.
func unmarked(s, marks string) string {
	for {
		s = strings.TrimLeft(s, " \t\u00a0")
		for strings.HasPrefix(s, "\x1b") {
			s = s[escape(s):]
		}
		if !strings.HasSuffix(marks, "*") && strings.HasPrefix(s, ">") {
			return s
		}
		rest := strings.TrimLeft(s, marks)
		if len(rest) == len(s) || strings.TrimLeft(rest, " \t\u00a0") == rest && rest != "" {
			return s
		}
		s = rest
	}
}

// writePlain writes a line without its varieties, and says whether it wrote
// nothing or ended with a blank.
func writePlain(b *strings.Builder, s string) (blank bool) {
	blank = true // no blank at the start, none after another
	put := func(c string) {
		if c == " " && blank {
			return
		}
		blank = c == " "
		b.WriteString(c)
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			put(windows1252(s[i]))
			i++
			continue
		}
		if r == 0x1b { // a colour of the terminal
			i += escape(s[i:])
			continue
		}
		switch {
		case strings.ContainsRune("'`\u2018\u2019\u201a\u201b\u2039\u203a\u00b4\u2032", r):
			put("'")
		case strings.ContainsRune("\"\u201c\u201d\u201e\u201f\u00ab\u00bb", r):
			put(`"`)
		case r >= 0x2010 && r <= 0x2015 || r == 0x2212:
			put("-")
		case r == 0x2026:
			put("...")
		case r == 0x2264:
			put("<=")
		case unicode.IsSpace(r):
			put(" ")
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
		default:
			put(s[i : i+n])
		}
		i += n
	}
	return blank
}

// windows1252 is the meaning of a byte that is no UTF-8: the quotes and dashes
// of Windows, and a mark for all else.
func windows1252(c byte) string {
	switch c {
	case 0x91, 0x92:
		return "'"
	case 0x93, 0x94:
		return `"`
	case 0x96, 0x97:
		return "-"
	case 0xa0:
		return " "
	}
	return "?"
}

// escape is the length of the escape sequence at the start of s.
func escape(s string) int {
	if len(s) < 2 || s[1] != '[' {
		return 1
	}
	for i := 2; i < len(s) && i < 32; i++ {
		if s[i] >= 0x40 && s[i] <= 0x7e {
			return i + 1
		}
	}
	return 2
}

// lowered is s in lower case, but for letters whose length would change, and with
// double quotes as single ones.
func lowered(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case r == '"':
			return '\''
		case r >= utf8.RuneSelf:
			if l := unicode.ToLower(r); utf8.RuneLen(l) == utf8.RuneLen(r) {
				return l
			}
		}
		return r
	}, s)
}

// plainForm is one line in the form in which messages are compared.
func plainForm(s string) string { return strings.TrimSpace(readPage(s).plain) }
