package cell

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// files parses what a package exports, with its comments.
func (l *library) files(importPath string) (*token.FileSet, []*ast.File) {
	dir := strings.TrimPrefix(importPath, modulePath+"/")
	entries, err := fs.ReadDir(l.module, dir)
	if err != nil {
		return nil, nil
	}
	set := token.NewFileSet()
	var out []*ast.File
	for _, e := range entries {
		if n := e.Name(); strings.HasSuffix(n, ".go") && !strings.HasSuffix(n, "_test.go") {
			if src, err := fs.ReadFile(l.module, path.Join(dir, n)); err == nil {
				if f, _ := parser.ParseFile(set, n, src, parser.ParseComments|parser.SkipObjectResolution); f != nil {
					out = append(out, f)
				}
			}
		}
	}
	return set, out
}

// overview lists what a package has, each with the first sentence about it.
func (l *library) overview(importPath string) string {
	var b strings.Builder
	_, files := l.files(importPath)
	var lines []string
	add := func(name, kind, text string) {
		if ast.IsExported(name) {
			lines = append(lines, fmt.Sprintf("- `%s.%s`%s: %s\n", path.Base(importPath), name, kind, new(doc.Package).Synopsis(text)))
		}
	}
	for _, f := range files {
		if f.Doc != nil {
			b.WriteString(markdown(f.Doc.Text()))
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Name.Name, "", d.Doc.Text())
				}
			case *ast.GenDecl:
				for _, sp := range d.Specs {
					if t, ok := sp.(*ast.TypeSpec); ok {
						add(t.Name.Name, " (type)", orText(t.Doc, d.Doc))
					}
				}
			}
		}
	}
	slices.Sort(lines)
	fmt.Fprintf(&b, "\n**What it has** (`%s.Name?` tells more)\n\n%s", path.Base(importPath), strings.Join(lines, ""))
	return b.String()
}

// documentation is the declaration of a name, Name or Type.Method, with what its
// comment says; "" if there is none.
func (l *library) documentation(importPath, name string) string {
	typeName, method, isMethod := strings.Cut(name, ".")
	set, files := l.files(importPath)
	r := typeReader{importPath: importPath}
	for _, f := range files {
		ast.FileExports(f)
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				receiver := ""
				if d.Recv != nil && len(d.Recv.List) > 0 {
					receiver = r.typeOf(d.Recv.List[0].Type).name
				}
				if !isMethod && receiver == "" && d.Name.Name == name || isMethod && receiver == typeName && d.Name.Name == method {
					text := d.Doc.Text()
					d.Doc, d.Body = nil, nil
					return asMarkdown(set, d, text)
				}
			case *ast.GenDecl:
				if isMethod {
					continue
				}
				for _, sp := range d.Specs {
					if declares(sp, name) {
						text := d.Doc.Text()
						if t, ok := sp.(*ast.TypeSpec); ok {
							text = orText(t.Doc, d.Doc)
						}
						d.Doc = nil
						return asMarkdown(set, d, text)
					}
				}
			}
		}
	}
	return ""
}

// declares tells whether a specification is about a name.
func declares(sp ast.Spec, name string) bool {
	switch sp := sp.(type) {
	case *ast.TypeSpec:
		return sp.Name.Name == name
	case *ast.ValueSpec:
		return slices.ContainsFunc(sp.Names, func(n *ast.Ident) bool { return n.Name == name })
	}
	return false
}

// orText is the text of the first comment that there is.
func orText(a, b *ast.CommentGroup) string {
	if a != nil {
		return a.Text()
	}
	return b.Text()
}

// asMarkdown is Go in a block of code, and what its comment says.
func asMarkdown(set *token.FileSet, node ast.Node, text string) string {
	var b strings.Builder
	b.WriteString("```go\n")
	if err := format.Node(&b, set, node); err != nil {
		return ""
	}
	b.WriteString("\n```\n\n")
	return b.String() + markdown(text)
}

// markdown writes a comment of Go as Markdown.
func markdown(text string) string {
	printer := comment.Printer{HeadingLevel: 3, HeadingID: func(*comment.Heading) string { return "" }, DocLinkURL: func(*comment.DocLink) string { return "" }}
	return string(printer.Markdown(new(comment.Parser).Parse(text)))
}
