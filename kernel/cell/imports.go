package cell

import (
	"go/token"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
)

const (
	modulePath = "github.com/golmm/golmm"
	nbPath     = modulePath + "/kernel/nb"
)

// DefaultImports returns the paths of the packages that cells use without
// importing them, by name. The packages of a session's Module below lmm come
// beside them.
func DefaultImports() map[string]string {
	m := map[string]string{
		"nb":    nbPath,
		"lmm":   modulePath + "/lmm",
		"plots": modulePath + "/plots",

		"mat":      "gonum.org/v1/gonum/mat",
		"stat":     "gonum.org/v1/gonum/stat",
		"distuv":   "gonum.org/v1/gonum/stat/distuv",
		"floats":   "gonum.org/v1/gonum/floats",
		"optimize": "gonum.org/v1/gonum/optimize",
	}
	for _, std := range [...]string{"errors", "fmt", "log", "maps", "math", "os", "slices", "sort", "strconv", "strings", "time"} {
		m[std] = std
	}
	return m
}

// libraryImports adds the public packages of the module below lmm.
func libraryImports(module fs.FS, known map[string]string) map[string]string {
	out := make(map[string]string, len(known))
	if module != nil {
		entries, _ := fs.ReadDir(module, "lmm")
		for _, e := range entries {
			if e.IsDir() && e.Name() != "internal" && e.Name() != "testdata" {
				out[e.Name()] = modulePath + "/lmm/" + e.Name()
			}
		}
	}
	for name, p := range known {
		out[name] = p
	}
	return out
}

// neededImports returns the names of known packages that text uses: names before
// a point that nothing declares for all cells. One that a local name hides is
// among them, for stat := stat.Mean(x, nil) needs it; goimports drops what is not
// used before anything is built.
func (s *Session) neededImports(r *reading, text string) []string {
	declared := make(map[string]bool)
	for _, d := range append(slices.Clone(r.imports), r.kept...) {
		for _, name := range d.names {
			declared[name] = true
		}
	}
	for key := range s.kept {
		declared[key] = true
	}
	found := make(map[string]bool)
	toks := tokens(text)
	for i := 0; i+1 < len(toks); i++ {
		name := toks[i].lit
		if toks[i].tok == token.IDENT && toks[i+1].tok == token.PERIOD && (i == 0 || toks[i-1].tok != token.PERIOD) &&
			!declared[name] && s.imports[name] != "" {
			found[name] = true
		}
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// importLine writes an import of known packages on one line, "" for none. A name
// that is not the end of its path becomes an alias.
func (s *Session) importLine(names []string, more ...string) string {
	specs := slices.Clone(more)
	for _, name := range names {
		p := s.imports[name]
		spec := strconv.Quote(p)
		if path.Base(p) != name {
			spec = name + " " + spec
		}
		specs = append(specs, spec)
	}
	if len(specs) == 0 {
		return ""
	}
	return "import (" + strings.Join(specs, "; ") + ")\n"
}
