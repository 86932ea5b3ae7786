package cell

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
	"unicode/utf8"
)

// seeds are cells of every kind, whole and broken.
var seeds = [...]string{
	"", "x", "x := 3\nx", "1 + 2 // three", "f();", "import \"fmt\"\nfmt.Println(1)", "var x = 1\nx = 2\nx",
	"func f() int { return 1 }\nf()", "func (t *T[K]) m() {}", "const (\n\t_ = iota\n\tA\n)\nA", "type T struct{ a, b int }",
	"s := `a\n%d\n!x\npackage`\ns", "!ls \\\n -l\nx()", "%%\nx()", "var y = 2\n%%\nfmt.Println(y)", "%%bash\nls", "%test\nfunc TestA(t *testing.T) {}",
	"if a &&\n!b {\n}", "/* a\n%b */ x", "//line a:9\nx", "func main() {\n}", "package main\nx", "x := \"é\n", "}", "f(1}", "(", "`", "/*",
	"%  ", "!", "%", "//gonb:%%\nx", "for i := 0; i < 3; i++ {\n", "nb.Fit(\"Reaction ~ D\", sleep)", "nb.Data(\"s", "m.", "x\r\ny\r", "\xff\xfe", "label:\nx",
	"func(i int) int { return i }(3)", "var (\n\ta = 1\n\t_, b = f()\n)", "import (\n\t. \"strings\"\n\tm \"math\"\n)\nm.Pi", "a; b; c", "\u2028x := 1", "func f()\nfunc g() {}",
}

// FuzzPrepare: whatever is typed, GoNB gets Go that parses, with the commands that
// were typed and no others, and no token is lost.
func FuzzPrepare(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		s := NewSession(Options{})
		c := s.Prepare(1, src)
		if c.Failure != nil {
			checkFailure(t, c.Failure)
			return
		}
		if c.read.form != wholeForm && c.Code != "" {
			checkCode(t, c)
		}
		for _, rec := range s.records {
			for _, g := range rec.segs {
				if rec.text[g.code:g.code+g.n] != g.src.text[g.off:g.off+g.n] && c.read.form == gonbForm {
					t.Fatalf("a segment that was not typed: %q", rec.text[g.code:g.code+g.n])
				}
			}
		}
		s.Done(c, false)
		again := s.Prepare(2, src)
		if again.Failure != nil {
			t.Fatalf("a cell that was taken once is not taken again: %v", again.Failure.Traceback)
		}
		s.Done(again, true)
		s.Prepare(3, "1")
	})
}

// checkCode reads the code as GoNB does.
func checkCode(t *testing.T, c *Cell) {
	t.Helper()
	var code []string
	commands := 0
	lines := strings.Split(c.Code, "\n")
	end := ""
	for i := 0; i < len(lines); i++ {
		text, is := command(lines[i])
		if !is {
			if strings.HasPrefix(lines[i], "package") {
				t.Fatalf("GoNB would drop %q of\n%s", lines[i], c.Code)
			}
			code = append(code, lines[i])
			continue
		}
		commands++
		switch {
		case strings.HasPrefix(text, "%exec"):
			code = append(code, "func main() { f() }")
		case startsMain(text):
			code, end = append(code, "func main() {"), "\n}\n"
		}
		for strings.HasSuffix(lines[i], `\`) && i+1 < len(lines) {
			i++
		}
	}
	if commands != len(c.read.commands) {
		t.Fatalf("%d commands, typed were %d:\n%s", commands, len(c.read.commands), c.Code)
	}
	text := "package main\n" + strings.Join(code, "\n") + end
	if _, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	have := make(map[string]int)
	for _, tok := range tokens(text) {
		have[tok.lit]++
	}
	typed := without(c.read.text, c.read.packages...)
	for _, tok := range tokens(typed) {
		if tok.tok == token.SEMICOLON || tok.tok == token.COMMENT || strings.Contains(tok.lit, "\n") || tok.lit == "_" {
			continue
		}
		if have[tok.lit]--; have[tok.lit] < 0 {
			t.Fatalf("%q is lost in\n%s", tok.lit, text)
		}
	}
}

func checkFailure(t *testing.T, f *Failure) {
	t.Helper()
	if f.Name == "" || f.Value == "" || len(f.Traceback) == 0 {
		t.Fatalf("an empty failure: %+v", f)
	}
	if strings.Contains(f.Value, "\n") {
		t.Fatalf("a value of several lines: %q", f.Value)
	}
	if strings.Contains(f.HTML, "<script") || strings.Count(f.HTML, "<div") != strings.Count(f.HTML, "</div>") {
		t.Fatalf("HTML %s", f.HTML)
	}
}

func FuzzIsComplete(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		status, indent := IsComplete(src)
		switch {
		case status != "complete" && status != "incomplete" && status != "invalid":
			t.Fatalf("status %q", status)
		case status != "incomplete" && indent != "" || strings.Trim(indent, "\t") != "":
			t.Fatalf("%s with indent %q", status, indent)
		}
		taken := NewSession(Options{}).Prepare(1, src).Failure == nil
		if status == "complete" && !taken {
			t.Fatalf("complete, and not taken")
		}
	})
}

func FuzzComplete(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, i%7)
	}
	f.Add("nb.Fit(\"Reaction ~ D\", sleep)", 20)
	f.Add("d := nb.Data(\"Dyestuff\")\nnb.Fit(\"Y\", d)", 34)
	opt := libraryOptions()
	s := NewSession(opt)
	c := s.Prepare(1, "var sleep = nb.Data(\"sleepstudy\")\nvar m = nb.Fit(\"Reaction ~ 1 + (1 | Subject)\", sleep)")
	s.Done(c, true)
	f.Fuzz(func(t *testing.T, src string, cursor int) {
		got := s.Complete(src, cursor)
		n := utf8.RuneCountInString(src)
		if got != nil && (got.Start < 0 || got.Start > got.End || got.End > n || len(got.Matches) == 0 || len(got.Matches) != len(got.Types)) {
			t.Fatalf("%+v for %d code points", got, n)
		}
		code, shift, ok := s.Forward(src, cursor)
		if at := cursor + shift; ok && cursor >= 0 && cursor <= n && (at < 0 || at > utf8.RuneCountInString(code)) {
			t.Fatalf("a cursor at %d of %d", at, utf8.RuneCountInString(code))
		}
	})
}

func FuzzExplain(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, "# gonb_x\n./main.go:11:2: undefined: bad\n", "Cell[5]: Line 3\n\nvar (\n\tz = strconv.Itoa(3) +\n\tbad()\n ^\n)\n\n\nundefined: bad", "", i%2 == 0)
		f.Add(s, "exit status 2", "exit status 2", "panic: boom\n\tsecond\n\ngoroutine 1 [running]:\nmain.f(...)\n\t \x1b[7m[[ Cell [3] Line 3 ]]\x1b[0m /tmp/gonb_60472276/main.go:10\nmain.main()\n\t/tmp/main.go:12 +0x3e\nexit status 2\n", false)
	}
	f.Fuzz(func(t *testing.T, src, evalue, entry, stderr string, interrupted bool) {
		s := NewSession(Options{ReadFile: func(string) ([]byte, error) { return []byte(src), nil }})
		first := s.Prepare(1, "var kept = 3\nfunc f() {}")
		s.Done(first, true)
		c := s.Prepare(2, src)
		r := Report{Ename: "ERROR", Evalue: evalue, Stderr: stderr, Interrupted: interrupted}
		for range strings.Split(evalue, "\n") {
			r.Traceback = append(r.Traceback, entry)
		}
		if code, ok := c.Retry(r); ok && code == "" {
			t.Fatal("a second form without code")
		}
		checkFailure(t, c.Explain(r))
		s.Done(c, false)
		if next := s.Prepare(3, "1"); next.Failure != nil {
			t.Fatalf("the next cell fails: %v", next.Failure.Traceback)
		}
	})
}
