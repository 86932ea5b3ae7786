package cell

import (
	"fmt"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/nearest"
)

var (
	undefinedName = regexp.MustCompile(`^undefined: ([\pL_][\pL\pN_]*)$`)
	undefinedPart = regexp.MustCompile(`^undefined: ([\pL_][\pL\pN_]*)\.([\pL_][\pL\pN_]*)$`)
	notUsed       = regexp.MustCompile(`^declared and not used: ([\pL_][\pL\pN_]*)$`)
	twoValues     = regexp.MustCompile(`^assignment mismatch: 1 variable but \S+ returns 2 values$|^multiple-value .*, error\)\)`)
	noModule      = regexp.MustCompile(`^(?:no required module provides package ([^;]+);|package (\S+) is not in std)`)
	assignment    = regexp.MustCompile(`^[\pL_][\pL\pN_]*[ \t]*=[^=]`)
	redeclared    = regexp.MustCompile(`^([\pL_][\pL\pN_]*) redeclared in this block`)
)

// hint adds what the user can do. src is where the error is, nil if not known.
func (c *Cell) hint(m *message, src *source) {
	add := func(format string, args ...any) { m.hints = append(m.hints, fmt.Sprintf(format, args...)) }
	msg := m.lines[0]
	if c.hintType(add, m) {
		msg = ""
	}
	if g := undefinedName.FindStringSubmatch(msg); g != nil {
		c.hintUndefined(add, g[1], m.places)
	} else if g := undefinedPart.FindStringSubmatch(msg); g != nil {
		if l := c.session.locals[g[1]]; l != nil {
			l.hint(add, g[1])
		} else if near := nearest.Name(g[2], c.session.exports(g[1])); near != "" {
			add("Did you mean %s.%s?", g[1], near)
		}
	} else if strings.HasSuffix(msg, ") is not used") && c.read.form == gonbForm {
		add("In a cell with `%%%%` no value is shown by itself. To show it: `nb.Show(...)`")
	} else if strings.HasSuffix(msg, ") is not used") {
		add("Only the value at the end of a cell is shown. To show others: `nb.Show(...)`")
	} else if twoValues.MatchString(msg) {
		add("Take both values, `x, err := ...`, or where the second is an error let it stop the cell: `nb.Must(...)`")
	} else if msg == "declared and not used: err" {
		add("Let the error stop the cell, `nb.Check(err)`, or write `_` in its place.")
	} else if g := notUsed.FindStringSubmatch(msg); g != nil {
		if _, top := c.read.locals[g[1]]; top {
			add("%s lives in this cell alone, and nothing here uses it. To keep it for later cells: %s", g[1], asVar(c.local(g[1]), g[1]))
		} else {
			add("Go wants every local variable used. Use it, leave it out, or write `_ = %s`.", g[1])
		}
	} else if g := noModule.FindStringSubmatch(msg); g != nil {
		m.lines = []string{fmt.Sprintf("there is no package %s here", g[1]+g[2])}
		if g[1] != "" {
			add("Cells have Go's own packages, gonum and golmm. `!*go get %s` fetches another module for this kernel.", g[1])
		}
	} else if g := redeclared.FindStringSubmatch(msg); g != nil {
		m.lines = m.lines[:1] // the other place is given in lines of main.go
		add("`%%rm %s` in a cell of its own makes the kernel forget the one of an earlier cell.", g[1])
	}
	if src != nil && src != c.src {
		add("Cell [%d] declared this; it no longer fits what cell [%d] declares. Run it again, changed, or remove what it declares with `%%rm`.", src.number, c.src.number)
	}
}

// hintUndefined says where an undefined name was, or what comes near.
func (c *Cell) hintUndefined(add func(string, ...any), name string, at []place) {
	s := c.session
	var src *source
	if len(at) > 0 {
		src = at[0].src
	}
	if _, here := c.read.locals[name]; here && src == c.src {
		add("%s is local to the statements of this cell; functions and kept variables do not see it. To let them: %s", name, asVar(c.local(name), name))
		return
	}
	if n, ok := s.withdrawn[name]; ok {
		add("Cell [%d], which declared %s, failed. Correct it and run it again.", n, name)
		return
	}
	if l := s.locals[name]; l != nil {
		l.hint(add, name)
		return
	}
	var names []string
	for _, d := range s.kept {
		names = append(names, d.names...)
	}
	for local := range c.read.locals {
		names = append(names, local)
	}
	for pkg := range s.imports {
		names = append(names, pkg)
	}
	near := nearest.Name(name, names)
	if word, ok := ofOthers(name); ok && (near == name || !strings.EqualFold(near, name)) {
		add("In golmm: %s", word)
	} else if near != "" && near != name {
		add("Did you mean %s?", near)
	}
	if len(at) > 0 && assignment.MatchString(at[0].src.text[at[0].off:]) {
		add("To define %s write `:=`, or `var %s =` to keep it for later cells.", name, name)
	}
}

// local returns what the cell has by a local name.
func (c *Cell) local(name string) *local {
	return &local{c.src, c.read.locals[name], c.read.form, c.read.locals}
}

// hint says how a name that was local to an earlier cell is kept.
func (l *local) hint(add func(string, ...any), name string) {
	n, _ := l.src.position(l.off)
	isVar := strings.HasPrefix(strings.TrimSpace(l.src.line(n)), "var ")
	switch {
	case isVar && l.form == gonbForm:
		add("%s was local to cell [%d]. To keep it, declare it above the line with `%%%%` there.", name, l.src.number)
	case isVar:
		add("%s was local to cell [%d]: statements there change it, or it uses what is local there. To keep it, give it its whole value where it is declared.", name, l.src.number)
	case l.form == gonbForm:
		add("%s was local to cell [%d]. To keep it, write there, above the line with `%%%%`: %s", name, l.src.number, asVar(l, name))
	default:
		add("%s was local to cell [%d]. To keep it, write there, at the top of the cell: %s", name, l.src.number, asVar(l, name))
	}
}

// asVar writes the definition of a local name as a declaration that is kept, and
// says which other local names that takes along.
func asVar(l *local, name string) string {
	n, _ := l.src.position(l.off)
	left, right, ok := strings.Cut(strings.TrimSpace(l.src.line(n)), ":=")
	parts := split(right)
	if !ok || parts.unopened >= 0 || len(parts.unclosed) > 0 || !strings.Contains(","+strings.ReplaceAll(left, " ", "")+",", ","+name+",") {
		return "`var " + name + " = ...`"
	}
	var others []string
	for _, t := range parts.toks {
		if t.tok == token.COMMENT || t.tok == token.SEMICOLON {
			right = right[:t.from]
			break
		}
		if _, is := l.others[t.lit]; is && t.tok == token.IDENT && t.lit != name && !slices.Contains(others, t.lit) {
			others = append(others, t.lit)
		}
	}
	hint := "`var " + strings.TrimSpace(left) + " = " + strings.TrimSpace(right) + "`"
	if len(others) > 0 {
		hint += ", and so for " + strings.Join(others, ", ")
	}
	return hint
}
