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
	"github.com/golmm/golmm/lmm/table"
)

// readData reads a CSV file, "-" for stdin, or loads a data set of ours where no such
// file exists.
func readData(name string, stdin io.Reader) (*table.Table, error) {
	if name == "-" {
		return table.ReadCSV(stdin, nil)
	}
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		if slices.Contains(datasets.Names(), name) {
			return datasets.Load(name)
		}
		return nil, fmt.Errorf("there is no file %s, and no data set of that name; data sets are %s",
			name, strings.Join(datasets.Names(), ", "))
	}
	return table.ReadCSVFile(name, nil)
}
