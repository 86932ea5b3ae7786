package cell

import (
	"go/ast"
	"go/token"
	"strings"
)

// builtinStatements are functions of the language that return nothing.
var builtinStatements = [...]string{"print", "println", "panic", "close", "delete", "clear"}

// statementCalls are functions that are called for what they do, by package:
// those that return nothing, and those whose results nobody reads. A * stands
// for any ending. A call that is not here and turns out to return nothing is run
// again as it was typed; see Retry.
var statementCalls = map[string][]string{
	"fmt":    {"Print*", "Fprint*", "Scan*", "Sscan*", "Fscan*"},
	"log":    {"*"},
	"nb":     {"Show", "Check"},
	"os":     {"Exit"},
	"time":   {"Sleep"},
	"sort":   {"Sort", "Stable", "Slice", "SliceStable", "Ints", "Floats", "Float64s", "Strings"},
	"slices": {"Sort*", "Reverse"},
}

// endWith notes the expression that a last statement shows: it is one, it is not
// called for what it does, and no semicolon follows. With a semicolon a value that
// is no call is muted.
func (r *reading) endWith(p parsed, st ast.Stmt) {
	e, ok := st.(*ast.ExprStmt)
	if !ok || isStatementCall(e.X) {
		return
	}
	at := p.span(e.X)
	if !strings.HasPrefix(strings.TrimLeft(r.text[at.to:], " \t"), ";") {
		r.last = &at
		return
	}
	switch x := ast.Unparen(e.X).(type) {
	case *ast.CallExpr:
	case *ast.UnaryExpr:
		if x.Op != token.ARROW {
			r.muted = &at
		}
	default:
		r.muted = &at
	}
}

// isStatementCall tells whether an expression is known to be called for what it
// does.
func isStatementCall(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		for _, name := range builtinStatements {
			if f.Name == name {
				return true
			}
		}
	case *ast.SelectorExpr:
		pkg, ok := f.X.(*ast.Ident)
		if !ok {
			return false
		}
		for _, name := range statementCalls[pkg.Name] {
			start, any := strings.CutSuffix(name, "*")
			if f.Sel.Name == name || any && strings.HasPrefix(f.Sel.Name, start) {
				return true
			}
		}
	case *ast.FuncLit:
		return f.Type.Results == nil
	}
	return false
}

// callee returns the name of the function that an expression in text calls, ""
// if it calls none by a plain name.
func callee(text string) string {
	toks := split(text).code()
	if len(toks) > 2 && toks[0].tok == token.IDENT && toks[1].tok == token.LPAREN && toks[len(toks)-1].tok == token.RPAREN {
		return toks[0].lit
	}
	return ""
}
