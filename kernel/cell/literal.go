package cell

import (
	"go/token"
	"slices"
	"strings"
)

// completeLiteral completes the name of a field where the cursor is at the place
// of one, as in &lmm.Options{M, and behind it and a colon what is declared for its
// type: infer.KenwardRoger for DF.
func (s *Session) completeLiteral(q *query, toks []lexeme, typed string) *Completion {
	t, inside := s.literal(q, toks)
	p := s.library.pkg(t.pkg)
	if p == nil || len(p.fields[t.name]) == 0 {
		return nil
	}
	var names, kinds []string
	last := toks[len(toks)-1].tok
	if last == token.COLON {
		if len(toks) < 2 {
			return nil
		}
		for _, f := range p.fields[t.name] {
			if f.name == toks[len(toks)-2].lit {
				for _, c := range s.constants(f.typ) {
					names, kinds = append(names, c), append(kinds, "constant")
				}
			}
		}
		return q.completion(typed, names, kinds)
	}
	if last != token.LBRACE && last != token.COMMA {
		return nil
	}
	for _, f := range p.fields[t.name] {
		used := slices.ContainsFunc(inside, func(l lexeme) bool { return l.lit == f.name })
		if !used {
			names, kinds = append(names, f.name+": "), append(kinds, "field")
		}
	}
	return q.completion(typed, names, kinds)
}

// literal returns the type of the struct literal that the tokens end within, and
// its tokens so far.
func (s *Session) literal(q *query, toks []lexeme) (goType, []lexeme) {
	depth := 0
	for i := len(toks) - 1; i > 0; i-- {
		switch toks[i].tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK:
			if depth--; depth < 0 {
				return goType{}, nil
			}
		case token.LBRACE:
			if depth--; depth < 0 {
				return s.namedType(q, operandBefore(toks[:i])), toks[i+1:]
			}
		}
	}
	return goType{}, nil
}

// namedType is the type that pkg.Name names.
func (s *Session) namedType(q *query, toks []lexeme) goType {
	if len(toks) != 3 || toks[0].tok != token.IDENT || !s.isPackage(toks[0].lit, q.read) {
		return goType{}
	}
	return goType{pkg: s.imports[toks[0].lit], name: toks[2].lit}
}

// constants are the names, with their package, of what a type has for values.
func (s *Session) constants(t goType) []string {
	p := s.library.pkg(t.pkg)
	if p == nil || t.list {
		return nil
	}
	name := t.pkg[strings.LastIndex(t.pkg, "/")+1:]
	var out []string
	for _, c := range p.constants[t.name] {
		out = append(out, name+"."+c)
	}
	return out
}
