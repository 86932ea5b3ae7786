package report

import "strings"

// Kind says what a column holds, and so how it is aligned.
type Kind int

const (
	Text   Kind = iota // words, left
	Figure             // numbers, right, decimal points one above the other
)

// Column is the head of a column. Neighbours with the same Over share one
// head, Over, where the format can span columns; elsewhere each shows Head.
type Column struct {
	Head string
	Over string
	Kind Kind
}

// Table is a table with row labels in its first column. Title says in bold
// what it shows, How says how; Label names it for screen readers where there
// is no title. Notes stand below it: the reasons for the dashes, above all.
type Table struct {
	Title   string
	How     string
	Label   string
	Columns []Column // Columns[0] is the column of the row labels
	Rows    []Row
	Notes   []Inline
}

// Row is a row of a table: Label, then one cell for each further column;
// cells that are left out are blank. A row with Group set has no cells: its
// label heads the rows below it, with Aside muted beside it.
type Row struct {
	Label Inline
	Group bool
	Aside string
	Cells []Cell
}

// Cell is the content of a cell. The zero value is blank and means "does not
// apply to this row".
type Cell struct{ Text Inline }

// Group returns a row that heads the rows below it.
func Group(label, aside string) Row {
	return Row{Label: Words(label), Group: true, Aside: aside}
}

// Num returns a cell with a formatted number. Missing stands for a number
// that is not defined; say why in a note below the table.
func Num(formatted string) Cell { return Cell{Inline{}.Number(formatted)} }

// Say returns a cell with words.
func Say(words string) Cell { return Cell{Words(words)} }

// heads reports whether any column has a head.
func (t *Table) heads() bool {
	for _, c := range t.Columns {
		if c.Head != "" || c.Over != "" {
			return true
		}
	}
	return false
}

// wide reports whether the columns, words among them, need more room than lines of
// text.
func (t *Table) wide() bool {
	words := 0
	for _, c := range t.Columns[min(1, len(t.Columns)):] {
		if c.Kind == Text {
			words++
		}
	}
	return words > 1 && len(t.Columns) > 7
}

// cell returns the text of the cell of column j; the label for j = 0.
func (r Row) cell(j int) Inline {
	switch {
	case j == 0:
		return r.Label
	case j <= len(r.Cells):
		return r.Cells[j-1].Text
	}
	return nil
}

// over is a run of columns under one head.
type over struct {
	from, n int
	head    string
}

// overs groups the columns by their heads.
func (t *Table) overs() []over {
	var runs []over
	for j, c := range t.Columns {
		if k := len(runs) - 1; j > 0 && c.Over != "" && t.Columns[j-1].Over == c.Over {
			runs[k].n++
			continue
		}
		head := c.Head
		if c.Over != "" {
			head = c.Over
		}
		runs = append(runs, over{j, 1, head})
	}
	return runs
}

// pad says what must follow a number so that its decimal point stands above
// those of its column: a point or not, and so many digits.
type pad struct {
	point  bool
	digits int
}

// pads returns the padding of the cells of column j, row by row.
func (t *Table) pads(j int) []pad {
	out := make([]pad, len(t.Rows))
	if t.Columns[j].Kind != Figure {
		return out
	}
	places := make([]int, len(t.Rows))
	most := 0
	for i, r := range t.Rows {
		places[i] = decimalPlaces(r, j)
		most = max(most, places[i])
	}
	for i := range out {
		switch {
		case places[i] < 0 || most <= 0:
		case places[i] == 0:
			out[i] = pad{true, most}
		default:
			out[i] = pad{false, most - places[i]}
		}
	}
	return out
}

// decimalPlaces counts the digits after the decimal point; it is -1 for what
// is not a plain number.
func decimalPlaces(r Row, j int) int {
	if r.Group {
		return -1
	}
	s := r.cell(j).String()
	if !strings.ContainsAny(s, "0123456789") || strings.ContainsAny(s, "e ") && !strings.HasPrefix(s, "< ") {
		return -1
	}
	if _, after, found := strings.Cut(s, "."); found {
		return len(after)
	}
	return 0
}
