package mathml

import "strings"

// environment is what \begin and \end enclose: a table, in brackets or not.
type environment struct {
	open, shut string
	columns    string // alignments, repeated; "" centres
	tight      bool   // no space between the columns: an equation and its continuation
	single     bool   // one formula, no table
}

var environments = map[string]environment{
	"matrix": {}, "pmatrix": {open: "(", shut: ")"}, "bmatrix": {open: "[", shut: "]"}, "Bmatrix": {open: "{", shut: "}"},
	"vmatrix": {open: "|", shut: "|"}, "Vmatrix": {open: "‖", shut: "‖"}, "smallmatrix": {}, "array": {},
	"cases": {open: "{", columns: "l"}, "dcases": {open: "{", columns: "l"}, "rcases": {shut: "}", columns: "l"},
	"aligned": {columns: "rl", tight: true}, "align": {columns: "rl", tight: true}, "split": {columns: "rl", tight: true},
	"alignedat": {columns: "rl", tight: true}, "eqnarray": {columns: "rcl", tight: true},
	"gathered": {}, "gather": {}, "multline": {},
	"equation": {single: true}, "math": {single: true}, "displaymath": {single: true},
}

// environment reads from \begin to its \end.
func (p *parser) environment(t token) (*node, error) {
	name, err := p.raw(t)
	if err != nil {
		return nil, err
	}
	env, ok := environments[strings.TrimSuffix(name, "*")]
	if !ok {
		return nil, p.fail(t, "the environment %s is not known", name)
	}
	switch strings.TrimSuffix(name, "*") {
	case "array":
		spec, err := p.raw(t)
		if err != nil {
			return nil, err
		}
		env.columns = strings.Map(func(r rune) rune {
			if r == 'l' || r == 'c' || r == 'r' {
				return r
			}
			return -1
		}, spec)
	case "alignedat":
		if _, err := p.raw(t); err != nil {
			return nil, err
		}
	}
	rows, err := p.rows(t, name)
	if err != nil {
		return nil, err
	}
	if env.single && len(rows) == 1 && len(rows[0]) == 1 {
		return rows[0][0], nil
	}
	table := env.table(rows)
	if env.open == "" && env.shut == "" {
		return table, nil
	}
	out := element("mrow")
	if env.open != "" {
		out.kids = append(out.kids, stretched(env.open))
	}
	out.kids = append(out.kids, table)
	if env.shut != "" {
		out.kids = append(out.kids, stretched(env.shut))
	}
	out.opens = env.open != ""
	return out, nil
}

// rows reads the cells of a table up to \end{name}.
func (p *parser) rows(begin token, name string) ([][]*node, error) {
	rows := [][]*node{nil}
	for {
		list, err := p.list()
		if err != nil {
			return nil, err
		}
		last := len(rows) - 1
		rows[last] = append(rows[last], row(list))
		t := p.next()
		switch {
		case t.is(char, "&"):
		case t.is(command, `\`), t.is(command, "cr"):
			if err := p.rowGap(t); err != nil {
				return nil, err
			}
			rows = append(rows, nil)
		case t.is(command, "end"):
			closed, err := p.raw(t)
			if err != nil {
				return nil, err
			}
			if closed != name {
				return nil, p.fail(t, `\end{%s} closes \begin{%s}`, closed, name)
			}
			if n := len(rows[last]); last > 0 && n == 1 && rows[last][0].name == "mrow" && len(rows[last][0].kids) == 0 {
				rows = rows[:last] // a \\ at the end of the last line
			}
			return rows, nil
		default:
			return nil, p.fail(begin, `\begin{%s} is not closed`, name)
		}
	}
}

// rowGap passes over the length in \\[2pt].
func (p *parser) rowGap(t token) error {
	if !p.peek().is(char, "[") || p.peek().at != t.at+2 {
		return nil
	}
	for !p.peek().is(char, "]") {
		if p.next().kind == end {
			return p.fail(t, "the bracket of a line's gap is not closed")
		}
	}
	p.next()
	return nil
}

func (e environment) table(rows [][]*node) *node {
	table := element("mtable")
	for _, cells := range rows {
		tr := element("mtr")
		for i, c := range cells {
			if e.tight && i%len(e.columns) > 0 {
				c = element("mrow", element("mrow"), c) // what begins a continuation stands between two things
			}
			tr.kids = append(tr.kids, element("mtd", c).withStyle(e.cellStyle(i)))
		}
		table.kids = append(table.kids, tr)
	}
	if e.tight {
		table.with(`displaystyle="true"`)
	}
	return table
}

// cellStyle is the CSS of column i. Browsers know no columnalign.
func (e environment) cellStyle(i int) string {
	if e.columns == "" {
		return ""
	}
	align := map[byte]string{'l': "left", 'c': "center", 'r': "right"}[e.columns[i%len(e.columns)]]
	style := "text-align:" + align
	if e.tight {
		switch {
		case i == 0:
			style += ";padding-right:0"
		case i%len(e.columns) == 0:
			style += ";padding-left:2em;padding-right:0"
		default:
			style += ";padding-left:0;padding-right:0"
		}
	}
	return style
}

func (n *node) withStyle(style string) *node {
	if style == "" {
		return n
	}
	return n.with(`style="` + style + `"`)
}
