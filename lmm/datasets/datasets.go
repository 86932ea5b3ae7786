// Package datasets holds the data that the lessons use, published or simulated,
// each with its source and the meaning and unit of its columns. They are embedded
// in the program; nothing is read or unpacked before Load asks for it. Simulate
// draws others from a truth that is known.
//
// Published numbers are quoted from the source that their Set names. The simulated
// ones, whose Source says so, were made for golmm and are under its licence.
//
// Read datasets.go, then the catalogues, catalogue.go and made.go; simulate.go,
// then a case each: simgroups.go, simcompetition.go, simgrowth.go, simtraits.go,
// simfactor.go, simseparation.go.
package datasets

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/nearest"
	"github.com/golmm/golmm/lmm/table"
)

//go:embed data
var files embed.FS

// Set describes a data set.
type Set struct {
	Name    string
	Title   string // what was measured on whom, in one line
	Source  string // the publication that the numbers come from, or the truth they are drawn from
	Rows    int
	Columns []Column
}

// Column describes a column of a data set.
type Column struct {
	Name    string
	Kind    table.Kind
	Unit    string // "" where it has none
	Meaning string
	// levels lists the levels in order, separated by spaces, a range of
	// numbers as "1..15"; "" is the order of the texts by their bytes.
	levels string
}

// Names returns the names of the data sets, those of the first lessons first.
func Names() []string {
	var names []string
	for _, d := range sets() {
		names = append(names, d.Name)
	}
	return names
}

// sets is both catalogues.
func sets() []Set { return slices.Concat(catalogue[:], made[:]) }

// Info returns what is known about a data set, false if there is none of that
// name.
func Info(name string) (Set, bool) {
	for _, d := range sets() {
		if d.Name == name {
			d.Columns = slices.Clone(d.Columns)
			return d, true
		}
	}
	return Set{}, false
}

// UnknownError says that there is no data set of a name.
type UnknownError struct {
	Name    string
	Nearest string   // what was probably meant, "" if nothing is near
	Names   []string // the data sets that there are
}

func (e *UnknownError) Error() string {
	msg := fmt.Sprintf("there is no data set %q", e.Name)
	if e.Nearest != "" {
		msg += fmt.Sprintf("; did you mean %q?", e.Nearest)
	} else {
		msg += "."
	}
	return msg + " The data sets are " + strings.Join(e.Names, ", ")
}

// Load returns a data set, its factors with their levels in the published
// order. A name that is not among Names is an *UnknownError.
func Load(name string) (*table.Table, error) {
	d, ok := Info(name)
	if !ok {
		return nil, &UnknownError{Name: name, Nearest: nearest.Name(name, Names()), Names: Names()}
	}
	t, err := d.read()
	if err != nil {
		return nil, fmt.Errorf("data set %s: %w", name, err)
	}
	for _, c := range d.Columns {
		if !c.Kind.Categorical() {
			continue
		}
		f, err := c.factor(t.Column(c.Name))
		if err != nil {
			return nil, fmt.Errorf("data set %s: %w", name, err)
		}
		if t, err = t.With(f); err != nil {
			return nil, fmt.Errorf("data set %s: %w", name, err)
		}
	}
	return t, nil
}

// read reads the file, factors as text.
func (d *Set) read() (*table.Table, error) {
	file := "data/" + d.Name + ".csv"
	f, err := files.Open(file)
	if err != nil {
		f, err = files.Open(file + ".gz")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	kinds := map[string]table.Kind{}
	for _, c := range d.Columns {
		kinds[c.Name] = c.Kind
		if c.Kind.Categorical() {
			kinds[c.Name] = table.Text
		}
	}
	return table.ReadCSV(f, &table.CSVOptions{Kinds: kinds})
}

// factor gives a text column its levels.
func (c *Column) factor(text *table.Column) (*table.Column, error) {
	levels := listLevels(c.levels)
	if levels == nil {
		levels = text.AsFactor().Levels()
	}
	if c.Kind == table.Ordered {
		return text.AsOrdered(levels)
	}
	return text.WithLevels(levels)
}

// listLevels expands Column.levels, nil if it is empty.
func listLevels(list string) []string {
	var levels []string
	for _, word := range strings.Fields(list) {
		from, to, isRange := strings.Cut(word, "..")
		first, err1 := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		if !isRange || err1 != nil || err2 != nil {
			levels = append(levels, word)
			continue
		}
		for k := first; k <= last; k++ {
			levels = append(levels, strconv.Itoa(k))
		}
	}
	return levels
}
