package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/golmm/golmm/lmm/table"
)

// columnFlags are the flags that say how columns are read. Each may be given many
// times.
type columnFlags struct {
	csv       table.CSVOptions
	factors   []levelSpec
	ordered   []levelSpec
	contrasts map[string]string
}

// levelSpec is COL or COL=l1,l2,...
type levelSpec struct{ text string }

func (c *columnFlags) define(u *usage) {
	u.Func("decimal", "the decimal `MARK` of the file: . (the default) or ,", func(s string) error {
		if s != "." && s != "," {
			return errors.New("want . or ,")
		}
		c.csv.Decimal = s[0]
		return nil
	})
	u.Func("missing", "`TEXT` of the file that stands for a missing value, such as -99, beside NA, NaN and nothing; repeatable", func(s string) error {
		c.csv.Missing = append(c.csv.Missing, s)
		return nil
	})
	u.Func("factor", "read `COL` as a factor; COL=l1,l2,... sets its levels, quoted as CSV", func(s string) error {
		c.factors = append(c.factors, levelSpec{s})
		return nil
	})
	u.Func("ordered", "read `COL` as an ordered factor; COL=l1,l2,... sets its levels", func(s string) error {
		c.ordered = append(c.ordered, levelSpec{s})
		return nil
	})
	u.Func("contrasts", "`COL=sum` codes a factor so; treatment, sum, helmert and poly are known", func(s string) error {
		col, coding, ok := strings.Cut(s, "=")
		if !ok || col == "" || coding == "" {
			return errors.New("want COL=CODING, such as g=sum")
		}
		if c.contrasts == nil {
			c.contrasts = make(map[string]string)
		}
		c.contrasts[col] = coding
		return nil
	})
}

// read returns the table of a file, its columns read as the flags say.
func (c *columnFlags) read(file string, stdin io.Reader) (*table.Table, error) {
	t, err := readData(file, &c.csv, stdin)
	if err != nil {
		return nil, err
	}
	return c.apply(t)
}

// apply returns t with the columns read as the flags say.
func (c *columnFlags) apply(t *table.Table) (*table.Table, error) {
	for _, s := range c.factors {
		col, levels, err := s.in(t)
		if err != nil {
			return nil, err
		}
		f := col.AsFactor()
		if levels != nil {
			if f, err = col.WithLevels(levels); err != nil {
				return nil, err
			}
		}
		if t, err = t.With(f); err != nil {
			return nil, err
		}
	}
	for _, s := range c.ordered {
		col, levels, err := s.in(t)
		if err != nil {
			return nil, err
		}
		f, err := col.AsOrdered(levels)
		if err != nil {
			return nil, err
		}
		if t, err = t.With(f); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// in returns the column of t that s names, and the levels, nil if s has none. A column
// whose name has a "=" is found by its whole name.
func (s levelSpec) in(t *table.Table) (*table.Column, []string, error) {
	if col := t.Column(s.text); col != nil {
		return col, nil, nil
	}
	name, list, ok := strings.Cut(s.text, "=")
	col, err := t.Lookup(name)
	if err != nil || !ok {
		return col, nil, err
	}
	levels, err := parseLevels(list)
	if err != nil {
		return nil, nil, fmt.Errorf("levels of %s: %w", name, err)
	}
	return col, levels, nil
}

// parseLevels splits a list of levels, quoted as in a line of a CSV file.
func parseLevels(list string) ([]string, error) {
	r := csv.NewReader(strings.NewReader(list))
	levels, err := r.Read()
	if err != nil {
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf(`%w at character %d; a level with a comma or a quote is written "a,b" or "say ""a"""`, syntax.Err, syntax.Column)
		}
		return nil, errors.New("the list is empty; want COL=l1,l2 and so on")
	}
	return levels, nil
}
