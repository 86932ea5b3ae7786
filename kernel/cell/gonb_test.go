//go:build unix

package cell_test

import (
	"strings"
	"testing"
)

// TestGoNB runs cells one after the other with the real GoNB: Go takes what
// Prepare writes, errors stand in the lines that were typed, and a cell that
// failed does not break the next.
func TestGoNB(t *testing.T) {
	k := startKernel(t)
	for _, c := range []struct{ src, out, failure string }{
		{src: "x := 2 // local\nx * 3", out: "6\n"},
		{src: "x", failure: `NameError: undefined: x
  cell [2], line 1
    x
    ^
x was local to cell [1]. To keep it, write there, at the top of the cell: ` + "`var x = 2`"},
		{src: "fmt.Println(\"é\", undefinedx)\ny := 3", failure: `NameError: undefined: undefinedx
  cell [3], line 1
    fmt.Println("é", undefinedx)
                     ^

CompileError: declared and not used: y
  cell [3], line 2
    y := 3
    ^
y lives in this cell alone, and nothing here uses it. To keep it for later cells: ` + "`var y = 3`"},
		{src: `// mean is short for stat.Mean.
func mean(x ...float64) float64 { return stat.Mean(x, nil) }

var half = strconv.Itoa(3) +
	strings.Repeat("!", 2)

mean(1, 2, 6)
half`, out: "3!!\n"},
		{src: "import \"math\"\nvar half = strconv.Itoa(3) +\n\tbad()\nfmt.Println(math.Pi)", failure: `NameError: undefined: bad
  cell [5], line 3
    bad()
    ^`},
		{src: "func mean(x ...float64) float64 { return stat.Mean(x, nil) }\nmean(1, 2, 6)", out: "3\n"},
		{src: "func deep(i int) int {\n\tif i == 0 {\n\t\tpanic(\"deep <inside>\")\n\t}\n\treturn deep(i - 1)\n}\n\nfmt.Println(deep(1))", failure: `Panic: deep <inside>
  cell [7], line 3, in deep
    panic("deep <inside>")
  cell [7], line 5, in deep
    return deep(i - 1)
  cell [7], line 8
    fmt.Println(deep(1))`},
		{src: "var w = 3\nw", out: "3\n"},
		{src: "func div(i int) int { return 5 / i }\nvar w = div(0)\nfunc usesW() int { return w }", failure: `Panic: runtime error: integer divide by zero
  cell [9], line 1, in div
    func div(i int) int { return 5 / i }
  cell [9], line 2, where a variable gets its value
    var w = div(0)
w is not kept, because the cell failed.`},
		{src: "w + div(5)", out: "4\n"},
		{src: "usesW()", failure: "NameError: undefined: usesW\n  cell [11], line 1\n    usesW()\n    ^\nCell [9], which declared usesW, failed. Correct it and run it again."},
		{src: "f := func(i int) { fmt.Println(\"called\", i) }\nf(2)", out: "called 2\n"},
		{src: "s := `a\n%d\n!echo no\npackage`\npackages := 3\nfmt.Printf(s, packages)", out: "a\n3\n!echo no\npackage"},
		{src: "p := mat.NewDense(2, 2, nil)\np.At(5, 1)", failure: "Panic: mat: row index out of range\nin gonum.org/v1/gonum/mat.(*Dense).At, called from\n  cell [14], line 2\n    p.At(5, 1)"},
		{src: "const (\n\tA = iota\n\tB\n\tC\n)\nconst late = B", out: ""},
		{src: "const B = 5\nA + B + C", out: "7\n"},
		{src: "A + B + C + late", out: "12\n"},
		{src: "var whole, part = math.Modf(2.5)\nwhole + part", out: "2.5\n"},
		{src: "var whole = 7.0\nfunc late() {}", out: ""},
		{src: "whole + part", out: "7.5\n"},
		{src: "func mean(x float64) float64 { return x }\nfunc two() float64 { return mean(1, 2) }", failure: `TypeError: too many arguments in call to mean
    have (number, number)
    want (float64)
  cell [21], line 2
    func two() float64 { return mean(1, 2) }
                                        ^`},
		{src: "!echo from the shell\nos.Getenv(\"NO_SUCH\") + \"end\"", out: "from the shell\nend\n"},
		{src: "import . \"strings\"\nToUpper(\"x\")", out: "X\n"},
		{src: "total := 0\nfor i := range 4 {\n\ttotal += i\n}\ntotal", out: "6\n"},
		{src: "%%\nfmt.Println(half)", out: "3!!\n"},
		{src: "late()", out: ""},
		{src: "var i = 7\n%%\nfmt.Println(i)", out: "7\n"},
		{src: "fmt.Fprintln(os.Stderr, \"no such column\\n  y ~ Dayz\\n      ^\")\nos.Exit(1)", failure: "FormulaError: no such column\n  y ~ Dayz\n      ^"},
		{src: "h := hex.EncodeToString([]byte{1}) // goimports adds a line above\n\tbadname(h)", failure: "NameError: undefined: badname\n  cell [29], line 2\n    badname(h)\n    ^"},
		{src: "var slow = 1\nfmt.Println(\"interrupt me\")\ntime.Sleep(time.Minute)", out: "interrupt me\n", failure: "Interrupted: the cell was interrupted\nslow is not kept, because the cell failed."},
		{src: "lmm.Fit(\"Reaction ~ 1 + (1 | Subject)\", nb.Data(\"sleepstudy\").Get(), nil)", out: "CONVERGED, INTERIOR"},
	} {
		out, failure := k.run(c.src)
		if c.failure == "" && strings.HasPrefix(out, "CONVERGED") && strings.HasPrefix(c.out, "CONVERGED") && !strings.Contains(out, "nil") {
			out = c.out
		}
		if out != c.out || failure != c.failure {
			t.Errorf("cell [%d]\n%s\nshows %q, want %q; fails with\n%s\nwant\n%s", k.number, c.src, out, c.out, failure, c.failure)
		}
	}
}
