package plots

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// twinRows is the number of rows at each end that the text twin prints of a
// long block.
const twinRows = 20

// describe is a figure that has its words but no panels.
func describe(r Source, blocks []block, opt Options) *Figure {
	groups := make([]string, len(blocks))
	for i, b := range blocks {
		groups[i] = oneLine(b.group)
	}
	f := &Figure{
		title:   "Conditional modes of " + and(groups),
		caption: captionOf(r, groups, blocks, opt),
	}
	f.desc = f.caption
	twin := f.caption + "\n"
	for _, b := range blocks {
		f.desc += " " + b.sentence(opt)
		twin += "\n" + b.table()
	}
	f.twin = strings.ReplaceAll(strings.ReplaceAll(twin, "±", "+-"), minus, "-")
	return f
}

// captionOf says what is drawn, the kind of interval, the order, the model.
func captionOf(r Source, groups []string, blocks []block, opt Options) string {
	var s strings.Builder
	fmt.Fprintf(&s, "Conditional modes of %s with 95 %% intervals (mode ± 1.96 conditional standard deviations)", and(groups))
	var orders []string
	for _, b := range blocks {
		o := "level"
		if j := b.orderedBy(opt); j >= 0 {
			o = oneLine(b.names[j])
		}
		if !slices.Contains(orders, o) {
			orders = append(orders, o)
		}
	}
	fmt.Fprintf(&s, ", ordered by %s.", and(orders))
	most := rowLimit(panelCount(blocks))
	for i, b := range blocks {
		s.WriteString(sampled(most, len(b.labels), "levels of "+groups[i], and(orders)))
		if b.flat() {
			fmt.Fprintf(&s, " All modes of %s are 0, as they are where a variance is estimated as 0.", groups[i])
		}
		if n := b.bare(); n == len(b.labels) {
			fmt.Fprintf(&s, " %s has no intervals.", groups[i])
		} else if n > 0 {
			fmt.Fprintf(&s, " %d of %d levels of %s have no interval.", n, len(b.labels), groups[i])
		}
		if b.omitted > 0 {
			fmt.Fprintf(&s, " The first %d of %d coefficients of %s are drawn.", maxPanels, maxPanels+b.omitted, groups[i])
		}
	}
	if m, ok := r.(interface{ Formula() string }); ok && m.Formula() != "" {
		fmt.Fprintf(&s, " Model: %s.", described(m))
	}
	return s.String()
}

// sentence describes the picture of a block to those who do not see it.
func (b *block) sentence(opt Options) string {
	n := len(b.labels)
	panels := "One panel"
	if len(b.names) > 1 {
		panels = strconv.Itoa(len(b.names)) + " panels"
	}
	rows := "one row"
	if n > 1 {
		rows = fmt.Sprintf("one row for each of %d levels", n)
	}
	s := fmt.Sprintf("%s, %s, %s of %s.", panels, oneLine(and(b.names)), rows, oneLine(b.group))
	if j := b.orderedBy(opt); j >= 0 && n > 1 && !b.flat() {
		s += fmt.Sprintf(" %s is lowest in %s, %s highest.", oneLine(b.labels[0]), oneLine(b.names[j]), oneLine(b.labels[n-1]))
	}
	return s
}

// tips are the numbers of a coefficient, one line a row; nil where rows are
// too many to point at.
func (b *block) tips(j int) []string {
	if len(b.labels) > denseRows {
		return nil
	}
	d := decimals(b.bars[j])
	tips := make([]string, len(b.labels))
	for i, x := range b.bars[j] {
		s := typeset(number(x.value, d))
		if x.hasInterval() {
			s += ", 95 % " + typeset(number(x.value-x.half, d)) + " to " + typeset(number(x.value+x.half, d))
		} else {
			s += ", interval not applicable"
		}
		tips[i] = oneLine(b.labels[i]) + ": " + s
	}
	return tips
}

// table is the block in columns of text: level, and for each coefficient the
// mode and its interval.
func (b *block) table() string {
	const columns = 3
	head := []string{oneLine(b.group)}
	for _, n := range b.names {
		head = append(head, oneLine(n), "2.5 %", "97.5 %")
	}
	cells := [][]string{head}
	ds := make([]int, len(b.names))
	for j := range ds {
		ds[j] = decimals(b.bars[j])
	}
	for i, label := range b.labels {
		if len(b.labels) > 2*twinRows && i >= twinRows && i < len(b.labels)-twinRows {
			if i == twinRows {
				cells = append(cells, []string{fmt.Sprintf("... %d more", len(b.labels)-2*twinRows)})
			}
			continue
		}
		row := make([]string, 1, 1+columns*len(b.names))
		row[0] = oneLine(label)
		for j := range b.names {
			x := b.bars[j][i]
			row = append(row, number(x.value, ds[j]))
			if x.hasInterval() {
				row = append(row, number(x.value-x.half, ds[j]), number(x.value+x.half, ds[j]))
			} else {
				row = append(row, "-", "-")
			}
		}
		cells = append(cells, row)
	}
	return align(cells)
}

// align pads the cells: the first column left, the others right.
func align(cells [][]string) string {
	var widths []int
	for _, row := range cells {
		for j, s := range row {
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], utf8.RuneCountInString(s))
		}
	}
	var b strings.Builder
	for _, row := range cells {
		for j, s := range row {
			pad := strings.Repeat(" ", widths[j]-utf8.RuneCountInString(s))
			switch {
			case j > 0:
				b.WriteString("  " + pad + s)
			case len(row) == 1:
				b.WriteString(s)
			default:
				b.WriteString(s + pad)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// decimals shows the smallest interval of a column to the third significant
// digit of its standard deviation.
func decimals(bars []bar) int {
	sd := math.Inf(1)
	for _, x := range bars {
		if x.hasInterval() && x.half > 0 {
			sd = min(sd, x.half/z95)
		}
	}
	if math.IsInf(sd, 1) {
		return 3
	}
	return min(max(0, 2-int(math.Floor(math.Log10(sd)))), 12)
}

// number prints v, "-" where it is not defined.
func number(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	if decimals > 8 || math.Abs(v) >= 1e9 {
		return strconv.FormatFloat(v, 'g', 6, 64)
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		return strings.TrimPrefix(s, "-") // no negative zero
	}
	return s
}

// and joins names as a sentence does.
func and(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}
