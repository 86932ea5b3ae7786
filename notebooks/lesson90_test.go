package notebooks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// check90 holds that a part of the gallery shows its figures: each as SVG with a
// description and in words, and what some of them say against the library.
func check90(t *testing.T, p *page) {
	for id, c := range p.cells {
		svg := c.all(t, "image/svg+xml")
		figures := strings.Count(svg, "<svg ")
		if figures != strings.Count(svg, "<desc>") || strings.Contains(svg, "NaN") || strings.Contains(svg, "<script") {
			t.Errorf("cell %s has a figure without a description, with NaN or with a script", id)
		}
		if called := strings.Count(string(c.Source), "plots.") - strings.Count(string(c.Source), "plots.Options") - notFigures(string(c.Source)); c.Type == "code" && figures != called {
			t.Errorf("cell %s draws %d figures and shows %d", id, called, figures)
		}
	}
	switch {
	case p.cells["odd"] != nil:
		p.expect(t, "odd", "text/plain", "All modes of Batch are 0", "two random coefficients")
		p.expect(t, "options", "image/svg+xml", "<title>Reaction to short nights</title>", "milliseconds from the average", ">rested</text>")
	case p.cells["profiles"] != nil:
		m := fit(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
		p.expect(t, "profiles", "text/plain", num(fixed(t, m, "Days").Estimate, 2), num(m.Sigma(), 2))
	case p.cells["memory"] != nil:
		p.expect(t, "memory", "text/plain", "residuals exp(Time | Rat)", "199 fits")
	case p.cells["link"] != nil:
		p.expect(t, "link", "image/svg+xml", "deviation, logit", "random effects being 0")
		p.expect(t, "coefficients", "text/plain", num(fixed(t, fit(t, "score ~ Machine + (Machine | Worker)", "Machines"), "MachineB").Estimate, 2))
	default:
		t.Error("the part has none of the cells whose words are known")
	}
}

// notFigures counts what a cell takes from package plots that is no figure.
func notFigures(src string) int {
	n := strings.Count(src, ".Err()") // a figure that is refused
	for _, name := range []string{"DataUnits", "Millimetres", "DarkTheme", "NamedEstimates"} {
		n += strings.Count(src, "plots."+name)
	}
	return n
}

// TestGalleryShowsAll holds that every function of package plots that draws is
// called in a part of the gallery.
func TestGalleryShowsAll(t *testing.T) {
	var shown strings.Builder
	parts, err := filepath.Glob("90*.ipynb")
	if err != nil || len(parts) == 0 {
		t.Fatalf("%d parts: %v", len(parts), err)
	}
	for _, file := range parts {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range read(t, src).code() {
			shown.WriteString(string(c.Source))
		}
	}
	files, err := filepath.Glob("../plots/*.go")
	if err != nil {
		t.Fatal(err)
	}
	functions := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() || fn.Recv != nil || !draws(fn) {
				continue
			}
			functions++
			if !strings.Contains(shown.String(), "plots."+fn.Name.Name+"(") {
				t.Errorf("plots.%s is in no part of the gallery", fn.Name.Name)
			}
		}
	}
	if functions < 30 {
		t.Errorf("%d functions draw", functions)
	}
}

// draws says that a function returns a figure alone.
func draws(fn *ast.FuncDecl) bool {
	if fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
		return false
	}
	star, ok := fn.Type.Results.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := star.X.(*ast.Ident)
	return ok && name.Name == "Figure"
}
