package cell

import (
	"go/ast"
	"go/token"
	"slices"
)

// typeReader names the types in a file of a package.
type typeReader struct {
	importPath string
	imports    map[string]string // paths by name
	parameter  string            // of the type that is being read, "" for none
}

// results returns the types of the results of a function, one for each.
func (r typeReader) results(list *ast.FieldList) []goType {
	if list == nil {
		return nil
	}
	var out []goType
	for _, f := range list.List {
		for range max(1, len(f.Names)) {
			out = append(out, r.typeOf(f.Type))
		}
	}
	return out
}

// typeOf names the type of an expression.
func (r typeReader) typeOf(e ast.Expr) goType {
	switch e := e.(type) {
	case *ast.StarExpr:
		return r.typeOf(e.X)
	case *ast.IndexExpr:
		t, arg := r.typeOf(e.X), r.typeOf(e.Index)
		t.arg = &arg
		return t
	case *ast.ArrayType:
		t := r.typeOf(e.Elt)
		if t.list {
			return goType{}
		}
		t.list = true
		return t
	case *ast.Ident:
		switch {
		case e.Name == r.parameter:
			return goType{name: e.Name}
		case ast.IsExported(e.Name), e.Name == "error":
			return goType{pkg: r.importPath, name: e.Name}
		}
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			return goType{pkg: r.imports[x.Name], name: e.Sel.Name}
		}
	}
	return goType{}
}

// in is a type that a member of t has, the parameter replaced by what t has for
// it.
func (m goType) in(t goType) goType {
	if m.arg != nil {
		arg := m.arg.in(t)
		m.arg = &arg
		return m
	}
	if m.pkg != "" || m.name == "" || t.arg == nil {
		return m
	}
	list := m.list
	m = *t.arg
	if list && m.list {
		return goType{}
	}
	m.list = m.list || list
	return m
}

// members returns the methods and the fields of a type, those of what it embeds
// included, and the kind of each.
func (l *library) members(t goType) (names, kinds []string) {
	if t.list {
		return nil, nil
	}
	p := l.pkg(t.pkg)
	if p == nil {
		return nil, nil
	}
	add := func(name, kind string) {
		if !slices.Contains(names, name) {
			names, kinds = append(names, name), append(kinds, kind)
		}
	}
	for _, name := range p.methods[t.name] {
		add(name, "function")
	}
	for _, f := range p.fields[t.name] {
		add(f.name, "field")
	}
	for _, e := range p.embeds[t.name] {
		more, kind := l.members(e.in(t))
		for i := range more {
			add(more[i], kind[i])
		}
	}
	return names, kinds
}

// member returns the type of a field or of a method's first result.
func (l *library) member(t goType, name string) goType {
	p := l.pkg(t.pkg)
	if p == nil || t.list {
		return goType{}
	}
	if r := p.results[t.name+"."+name]; len(r) > 0 {
		return r[0].in(t)
	}
	for _, f := range p.fields[t.name] {
		if f.name == name {
			return f.typ.in(t)
		}
	}
	for _, e := range p.embeds[t.name] {
		if m := l.member(e.in(t), name); m.name != "" {
			return m
		}
	}
	return goType{}
}

// typeOfValue returns the type of what the tokens begin with: a call of a function
// of the module, a struct literal, a variable of which the definition is known,
// and what follows a point behind these. nb.Must(...) has the type of what stands
// in it, the word range that of an element.
func (s *Session) typeOfValue(q *query, toks []lexeme, depth int) goType {
	if len(toks) > 0 && toks[0].tok == token.RANGE {
		t := s.typeOfValue(q, toks[1:], depth)
		if !t.list {
			return goType{}
		}
		t.list = false
		return t
	}
	for len(toks) > 0 && (toks[0].tok == token.AND || toks[0].tok == token.MUL) {
		toks = toks[1:]
	}
	if len(toks) == 0 || toks[0].tok != token.IDENT || depth > 20 {
		return goType{}
	}
	t, rest := goType{}, toks[1:]
	name := toks[0].lit
	if def, pos := s.definition(q, name); def != nil && !samePlace(def, pos, toks) {
		t = s.typeOfValue(q.before(def, pos), def[pos:], depth+1)
	} else if len(rest) > 1 && rest[0].tok == token.PERIOD && rest[1].tok == token.IDENT && s.isPackage(name, q.read) {
		member := rest[1].lit
		rest = rest[2:]
		if name == "nb" && member == "Must" && len(rest) > 0 {
			t, rest = s.typeOfValue(q, rest[1:], depth+1), skip(rest)
		} else if p := s.library.pkg(s.imports[name]); p != nil {
			if r := p.results[member]; len(r) > 0 {
				t = r[0]
			} else if p.names[member] == "type" {
				t = goType{pkg: s.imports[name], name: member}
			}
		}
	}
	for t.name != "" && len(rest) > 0 {
		switch {
		case rest[0].tok == token.LPAREN || rest[0].tok == token.LBRACE:
			rest = skip(rest)
		case rest[0].tok == token.LBRACK && t.list:
			if i := slices.IndexFunc(rest[1:], func(l lexeme) bool { return l.tok == token.COLON || l.tok == token.RBRACK }); i >= 0 && rest[1+i].tok == token.RBRACK {
				t.list = false
			}
			rest = skip(rest)
		case rest[0].tok == token.PERIOD && len(rest) > 1 && rest[1].tok == token.IDENT:
			t, rest = s.library.member(t, rest[1].lit), rest[2:]
		default:
			return t
		}
	}
	return t
}

// samePlace tells that a definition is the very tokens that are being read: the
// x of x := x.
func samePlace(def []lexeme, pos int, toks []lexeme) bool {
	return pos < len(def) && len(toks) > 0 && &def[pos] == &toks[0]
}

// before is the query at a place of the cell, so that names have the definitions
// they have there; the same query for tokens of another cell.
func (q *query) before(toks []lexeme, pos int) *query {
	if len(toks) == 0 || len(q.toks) == 0 || &toks[0] != &q.toks[0] {
		return q
	}
	earlier := *q
	earlier.at = toks[pos].from
	return &earlier
}

// skip returns what follows the bracket that the tokens begin with.
func skip(toks []lexeme) []lexeme {
	depth := 0
	for i, t := range toks {
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
		if depth <= 0 {
			return toks[i+1:]
		}
	}
	return nil
}
