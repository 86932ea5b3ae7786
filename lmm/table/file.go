package table

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/golmm/golmm/lmm/nearest"
)

// ReadCSVFile reads a file of comma-separated values, plain or compressed with
// gzip, by the rules of ReadCSV. The names .tsv and .tab, also before .gz, speak
// for tabs. Every error is a *CSVError with the name of the file; where there
// is no such file it wraps fs.ErrNotExist and says the nearest name.
func ReadCSVFile(path string, opt *CSVOptions) (*Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, &CSVError{File: path, Msg: "this is a folder", Try: folderHint(path)}
	}
	t, err := readCSV(f, opt, delimiterOf(path))
	if err != nil {
		var e *CSVError
		if !errors.As(err, &e) {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		e.File = path
		return nil, e
	}
	return t, nil
}

// delimiterOf returns the delimiter that a file name speaks for, 0 for none.
func delimiterOf(path string) byte {
	name := strings.TrimSuffix(strings.ToLower(path), ".gz")
	if strings.HasSuffix(name, ".tsv") || strings.HasSuffix(name, ".tab") {
		return '\t'
	}
	return 0
}

func openError(path string, err error) *CSVError {
	e := &CSVError{File: path, Msg: "the file cannot be opened: " + err.Error(), Err: err}
	if !errors.Is(err, fs.ErrNotExist) {
		return e
	}
	e.Msg = "there is no such file"
	folder := filepath.Dir(path)
	names, listErr := fileNames(folder)
	if listErr != nil {
		e.Msg = "there is no folder " + folder
		return e
	}
	if near := nearest.Name(filepath.Base(path), names); near != "" {
		e.Try = filepath.Join(folder, near)
		return e
	}
	e.Try = folderHint(folder)
	return e
}

// folderHint names the tables in a folder.
func folderHint(folder string) string {
	names, err := fileNames(folder)
	if err != nil {
		return "a file in it"
	}
	var tables []string
	for _, name := range names {
		base := strings.TrimSuffix(strings.ToLower(name), ".gz")
		switch filepath.Ext(base) {
		case ".csv", ".tsv", ".tab", ".txt":
			tables = append(tables, name)
		}
	}
	if len(tables) == 0 {
		return "another folder; there is no .csv, .tsv or .txt file in " + folder
	}
	return "one of the files in " + folder + ": " + listNames(tables, 8)
}

func fileNames(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}
