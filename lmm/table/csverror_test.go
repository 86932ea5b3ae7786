package table

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// wrongFiles are texts of files that cannot be read as a table.
var wrongFiles = []struct{ name, text string }{
	{"empty", ""},
	{"only blank lines", "\n\n  \n"},
	{"header only", "y,x,g\n"},
	{"too few fields", "y,x,g\n1,2,a\n3,4\n5,6,b\n"},
	{"too many fields", "y,x,g\n1,2,a\n3,4,b,c\n"},
	{"decimal commas", "y,x\n1,5,2\n"},
	{"row names without a header", "y,x\nr1,1,2\nr2,3,4\n"},
	{"duplicate name", "y,x,y\n1,2,3\n"},
	{"empty name", "y,,g\n1,2,3\n"},
	{"trailing delimiter in the header", "y,x,\n1,2,\n"},
	{"first column without a name", ",y\nanna,1\nbert,2\n"},
	{"bare quote", "pot,y\n5\" pot,1\n6\" pot,2\n"},
	{"text after a quote", "g,y\n\"a\" b,1\n"},
	{"quote never closed", "g,y\nb,2\n\"a,1\nc,3\n"},
	{"position in a field of several lines", "g,y\n\"one\ntwo\" x,1\n"},
	{"Latin-1", "name,y\nJos\xe9,1\n"},
	{"UTF-16", "\xff\xfey\x00,\x00x\x00\n\x00"},
	{"binary", "\x7fELF\x02\x01\x01\x00\x00\x00"},
	{"workbook", "PK\x03\x04\x14\x00\x06\x00"},
	{"web page", "<!DOCTYPE html><html>"},
	{"R data", gzipped("X\n\x00\x00\x00\x03")},
	{"cut gzip", gzipped(strings.Repeat("y,x\n1,2\n", 50))[:30]},
	{"huge number", "y\n1\n1e309\n"},
	{"huge field", "y\n" + strings.Repeat("x", maxField+1) + "\n"},
	{"huge quoted field", "y,g\n1,\"" + strings.Repeat("line\n", maxField/4) + "\"\n"},
}

func TestErrors(t *testing.T) {
	var b strings.Builder
	for _, w := range wrongFiles {
		_, err := ReadCSV(strings.NewReader(w.text), nil)
		var e *CSVError
		if !errors.As(err, &e) {
			t.Errorf("%s: error %v, want a *CSVError", w.name, err)
		}
		fmt.Fprintf(&b, "%s\n    %v\n", w.name, err)
	}
	for name, opt := range map[string]*CSVOptions{
		"a forced number":  {Kinds: map[string]Kind{"y": Float}},
		"a forced integer": {Kinds: map[string]Kind{"y": Int}},
		"a forced boolean": {Kinds: map[string]Kind{"y": Bool}},
	} {
		_, err := ReadCSV(strings.NewReader("x,y\n1,x2\n"), opt)
		var e *CSVError
		if !errors.As(err, &e) || e.Line != 2 || e.Column != 3 {
			t.Errorf("%s: %v", name, err)
		}
	}
	golden(t, "errors.txt", b.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s", path, got)
	}
}

func TestReadCSVFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"sleep.csv":   "y,x\n1,2\n",
		"wide.tsv":    "a,b\tc\n1\t2\n",
		"wide.tab.gz": gzipped("a,b\tc\n1\t2\n"),
		"bad.csv":     "y,x\n1\n",
		"notes.md":    "",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, cols := range map[string]string{"sleep.csv": "y x", "wide.tsv": "a,b c", "wide.tab.gz": "a,b c"} {
		tab, err := ReadCSVFile(filepath.Join(dir, name), nil)
		if err != nil {
			t.Error(err)
		} else if got := strings.Join(tab.Names(), " "); got != cols {
			t.Errorf("%s: columns %s, want %s", name, got, cols)
		}
	}
	for _, test := range []struct{ name, want string }{
		{"slepe.csv", "DIR/slepe.csv: there is no such file; try: DIR/sleep.csv"},
		{"zzz", "DIR/zzz: there is no such file; try: one of the files in DIR: bad.csv, sleep.csv, wide.tab.gz, wide.tsv"},
		{"sub/x.csv", "DIR/sub/x.csv: there is no folder DIR/sub"},
		{"", "DIR: this is a folder; try: one of the files in DIR: bad.csv, sleep.csv, wide.tab.gz, wide.tsv"},
		{"bad.csv", "DIR/bad.csv:2:2: 1 field, but the header names 2 columns; try: check for a missing delimiter or a line break inside a field"},
	} {
		_, err := ReadCSVFile(filepath.Join(dir, test.name), nil)
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		if got := strings.ReplaceAll(err.Error(), dir, "DIR"); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
	_, err := ReadCSVFile(filepath.Join(dir, "slepe.csv"), nil)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
}
