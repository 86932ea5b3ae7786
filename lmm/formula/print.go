package formula

import (
	"math"
	"strconv"
	"strings"
)

// String prints the formula as R deparses it.
func (f *Formula) String() string {
	return f.Response.String() + " ~ " + f.rhs.String()
}

// Expanded prints the formula from its expanded parts: y ~ a + b + a:b + (1 | g).
// A copy of a formula with some of its parts changed is made whole by parsing
// what this prints; the order of the variables within an interaction may change.
func (f *Formula) Expanded() string {
	var parts []string
	for _, t := range f.Fixed {
		parts = append(parts, t.source())
	}
	for _, o := range f.Offsets {
		parts = append(parts, "offset("+o.String()+")")
	}
	for _, r := range f.Random {
		parts = append(parts, r.String())
	}
	first := "0"
	if f.Intercept {
		first = "1"
	}
	if !f.Intercept || len(f.Fixed) == 0 {
		parts = append([]string{first}, parts...)
	}
	return f.Response.String() + " ~ " + strings.Join(parts, " + ")
}

// String prints the term as R names it: "a", "a:b", "x > 0".
func (t Term) String() string { return join(t.Vars, ":") }

// source prints the term so that it can stand in a sum: "(x > 0):b".
func (t Term) source() string {
	parts := make([]string, len(t.Vars))
	for i, v := range t.Vars {
		parts[i] = v.String()
		switch v.(type) {
		case *Binary, *Unary:
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, ":")
}

// String prints the term after expansion: "(x | g)", "(1 | a:b)", "rr(f | g, 2)".
func (r Random) String() string {
	var lhs []string
	switch {
	case !r.Intercept:
		lhs = append(lhs, "0")
	case len(r.Terms) == 0:
		lhs = append(lhs, "1")
	}
	for _, t := range r.Terms {
		lhs = append(lhs, t.source())
	}
	left, right := strings.Join(lhs, " + "), join(r.Group, ":")
	switch r.Shape {
	case Independent:
		return "(" + left + " || " + right + ")"
	case Diag:
		return "diag(" + left + " | " + right + ")"
	case CompSymm:
		return "cs(" + left + " | " + right + ")"
	case ReducedRank:
		return "rr(" + left + " | " + right + ", " + strconv.Itoa(r.Rank) + ")"
	}
	return "(" + left + " | " + right + ")"
}

func join(nodes []Node, sep string) string {
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = n.String()
	}
	return strings.Join(parts, sep)
}

func (n *Ident) String() string { return quoteName(n.Name) }

// String prints the number as R does, with up to 15 digits: 0.1, 1e+05.
func (n *Number) String() string {
	if strings.HasSuffix(n.Text, "L") {
		return formatNumber(n.Value) + "L"
	}
	return formatNumber(n.Value)
}

func (n *Text) String() string   { return deparse(n) }
func (n *Bool) String() string   { return strings.ToUpper(strconv.FormatBool(n.Value)) }
func (n *Call) String() string   { return deparse(n) }
func (n *Unary) String() string  { return deparse(n) }
func (n *Binary) String() string { return deparse(n) }
func (n *Paren) String() string  { return deparse(n) }

func deparse(n Node) string {
	var b strings.Builder
	write(&b, n)
	return b.String()
}

func write(b *strings.Builder, n Node) {
	switch n := n.(type) {
	case *Text:
		writeText(b, n.Value)
	case *Unary:
		b.WriteString(n.Op)
		write(b, n.X)
	case *Paren:
		b.WriteByte('(')
		write(b, n.X)
		b.WriteByte(')')
	case *Binary:
		write(b, n.X)
		switch n.Op {
		case "/", ":", "^":
			b.WriteString(n.Op)
		default:
			b.WriteString(" " + n.Op + " ")
		}
		write(b, n.Y)
	case *Call:
		b.WriteString(n.Fun)
		b.WriteByte('(')
		for i, a := range n.Args {
			if i > 0 {
				b.WriteString(", ")
			}
			if a.Name != "" {
				b.WriteString(quoteName(a.Name) + " = ")
			}
			write(b, a.Value)
		}
		b.WriteByte(')')
	default:
		b.WriteString(n.String())
	}
}

func writeText(b *strings.Builder, s string) {
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
}

// quoteName puts a name that the scanner would not read whole between
// back-ticks.
func quoteName(name string) string {
	s := scanner{src: name}
	t, err := s.next()
	if err == nil && t.kind == tokIdent && t.end == len(name) && !t.quoted && t.off == 0 {
		switch name {
		case ".", "TRUE", "FALSE":
		default:
			return name
		}
	}
	return "`" + name + "`"
}

// formatNumber prints v with the fewest of at most 15 digits that give it
// back, in the shorter of fixed and scientific notation, fixed on a tie.
func formatNumber(v float64) string {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	sci := strconv.FormatFloat(v, 'e', 14, 64)
	mantissa, exponent, _ := strings.Cut(sci, "e")
	mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	sci = mantissa + "e" + exponent
	exp, _ := strconv.Atoi(exponent)
	digits := len(strings.ReplaceAll(strings.TrimPrefix(mantissa, "-"), ".", ""))
	if fixed := strconv.FormatFloat(v, 'f', max(0, digits-1-exp), 64); len(fixed) <= len(sci) {
		return fixed
	}
	return sci
}
