package cell

import (
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/golmm/golmm/lmm/datasets"
)

// formulaFunctions are what a formula can call, the usual ones first.
var formulaFunctions = [...]string{"log", "sqrt", "exp", "I", "factor", "scale", "center", "poly", "ns", "offset", "cbind",
	"abs", "sin", "cos", "log2", "log10", "log1p", "ordered", "as.factor", "as.integer", "as.numeric"}

// completeString completes the name of a data set in nb.Data, of a column in the
// formula of a fit, of a family, link or optimizer in its options, and of a column in
// what else a verb or a table is told.
func (s *Session) completeString(q *query) *Completion {
	i := q.inString
	start := q.toks[i].from + 1
	if i >= 4 && q.toks[i-1].tok == token.LPAREN && q.toks[i-3].tok == token.PERIOD {
		pkg, verb := q.toks[i-4].lit, q.toks[i-2].lit
		switch {
		case pkg == "nb" && verb == "Data", pkg == "datasets" && verb == "Load":
			names := datasets.Names()
			return q.completion(q.text[start:q.at], names, repeat("dataset", len(names)))
		case (pkg == "nb" || pkg == "lmm") && strings.HasPrefix(verb, "Fit"):
			return s.completeFormula(q, start)
		}
	}
	if values := s.choices(q); values != nil {
		return q.completion(q.text[start:q.at], values, repeat("value", len(values)))
	}
	names := s.columnsAround(q)
	return q.completion(q.text[start:q.at], names, repeat("column", len(names)))
}

// columnsAround returns the columns of the table that a string is about: that of
// the variable or the first argument of a call around it, as in
// nb.Trends(m, "..."), sleep.Column("...") or &infer.MeansOptions{Of: ...}.
func (s *Session) columnsAround(q *query) []string {
	depth, ours := 0, false
	for i := q.inString - 1; i > 0; i-- {
		switch q.toks[i].tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth--; depth >= 0 {
				continue
			}
			depth = 0
			operand := operandBefore(q.toks[:i])
			if len(operand) < 3 {
				continue
			}
			values := [][]lexeme{operand}
			if s.isPackage(operand[0].lit, q.read) {
				if s.library.pkg(s.imports[operand[0].lit]) == nil {
					continue
				}
				ours, values = true, arguments(q.toks[i+1:])
			}
			for _, v := range values {
				if cols := s.columnsOfValue(q, v, 0); len(cols) > 0 {
					return cols
				}
			}
		}
	}
	if !ours {
		return nil
	}
	return s.columnsOf(s.onlyTable())
}

// completeFormula completes the last word of a formula that begins at start.
func (s *Session) completeFormula(q *query, start int) *Completion {
	typed := q.word(start, func(r rune) bool { return r == '.' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) })
	raw := q.text[q.toks[q.inString].from] == '`'
	if before := q.text[start : q.at-len(typed)]; strings.HasSuffix(before, "`") && !raw {
		typed = "`" + typed
	}
	var names, kinds []string
	for _, col := range s.columnsFor(q) {
		if !plainColumn(col) {
			if raw || strings.ContainsAny(col, "`\"\\\n") {
				continue // no way to write it here
			}
			col = "`" + col + "`"
		}
		names, kinds = append(names, col), append(kinds, "column")
	}
	if len(names) == 0 {
		return nil
	}
	for _, f := range formulaFunctions {
		if typed != "" && !slices.Contains(names, f) {
			names, kinds = append(names, f), append(kinds, "function")
		}
	}
	c := q.completion(strings.TrimPrefix(typed, "`"), names, kinds)
	if c != nil && strings.HasPrefix(typed, "`") {
		c.Start--
		for i, m := range c.Matches {
			if !strings.HasPrefix(m, "`") {
				c.Matches[i] = "`" + m + "`"
			}
		}
	}
	return c
}

// plainColumn tells whether a formula takes the name without quotes.
func plainColumn(name string) bool {
	for i, r := range name {
		if !(unicode.IsLetter(r) || r == '.' || i > 0 && (r == '_' || unicode.IsDigit(r))) {
			return false
		}
	}
	return name != ""
}

// columnsFor returns the columns of the table that the formula is fitted to: the
// argument behind it, or where none is written yet, the last table defined.
func (s *Session) columnsFor(q *query) []string {
	rest := q.toks[q.inString+1:]
	if len(rest) > 1 && rest[0].tok == token.COMMA {
		return s.columnsOfValue(q, rest[1:], 0)
	}
	for i := q.inString - 1; i > 0; i-- {
		if name := dataName(q.toks[i:]); name != "" {
			return s.columnsOf(name)
		}
	}
	return s.columnsOf(s.onlyTable())
}

// columnsOfValue returns the columns of the table that the tokens begin with, or of
// the table of a model: a call that reads one, a fit, or a variable.
func (s *Session) columnsOfValue(q *query, toks []lexeme, depth int) []string {
	if len(toks) == 0 || toks[0].tok != token.IDENT || depth > 20 {
		return nil
	}
	if name := dataName(toks); name != "" {
		return s.columnsOf(name)
	}
	if len(toks) > 4 && toks[1].tok == token.PERIOD && toks[3].tok == token.LPAREN {
		switch pkg, verb := toks[0].lit, toks[2].lit; {
		case pkg == "nb" && verb == "Must":
			return s.columnsOfValue(q, toks[4:], depth+1)
		case (pkg == "nb" || pkg == "lmm") && strings.HasPrefix(verb, "Fit"):
			if args := arguments(toks[4:]); len(args) > 1 {
				return s.columnsOfValue(q, args[1], depth+1)
			}
			return nil
		}
	}
	def, pos := s.definition(q, toks[0].lit)
	if def == nil || samePlace(def, pos, toks) {
		return nil
	}
	return s.columnsOfValue(q.before(def, pos), def[pos:], depth+1)
}

// arguments are those of a call, from its bracket on.
func arguments(toks []lexeme) [][]lexeme {
	var out [][]lexeme
	depth, from := 0, 0
	for i, t := range toks {
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth < 0 {
				return append(out, toks[from:i])
			}
		case token.COMMA:
			if depth == 0 {
				out, from = append(out, toks[from:i]), i+1
			}
		}
	}
	return append(out, toks[from:])
}

// onlyTable is the name of the data that earlier cells read, "" unless it is one.
func (s *Session) onlyTable() string {
	var found []string
	for _, d := range s.kept {
		toks := split(d.text()).toks
		for i := range toks {
			if name := dataName(toks[i:]); name != "" && !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return ""
}

// dataName returns the name of the data set or file that the tokens begin to
// read, "" if they do not: nb.Data("x"), or nb.Must(table.ReadCSVFile("x", ...).
func dataName(toks []lexeme) string {
	if len(toks) < 5 || toks[0].tok != token.IDENT || toks[1].tok != token.PERIOD || toks[3].tok != token.LPAREN {
		return ""
	}
	switch verb := toks[0].lit + "." + toks[2].lit; {
	case verb == "nb.Must":
		return dataName(toks[4:])
	case verb != "nb.Data" && verb != "datasets.Load" && verb != "table.ReadCSVFile" || toks[4].tok != token.STRING:
		return ""
	}
	name, err := strconv.Unquote(toks[4].lit)
	if err != nil {
		return ""
	}
	return name
}

// columnsOf returns the columns of a data set or file.
func (s *Session) columnsOf(name string) []string {
	if slices.Contains(datasets.Names(), name) {
		if t, err := datasets.Load(name); err == nil {
			return t.Names()
		}
		return nil
	}
	if name == "" || s.opt.Columns == nil {
		return nil
	}
	cols, err := s.opt.Columns(name)
	if err != nil {
		return nil
	}
	return cols
}

func repeat(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}
