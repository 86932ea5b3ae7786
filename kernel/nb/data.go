package nb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/nearest"
	"github.com/golmm/golmm/lmm/table"
)

// Data returns an embedded data set by its name, or the table of a CSV file
// (plain or .gz) by its path, seen from the folder of the notebook. It is read
// at its first use; where there is neither, that stops the cell and names what
// comes near.
func Data(name string) *Table {
	return laterTable(func() (*table.Table, error) { return load(name) })
}

// Simulate draws the data of a case with a known truth, at their first use:
//
//	data := nb.Simulate(datasets.Groups{Groups: 24, Rows: 18, InterceptSD: 0, Sigma: 8, Seed: 1})
//
// Where nothing can be drawn, the use stops the cell.
func Simulate(c datasets.Case) *Table {
	return laterTable(func() (*table.Table, error) { return datasets.Simulate(c) })
}

// load finds a table by the name of a data set or the path of a file.
func load(name string) (*table.Table, error) {
	names := datasets.Names()
	if slices.Contains(names, name) {
		return datasets.Load(name)
	}
	if _, err := os.Stat(name); err == nil {
		return table.ReadCSVFile(name, nil)
	}
	return nil, unknownData(name, names)
}

// unknownData says that there is no such data set or file.
func unknownData(name string, names []string) error {
	dir := filepath.Dir(name)
	var b strings.Builder
	fmt.Fprintf(&b, "nb.Data: there is no data set and no file %q", name)
	if near := nearest.Name(name, append(csvFiles(dir), names...)); near != "" {
		fmt.Fprintf(&b, "; did you mean %q?", near)
	}
	if full, err := filepath.Abs(dir); err == nil {
		fmt.Fprintf(&b, "\nFiles were looked for in %s.", full)
	}
	fmt.Fprintf(&b, "\nData sets: %s.", strings.Join(names, ", "))
	return errors.New(b.String())
}

// csvFiles lists the CSV files of a folder, as a user would write their paths.
func csvFiles(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if n := strings.TrimSuffix(e.Name(), ".gz"); strings.HasSuffix(n, ".csv") {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out
}
