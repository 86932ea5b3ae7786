package cell

import (
	"strings"
	"testing"
)

// TestPrepare holds what GoNB gets for what people type. The blank lines that
// number the code are cut off.
func TestPrepare(t *testing.T) {
	for _, c := range []struct{ name, src, code string }{
		{"nothing", "  \n// only words\n", ""},
		{"a value", "1 + 2", `import ("github.com/golmm/golmm/kernel/nb")
func main() {
nb.Show(1 + 2)
}
`},
		{"statements", "x := 3 // three\nfmt.Println(x)\n\n", `import ("fmt")
func main() {
x := 3 // three
fmt.Println(x)
}
`},
		{"a value after a statement on one line", "x := 3; x // shown", `import ("github.com/golmm/golmm/kernel/nb")
func main() {
x := 3; nb.Show(x) // shown
}
`},
		{"a value over two lines", "x := 3\nx +\n\tx", `import ("github.com/golmm/golmm/kernel/nb")
func main() {
x := 3
nb.Show(x +
	x)
}
`},
		{"a call that ends with a semicolon is not shown", "f();", "func main() {\nf();\n}\n"},
		{"a value that ends with a semicolon is muted", "x := 1\nx;", "func main() {\nx := 1\n_ = x;\n}\n"},
		{"calls for what they do", "nb.Check(err)", "import (\"github.com/golmm/golmm/kernel/nb\")\nfunc main() {\nnb.Check(err)\n}\n"},
		{"a declaration alone", "var m = nb.Fit(f, t)", "import (\"github.com/golmm/golmm/kernel/nb\")\nvar m = nb.Fit(f, t)\nfunc main() {\n}\n"},
		{"a mix", `x := twice(2)
import "fmt"

// twice doubles.
func twice(i int) int { return 2 * i }
var k = twice(4)
type P struct{ x int }
fmt.Println(x, k)`, `import "fmt"
// twice doubles.
func twice(i int) int { return 2 * i }
var k = twice(4)
type P struct{ x int }
func main() {
x := twice(2)






fmt.Println(x, k)
}
`},
		{"a var that uses a local is local", "x := 3\nvar y = 2 * x\ny", `import ("github.com/golmm/golmm/kernel/nb")
func main() {
x := 3
var y = 2 * x
nb.Show(y)
}
`},
		{"a var that changes is local", "var n int\nfor i := range 3 {\n\tn += i\n}\nn", `import ("github.com/golmm/golmm/kernel/nb")
func main() {
var n int
for i := range 3 {
	n += i
}
nb.Show(n)
}
`},
		{"a var that a func changes is kept", "var n int\nfunc inc() { n++ }\ninc()", `func inc() { n++ }
var n int
func main() {


inc()
}
`},
		{"the blank name is local", "var _ = f()", "func main() {\nvar _ = f()\n}\n"},
		{"a func literal is an expression", "func(i int) int { return i }(3)", `import ("github.com/golmm/golmm/kernel/nb")
func main() {
nb.Show(func(i int) int { return i }(3))
}
`},
		{"a method", "func (p *P) N() int { return 1 }\nfunc (P) error() {}", "func (p *P) N() int { return 1 }\nfunc (P) error() {}\nfunc main() {\n}\n"},
		{"func main", "func main() {\n\tfmt.Println(1)\n}", "import (\"fmt\")\nfunc main() {\n\tfmt.Println(1)\n}\n"},
		{"GoNB's own form", "var x = fmt.Sprint(1)\n%%\nfmt.Println(x)\nx", "import (\"fmt\")\nvar x = fmt.Sprint(1)\n%%\nfmt.Println(x)\nx\n"},
		{"commands run first", "x := 1\n!ls \\\n  -l\nfmt.Println(x)\n%env A b", `!ls \
  -l
%env A b
import ("fmt")
func main() {
x := 1


fmt.Println(x)
}
`},
		{"only commands", "%cd /tmp\n!ls", "%cd /tmp\n!ls\n"},
		{"lines that GoNB would take for commands", "s := `a\n%d\n!x\npackage`\nif ok &&\n!done {\n}\npackages := s", "func main() {\ns := (`a\n`+`%d\n`+`!x\n`+`package`)\nif ok &&\n !done {\n}\n packages := s\n}\n"},
		{"a comment that numbers lines", "//line a.go:900\nx()", "import (\"github.com/golmm/golmm/kernel/nb\")\nfunc main() {\n// line a.go:900\nnb.Show(x())\n}\n"},
		{"a local name like a package", "stat := stat.Mean(x, nil)\nstat", "import (\"gonum.org/v1/gonum/stat\"; \"github.com/golmm/golmm/kernel/nb\")\nfunc main() {\nstat := stat.Mean(x, nil)\nnb.Show(stat)\n}\n"},
		{"a local nb", "nb := 3\nnb", "import (golmm_nb \"github.com/golmm/golmm/kernel/nb\")\nfunc main() {\nnb := 3\ngolmm_nb.Show(nb)\n}\n"},
		{"imports of its own", "import fmt \"example.com/x\"\nfmt.Println(1)", "import fmt \"example.com/x\"\nfunc main() {\n\nfmt.Println(1)\n}\n"},
		{"a package clause", "package main\nfmt.Println(1)", "import (\"fmt\")\nfunc main() {\n\nfmt.Println(1)\n}\n"},
		{"a package clause in GoNB's own form", "package main\nvar x = 1\n%%\nf(x)", "var x = 1\n%%\nf(x)\n"},
		{"nothing is lost beside func main", "func main() {}\nvar _ = f()\nvar x = 1", "func main() {}\nvar golmm_1 = f()\nvar x = 1\n"},
		{"no Go", "%%writefile a.txt\nx := `", "%%writefile a.txt\nx := `"},
		{"carriage returns", "x := 1\r\nfmt.Println(x)\r\n", "import (\"fmt\")\nfunc main() {\nx := 1\nfmt.Println(x)\n}\n"},
	} {
		s := NewSession(Options{})
		got := s.Prepare(1, c.src)
		if got.Failure != nil {
			t.Errorf("%s: %s", c.name, strings.Join(got.Failure.Traceback, "\n"))
			continue
		}
		if trimmed(got.Code) != c.code {
			t.Errorf("%s: code\n%s\nwant\n%s", c.name, got.Code, c.code)
		}
	}
}

// trimmed is code without the blank lines before it, and without the blanks that
// stand where declarations stood.
func trimmed(code string) string {
	lines := strings.Split(code, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.TrimLeft(strings.Join(lines, "\n"), "\n")
}

// TestSyntax holds what the parser says, and where.
func TestSyntax(t *testing.T) {
	for _, c := range []struct{ src, text string }{
		{"x := \n", "SyntaxError: expected operand, found the end of the cell\n  cell [7], line 1\n    x :=\n        ^"},
		{"fmt.Println(1", "SyntaxError: this ( is never closed\n  cell [7], line 1\n    fmt.Println(1\n               ^"},
		{"func f() {\n\tif x {\n", "SyntaxError: this { is never closed\n  cell [7], line 2\n    if x {\n         ^"},
		{"x := 1\n}\n", "SyntaxError: this } closes nothing\n  cell [7], line 2\n    }\n    ^"},
		{"f(1}\n", "SyntaxError: this } stands where the ( before it must be closed\n  cell [7], line 1\n    f(1}\n       ^"},
		{"a\n\tb := = 3", "SyntaxError: expected operand, found '='\n  cell [7], line 2\n    b := = 3\n         ^"},
		{"func main() {}\nx()", "SyntaxError: a statement beside func main\n  cell [7], line 2\n    x()\n    ^\nWrite it into func main, or leave out func main: statements run without one."},
		{"x()\n%%\ny()", "SyntaxError: expected declaration, found x\n  cell [7], line 1\n    x()\n    ^\nAbove the line with `%%` only declarations stand."},
		{"%%\nx()\n%%\ny()", "SyntaxError: a second line that begins main\n  cell [7], line 3\n    %%\n    ^\nA cell has one line with `%%`, `%main` or `%exec`."},
		{"%  \nx()", "SyntaxError: a command without a word\n  cell [7], line 1\n    %\n    ^\nLines that begin with % or ! are commands of GoNB; `%help` lists them."},
		{"é, ü := 1, `", "SyntaxError: this ` is never closed\n  cell [7], line 1\n    é, ü := 1, `\n               ^"},
	} {
		f := NewSession(Options{}).Prepare(7, c.src).Failure
		if f == nil {
			t.Errorf("%q was taken", c.src)
			continue
		}
		if got := strings.Join(f.Traceback, "\n"); got != c.text {
			t.Errorf("%q:\n%s\nwant\n%s", c.src, got, c.text)
		}
	}
}

// TestAdvice: those who come from other languages are told how Go says it.
func TestAdvice(t *testing.T) {
	for _, c := range []struct{ src, value, hint string }{
		{"x, y", "expected 1 expression", "To show several values: `nb.Show(x, y)`"},
		{"y ~ x + (1 | g)", "unexpected '~': the statement before it must end first, with the line or a semicolon", "A formula stands in quotes: `nb.Fit(\"y ~ x + (1 | g)\", table)`"},
		{"nb.Fit('y ~ x', d)", "illegal rune literal", "Text stands in double quotes: `\"text\"`"},
		{"while true {\n}", "unexpected true: the statement before it must end first, with the line or a semicolon", "The loop of Go is for: `for x < 3 { ... }`"},
		{"f(a=1)", "expected '==', found '='", "Go has no arguments by name; options are a struct: `&lmm.Options{ML: true}`"},
		{"x := 1\nm$beta", "the character $ has no meaning in Go", "What belongs to a value follows a point: `m.Sigma()`"},
		{"if x = 3 {\n}", "expected boolean expression, found assignment (missing parentheses around composite literal?)", "`=` assigns, `==` compares."},
		{"x y", "unexpected y: the statement before it must end first, with the line or a semicolon", ""},
	} {
		f := NewSession(Options{}).Prepare(1, c.src).Failure
		if f == nil {
			t.Errorf("%q was taken", c.src)
			continue
		}
		last := f.Traceback[len(f.Traceback)-1]
		if f.Value != c.value || last != c.hint && (c.hint != "" || strings.TrimSpace(last) != "^") {
			t.Errorf("%q: %s\n%s", c.src, f.Value, last)
		}
	}
}

func TestIsComplete(t *testing.T) {
	for _, c := range []struct{ src, status, indent string }{
		{"", "complete", ""},
		{"x", "complete", ""},
		{"x := 1\nx", "complete", ""},
		{"for i := range 3 {", "incomplete", "\t"},
		{"func f() {\n\tif x {", "incomplete", "\t\t"},
		{"func f() {\n\tif x {\n\t}\n}", "complete", ""},
		{"f(1,", "incomplete", ""},
		{"x := ", "incomplete", ""},
		{"x := `a", "incomplete", ""},
		{"/* a", "incomplete", ""},
		{"a &&", "incomplete", ""},
		{"x = = 1", "invalid", ""},
		{"f(1}", "invalid", ""},
		{"}", "invalid", ""},
		{"\"a", "invalid", ""},
		{"%ls", "complete", ""},
		{"!ls", "complete", ""},
		{"%%", "incomplete", ""},
		{"%%\nx()", "complete", ""},
		{"%%\nif x {", "incomplete", "\t"},
		{"%%bash\nls", "incomplete", ""},
		{"%%bash\nls\n", "complete", ""},
	} {
		status, indent := IsComplete(c.src)
		if status != c.status || indent != c.indent {
			t.Errorf("%q: %s %q, want %s %q", c.src, status, indent, c.status, c.indent)
		}
	}
}
