package cell

import (
	"go/ast"
	"go/token"
	"path"
	"strconv"
	"strings"
)

// addDecls notes the declarations of a file. wide are the places of functions
// with their comments.
func (r *reading) addDecls(s *source, p parsed, wide []span) {
	for _, n := range p.file.Decls {
		d := &decl{src: s, span: p.span(n), uses: mentions(n)}
		switch n := n.(type) {
		case *ast.FuncDecl:
			d.kind = token.FUNC
			for _, w := range wide {
				if w.from <= d.span.from && d.span.from < w.to {
					d.span.from = w.from
				}
			}
			if n.Recv == nil && n.Name.Name == "main" {
				r.hasMain = true
			}
			d.fromFunc(p, n)
		case *ast.GenDecl:
			d.kind = n.Tok
			d.fromSpecs(p, n.Specs)
		}
		if d.kind == token.IMPORT {
			r.imports = append(r.imports, d)
		} else {
			r.kept = append(r.kept, d)
		}
	}
}

// fromFunc takes over what a function or method declares.
func (d *decl) fromFunc(p parsed, f *ast.FuncDecl) {
	name := f.Name.Name
	d.results = f.Type.Results != nil
	d.runs = f.Recv == nil && strings.HasPrefix(name, "init_")
	if f.Recv != nil && len(f.Recv.List) > 0 {
		// GoNB's key: the receiver's type without its star.
		key := "unknown"
		switch t := f.Recv.List[0].Type.(type) {
		case *ast.Ident:
			key = t.Name
		case *ast.StarExpr:
			key = p.span(t.X).of(d.src.text)
		}
		name = key + "~" + name
	}
	d.names, d.keys = []string{name}, []string{name}
}

// fromSpecs takes over what a declaration of another kind declares.
func (d *decl) fromSpecs(p parsed, specs []ast.Spec) {
	add := func(name, key string, at ast.Node) {
		d.names, d.keys, d.offs = append(d.names, name), append(d.keys, key), append(d.offs, p.off(at.Pos()))
	}
	for _, sp := range specs {
		switch sp := sp.(type) {
		case *ast.ImportSpec:
			name := importName(sp)
			key := name
			if name == "." {
				key = dotPrefix + strings.Trim(sp.Path.Value, "`\"")
			}
			add(name, key, sp)
		case *ast.TypeSpec:
			add(sp.Name.Name, sp.Name.Name, sp)
		case *ast.ValueSpec:
			d.runs = d.runs || d.kind == token.VAR && len(sp.Values) > 0
			d.grouped = d.grouped || d.kind == token.CONST && len(specs)+len(sp.Names) > 2 || len(sp.Names) > 1 && len(sp.Values) == 1
			for _, n := range sp.Names {
				add(n.Name, n.Name, n)
			}
		}
	}
}

// dotPrefix begins GoNB's key of an import with a point for its name.
const dotPrefix = ".~"

// importName returns what code calls a package: its alias, else the last element
// of its path that is no version.
func importName(sp *ast.ImportSpec) string {
	if sp.Name != nil {
		return sp.Name.Name
	}
	p, err := strconv.Unquote(sp.Path.Value)
	if err != nil {
		return sp.Path.Value
	}
	base := path.Base(p)
	if _, err := strconv.Atoi(strings.TrimPrefix(base, "v")); err == nil && strings.HasPrefix(base, "v") {
		base = path.Base(path.Dir(p))
	}
	return base
}
