package nb

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/datasets"
)

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("rats.csv", []byte("rat,weight\na,1.5\nb,2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, rows := range map[string]int{"sleepstudy": 180, "rats.csv": 2, filepath.Join(dir, "rats.csv"): 2} {
		tab, err := load(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if tab.Rows() != rows {
			t.Errorf("%s has %d rows, want %d", name, tab.Rows(), rows)
		}
	}
}

func TestLoadNamesWhatComesNear(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("rats.csv", []byte("rat\na\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, near := range map[string]string{
		"sleepstdy":  `did you mean "sleepstudy"?`,
		"Sleepstudy": `did you mean "sleepstudy"?`,
		"rat.csv":    `did you mean "rats.csv"?`,
		"zzzzzzzzz":  "Data sets: ",
		dir:          "this is a folder; try: one of the files in",
	} {
		_, err := load(name)
		if err == nil {
			t.Errorf("%s was found", name)
			continue
		}
		if !strings.Contains(err.Error(), near) || !strings.Contains(err.Error(), filepath.Base(dir)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A case is drawn at its first use, the same again; one that cannot be says why.
func TestSimulate(t *testing.T) {
	c := datasets.Groups{Groups: 3, Rows: 4, Sigma: 1, Seed: 1}
	a, b := Simulate(c), Simulate(c)
	if a.Rows() != 12 || a.String() != b.String() {
		t.Errorf("%v\n%v", a, b)
	}
	c.Sigma = -1
	if _, err := Simulate(c).result(); err == nil || !strings.Contains(err.Error(), "Sigma is -1") {
		t.Error(err)
	}
}
