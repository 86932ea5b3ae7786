package datasets

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/table"
)

// testdata/schema.json was written from R 4.2 data frames of lme4 1.1-31 and
// nlme, and of those simulated in R: the kinds, and the levels in the order that decides about contrasts.
func TestSchema(t *testing.T) {
	raw, err := os.ReadFile("testdata/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]struct {
		Rows    int
		Columns map[string]struct {
			Type   string
			Levels []string
		}
	}
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]table.Kind{"numeric": table.Float, "integer": table.Int, "factor": table.Factor, "ordered": table.Ordered}
	if len(schema) != len(Names()) {
		t.Errorf("%d data sets, want %d", len(Names()), len(schema))
	}
	for _, name := range Names() {
		tab, err := Load(name)
		if err != nil {
			t.Error(err)
			continue
		}
		want, ok := schema[name]
		if !ok {
			t.Errorf("%s is not in the schema", name)
			continue
		}
		if tab.Rows() != want.Rows || len(tab.Names()) != len(want.Columns) {
			t.Errorf("%s: %d rows, %d columns, want %d and %d", name, tab.Rows(), len(tab.Names()), want.Rows, len(want.Columns))
		}
		for col, w := range want.Columns {
			c := tab.Column(col)
			if c == nil {
				t.Errorf("%s has no column %s", name, col)
				continue
			}
			if c.Kind() != kinds[w.Type] {
				t.Errorf("%s$%s: %v, want %s", name, col, c.Kind(), w.Type)
			}
			if !slices.Equal(c.Levels(), w.Levels) {
				t.Errorf("%s$%s: levels\n%q, want\n%q", name, col, c.Levels(), w.Levels)
			}
		}
	}
}

func TestInfo(t *testing.T) {
	for _, name := range Names() {
		d, ok := Info(name)
		tab, err := Load(name)
		if !ok || err != nil {
			t.Fatal(name, ok, err)
		}
		if d.Name != name || d.Title == "" || d.Source == "" || d.Rows != tab.Rows() {
			t.Errorf("%s: %q, %q, %d rows of %d", name, d.Title, d.Source, d.Rows, tab.Rows())
		}
		var cols []string
		for _, c := range d.Columns {
			cols = append(cols, c.Name)
			if c.Meaning == "" {
				t.Errorf("%s$%s has no meaning", name, c.Name)
			}
		}
		if !slices.Equal(cols, tab.Names()) {
			t.Errorf("%s: columns %q, the table has %q", name, cols, tab.Names())
		}
		if notes := tab.Notes(); notes != nil {
			t.Errorf("%s: %q", name, notes)
		}
	}
	if _, ok := Info("nothing"); ok {
		t.Error("a data set named nothing")
	}
}

// The catalogue cannot be changed through what Info returns.
func TestInfoIsACopy(t *testing.T) {
	d, _ := Info("Rail")
	d.Columns[0].Name = "other"
	if e, _ := Info("Rail"); e.Columns[0].Name != "Rail" {
		t.Error("Info gives away the catalogue")
	}
}

// Means by R 4.2, mean(x, na.rm = TRUE).
func TestValues(t *testing.T) {
	for _, test := range []struct {
		name, column string
		mean         float64
		missing      int
	}{
		{"Dyestuff", "Yield", 1527.5, 0},
		{"Rail", "travel", 66.5, 0},
		{"sleepstudy", "Reaction", 298.50789167, 0},
		{"Glucose", "conc", 5.5108510638, 2},
		{"VerbAgg", "Anger", 20.0031645570, 0},
	} {
		tab, err := Load(test.name)
		if err != nil {
			t.Fatal(err)
		}
		sum, n := 0.0, 0
		c := tab.Column(test.column)
		for i := range c.Len() {
			if !c.Missing(i) {
				sum += c.Float(i)
				n++
			}
		}
		// The references are printed with 10 digits.
		if mean := sum / float64(n); mean-test.mean > 1e-6 || test.mean-mean > 1e-6 {
			t.Errorf("%s: mean of %s is %.10f, want %.10f", test.name, test.column, mean, test.mean)
		}
		if c.CountMissing() != test.missing {
			t.Errorf("%s: %d missing in %s, want %d", test.name, c.CountMissing(), test.column, test.missing)
		}
	}
}

func TestUnknown(t *testing.T) {
	_, err := Load("sleepstuddy")
	var e *UnknownError
	if !errors.As(err, &e) || e.Nearest != "sleepstudy" {
		t.Fatalf("%#v", err)
	}
	if !strings.HasPrefix(err.Error(), `there is no data set "sleepstuddy"; did you mean "sleepstudy"? The data sets are sleepstudy, Dyestuff,`) {
		t.Error(err)
	}
}

func TestSize(t *testing.T) {
	entries, err := files.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	if total > 150_000 { // every cell links the files
		t.Errorf("the embedded files have %d bytes", total)
	}
}
