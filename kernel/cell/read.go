package cell

import (
	"go/ast"
	"go/token"
)

// reading is a cell taken apart.
type reading struct {
	layout
	text     string // the Go in it, commands blanked
	imports  []*decl
	kept     []*decl         // what is declared for later cells too, in the order of the cell
	body     string          // the statements, all else blanked; "" if there are none
	locals   map[string]int  // the offset of what statements define at the top level
	silent   map[string]bool // local functions without results
	last     *span           // the expression that ends the cell, which is shown
	muted    *span           // the same with a semicolon behind it, which Go wants used
	hasMain  bool            // the cell has a func main of its own
	packages []span
}

// decl is one declaration at the top level of a cell.
type decl struct {
	kind token.Token // IMPORT, VAR, CONST, TYPE or FUNC
	span span        // with its comment
	src  *source
	// names are what it declares, keys what GoNB calls that: for methods both are
	// Type~Method, and a key stands for each _.
	names   []string
	keys    []string
	offs    []int    // where the names stand, except for functions
	grouped bool     // GoNB keeps the names together: constants, var a, b = f()
	hidden  []string // what stands for names that were declared anew elsewhere
	uses    map[string]bool
	runs    bool // a var with a value, or an init function: runs in every later cell
	results bool // a func that returns something
}

// text returns the declaration as it was typed.
func (d *decl) text() string { return d.span.of(d.src.text) }

// readCell takes a cell apart, or says why it cannot be run.
func readCell(s *source) (*reading, *problem) {
	r := &reading{layout: readLayout(s), locals: make(map[string]int), silent: make(map[string]bool)}
	if r.empty >= 0 {
		return r, &problem{off: r.empty, msg: "a command without a word",
			hints: []string{"Lines that begin with % or ! are commands of GoNB; `%help` lists them."}}
	}
	if r.form == wholeForm {
		return r, nil
	}
	if r.second >= 0 {
		return r, &problem{off: r.second, msg: "a second line that begins main", hints: []string{"A cell has one line with `%%`, `%main` or `%exec`."}}
	}
	r.text = without(s.text, r.commands...)
	if r.form == gonbForm {
		return r, r.readGonb(s)
	}
	return r, r.readPlain(s)
}

// readPlain reads declarations and statements in any order.
func (r *reading) readPlain(s *source) *problem {
	parts := split(r.text)
	if parts.unopened >= 0 {
		return unopened(parts)
	}
	r.packages = parts.packages
	imports := parseFile(blanked(r.text, parts.imports...))
	funcs := parseFile(blanked(r.text, parts.funcs...))
	body := without(r.text, append(append(parts.packages, parts.imports...), parts.funcs...)...)
	rest := parseBody(body)
	if p := firstProblem(parts, len(r.text), imports, funcs, rest); p != nil {
		return p
	}
	r.addDecls(s, imports, nil)
	r.addDecls(s, funcs, parts.funcs)
	stmts := rest.statements()
	if r.hasMain {
		if st := firstStatement(stmts); st != nil {
			return &problem{off: rest.off(st.Pos()), msg: "a statement beside func main",
				hints: []string{"Write it into func main, or leave out func main: statements run without one."}}
		}
	}
	r.place(s, rest, stmts)
	r.body = without(body, r.spansOf(token.VAR, token.CONST, token.TYPE)...)
	if len(split(r.body).code()) == 0 {
		r.body = ""
	}
	return nil
}

// readGonb reads declarations above the line that begins main and statements
// below it.
func (r *reading) readGonb(s *source) *problem {
	top, body := r.text, ""
	if r.main >= 0 {
		line, _ := command(s.text[r.main:])
		if line[1] != 'e' { // %exec makes a whole main, declarations go on
			top, body = r.text[:r.main], blanked(r.text, span{r.main, len(r.text)})
		}
	}
	above, below := split(top), split(body)
	if above.unopened >= 0 {
		return unopened(above)
	}
	if below.unopened >= 0 {
		return unopened(below)
	}
	r.packages = above.packages
	file := parseFile(without(top, above.packages...))
	rest := parseBody(body)
	if p := firstProblem(above, len(top), file); p != nil {
		if r.main < 0 || body == "" {
			return p
		}
		p.hints = append(p.hints, "Above the line with `%%` only declarations stand.")
		return p
	}
	if p := firstProblem(below, len(body), rest); p != nil {
		if len(below.funcs) > 0 || len(below.imports) > 0 {
			p.hints = append(p.hints, "Below the line with `%%` only statements stand: functions and imports belong above it.")
		}
		return p
	}
	r.addDecls(s, file, above.funcs)
	for _, st := range rest.statements() {
		r.define(rest, st)
	}
	return nil
}

// code returns the tokens that are no comments, and no semicolons.
func (s splitting) code() []lexeme {
	var out []lexeme
	for _, t := range s.toks {
		if t.tok != token.COMMENT && t.tok != token.SEMICOLON {
			out = append(out, t)
		}
	}
	return out
}

// firstStatement returns the first statement that is no declaration, or nil.
func firstStatement(stmts []ast.Stmt) ast.Stmt {
	for _, st := range stmts {
		switch st.(type) {
		case *ast.DeclStmt, *ast.EmptyStmt:
		default:
			return st
		}
	}
	return nil
}

// spansOf returns the places of the kept declarations of some kinds.
func (r *reading) spansOf(kinds ...token.Token) []span {
	var out []span
	for _, d := range r.kept {
		for _, k := range kinds {
			if d.kind == k {
				out = append(out, d.span)
			}
		}
	}
	return out
}
