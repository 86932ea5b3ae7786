package cell

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// library knows the exported names of the staged module's packages, from their
// source. It reads a package when it is first asked for.
type library struct {
	module fs.FS
	mu     sync.Mutex
	read   map[string]*pkgInfo // by import path
}

// pkgInfo is what a package exports.
type pkgInfo struct {
	names   map[string]string   // function, type, constant or variable
	results map[string][]goType // of functions
	methods map[string][]string // by type
}

// goType is a named type, its pointer taken off; the zero goType stands for any
// other.
type goType struct{ pkg, name string }

// pkg returns what a package of the module exports; nil if it is none.
func (l *library) pkg(importPath string) *pkgInfo {
	dir, ok := strings.CutPrefix(importPath, modulePath+"/")
	if l.module == nil || !ok {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if p, ok := l.read[importPath]; ok {
		return p
	}
	p := l.load(importPath, dir)
	l.read[importPath] = p
	return p
}

func (l *library) load(importPath, dir string) *pkgInfo {
	entries, err := fs.ReadDir(l.module, dir)
	if err != nil {
		return nil
	}
	p := &pkgInfo{make(map[string]string), make(map[string][]goType), make(map[string][]string)}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := fs.ReadFile(l.module, path.Join(dir, name))
		if err != nil {
			continue
		}
		file, _ := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
		if file != nil {
			p.add(importPath, file)
		}
	}
	for t := range p.methods {
		sort.Strings(p.methods[t])
	}
	return p
}

// add notes what a file exports.
func (p *pkgInfo) add(importPath string, file *ast.File) {
	imports := make(map[string]string)
	for _, sp := range file.Imports {
		if full, err := strconv.Unquote(sp.Path.Value); err == nil {
			imports[importName(sp)] = full
		}
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if !ast.IsExported(name) {
				continue
			}
			if d.Recv != nil && len(d.Recv.List) > 0 {
				t := typeOf(d.Recv.List[0].Type, importPath, nil).name
				p.methods[t] = append(p.methods[t], name)
				continue
			}
			p.names[name] = "function"
			p.results[name] = resultTypes(d.Type.Results, importPath, imports)
		case *ast.GenDecl:
			for _, sp := range d.Specs {
				p.addSpec(d.Tok, sp)
			}
		}
	}
}

func (p *pkgInfo) addSpec(tok token.Token, sp ast.Spec) {
	switch sp := sp.(type) {
	case *ast.TypeSpec:
		if ast.IsExported(sp.Name.Name) {
			p.names[sp.Name.Name] = "type"
		}
	case *ast.ValueSpec:
		for _, n := range sp.Names {
			if !ast.IsExported(n.Name) {
				continue
			}
			p.names[n.Name] = "variable"
			if tok == token.CONST {
				p.names[n.Name] = "constant"
			}
		}
	}
}

// resultTypes returns the types of the results of a function, one for each.
func resultTypes(list *ast.FieldList, importPath string, imports map[string]string) []goType {
	if list == nil {
		return nil
	}
	var out []goType
	for _, f := range list.List {
		for range max(1, len(f.Names)) {
			out = append(out, typeOf(f.Type, importPath, imports))
		}
	}
	return out
}

// typeOf names the type of an expression.
func typeOf(e ast.Expr, importPath string, imports map[string]string) goType {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeOf(e.X, importPath, imports)
	case *ast.IndexExpr:
		return typeOf(e.X, importPath, imports)
	case *ast.Ident:
		return goType{importPath, e.Name}
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			return goType{imports[x.Name], e.Sel.Name}
		}
	}
	return goType{}
}

// exported returns the names that a package exports, sorted, and their kinds.
func (p *pkgInfo) exported() (names, kinds []string) {
	for name := range p.names {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		kinds = append(kinds, p.names[name])
	}
	return names, kinds
}

// exports returns the exported names of a package that cells know by name.
func (s *Session) exports(pkg string) []string {
	p := s.library.pkg(s.imports[pkg])
	if p == nil {
		return nil
	}
	names, _ := p.exported()
	return names
}

// valueAndError tells whether a call, such as lmm.Fit(f, t, nil), is one of a
// function of the module that returns a value and an error.
func (s *Session) valueAndError(call string, r *reading) bool {
	toks := split(call).code()
	if len(toks) < 4 || toks[0].tok != token.IDENT || toks[1].tok != token.PERIOD || toks[3].tok != token.LPAREN ||
		!s.isPackage(toks[0].lit, r) || !wraps(toks[3:]) {
		return false
	}
	p := s.library.pkg(s.imports[toks[0].lit])
	if p == nil {
		return false
	}
	results := p.results[toks[2].lit]
	return len(results) == 2 && results[1].name == "error"
}

// wraps tells whether the first bracket is closed by the last token.
func wraps(toks []lexeme) bool {
	depth := 0
	for i, t := range toks {
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
		if depth == 0 {
			return i == len(toks)-1
		}
	}
	return false
}
