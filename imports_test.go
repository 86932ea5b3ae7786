package golmm_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/golmm/golmm"

// layers is the order in which packages import each other: a package imports
// what stands on an earlier line, never its neighbours or a later line.
// A new package gets its place here.
var layers = [][]string{
	{"lmm/report", "lmm/finding", "lmm/table", "lmm/formula", "lmm/cone"},
	{"lmm/datasets", "lmm/design"},
	{"lmm/suffstat"},
	{"lmm/criterion", "lmm/covstruct", "lmm/laplace"},
	{"lmm/certify"},
	{"lmm/solve"},
	{"lmm"},
	{"lmm/infer"},
	{"lmm/diagnose"},
	{"lmm/summary", "plots"},
	{"kernel/nb"},
	{"kernel/jupyter/process"},
	{"kernel/jupyter"},
	{"kernel/gonb"},
	{"kernel/runner", "kernel/proxy"},
	{"install/setup"},
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

// internal packages import nothing of the module but each other.
const internal = "lmm/internal/"

func TestImportsRunOneWay(t *testing.T) {
	rank := make(map[string]int)
	for i, layer := range layers {
		for _, p := range layer {
			rank[p] = i
		}
	}
	for _, p := range packages(t) {
		from := relative(p.ImportPath)
		if from == "" {
			continue
		}
		mine, known := rank[from]
		if !known && !strings.HasPrefix(from, internal) {
			t.Errorf("%s has no place in layers; give it one in imports_test.go", from)
			continue
		}
		for _, path := range p.Imports {
			checkSole(t, from, path)
			to := relative(path)
			if to == "" || strings.HasPrefix(to, internal) {
				continue
			}
			if theirs, ok := rank[to]; !known || !ok || theirs >= mine {
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

type goPackage struct {
	ImportPath string
	Imports    []string
}

// packages asks the go command for the packages of the module and what their
// code, tests apart, imports.
func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var ps []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		ps = append(ps, p)
	}
	if len(ps) < 5 {
		t.Fatalf("go list found %d packages; the test must run in the root of the module", len(ps))
	}
	return ps
}
