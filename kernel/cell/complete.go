package cell

import (
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Completion is what could stand at the cursor. Start and End, in code points,
// bound what a match replaces.
type Completion struct {
	Start, End int
	Matches    []string
	Types      []string // of the matches: function, type, constant, column, dataset ...
}

// Complete returns what could stand at the cursor, counted in code points: the
// columns of a table in a formula for it, data sets in nb.Data, what the packages
// of the module export, and the methods of what their functions return. It is nil
// where GoNB should answer.
func (s *Session) Complete(src string, cursor int) *Completion {
	s.mu.RLock()
	defer s.mu.RUnlock()
	q := newQuery(src, cursor)
	if q == nil {
		return nil
	}
	if q.inString >= 0 {
		return s.completeString(q)
	}
	return s.completeName(q)
}

// query is a cell with a cursor in it.
type query struct {
	cursor   int // in code points of what was typed
	at       int // in bytes of text
	text     string
	toks     []lexeme // without comments
	inString int      // the index of the string around the cursor, or -1
	read     *reading
}

// newQuery returns nil where the cursor is in no Go, or in a comment.
func newQuery(src string, cursor int) *query {
	if cursor < 0 {
		return nil
	}
	before := src[:byteOffset(src, cursor)]
	s := newSource(0, src)
	r, _ := readCell(s)
	if r.form == wholeForm {
		return nil
	}
	q := &query{cursor: utf8.RuneCountInString(before), at: len(strings.ReplaceAll(before, "\r", "")), inString: -1, read: r}
	for _, p := range r.commands {
		if p.from <= q.at && q.at < p.to {
			return nil
		}
	}
	q.text = without(s.text, r.commands...)
	for _, t := range tokens(q.text) {
		inside := t.from < q.at && q.at < t.to || q.at == t.to && !closed(t)
		if t.tok == token.COMMENT {
			if inside || strings.HasPrefix(t.lit, "//") && q.at == t.to {
				return nil
			}
			continue
		}
		if t.tok == token.STRING && inside {
			q.inString = len(q.toks)
		}
		q.toks = append(q.toks, t)
	}
	return q
}

// byteOffset returns where a place counted in code points is, at most the end.
func byteOffset(s string, cursor int) int {
	for i := range s {
		if cursor == 0 {
			return i
		}
		cursor--
	}
	return len(s)
}

// closed tells whether a string ends with its quote; others are taken for ended.
func closed(t lexeme) bool {
	if t.tok != token.STRING {
		return true
	}
	return len(t.lit) > 1 && t.lit[len(t.lit)-1] == t.lit[0]
}

// word returns what stands before the cursor and belongs to it, by a test of its
// letters.
func (q *query) word(from int, letter func(rune) bool) string {
	start := q.at
	for start > from {
		r, n := utf8.DecodeLastRuneInString(q.text[from:start])
		if !letter(r) {
			break
		}
		start -= n
	}
	return q.text[start:q.at]
}

// completion offers the names that begin with what was typed.
func (q *query) completion(typed string, names, kinds []string) *Completion {
	c := &Completion{Start: q.cursor - utf8.RuneCountInString(typed), End: q.cursor}
	for i, name := range names {
		if strings.HasPrefix(strings.ToLower(strings.TrimPrefix(name, "`")), strings.ToLower(typed)) {
			c.Matches = append(c.Matches, name)
			c.Types = append(c.Types, kinds[i])
		}
	}
	if len(c.Matches) == 0 {
		return nil
	}
	return c
}

// isLetter tells what names of Go are made of.
func isLetter(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// completeName completes what stands behind a point: a name of a package, a method
// or a field. In a struct literal it completes its fields.
func (s *Session) completeName(q *query) *Completion {
	typed := q.word(0, isLetter)
	toks := q.toks
	for i, t := range toks {
		if t.from >= q.at-len(typed) {
			toks = toks[:i]
			break
		}
	}
	if len(toks) < 2 || toks[len(toks)-1].tok != token.PERIOD {
		return s.completeLiteral(q, toks, typed)
	}
	operand := operandBefore(toks[:len(toks)-1])
	if len(operand) == 0 {
		return nil
	}
	if name := operand[0].lit; len(operand) == 1 && operand[0].tok == token.IDENT {
		if def, _ := s.definition(q, name); def == nil {
			if !s.isPackage(name, q.read) {
				return nil
			}
			p := s.library.pkg(s.imports[name])
			if p == nil {
				return nil
			}
			names, kinds := p.exported()
			return q.completion(typed, names, kinds)
		}
	}
	names, kinds := s.library.members(s.typeOfValue(q, operand, 0))
	return q.completion(typed, names, kinds)
}

// operandBefore returns the tokens at the end that make one operand: a name and
// the calls, indices and members behind it.
func operandBefore(toks []lexeme) []lexeme {
	i := len(toks)
	for i > 0 {
		switch t := toks[i-1]; t.tok {
		case token.IDENT:
			if i--; i == 0 || toks[i-1].tok != token.PERIOD {
				return toks[i:]
			}
			i--
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth := 0
			for ; i > 0; i-- {
				switch toks[i-1].tok {
				case token.RPAREN, token.RBRACK, token.RBRACE:
					depth++
				case token.LPAREN, token.LBRACK, token.LBRACE:
					depth--
				}
				if depth == 0 {
					break
				}
			}
			i--
		default:
			return nil
		}
	}
	return nil
}

// isPackage tells whether a name means the package that cells know by it.
func (s *Session) isPackage(name string, r *reading) bool {
	if _, ok := r.locals[name]; ok || s.imports[name] == "" {
		return false
	}
	if d := s.kept[name]; d != nil && !strings.Contains(d.text(), s.imports[name]) {
		return false
	}
	for _, d := range append(r.imports[:len(r.imports):len(r.imports)], r.kept...) {
		for _, n := range d.names {
			if n == name && !strings.Contains(d.text(), s.imports[name]) {
				return false
			}
		}
	}
	return true
}

// definition returns tokens and where among them the value of a variable begins:
// of its last definition before the cursor, else of what an earlier cell
// declares; nil if there is none.
func (s *Session) definition(q *query, name string) ([]lexeme, int) {
	for i := len(q.toks) - 1; i >= 0; i-- {
		if q.toks[i].to <= q.at {
			if pos := valueOf(q.toks, i, name); pos > 0 {
				return q.toks, pos
			}
		}
	}
	if d := s.kept[name]; d != nil && d.kind == token.VAR {
		toks := split(d.text()).toks
		for i := range toks {
			if pos := valueOf(toks, i, name); pos > 0 {
				return toks, pos
			}
		}
	}
	return nil, 0
}

// valueOf returns where the value begins if the token at i is the name in a
// definition, such as x := ..., x, err := ... or var x T = ..., else 0. For the
// second name before a range that is the word range.
func valueOf(toks []lexeme, i int, name string) int {
	if toks[i].tok != token.IDENT || toks[i].lit != name || i > 0 && toks[i-1].tok == token.PERIOD {
		return 0
	}
	second := i > 0 && toks[i-1].tok == token.COMMA // the value of a second name is another
	for k := i + 1; k < len(toks); k++ {
		switch toks[k].tok {
		case token.DEFINE, token.ASSIGN:
			ranges := k+1 < len(toks) && toks[k+1].tok == token.RANGE
			if ranges != second {
				return 0
			}
			return k + 1
		case token.IDENT, token.COMMA, token.PERIOD, token.MUL:
		default:
			return 0
		}
	}
	return 0
}
