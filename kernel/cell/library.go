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
	names     map[string]string    // function, type, constant or variable
	results   map[string][]goType  // of functions, and of methods by Type.Name
	methods   map[string][]string  // by type
	fields    map[string][]goField // by type
	embeds    map[string][]goType  // by type
	constants map[string][]string  // by their type, in the order of the source
}

// goField is an exported field of a struct.
type goField struct {
	name string
	typ  goType
}

// goType is a named type, its pointer taken off; the zero goType stands for any
// other. Within a type with a parameter, the parameter is a type without a
// package.
type goType struct {
	pkg, name string
	list      bool    // a slice of these
	arg       *goType // of a type with a parameter
}

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
	p := &pkgInfo{
		names: make(map[string]string), results: make(map[string][]goType), methods: make(map[string][]string),
		fields: make(map[string][]goField), embeds: make(map[string][]goType), constants: make(map[string][]string),
	}
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
	r := typeReader{importPath: importPath, imports: make(map[string]string)}
	for _, sp := range file.Imports {
		if full, err := strconv.Unquote(sp.Path.Value); err == nil {
			r.imports[importName(sp)] = full
		}
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			p.addFunc(d, r)
		case *ast.GenDecl:
			p.addSpecs(d, r)
		}
	}
}

func (p *pkgInfo) addFunc(d *ast.FuncDecl, r typeReader) {
	name := d.Name.Name
	if !ast.IsExported(name) {
		return
	}
	if d.Recv == nil || len(d.Recv.List) == 0 {
		p.names[name] = "function"
		p.results[name] = r.results(d.Type.Results)
		return
	}
	of := d.Recv.List[0].Type
	t := r.typeOf(of).name
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if index, ok := of.(*ast.IndexExpr); ok {
		if id, ok := index.Index.(*ast.Ident); ok {
			r.parameter = id.Name
		}
	}
	p.methods[t] = append(p.methods[t], name)
	p.results[t+"."+name] = r.results(d.Type.Results)
}

func (p *pkgInfo) addSpecs(d *ast.GenDecl, r typeReader) {
	var constant goType // of those that repeat the line above them
	for _, sp := range d.Specs {
		switch sp := sp.(type) {
		case *ast.TypeSpec:
			if ast.IsExported(sp.Name.Name) {
				p.names[sp.Name.Name] = "type"
				p.addStruct(sp, r)
			}
		case *ast.ValueSpec:
			if sp.Type != nil || len(sp.Values) > 0 {
				constant = goType{}
			}
			if sp.Type != nil {
				constant = r.typeOf(sp.Type)
			}
			for _, n := range sp.Names {
				if !ast.IsExported(n.Name) {
					continue
				}
				p.names[n.Name] = "variable"
				if d.Tok == token.CONST {
					p.names[n.Name] = "constant"
					if constant.pkg == r.importPath {
						p.constants[constant.name] = append(p.constants[constant.name], n.Name)
					}
				}
			}
		}
	}
}

// addStruct notes the fields of a struct, and what it embeds.
func (p *pkgInfo) addStruct(sp *ast.TypeSpec, r typeReader) {
	body, ok := sp.Type.(*ast.StructType)
	if !ok {
		return
	}
	name := sp.Name.Name
	if sp.TypeParams != nil && len(sp.TypeParams.List) == 1 && len(sp.TypeParams.List[0].Names) == 1 {
		r.parameter = sp.TypeParams.List[0].Names[0].Name
	}
	for _, f := range body.Fields.List {
		t := r.typeOf(f.Type)
		if len(f.Names) == 0 {
			p.embeds[name] = append(p.embeds[name], t)
		}
		for _, n := range f.Names {
			if n.IsExported() {
				p.fields[name] = append(p.fields[name], goField{n.Name, t})
			}
		}
	}
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
