package setup

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// smallModule makes a module of golmm's name and dependencies that builds in a second:
// the same packages by name, with next to nothing in them. Its golmm answers
// `golmm run --html -o FILE NOTEBOOK` by copying the notebook.
func smallModule(t *testing.T) string {
	t.Helper()
	t.Setenv("JUPYTER_DATA_DIR", "") // a kernelspec of a test stays below its prefix
	dir := filepath.Join(t.TempDir(), "clone")
	files := map[string]string{
		"go.mod":  read(t, "../../go.mod"),
		"go.sum":  read(t, "../../go.sum"),
		"LICENSE": "free",
		"kernel/golmm/main.go": `package main

import (
	"fmt"
	"os"

	"github.com/golmm/golmm/plots"
)

func main() {
	b, err := os.ReadFile(os.Args[len(os.Args)-1])
	if err == nil && os.Args[1] == "run" {
		err = os.WriteFile(os.Args[4], b, 0o644)
	}
	if err != nil || string(b) == "broken" {
		fmt.Println(err, "the notebook is broken", plots.Zero())
		os.Exit(1)
	}
}
`,
		"kernel/nb/nb.go":               "package nb\n",
		"lmm/lmm.go":                    "package lmm\n\nimport _ \"embed\"\n\n//go:embed data/rail.csv\nvar Rail string\n",
		"lmm/lmm_test.go":               "package lmm\n",
		"lmm/lmm_windows.go":            "package lmm\n",
		"lmm/sum_amd64.s":               "// in assembly\n",
		"lmm/sum_arm64.s":               "// in assembly\n",
		"lmm/data/rail.csv":             "Rail,travel\n1,55\n",
		"lmm/data/unused.csv":           "x\n1\n",
		"lmm/testdata/big.csv":          "x\n1\n",
		"plots/plots.go":                "package plots\n\nimport \"gonum.org/v1/gonum/floats\"\n\nfunc Zero() float64 { return floats.Sum(nil) }\n",
		"notebooks/00-quickstart.ipynb": "{}",
		".git/config":                   "",
		"notes.txt":                     "mine",
	}
	for name, content := range files {
		write(t, filepath.Join(dir, name), content)
	}
	return dir
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}

// tree lists the files, links and empty folders below dir.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			entries, err := os.ReadDir(path)
			if err != nil || len(entries) > 0 {
				return err
			}
		}
		rel, err := filepath.Rel(dir, path)
		paths = append(paths, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func contains(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}
