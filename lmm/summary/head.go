package summary

import (
	"math"
	"strconv"

	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/table"
)

// headColumns is how many columns of a table are shown side by side.
const headColumns = 8

// Head returns a document with the first rows of a table, and with the kind,
// the levels and the missing values of each column behind it.
func Head(t *table.Table, rows int) *report.Doc {
	names := t.Names()
	doc := &report.Doc{Label: "Table"}
	doc.Add(report.Facts{Items: []report.Inline{
		count(t.Rows(), "row", "rows"), count(len(names), "column", "columns"),
	}})
	shown := names[:min(len(names), headColumns)]
	rows = min(rows, t.Rows())
	head := report.Table{Title: "First rows", Label: "First rows"}
	if rows == t.Rows() {
		head.Title = "All rows"
	}
	head.Columns = []report.Column{{Head: "row", Kind: report.Figure}}
	for i := range rows {
		head.Rows = append(head.Rows, report.Row{Label: report.Inline{}.Number(strconv.Itoa(i + 1))})
	}
	missing, rounded := false, false
	for _, name := range shown {
		c := t.Column(name)
		kind, print := report.Text, printer{}
		if numeric(c) {
			kind, print = report.Figure, printerOf(c)
			rounded = rounded || print.rounds
		}
		head.Columns = append(head.Columns, report.Column{Head: name, Kind: kind})
		for i := range rows {
			head.Rows[i].Cells = append(head.Rows[i].Cells, value(c, i, print))
		}
	}
	for _, name := range shown {
		for i := range rows {
			missing = missing || t.Column(name).Missing(i)
		}
	}
	if missing {
		head.Notes = append(head.Notes, report.Words(report.Missing+" A missing value."))
	}
	if rounded {
		head.Notes = append(head.Notes, report.Words("Columns of more than six digits are shown rounded."))
	}
	if len(shown) < len(names) {
		head.Notes = append(head.Notes, count(len(names)-len(shown), "further column is", "further columns are").Words(" listed below."))
	}
	doc.Add(head, report.Details{Title: "Columns", Blocks: []report.Block{columns(t)}})
	return doc
}

func numeric(c *table.Column) bool {
	return c.Kind() == table.Float || c.Kind() == table.Int
}

// printer prints the numbers of a column.
type printer struct {
	low, high float64 // NaN where all are missing
	rounds    bool
	digits    report.Digits // where it rounds: a thousandth of the range shows, or less
}

func printerOf(c *table.Column) printer {
	p := printer{low: math.NaN(), high: math.NaN()}
	for i := range c.Len() {
		if c.Missing(i) {
			continue
		}
		x := c.Float(i)
		if !(p.low <= x) {
			p.low = x
		}
		if !(p.high >= x) {
			p.high = x
		}
		p.rounds = p.rounds || report.Rounded(x) != report.Shortest(x)
	}
	p.digits = report.DigitsFor((p.high - p.low) / 10)
	return p
}

func (p printer) print(x float64) string {
	if p.rounds {
		return p.digits.Format(x)
	}
	return report.Shortest(x)
}

func value(c *table.Column, i int, p printer) report.Cell {
	switch {
	case c.Missing(i):
		return report.Num(report.Missing)
	case numeric(c):
		return report.Num(p.print(c.Float(i)))
	}
	return report.Say(c.Text(i))
}

// columns lists the columns of a table.
func columns(t *table.Table) report.Table {
	out := report.Table{Label: "Columns", Columns: []report.Column{
		{Head: "column"}, {Head: "kind"}, {Head: "missing", Kind: report.Figure}, {Head: "values"},
	}}
	for _, name := range t.Names() {
		c := t.Column(name)
		missing := 0
		for i := range c.Len() {
			if c.Missing(i) {
				missing++
			}
		}
		out.Rows = append(out.Rows, report.Row{Label: report.Inline{}.Code(name), Cells: []report.Cell{
			report.Say(c.Kind().String()), report.Num(strconv.Itoa(missing)), {Text: values(c)},
		}})
	}
	return out
}

// values says what a column holds: the range of numbers, the levels of a factor.
func values(c *table.Column) report.Inline {
	if c.Kind() == table.Factor || c.Kind() == table.Ordered {
		const most = 6
		levels := c.Levels()
		out := count(len(levels), "level", "levels").Words(": ")
		for i, l := range levels[:min(most, len(levels))] {
			if i > 0 {
				out = out.Words(", ")
			}
			out = out.Words(l)
		}
		if len(levels) > most {
			out = out.Words(" ...")
		}
		return out
	}
	if !numeric(c) {
		return nil
	}
	p := printerOf(c)
	if math.IsNaN(p.low) {
		return report.Words("all missing")
	}
	return report.Inline{}.Number(p.print(p.low)).Words(" to ").Number(p.print(p.high))
}

// count says how many there are.
func count(n int, one, many string) report.Inline {
	word := many
	if n == 1 {
		word = one
	}
	return report.Inline{}.Number(strconv.Itoa(n)).Words(" " + word)
}
