package cell

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
)

// parsed is Go text read by Go's parser, which wants a whole file.
type parsed struct {
	shift int // bytes before the text
	file  *ast.File
	errs  scanner.ErrorList // in the order of the text
}

// parse reads text between a head and a tail that make a file of it.
func parse(head, text, tail string) parsed {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", head+text+tail, parser.SkipObjectResolution|parser.AllErrors)
	p := parsed{shift: len(head), file: file}
	if list, ok := err.(scanner.ErrorList); ok {
		p.errs = list
		p.errs.Sort()
	}
	return p
}

// parseFile reads text as the declarations of a file.
func parseFile(text string) parsed { return parse("package p;", text, "\n") }

// parseBody reads text as statements.
func parseBody(text string) parsed { return parse("package p;func _(){", text, "\n}") }

// off returns the offset of pos in the text.
func (p parsed) off(pos token.Pos) int { return int(pos) - 1 - p.shift }

// span returns the place of a node in the text.
func (p parsed) span(n ast.Node) span { return span{p.off(n.Pos()), p.off(n.End())} }

// statements returns the statements that parseBody read.
func (p parsed) statements() []ast.Stmt {
	if p.file == nil || len(p.file.Decls) == 0 {
		return nil
	}
	if f, ok := p.file.Decls[0].(*ast.FuncDecl); ok && f.Body != nil {
		return f.Body.List
	}
	return nil
}

// mentions returns the names that a node uses or defines, as far as syntax
// tells: no fields, and nothing behind a point.
func mentions(nodes ...ast.Node) map[string]bool {
	names := make(map[string]bool)
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool { return mention(n, names) })
	}
	return names
}

func mention(n ast.Node, names map[string]bool) bool {
	visit := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool { return mention(n, names) })
	}
	switch n := n.(type) {
	case *ast.Ident:
		names[n.Name] = true
	case *ast.SelectorExpr:
		visit(n.X)
		return false
	case *ast.Field:
		visit(n.Type)
		return false
	case *ast.CompositeLit:
		if n.Type != nil {
			visit(n.Type)
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && !keyed(n.Type) {
				e = kv.Value
			}
			visit(e)
		}
		return false
	}
	return true
}

// keyed tells whether the keys of a literal of this type are expressions rather
// than fields.
func keyed(t ast.Expr) bool {
	switch t.(type) {
	case *ast.MapType, *ast.ArrayType:
		return true
	}
	return false
}
