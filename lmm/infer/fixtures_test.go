package infer_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// data returns a reference data set by the path that fixtures have for it.
func data(t testing.TB, path string) *table.Table {
	t.Helper()
	name := strings.TrimSuffix(filepath.Base(path), ".csv")
	load := reference.Table
	if name == "Orthodont" {
		load = datasets.Load
	}
	tab, err := load(name)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func fitted(t testing.TB, formula string, tab *table.Table, ml bool) *lmm.Model {
	t.Helper()
	m, err := lmm.Fit(formula, tab, &lmm.Options{ML: ml})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func fixture(t testing.TB, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func near(got, want, relative float64) bool {
	return math.Abs(got-want) <= relative*math.Max(1, math.Abs(want))
}
