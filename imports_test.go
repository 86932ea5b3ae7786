package golmm_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/golmm/golmm"

// layers is the order in which packages import each other: a package imports
// what stands on an earlier line, never its neighbours or a later line.
// A new package gets its place here.
var layers = [][]string{
	{"lmm/nearest"},
	{"lmm/report", "lmm/finding", "lmm/table", "lmm/formula", "lmm/cone", "lmm/version", "lmm/family"},
	{"lmm/datasets", "lmm/design", "lmm/internal/reference"},
	{"lmm/suffstat", "lmm/separation"},
	{"lmm/criterion"},
	{"lmm/covstruct", "lmm/laplace"},
	{"lmm/certify"},
	{"lmm/solve"},
	{"lmm"},
	{"lmm/infer", "lmm/cache", "lmm/gee"},
	{"lmm/diagnose"},
	{"lmm/summary", "plots"},
	{"kernel/nb"},
	{"kernel/jupyter/process", "kernel/cell", "kernel/runner/mathml"},
	{"kernel/jupyter"},
	{"kernel/gonb"},
	{"kernel/gopls"},
	{"kernel/runner", "kernel/proxy"},
	{"install/setup"},
	{"install/doctor"},
	{"kernel/golmm", "install"},
	{"notebooks"},
}

// forbidden are edges that the order alone would allow.
var forbidden = []struct{ from, to, why string }{
	{"kernel/nb", "plots", "a cell that draws nothing must not link gonum/plot"},
}

// sole are packages of others that one package alone imports.
var sole = []struct{ prefix, importer, why string }{
	{"github.com/janpfeifer/gonb/gonbui", "kernel/nb", "only cells talk to GoNB's display"},
	{"gonum.org/v1/plot", "plots", "whatever else imports it makes every cell link it"},
}

// internal packages that have no place in layers import nothing of the module
// but each other.
const internal = "lmm/internal/"

func TestImportsRunOneWay(t *testing.T) {
	rank := make(map[string]int)
	for i, layer := range layers {
		for _, p := range layer {
			rank[p] = i
		}
	}
	for _, p := range packages(t) {
		from := p.path
		mine, known := rank[from]
		if !known && !strings.HasPrefix(from, internal) {
			t.Errorf("%s has no place in layers; give it one in imports_test.go", from)
			continue
		}
		for path := range p.imports {
			checkSole(t, from, path)
			to := relative(path)
			theirs, placed := rank[to]
			if to == "" || !placed && strings.HasPrefix(to, internal) {
				continue
			}
			if !known || !placed || theirs >= mine {
				t.Errorf("%s imports %s, which does not stand below it", from, to)
			}
			for _, f := range forbidden {
				if f.from == from && f.to == to {
					t.Errorf("%s imports %s: %s", from, to, f.why)
				}
			}
		}
	}
}

func checkSole(t *testing.T, from, path string) {
	t.Helper()
	for _, s := range sole {
		if (path == s.prefix || strings.HasPrefix(path, s.prefix+"/")) && from != s.importer {
			t.Errorf("%s imports %s: %s", from, path, s.why)
		}
	}
}

// relative is the path of a package within the module, "" for others.
func relative(path string) string {
	rest, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return ""
	}
	return rest
}

// goPackage is a package of the module and what its code, tests apart, imports
// on any platform.
type goPackage struct {
	path    string
	imports map[string]bool
}

// packages reads the files themselves: a test that asked the go command would
// be cached and miss a change.
func packages(t *testing.T) []goPackage {
	t.Helper()
	found := make(map[string]map[string]bool)
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		if found[pkg] == nil {
			found[pkg] = make(map[string]bool)
		}
		for _, spec := range file.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[pkg][to] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 5 {
		t.Fatalf("found %d packages; the test must run in the root of the module", len(found))
	}
	ps := make([]goPackage, 0, len(found))
	for path, imports := range found {
		ps = append(ps, goPackage{path, imports})
	}
	return ps
}
