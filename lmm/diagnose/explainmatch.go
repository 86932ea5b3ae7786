package diagnose

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// found is a message in a page.
type found struct {
	message  int
	from, to int
	said     Saying
}

// form is a text with holes, ready to be compared. It begins with a literal.
type form struct {
	message int
	parts   []part
}

// part is a literal in lower case, or a hole of a kind: '#' a number, '%' a
// word, '*' words up to the next literal.
type part struct {
	literal string
	kind    byte
	name    string
}

// maxHole is the length of the words that a hole can hold.
const maxHole = 300

// find returns the messages in a page in their order. Where two overlap, the
// one that begins first counts, of two that begin together the longer, and one
// within another never.
func (p *page) find(forms []form) []found {
	var all []found
	for _, f := range forms {
		all = append(all, f.findAll(p)...)
	}
	sort.SliceStable(all, func(i, j int) bool {
		if all[i].from != all[j].from {
			return all[i].from < all[j].from
		}
		return all[i].to > all[j].to
	})
	all = slices.DeleteFunc(all, func() func(found) bool {
		end := 0
		return func(f found) bool {
			if f.from < end {
				return true
			}
			end = f.to
			return false
		}
	}())
	for _, f := range all {
		p.mark(f.from, f.to)
	}
	return all
}

// mark notes that a known message stands in the lines of an interval.
func (p *page) mark(from, to int) {
	first := sort.Search(len(p.lines), func(i int) bool { return p.lines[i].to > from })
	for i := first; i < len(p.lines) && p.lines[i].from < to; i++ {
		p.said[i] = true
	}
}

// parseForm reads the notation of Message.Forms.
func parseForm(message int, src string) form {
	f := form{message: message}
	src = plainForm(src)
	for src != "" {
		open := strings.Index(src, "{")
		if open < 0 || open+2 >= len(src) || !strings.ContainsRune("#%*", rune(src[open+1])) {
			open = len(src)
		}
		if open > 0 {
			f.parts = append(f.parts, part{literal: lowered(src[:open])})
			src = src[open:]
			continue
		}
		shut := strings.Index(src, "}")
		f.parts = append(f.parts, part{kind: src[1], name: src[2:shut]})
		src = src[shut+1:]
	}
	return f
}

// findAll returns the places of a form in a page.
func (f form) findAll(p *page) []found {
	var out []found
	head := f.parts[0].literal
	for from := 0; ; {
		i := strings.Index(p.lower[from:], head)
		if i < 0 {
			return out
		}
		at := from + i
		from = at + len(head)
		if at > 0 && wordByte(p.lower[at-1]) && wordByte(head[0]) {
			continue
		}
		to, values, ok := f.match(p, at)
		if !ok || to < len(p.lower) && wordByte(p.lower[to]) && wordByte(p.lower[to-1]) {
			continue
		}
		from = to
		out = append(out, found{f.message, at, to, Saying{Text: p.plain[at:to], Values: values}})
	}
}

// match compares the form with the page from a place on.
func (f form) match(p *page, at int) (to int, values []Value, ok bool) {
	to = at
	for i, part := range f.parts {
		rest := p.lower[to:]
		if part.kind == 0 {
			if !strings.HasPrefix(rest, part.literal) {
				return 0, nil, false
			}
			to += len(part.literal)
			continue
		}
		n := 0
		switch part.kind {
		case '#':
			n = numberLength(rest)
		case '%':
			n = wordLength(rest)
		case '*':
			if i+1 < len(f.parts) {
				n = strings.Index(rest[:min(len(rest), maxHole)], f.parts[i+1].literal)
			}
		}
		if n <= 0 {
			return 0, nil, false
		}
		values = append(values, readValue(part.name, p.plain[to:to+n]))
		to += n
	}
	return to, values, true
}

func readValue(name, text string) Value {
	v := Value{Name: name, Text: strings.ReplaceAll(strings.TrimSpace(text), `"`, "'"), Number: math.NaN()}
	if x, err := strconv.ParseFloat(strings.TrimSuffix(v.Text, "."), 64); err == nil {
		v.Number = x
	}
	return v
}

// numberLength is the length of the number at the start of s: -1.2e-05.
func numberLength(s string) int {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	digits := 0
	for ; i < len(s) && i < 40 && (digit(s[i]) || s[i] == '.' && i+1 < len(s) && digit(s[i+1])); i++ {
		digits++
	}
	if digits == 0 {
		return 0
	}
	if i < len(s) && s[i] == 'e' {
		j := i + 1
		if j < len(s) && (s[j] == '-' || s[j] == '+') {
			j++
		}
		k := j
		for k < len(s) && k < j+4 && digit(s[k]) {
			k++
		}
		if k > j {
			i = k
		}
	}
	return i
}

// wordLength is the length of the word at the start of s.
func wordLength(s string) int {
	s = s[:min(len(s), maxHole)]
	if i := strings.IndexByte(s, ' '); i >= 0 {
		return i
	}
	return len(s)
}

func digit(c byte) bool    { return '0' <= c && c <= '9' }
func wordByte(c byte) bool { return 'a' <= c && c <= 'z' || digit(c) || c >= 0x80 || c == '_' }
