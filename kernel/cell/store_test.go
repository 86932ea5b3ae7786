package cell

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// failer is a test.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// store is what GoNB v0.11.4 keeps of the cells and how it merges a new one:
// declarations by name and kind; constants linked in the order of their group,
// which is written from its first on; variables of one value together, written by
// the first, and dropped together when one of them is declared anew.
type store struct {
	types, funcs map[string]string
	vars         map[string]*storedVar
	consts       map[string]*storedConst
}

type storedVar struct {
	name, text string
	tuple      []*storedVar
}

type storedConst struct {
	name, text string
	prev, next *storedConst
}

func newStore() *store {
	return &store{make(map[string]string), make(map[string]string), make(map[string]*storedVar), make(map[string]*storedConst)}
}

// run merges a cell and keeps the outcome if it compiles. It returns why it does
// not, or "".
func (s *store) run(t failer, code string) string {
	t.Helper()
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		if words := strings.Fields(line); len(words) > 0 && words[0] == "%rm" {
			s.remove(words[1:])
			lines[i] = ""
		}
	}
	text := "package main\n" + strings.Join(lines, "\n")
	if strings.TrimSpace(text) == "package main" {
		return ""
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	merged := &store{maps.Clone(s.types), maps.Clone(s.funcs), maps.Clone(s.vars), maps.Clone(s.consts)}
	of := func(n ast.Node) string { return text[n.Pos()-1 : n.End()-1] }
	body := ""
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == "main" {
				body = of(d)
				continue
			}
			merged.funcs[d.Name.Name] = of(d)
		case *ast.GenDecl:
			merged.declare(d, of(d))
		}
	}
	if why := merged.compile(t, body); why != "" {
		return why
	}
	*s = *merged
	return ""
}

func (s *store) remove(keys []string) {
	for _, key := range keys {
		switch {
		case s.consts[key] != nil:
			delete(s.consts, key)
		case s.types[key] != "":
			delete(s.types, key)
		case s.vars[key] != nil:
			delete(s.vars, key)
		default:
			delete(s.funcs, key)
		}
	}
}

func (s *store) declare(d *ast.GenDecl, text string) {
	var last *storedConst
	for _, sp := range d.Specs {
		switch sp := sp.(type) {
		case *ast.TypeSpec:
			s.types[sp.Name.Name] = text
		case *ast.ValueSpec:
			var tuple []*storedVar
			for _, n := range sp.Names {
				if d.Tok == token.CONST {
					c := &storedConst{name: n.Name, text: text, prev: last}
					if last != nil {
						last.next = c
					}
					last = c
					s.consts[n.Name] = c
					continue
				}
				tuple = append(tuple, &storedVar{name: n.Name, text: text})
			}
			for _, v := range tuple {
				if len(sp.Values) == 1 {
					v.tuple = tuple
				}
				if old := s.vars[v.name]; old != nil && old.tuple != nil && !slices.Equal(old.tuple, v.tuple) {
					for _, o := range old.tuple {
						delete(s.vars, o.name)
					}
				}
				s.vars[v.name] = v
			}
		}
	}
}

// written returns what GoNB writes into main.go: the texts of the declarations by
// name, one for each time that the name is declared.
func (s *store) written() map[string][]string {
	out := make(map[string][]string)
	add := func(name, text string) { out[name] = append(out[name], text) }
	for name, text := range s.types {
		add(name, text)
	}
	for name, text := range s.funcs {
		add(name, text)
	}
	for _, c := range s.consts {
		if c.prev == nil {
			for ; c != nil; c = c.next {
				add(c.name, c.text)
			}
		}
	}
	for _, v := range s.vars {
		switch {
		case v.tuple == nil:
			add(v.name, v.text)
		case v.tuple[0] == v:
			for _, o := range v.tuple {
				add(o.name, o.text)
			}
		}
	}
	return out
}

// compile tells what Go would: names declared twice, and names that are not
// declared. Only names of one letter are looked at, and undefinedz.
func (s *store) compile(t failer, body string) string {
	t.Helper()
	written := s.written()
	texts := []string{body}
	for name, list := range written {
		if len(list) > 1 {
			return name + " redeclared: " + strings.Join(list, " and ")
		}
		texts = append(texts, list...)
	}
	for _, text := range texts {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package main\n"+text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		for name := range mentions(file) {
			if len(name) == 1 && name != "_" && written[name] == nil || name == "undefinedz" {
				return "undefined: " + name
			}
		}
	}
	return ""
}
