package runner

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// declaration is a name that a cell declares by var or const.
type declaration struct {
	name    string
	keyword string // var or const
	typ     string // as written, "" if it is that of the value
	kind    valueKind
}

type valueKind int

const (
	kindOther valueKind = iota // a type of Go that is none of the others
	kindFree                   // nothing is known of the type
	kindString
	kindInt
	kindFloat
	kindBool
)

var typeKinds = map[string]valueKind{
	"string": kindString, "bool": kindBool, "float64": kindFloat, "float32": kindFloat,
	"int": kindInt, "int8": kindInt, "int16": kindInt, "int32": kindInt, "int64": kindInt,
	"uint": kindInt, "uint8": kindInt, "uint16": kindInt, "uint32": kindInt, "uint64": kindInt, "byte": kindInt,
}

// declarations returns what a cell declares by var and const at its top level, and the
// names that it defines by :=. What is below a line %% is all local, and what does not
// parse is left out: the kernel names it.
func declarations(source string) (kept []declaration, locals []string) {
	code := goLines(source)
	for _, piece := range topLevel(code, &locals) {
		const head = "package p\n"
		file, err := parser.ParseFile(token.NewFileSet(), "", head+piece, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				kept = append(kept, fromSpec(g.Tok.String(), spec.(*ast.ValueSpec), head+piece)...)
			}
		}
	}
	return kept, locals
}

// goLines blanks the lines that are commands, and what is below a line %%.
func goLines(source string) string {
	var b strings.Builder
	for line := range strings.Lines(source) {
		switch start := strings.TrimSpace(line); {
		case strings.HasPrefix(start, "%%"):
			return b.String()
		case strings.HasPrefix(start, "%"), strings.HasPrefix(start, "!"):
			b.WriteByte('\n')
		default:
			b.WriteString(line)
		}
	}
	return b.String()
}

// topLevel returns the declarations of code that begin with var or const outside of
// brackets, and adds the names before a := there to locals.
func topLevel(code string, locals *[]string) []string {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(token.Position, string) {}, 0)
	var pieces []string
	var statement []string // the identifiers of the statement so far
	depth, begin, first := 0, -1, true
	for {
		pos, tok, lit := s.Scan()
		at := min(file.Offset(pos), len(code))
		switch tok {
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
		}
		switch {
		case tok == token.EOF, tok == token.SEMICOLON && depth == 0:
			if begin >= 0 {
				pieces = append(pieces, code[begin:at])
			}
			if tok == token.EOF {
				return pieces
			}
			begin, first, statement = -1, true, nil
			continue
		case first && (tok == token.VAR || tok == token.CONST) && depth == 0:
			begin = at
		case tok == token.IDENT && depth == 0:
			statement = append(statement, lit)
		case tok == token.DEFINE && depth == 0:
			*locals = append(*locals, statement...)
		}
		first = false
	}
}

func fromSpec(keyword string, spec *ast.ValueSpec, src string) []declaration {
	text := func(n ast.Node) string { return src[n.Pos()-1 : n.End()-1] } // the file is the first of its set
	var list []declaration
	for i, name := range spec.Names {
		if name.Name == "_" {
			continue
		}
		d := declaration{name: name.Name, keyword: keyword}
		switch {
		case spec.Type != nil:
			d.typ = text(spec.Type)
			d.kind = typeKinds[d.typ]
		case i < len(spec.Values):
			d.kind = kindOf(spec.Values[i])
		}
		list = append(list, d)
	}
	return list
}

func kindOf(e ast.Expr) valueKind {
	switch e := e.(type) {
	case *ast.UnaryExpr:
		if e.Op == token.SUB || e.Op == token.ADD {
			return kindOf(e.X)
		}
	case *ast.BasicLit:
		switch e.Kind {
		case token.STRING:
			return kindString
		case token.INT:
			return kindInt
		case token.FLOAT:
			return kindFloat
		}
	case *ast.Ident:
		if e.Name == "true" || e.Name == "false" {
			return kindBool
		}
	}
	return kindOther
}

var nameOfGo = regexp.MustCompile(`^[\p{L}_][\p{L}\p{Nd}_]*$`)

func isName(s string) bool { return nameOfGo.MatchString(s) && s != "_" && !token.IsKeyword(s) }

// literal reads text as a value of d, and returns it in Go and for JSON.
func (d *declaration) literal(text string) (code string, value any, err error) {
	trimmed := strings.TrimSpace(text)
	switch d.kind {
	case kindString:
		return strconv.Quote(text), text, nil
	case kindInt:
		if code, value, ok := whole(trimmed); ok {
			return code, value, nil
		}
		return "", nil, fmt.Errorf("%q is no whole number, and the notebook's value is one", text)
	case kindFloat:
		code, value, err := number(trimmed)
		if err != nil {
			return "", nil, fmt.Errorf("%q is %v", text, err)
		}
		if d.typ == "" && !strings.ContainsAny(code, ".eEpPxX") {
			code += ".0" // it stays a float64
		}
		return code, value, nil
	case kindBool:
		switch b := strings.ToLower(trimmed); b {
		case "true", "false":
			return b, b == "true", nil
		}
		return "", nil, fmt.Errorf("%q is neither true nor false", text)
	}
	if code, value, ok := whole(trimmed); ok {
		return code, value, nil
	}
	if code, value, err := number(trimmed); err == nil {
		return code, value, nil
	}
	if trimmed == "true" || trimmed == "false" {
		return trimmed, trimmed == "true", nil
	}
	e, err := parser.ParseExpr(trimmed)
	_, word := e.(*ast.Ident)
	if lit, ok := e.(*ast.BasicLit); err == nil && ok && lit.Kind == token.STRING {
		unquoted, err := strconv.Unquote(trimmed)
		return trimmed, unquoted, err
	}
	if err == nil && !word && d.kind == kindOther && !strings.Contains(trimmed, "\n") {
		return trimmed, trimmed, nil
	}
	return strconv.Quote(text), text, nil
}

func whole(s string) (code string, value any, ok bool) {
	if _, err := strconv.ParseInt(s, 0, 64); err != nil {
		if _, err := strconv.ParseUint(s, 0, 64); err != nil {
			return "", nil, false
		}
	}
	if json.Valid([]byte(s)) {
		return s, json.Number(s), true
	}
	return s, s, true // such as 0x1F
}

func number(s string) (code string, value any, err error) {
	x, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil:
		return "", nil, errors.New("no number, and the notebook's value is one")
	case math.IsInf(x, 0) || math.IsNaN(x):
		return "", nil, errors.New("not finite, and so no literal of Go")
	}
	return s, x, nil
}
