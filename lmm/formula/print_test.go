package formula

import "testing"

// The right column is R's deparse of the left one (R 4.2.2).
func TestDeparse(t *testing.T) {
	for _, tt := range [][2]string{
		{"a+b*2/3", "a + b * 2/3"},
		{"-x^2", "-x^2"},
		{"(-x)^2", "(-x)^2"},
		{"2^-x", "2^-x"},
		{"a %in% b", "a %in% b"},
		{"!a==b", "!a == b"},
		{"a&b|c", "a & b | c"},
		{"log(100000)", "log(1e+05)"},
		{"x*0.00001", "x * 1e-05"},
		{"x*0.0001", "x * 1e-04"},
		{"x+123456.7", "x + 123456.7"},
		{"x+1e15", "x + 1e+15"},
		{"x+100001", "x + 100001"},
		{"x/3e-7", "x/3e-07"},
		{"x+0.1234567890123456789", "x + 0.123456789012346"},
		{"x+5e-324", "x + 4.94065645841247e-324"},
		{"x+.5", "x + 0.5"},
		{"x+1L", "x + 1L"},
		{"x**2", "x^2"},
		{"`my x`+1", "`my x` + 1"},
		{"factor(x,levels=c('a','b'))", `factor(x, levels = c("a", "b"))`},
		{"poly(x,2,raw=TRUE)", "poly(x, 2, raw = TRUE)"},
		{"a-(b+c)", "a - (b + c)"},
	} {
		n := mustParse(t, "I("+tt[0]+") ~ z").Response.(*Call).Args[0].Value
		if got := n.String(); got != tt[1] {
			t.Errorf("%s: got %s, want %s", tt[0], got, tt[1])
		}
	}
}

func TestFormulaString(t *testing.T) {
	f := mustParse(t, "Reaction~Days*f+(Days|Subject)+(1|a/b)")
	if got, want := f.String(), "Reaction ~ Days * f + (Days | Subject) + (1 | a/b)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPrecedence(t *testing.T) {
	// Both spellings must give the same tree.
	for _, tt := range [][2]string{
		{"-a^b", "-(a^b)"},
		{"a^b^c", "a^(b^c)"},
		{"a^-b^c", "a^(-(b^c))"},
		{"a - b - c", "(a - b) - c"},
		{"a/b*c", "(a/b)*c"},
		{"-a %in% b", "(-a) %in% b"},
		{"a * b %in% c", "a * (b %in% c)"},
		{"a + b * c == d & e | f", "((((a + (b*c)) == d)) & e) | f"},
		{"!a == b & c", "(!(a == b)) & c"},
		{"a < -b", "a < (-b)"},
	} {
		a := mustParse(t, "I("+tt[0]+") ~ z").Response
		b := mustParse(t, "I("+tt[1]+") ~ z").Response
		if skeleton(a) != skeleton(b) {
			t.Errorf("%s is read as %s, not as %s", tt[0], skeleton(a), skeleton(b))
		}
	}
}

// skeleton prints the tree with one pair of brackets a node.
func skeleton(n Node) string {
	switch n := n.(type) {
	case *Paren:
		return skeleton(n.X)
	case *Unary:
		return "[" + n.Op + skeleton(n.X) + "]"
	case *Binary:
		return "[" + skeleton(n.X) + n.Op + skeleton(n.Y) + "]"
	case *Call:
		return n.Fun + skeleton(n.Args[0].Value)
	}
	return n.String()
}
