package cell

import (
	"go/ast"
	"go/token"
)

// place decides which of the declarations among the statements are kept, as the
// comment of the package says, and finds the expression that is shown.
func (r *reading) place(s *source, p parsed, stmts []ast.Stmt) {
	used := make(map[string]bool) // by functions of the cell
	for _, d := range r.kept {
		for name := range d.uses {
			used[name] = true
		}
	}
	touched, changed := make(map[string]bool), make(map[string]bool)
	for _, st := range stmts {
		if _, ok := st.(*ast.DeclStmt); ok {
			continue
		}
		for name := range mentions(st) {
			touched[name] = true
		}
		assigned(st, changed)
	}
	var last ast.Stmt // of those that run
	for _, st := range stmts {
		d := declaration(s, p, st)
		if d == nil || r.usesLocals(d) {
			r.define(p, st)
			last = st
			continue
		}
		local := true // as long as there is nothing but _
		for _, name := range d.names {
			local = local && name == "_"
		}
		for _, name := range d.names {
			local = local || d.kind == token.VAR && !used[name] && (changed[name] || !d.runs && touched[name])
		}
		if local && !r.hasMain {
			r.define(p, st)
			last = st
			continue
		}
		r.kept = append(r.kept, d)
	}
	r.endWith(p, last)
}

// declaration returns the var, const or type that a statement declares, or nil.
func declaration(s *source, p parsed, st ast.Stmt) *decl {
	ds, ok := st.(*ast.DeclStmt)
	if !ok {
		return nil
	}
	g, ok := ds.Decl.(*ast.GenDecl)
	if !ok {
		return nil
	}
	d := &decl{kind: g.Tok, span: p.span(g), src: s, uses: mentions(g)}
	d.fromSpecs(p, g.Specs)
	return d
}

// usesLocals tells whether a declaration uses a local name defined above it.
func (r *reading) usesLocals(d *decl) bool {
	for name := range d.uses {
		if _, ok := r.locals[name]; ok {
			return true
		}
	}
	return false
}

// define notes what a statement defines for the rest of the cell.
func (r *reading) define(p parsed, st ast.Stmt) {
	note := func(e ast.Expr) {
		id, ok := e.(*ast.Ident)
		if !ok || id.Name == "_" {
			return
		}
		if _, known := r.locals[id.Name]; !known {
			r.locals[id.Name] = p.off(id.Pos())
		}
	}
	switch st := st.(type) {
	case *ast.LabeledStmt:
		r.define(p, st.Stmt)
	case *ast.AssignStmt:
		if st.Tok == token.DEFINE {
			for _, e := range st.Lhs {
				note(e)
			}
			r.noteSilent(st)
		}
	case *ast.DeclStmt:
		g, ok := st.Decl.(*ast.GenDecl)
		if !ok {
			return
		}
		for _, sp := range g.Specs {
			switch sp := sp.(type) {
			case *ast.ValueSpec:
				for _, n := range sp.Names {
					note(n)
				}
			case *ast.TypeSpec:
				note(sp.Name)
			}
		}
	}
}

// noteSilent notes the functions without results that := defines.
func (r *reading) noteSilent(st *ast.AssignStmt) {
	if len(st.Lhs) != len(st.Rhs) {
		return
	}
	for i, e := range st.Rhs {
		f, ok := e.(*ast.FuncLit)
		if id, named := st.Lhs[i].(*ast.Ident); ok && named && f.Type.Results == nil {
			r.silent[id.Name] = true
		}
	}
}

// assigned notes the names that a statement assigns to, counts up or down, or
// takes the address of, in whole or in part.
func assigned(st ast.Stmt, names map[string]bool) {
	base := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.Ident:
				names[x.Name] = true
				return
			case *ast.SelectorExpr:
				e = x.X
			case *ast.IndexExpr:
				e = x.X
			case *ast.ParenExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			default:
				return
			}
		}
	}
	ast.Inspect(st, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					base(e)
				}
			}
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				base(n.Key)
				base(n.Value)
			}
		case *ast.IncDecStmt:
			base(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				base(n.X)
			}
		}
		return true
	})
}
