package cell

import (
	"go/scanner"
	"go/token"
)

// lexeme is one token with its place.
type lexeme struct {
	tok      token.Token
	lit      string
	from, to int
}

// tokens returns the tokens of Go text, comments included, semicolons inserted as
// Go does. What is no token is left to the parser to name.
func tokens(text string) []lexeme {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	var out []lexeme
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		from := file.Offset(pos)
		to := from + len(lit)
		switch {
		case lit == "":
			to = from + len(tok.String())
		case tok == token.SEMICOLON && lit == "\n":
			to = from // nothing was typed
		}
		out = append(out, lexeme{tok, lit, from, min(to, len(text))})
	}
}

// splitting is Go text taken apart at its top level.
type splitting struct {
	text     string
	packages []span // package clauses
	imports  []span
	funcs    []span // with their comments
	unopened int    // the index in toks of a closing bracket without its match, or -1
	unclosed []int  // the indices of brackets that are not closed, outermost first
	toks     []lexeme
}

// splitter takes Go text apart. The parser does the rest: functions and imports
// are what it does not take among statements.
type splitter struct {
	splitting
	code []int // the indices of the tokens that are no comments
}

// split finds what cannot stand among statements, and brackets without a match.
func split(text string) splitting {
	s := splitter{splitting: splitting{text: text, unopened: -1}}
	s.toks = tokens(text)
	for i, t := range s.toks {
		if t.tok != token.COMMENT {
			s.code = append(s.code, i)
		}
	}
	for k := 0; k < len(s.code) && s.unopened < 0; k++ {
		t := s.at(k)
		if len(s.unclosed) == 0 {
			switch {
			case t.tok == token.PACKAGE:
				s.packages = append(s.packages, s.until(&k, t.from))
				continue
			case t.tok == token.IMPORT:
				s.imports = append(s.imports, s.until(&k, t.from))
				continue
			case t.tok == token.FUNC && s.declares(k):
				s.funcs = append(s.funcs, s.until(&k, s.doc(s.code[k])))
				continue
			}
		}
		s.bracket(s.code[k])
	}
	return s.splitting
}

// at returns a token that is no comment, a semicolon past the end.
func (s *splitter) at(k int) lexeme {
	if k >= len(s.code) {
		return lexeme{tok: token.SEMICOLON, from: len(s.text), to: len(s.text)}
	}
	return s.toks[s.code[k]]
}

// until moves k to the semicolon that ends what begins at k and returns its span.
func (s *splitter) until(k *int, from int) span {
	to := from
	for ; *k < len(s.code) && s.unopened < 0; *k++ {
		t := s.at(*k)
		if t.tok == token.SEMICOLON && len(s.unclosed) == 0 {
			break
		}
		s.bracket(s.code[*k])
		to = t.to
	}
	return span{from, to}
}

// bracket follows the nesting.
func (s *splitter) bracket(i int) {
	switch t := s.toks[i]; t.tok {
	case token.LPAREN, token.LBRACK, token.LBRACE:
		s.unclosed = append(s.unclosed, i)
	case token.RPAREN, token.RBRACK, token.RBRACE:
		n := len(s.unclosed)
		if n == 0 || s.toks[s.unclosed[n-1]].tok != opening(t.tok) {
			s.unopened = i
			return
		}
		s.unclosed = s.unclosed[:n-1]
	}
}

// opening returns the bracket that a closing one closes.
func opening(t token.Token) token.Token {
	switch t {
	case token.RPAREN:
		return token.LPAREN
	case token.RBRACK:
		return token.LBRACK
	}
	return token.LBRACE
}

// declares tells whether func at k declares a function or method, rather than
// being a literal: a name follows, or a receiver, a name and its parameters.
func (s *splitter) declares(k int) bool {
	switch s.at(k + 1).tok {
	case token.IDENT:
		return true
	case token.LPAREN:
		depth := 0
		for k++; k < len(s.code); k++ {
			switch s.at(k).tok {
			case token.LPAREN:
				depth++
			case token.RPAREN:
				depth--
			}
			if depth == 0 {
				return s.at(k+1).tok == token.IDENT && s.at(k+2).tok == token.LPAREN
			}
		}
	}
	return false
}

// doc returns where the comment above the token at i begins, each line of it
// directly above the next, or the token itself.
func (s *splitter) doc(i int) int {
	from := s.toks[i].from
	for i--; i >= 0 && s.toks[i].tok == token.COMMENT; i-- {
		c := s.toks[i]
		gap, alone := 0, true
		for _, b := range []byte(s.text[c.to:from]) {
			if b == '\n' {
				gap++
			}
		}
		for j := c.from - 1; j >= 0 && s.text[j] != '\n'; j-- {
			alone = alone && (s.text[j] == ' ' || s.text[j] == '\t')
		}
		if gap != 1 || !alone {
			break
		}
		from = c.from
	}
	return from
}
