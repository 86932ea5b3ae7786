package cell

import (
	"fmt"
	"strings"
	"testing"
)

// saying is what GoNB says about an error of the compiler: in the line of c's
// code that holds text, at a column of the line that main.go has for it.
func saying(t *testing.T, c *Cell, text, shown string, col int, msg ...string) Report {
	t.Helper()
	n := 0
	for i, l := range strings.Split(c.Code, "\n") {
		if strings.Contains(l, text) {
			n = i + 1
		}
	}
	if n == 0 {
		t.Fatalf("%q is not in\n%s", text, c.Code)
	}
	r := Report{Ename: "ERROR", Evalue: "# gonb_60472276\n", Traceback: []string{"# gonb_60472276"}}
	for i, m := range msg {
		if i > 0 {
			r.Evalue += "\t" + m + "\n"
			r.Traceback = append(r.Traceback, "\t"+m)
			continue
		}
		r.Evalue += fmt.Sprintf("./main.go:31:%d: %s\n", col, m)
		r.Traceback = append(r.Traceback, fmt.Sprintf("Cell[9]: Line %d\n\nfunc before() {\n%s\n%s^\n\n}\n\n%s", n, shown, strings.Repeat(" ", col-1), m))
	}
	r.Traceback = append(r.Traceback, "")
	return r
}

func explained(c *Cell, r Report) string { return strings.Join(c.Explain(r).Traceback, "\n") }

// TestColumns: GoNB writes a var, const or type anew, in other columns.
func TestColumns(t *testing.T) {
	for _, c := range []struct {
		src, text, shown string
		col              int
		want             string
	}{
		{"var  zeta   = bad(1)", "zeta", "\tzeta = bad(1)", 9, "var  zeta   = bad(1)\n                  ^"},
		{"var a, b = bad(1), 2", "a, b", "\ta = bad(1)", 6, "var a, b = bad(1), 2\n               ^"},
		{"var a T", "a T", "\ta T", 4, "var a T\n          ^"},
		{"const k   = bad", "bad", "const k = bad", 11, "const k   = bad\n                ^"},
		{"\tx := bad(1) // é", "bad", "\tx := bad(1) // é", 7, "x := bad(1) // é\n         ^"},
		{"é := \"é\"; bad(é)", "bad", "é := \"é\"; nb.Show(bad(é))", 21, "é := \"é\"; bad(é)\n              ^"},
		{"var a = f(\n\tbad)", "\tbad)", "\tbad)", 2, "bad)\n    ^"},
		{"var a = x.bad.bad", "bad.bad", "something else", 3, "var a = x.bad.bad"},
	} {
		s := NewSession(Options{})
		cell := s.Prepare(1, c.src)
		got := explained(cell, saying(t, cell, c.text, c.shown, c.col, "undefined: bad"))
		if lines := strings.SplitN(got, "\n", 3); len(lines) != 3 || lines[2] != "    "+c.want {
			t.Errorf("%q:\n%s\nwant\n%s", c.src, got, c.want)
		}
	}
}

// TestLinesOff: GoNB's lines are off where two variables share a value of several
// lines; the text of the line tells.
func TestLinesOff(t *testing.T) {
	s := NewSession(Options{})
	c := s.Prepare(1, "func f() {\n\tone()\n\ttwo()\n\tbad()\n}")
	got := explained(c, saying(t, c, "two()", "\tbad()", 2, "undefined: bad"))
	if want := "NameError: undefined: bad\n  cell [1], line 4\n    bad()\n    ^"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestHints(t *testing.T) {
	for _, c := range []struct{ before, src, text, msg, want string }{
		{"x, err := f() // two", "x", "Show", "undefined: x", "x was local to cell [1]. To keep it, write there, at the top of the cell: `var x, err = f()`"},
		{"sleep := nb.Data(\"sleepstudy\")\nx := nb.Fit(f, sleep)\nx", "x", "Show", "undefined: x", "x was local to cell [1]. To keep it, write there, at the top of the cell: `var x = nb.Fit(f, sleep)`, and so for sleep"},
		{"table := nb.Data(\"sleepstudy\")\ntable", "table.Rows()", "Show", "undefined: table.Rows", "table was local to cell [1]. To keep it, write there, at the top of the cell: `var table = nb.Data(\"sleepstudy\")`"},
		{"%%\nx := f()", "x", "Show", "undefined: x", "x was local to cell [1]. To keep it, write there, above the line with `%%`: `var x = f()`"},
		{"%%\nvar x = f()", "x", "Show", "undefined: x", "x was local to cell [1]. To keep it, declare it above the line with `%%` there."},
		{"x := f(func() {\n})\nx.y()", "x", "Show", "undefined: x", "x was local to cell [1]. To keep it, write there, at the top of the cell: `var x = ...`"},
		{"var x = 1\nx = 2", "x", "Show", "undefined: x", "x was local to cell [1]: statements there change it, or it uses what is local there. To keep it, give it its whole value where it is declared."},
		{"var sleep = 1", "sleeep + 1", "sleeep", "undefined: sleeep", "Did you mean sleep?"},
		{"", "nb.Fti(1)", "Fti", "undefined: nb.Fti", "Did you mean nb.Fit?"},
		{"", "nb.Fit(f, t, lmm.Options{})", "lmm.Options", "cannot use lmm.Options{…} (value of struct type lmm.Options) as *lmm.Options value in argument to nb.Fit", "Options are given with & before them: `&lmm.Options{...}`"},
		{"", "infer.Anova(m, nil)", "infer.Anova", "cannot use m (variable of type *nb.Model) as *lmm.Model value in argument to infer.Anova", "nb.Anova takes it as it is; *lmm.Model itself is `m.Get()`."},
		{"", "plots.ProfileZeta(nb.Profile(m))", "plots.", "cannot use nb.Profile(m) (value of type *nb.Value[*infer.ProfileResult]) as *infer.ProfileResult value in argument to plots.ProfileZeta", "It is computed at its first use; *infer.ProfileResult itself is `nb.Profile(m).Get()`."},
		{"", "infer.AnovaOptions{Type: \"II\"}", "infer.", "cannot use \"II\" (untyped string constant) as infer.AnovaType value in struct literal", "The values of infer.AnovaType: infer.TypeIII, infer.TypeI, infer.TypeII."},
		{"", "lmm.Options{REML: true}", "lmm.", "unknown field REML in struct literal of type lmm.Options", "REML is the default; `ML: true` asks for maximum likelihood."},
		{"", "infer.Options{Df: 1}", "infer.", "unknown field Df in struct literal of type infer.Options", "Did you mean DF? The fields of infer.Options: DF, Level."},
		{"", "m.summary()", "m.", "m.summary undefined (type *nb.Model has no field or method summary)", "In golmm: `nb.Show(m)`, or m at the end of the cell"},
		{"", "m.Varcor()", "m.", "m.Varcor undefined (type *nb.Model has no field or method Varcor)", "Did you mean VarCorr?"},
		{"", "p.Curves", "p.", "p.Curves undefined (type *nb.Value[*infer.ProfileResult] has no field or method Curves)", "It is computed at its first use, and has that then: `p.Get().Curves`"},
		{"", "nb.Fit(f, \"x\")", "nb.", "string does not satisfy nb.Frame (string missing in *github.com/golmm/golmm/kernel/nb.Table | *github.com/golmm/golmm/lmm/table.Table)", "A table is `nb.Data(\"sleepstudy\")`, or with the path of a file."},
		{"", "nb.Fit(f, nil)", "nb.", "in call to nb.Fit, cannot infer F (declared at /x/kernel/nb/fit.go:23:10)", "A table is `nb.Data(\"sleepstudy\")`, or with the path of a file."},
		{"", "nb.Anova(nil)", "nb.", "in call to nb.Anova, cannot infer M (declared at /x/kernel/nb/fixed.go:67:12)", "A model is what nb.Fit returns."},
		{"", "nb.Anova(t)", "nb.", "*github.com/golmm/golmm/kernel/nb.Table does not satisfy nb.Fitted (x)", "A model is what nb.Fit returns."},
		{"", "nb.Compare(m, n)", "nb.", "in call to nb.Compare, type *lmm.Model of n does not match inferred type *nb.Model for M", "All models must be of a kind: what nb.Fit returns, or what `.Get()` of each does."},
		{"", "summary(m)", "summary", "undefined: summary", "In golmm: `nb.Show(m)`, or m at the end of the cell"},
		{"", "ranef(m)", "ranef", "undefined: ranef", "In golmm: `m.RandomEffects()`"},
		{"var Mean = 1", "mean + 1", "mean", "undefined: mean", "Did you mean Mean?"},
		{"", "yy = 3", "yy", "undefined: yy", "To define yy write `:=`, or `var yy =` to keep it for later cells."},
		{"", "x := 1\nfunc f() int { return x }\nf()", "func f()", "undefined: x", "x is local to the statements of this cell; functions and kept variables do not see it. To let them: `var x = 1`"},
		{"", "x := 1", "x :=", "declared and not used: x", "x lives in this cell alone, and nothing here uses it. To keep it for later cells: `var x = 1`"},
		{"", "func f() {\n\tx := 1\n}", "x :=", "declared and not used: x", "Go wants every local variable used. Use it, leave it out, or write `_ = x`."},
		{"", "m, err := lmm.Fit(f, t, nil)\nm", "err :=", "declared and not used: err", "Let the error stop the cell, `nb.Check(err)`, or write `_` in its place."},
		{"", "m := lmm.Fit(f, t, nil)\nm", "m :=", "assignment mismatch: 1 variable but lmm.Fit returns 2 values", "Take both values, `x, err := ...`, or where the second is an error let it stop the cell: `nb.Must(...)`"},
		{"", "m\nf()", "m", "m (variable of type *lmm.Model) is not used", "Only the value at the end of a cell is shown. To show others: `nb.Show(...)`"},
		{"", "%%\nm", "m", "m (variable of type *lmm.Model) is not used", "In a cell with `%%` no value is shown by itself. To show it: `nb.Show(...)`"},
		{"", "import \"a.b/c\"\nc.D()", "a.b/c", "no required module provides package a.b/c; to add it:", "Cells have Go's own packages, gonum and golmm. `!*go get a.b/c` fetches another module for this kernel."},
	} {
		s := NewSession(libraryOptions())
		if c.before != "" {
			run(t, s, c.before, true)
		}
		cell := s.Prepare(2, c.src)
		line := ""
		for _, l := range strings.Split(cell.Code, "\n") {
			if strings.Contains(l, c.text) {
				line = l
			}
		}
		col := max(1, strings.Index(line, strings.TrimPrefix(c.msg, "undefined: "))+1)
		got := cell.Explain(saying(t, cell, c.text, line, col, c.msg))
		if last := got.Traceback[len(got.Traceback)-1]; last != c.want {
			t.Errorf("%s: %s\nwant %s", c.src, strings.Join(got.Traceback, "\n"), c.want)
		}
	}
}

func TestSeveralErrors(t *testing.T) {
	c := NewSession(Options{}).Prepare(3, "f(1)\ng <- 2")
	r := saying(t, c, "f(1)", "f(1)", 3, "not enough arguments in call to f", "have (number)", "want (int, string)")
	second := saying(t, c, "g <- 2", "g <- 2", 1, "undefined: g")
	r.Evalue += strings.TrimPrefix(second.Evalue, "# gonb_60472276\n") + "./main.go:40:1: too many errors\n"
	r.Traceback = append(append(r.Traceback[:len(r.Traceback)-1], second.Traceback[1:]...), "")
	f := c.Explain(r)
	want := `TypeError: not enough arguments in call to f
    have (number)
    want (int, string)
  cell [3], line 1
    f(1)
      ^

NameError: undefined: g
  cell [3], line 2
    g <- 2
    ^`
	if got := strings.Join(f.Traceback, "\n"); got != want || f.Name != "TypeError" || f.Value != "not enough arguments in call to f (and 1 more error)" {
		t.Errorf("%s, %s\n%s\nwant\n%s", f.Name, f.Value, got, want)
	}
}

// TestEnds explains cells that ran and ended badly.
func TestEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		r    Report
		want string
	}{
		{"a deadlock", Report{Evalue: "exit status 2", Stderr: "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [sync.Mutex.Lock]:\ninternal/sync.x(0x1)\n\t/usr/local/go/src/runtime/sema.go:95 +0x25\nsync.(*Mutex).Lock(...)\n\t/usr/local/go/src/sync/mutex.go:46\nmain.main()\n\t \x1b[7m[[ Cell [16] Line %d ]]\x1b[0m /tmp/gonb_6/main.go:19 +0xb3\nexit status 2\n"},
			"FatalError: all goroutines are asleep - deadlock!\nin sync.(*Mutex).Lock, called from\n  cell [4], line 2\n    body()"},
		{"another goroutine", Report{Evalue: "exit status 2", Stderr: "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a8418]\n\ngoroutine 19 [running]:\nmain.main.func1()\n\t [[ Cell [15] Line %d ]] /tmp/gonb_6/main.go:20 +0x18\ncreated by main.main in goroutine 1\n\t/tmp/gonb_6/main.go:20 +0x7c\n"},
			"Panic: runtime error: invalid memory address or nil pointer dereference\n  cell [4], line 2, in a function literal\n    body()"},
		{"no line", Report{Evalue: "exit status 2", Stderr: "panic: x\n\ngoroutine 1 [running]:\nmain.helper(0x1)\n\t/tmp/gonb_6/main.go:10 +0x1\nmain.main()\n\t/tmp/gonb_6/main.go:20 +0x7c\n"},
			"Panic: x\n  cell [4], line 3, in helper\n    func helper(int) {}"},
		{"a word before", Report{Evalue: "exit status 2", Stderr: "panic: not yet\npanic: two\nlines [recovered]\n\tpanic: again\n\ngoroutine 1 [running]:\nmain.init()\n\t/tmp/gonb_6/main.go:20 +0x7c\n"},
			"Panic: two\nlines [recovered]\npanic: again\nv is not kept, because the cell failed."},
		{"os.Exit", Report{Evalue: "exit status 3", Stderr: "exit status 3\n"}, "Exit: the cell ended with exit status 3\nv is not kept, because the cell failed."},
		{"log.Fatal", Report{Evalue: "exit status 1", Stderr: "2026/11/21 04:39:40 hm\nexit status 1\n"}, "Error: hm\nv is not kept, because the cell failed."},
		{"a formula", Report{Evalue: "exit status 1", Stderr: "unknown name Dayz\n  y ~ Dayz\n      ^\nexit status 1\n"}, "FormulaError: unknown name Dayz\n  y ~ Dayz\n      ^\nv is not kept, because the cell failed."},
		{"killed", Report{Evalue: "signal: killed", Stderr: "signal: killed\n"}, "Killed: the cell was killed\nThe system may have been out of memory.\nv is not kept, because the cell failed."},
		{"interrupted", Report{Evalue: "signal: interrupt", Stderr: "^C\nsignal: interrupt\n", Interrupted: true}, "Interrupted: the cell was interrupted\nv is not kept, because the cell failed."},
		{"interrupted while it was built", Report{Evalue: "", Interrupted: true}, "Interrupted: the cell was interrupted"},
		{"a command", Report{Evalue: "executing special commands in cell: no"}, "Error: executing special commands in cell: no"},
		{"nothing at all", Report{}, "Error: the cell failed, and GoNB does not say why"},
	} {
		cell := NewSession(Options{}).Prepare(4, "var v = f()\nbody()\nfunc helper(int) {}")
		line := strings.Count(cell.Code[:strings.Index(cell.Code, "body()")], "\n") + 1
		c.r.Stderr = strings.Replace(c.r.Stderr, "%d", fmt.Sprint(line), 1)
		if got := explained(cell, c.r); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// TestEarlierVariable: a variable of an earlier cell that fails now.
func TestEarlierVariable(t *testing.T) {
	s := NewSession(Options{})
	first := run(t, s, "var data = read()", true)
	line := strings.Count(first.Code[:strings.Index(first.Code, "var data")], "\n") + 1
	c := s.Prepare(2, "1 + 1")
	got := explained(c, Report{Evalue: "exit status 2", Stderr: fmt.Sprintf("panic: gone\n\ngoroutine 1 [running]:\nmain.init()\n\t [[ Cell [1] Line %d ]] /tmp/gonb_6/main.go:5 +0x1\n", line)})
	want := "Panic: gone\n  cell [1], line 1, where a variable gets its value\n    var data = read()\nWhat cell [1] declares is computed anew in each later cell. Run it again, changed, or remove the variable with `%rm`."
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestLibraryFailure: what golmm said stays as it is; the stack tells where the
// cell asked for it, and that its variables had their values.
func TestLibraryFailure(t *testing.T) {
	s := NewSession(Options{ReadFile: func(string) ([]byte, error) {
		return []byte("package main\n\nfunc main() {\n\nx := 1\nnb.Fit(\"y ~ \", v)\n}\n"), nil
	}})
	c := s.Prepare(2, "var v = nb.Data(\"v\")\nx := 1\nnb.Fit(\"y ~ \", v)\nx")
	f := c.Explain(Report{Evalue: "exit status 1", Library: &LibraryFailure{Ename: "FormulaError", Evalue: "the end", Traceback: []string{"FormulaError: the end", "  y ~ ", "      ^"},
		Stack: "goroutine 1 [running]:\nruntime/debug.Stack()\n\t/usr/local/go/src/runtime/debug/stack.go:26 +0x5e\ngithub.com/golmm/golmm/kernel/nb.stop(...)\n\t/x/kernel/nb/stop.go:30\nmain.main()\n\t/tmp/gonb_6/main.go:6 +0x1d\n"}})
	want := "FormulaError: the end\n  y ~ \n      ^\n  cell [2], line 3\n    nb.Fit(\"y ~ \", v)"
	if got := strings.Join(f.Traceback, "\n"); got != want || f.HTML != "" || f.Name != "FormulaError" {
		t.Errorf("%s", got)
	}
	s.Done(c, false)
	if next := s.Prepare(3, "v"); len(next.Before) != 0 {
		t.Errorf("v is withdrawn: %q", next.Before)
	}
}

// TestCompiledFile: where GoNB does not tell the line of a frame, the file that it
// compiled does.
func TestCompiledFile(t *testing.T) {
	for _, c := range []struct {
		src, mainGo string
		line        int
		want        string
	}{
		{"x := 1\nbody(x)", "package main\n\nfunc main() {\nx := 1\nnb.Show(body(x))\n}\n", 5, "cell [2], line 2\n    body(x)"},
		{"x := 1\n%%\nbody(x)", "package main\n\nfunc main() {\n\tflag.Parse()\nbody(x)\n}\n", 5, "cell [2], line 3\n    body(x)"},
		{"var x = body(1)", "package main\n\nvar (\n\tx = body(1)\n)\n", 4, "cell [2], line 1, where a variable gets its value\n    var x = body(1)"},
		{"func g() {\n\tbody()\n}", "package main\n\nfunc before() {\n}\n\nfunc g() {\n\tbody()\n}\n", 7, "cell [2], line 2, in g\n    body()"},
	} {
		src, function := c.src, "main.main"
		switch {
		case strings.HasPrefix(src, "var"):
			function = "main.init"
		case strings.HasPrefix(src, "func"):
			function = "main.g"
		case strings.Contains(src, "%%"):
			src = "// above\n" + strings.TrimPrefix(src, "x := 1\n")
		}
		s := NewSession(Options{ReadFile: func(path string) ([]byte, error) {
			if path != "/tmp/gonb_6/main.go" {
				return nil, fmt.Errorf("no file %s", path)
			}
			return []byte(c.mainGo), nil
		}})
		run(t, s, "func before() {\n}", true)
		cell := s.Prepare(2, src)
		r := Report{Evalue: "exit status 2", Stderr: fmt.Sprintf("panic: x\n\ngoroutine 1 [running]:\n%s()\n\t/tmp/gonb_6/main.go:%d +0x1\n", function, c.line)}
		if got := explained(cell, r); !strings.Contains(got, c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.src, got, c.want)
		}
	}
}

// TestHTML: the card is escaped, has no script, and says what the text says.
func TestHTML(t *testing.T) {
	c := NewSession(Options{}).Prepare(1, "f(\"<script>alert(1)</script>\"")
	if strings.Contains(c.Failure.HTML, "<script") || !strings.Contains(c.Failure.HTML, "&lt;script&gt;") {
		t.Error(c.Failure.HTML)
	}
	for _, want := range []string{"SyntaxError", "this ( is never closed", "cell [1], line 1", "light-dark("} {
		if !strings.Contains(c.Failure.HTML, want) {
			t.Errorf("no %s in %s", want, c.Failure.HTML)
		}
	}
}
