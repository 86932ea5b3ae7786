package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/nearest"
	"github.com/golmm/golmm/lmm/table"
)

// readData reads a CSV file, "-" for stdin, or loads a data set of ours where no such
// file exists. A table for a model has two columns at least.
func readData(name string, csv *table.CSVOptions, stdin io.Reader) (*table.Table, error) {
	if name == "-" {
		t, err := table.ReadCSV(stdin, csv)
		var e *table.CSVError
		if errors.As(err, &e) {
			e.File = "stdin"
		}
		return wide("stdin", t, err)
	}
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		if slices.Contains(datasets.Names(), name) {
			return datasets.Load(name)
		}
		if near := nearest.Name(name, datasets.Names()); near != "" {
			return nil, fmt.Errorf("there is no file %s, and no data set of that name; did you mean the data set %s?", name, near)
		}
		_, err := table.ReadCSVFile(name, csv)
		return nil, fmt.Errorf("%w\nThere is no data set of that name either. Data sets are %s", err, strings.Join(datasets.Names(), ", "))
	}
	t, err := table.ReadCSVFile(name, csv)
	return wide(name, t, err)
}

// wide refuses a table of a single column, whose fields something else separates.
func wide(name string, t *table.Table, err error) (*table.Table, error) {
	if err == nil && len(t.Columns()) == 1 {
		return nil, fmt.Errorf("%s has a single column, %q: its fields must be separated by commas, semicolons or tabs", name, t.Names()[0])
	}
	return t, err
}
