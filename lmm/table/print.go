package table

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	headRows  = 10  // rows that String prints
	pageWidth = 100 // characters
	cellWidth = 24  // characters; longer texts are cut
)

// String prints the shape of the table, the names and kinds of its columns, how
// many values are missing, and the first ten rows. Columns that do not fit the
// page are listed below.
func (t *Table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s\n", count(t.rows, "row"), count(len(t.cols), "column"))
	if len(t.cols) == 0 {
		return b.String()
	}
	rows := min(t.rows, headRows)
	anyMissing := false
	for _, c := range t.cols {
		anyMissing = anyMissing || c.CountMissing() > 0
	}
	lines := rowLabels(rows, anyMissing)
	shown := 0
	for ; shown < len(t.cols); shown++ {
		block := t.cols[shown].cells(rows, anyMissing)
		if shown > 0 && utf8.RuneCountInString(lines[0])+2+utf8.RuneCountInString(block[0]) > pageWidth {
			break
		}
		for i := range lines {
			lines[i] += "  " + block[i]
		}
	}
	for _, line := range lines {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if more := t.rows - rows; more > 0 {
		fmt.Fprintf(&b, "and %s\n", count(more, "more row"))
	}
	if rest := t.cols[shown:]; len(rest) > 0 {
		names := make([]string, len(rest))
		for j, c := range rest {
			names[j] = c.name + " (" + c.kindLabel() + ")"
		}
		fmt.Fprintf(&b, "and %s: %s\n", count(len(rest), "more column"), listNames(names, 5))
	}
	for _, note := range t.Notes() {
		b.WriteString("note: " + note + "\n")
	}
	return b.String()
}

// rowLabels is the left margin: two or three lines of header, then the row
// numbers.
func rowLabels(rows int, anyMissing bool) []string {
	labels := []string{"", ""}
	if anyMissing {
		labels = append(labels, "missing")
	}
	for i := range rows {
		labels = append(labels, strconv.Itoa(i+1))
	}
	return align(labels, true)
}

// cells is the column as aligned lines: name, kind, number of missing values
// if there are any in the table, and the first rows.
func (c *Column) cells(rows int, anyMissing bool) []string {
	lines := []string{c.name, c.kindLabel()}
	if anyMissing {
		lines = append(lines, strconv.Itoa(c.CountMissing()))
	}
	for i := range rows {
		lines = append(lines, c.cell(i))
	}
	return align(lines, c.kind.Numeric())
}

// cell is value i as printed: seven significant digits, NA where missing.
func (c *Column) cell(i int) string {
	if c.Missing(i) {
		return "NA"
	}
	if c.kind == Float {
		short, _ := strconv.ParseFloat(strconv.FormatFloat(c.floats[i], 'g', 7, 64), 64)
		return formatFloat(short)
	}
	return c.Text(i)
}

// kindLabel is the kind, and for a factor the number of its levels.
func (c *Column) kindLabel() string {
	if c.kind.Categorical() {
		return fmt.Sprintf("%s %d", c.kind, len(c.dict))
	}
	return c.kind.String()
}

// align pads the cells to the same width, on the left if right is set, cutting
// long ones and showing line breaks and other control characters as spaces.
func align(cells []string, right bool) []string {
	width := 0
	for i, s := range cells {
		s = strings.Map(func(r rune) rune {
			if r < ' ' {
				return ' '
			}
			return r
		}, s)
		if r := []rune(s); len(r) > cellWidth {
			s = string(r[:cellWidth-1]) + "…"
		}
		cells[i] = s
		width = max(width, utf8.RuneCountInString(s))
	}
	for i, s := range cells {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(s))
		if right {
			cells[i] = pad + s
		} else {
			cells[i] = s + pad
		}
	}
	return cells
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
