package cell

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/golmm/golmm/lmm/formula"
)

// libraryOptions let a session read the module that the tests run in.
func libraryOptions() Options {
	return Options{
		Module: os.DirFS("../.."),
		Columns: func(path string) ([]string, error) {
			if path == "rats.csv" {
				return []string{"rat", "weight", "body mass"}, nil
			}
			return nil, errors.New("no such file")
		},
	}
}

// TestComplete completes at the last bar. A match with a leading ! must be absent.
func TestComplete(t *testing.T) {
	s := NewSession(libraryOptions())
	run(t, s, `var sleep = nb.Data("sleepstudy")`, true)
	run(t, s, `var kept = nb.Fit("Reaction ~ 1 + (1 | Subject)", sleep)`, true)
	for _, c := range []struct {
		src, typed string
		want       []string
	}{
		{`nb.Fit("Rea|`, "Rea", []string{"Reaction"}},
		{`nb.Fit("Reaction ~ |", sleep)`, "", []string{"Reaction", "Days", "Subject", "!log"}},
		{`nb.Fit("Reaction ~ da|", sleep)`, "da", []string{"Days"}},
		{`nb.Fit("log|", sleep)`, "log", []string{"log", "log2"}},
		{"é := 1\nnb.Fit(\"Reaction ~ 1 + (1 | S|ubj\", sleep)", "S", []string{"Subject"}},
		{`nb.Fit("Yield ~ 1 + (1 | B|)", nb.Data("Dyestuff"))`, "B", []string{"Batch"}},
		{"d := nb.Data(\"Dyestuff\")\nm, err := lmm.Fit(\"Y|\", d, nil)", "Y", []string{"Yield"}},
		{"d := nb.Data(\"Dyestuff\")\nlmm.Fit(`Y|`, d, nil)", "Y", []string{"Yield"}},
		{`nb.Fit("w|", nb.Data("rats.csv"))`, "w", []string{"weight"}},
		{`nb.Fit("|", nb.Must(table.ReadCSVFile("rats.csv", nil)))`, "", []string{"rat", "weight", "`body mass`"}},
		{"nb.Fit(\"`b|\", nb.Data(\"rats.csv\"))", "`b", []string{"`body mass`"}},
		{"nb.Fit(`b|`, nb.Data(\"rats.csv\"))", "", nil},
		{`nb.Fit("x|", nb.Data("none.csv"))`, "", nil},
		{`nb.Data("sl|`, "sl", []string{"sleepstudy"}},
		{`nb.Data("|")`, "", []string{"sleepstudy", "Dyestuff"}},
		{`x := nb.Data("sle|")`, "sle", []string{"sleepstudy"}},
		{`fmt.Println("sl|")`, "", nil},
		{`nb.|`, "", []string{"Data", "Fit", "Show", "Must", "Check"}},
		{"x := 3\nnb.sh|", "sh", []string{"Show"}},
		{`plots.Ca|`, "Ca", []string{"Caterpillar"}},
		{`lmm.Opt|`, "Opt", []string{"Options"}},
		{`kept.Fix|`, "Fix", []string{"FixedEffects"}},
		{"m := nb.Fit(f, sleep)\nm.Ver|", "Ver", []string{"Verdict"}},
		{"m, err := lmm.Fit(f, sleep, nil)\nm.Ver|", "Ver", []string{"Verdict"}},
		{"m := nb.Must(lmm.Fit(f, sleep, nil))\nm.Sig|", "Sig", []string{"Sigma"}},
		{"sleep.Nam|", "Nam", []string{"Names"}},
		{"m, err := lmm.Fit(f, sleep, nil)\nerr.|", "", nil},
		{"kept.Get().Fix|", "Fix", []string{"FixedEffects", "!Get"}},
		{"kept.G|", "G", []string{"Get"}},
		{"p := nb.Profile(kept)\np.|", "", []string{"Get", "!Curves"}},
		{"nb.Profile(kept).Get().|", "", []string{"Curves", "Findings", "Document"}},
		{"nb.Profile(kept).Get().Curves[0].Lo|", "Lo", []string{"Lower"}},
		{"kept.FixedEffects()[1].|", "", []string{"Estimate", "SE", "Reason"}},
		{"kept.FixedEffects().|", "", nil},
		{"for _, c := range kept.FixedEffects() {\n\tc.Est|", "Est", []string{"Estimate"}},
		{"for i := range kept.FixedEffects() {\n\ti.|", "", nil},
		{"kept.Verdict().Pl|", "Pl", []string{"Place"}},
		{"o := &infer.Options{}\no.|", "", []string{"DF", "Level"}},
		{"x := x.Get()\nx.|", "", nil},
		{"nb.Diagnose(kept).Get().Rem|", "Rem", []string{"Remedies"}},
		{"nb.Fit(f, sleep, &lmm.Options{|", "", []string{"ML: ", "Weights: ", "Contrasts: "}},
		{"nb.Fit(f, sleep, &lmm.Options{ML: true, W|})", "W", []string{"Weights: ", "!ML: "}},
		{"nb.Anova(kept, &infer.AnovaOptions{Type: |", "", []string{"infer.TypeIII", "infer.TypeI", "!infer.Auto"}},
		{"nb.Anova(kept, &infer.AnovaOptions{DF: inf|})", "inf", []string{"infer.KenwardRoger", "infer.Auto"}},
		{"nb.Anova(kept, &infer.AnovaOptions{DF: infer.K|})", "K", []string{"KenwardRoger"}},
		{"x := []int{|", "", nil},
		{"if kept.REML() {|", "", nil},
		{`nb.Trends(kept, "D|")`, "D", []string{"Days"}},
		{`plots.Spaghetti(kept, "|")`, "", []string{"Days", "Subject"}},
		{`nb.MarginalMeans(kept, &infer.MeansOptions{Of: []string{"S|"}})`, "S", []string{"Subject"}},
		{`nb.Fit(f, nb.Data("Dyestuff"), &lmm.Options{Weights: "|"})`, "", []string{"Yield", "!Days"}},
		{`nb.Fit(f, sleep, &lmm.Options{Family: "|"})`, "", []string{"binomial", "gamma", "!Days"}},
		{`nb.Fit(f, sleep, &lmm.Options{Family: "gamma", Link: "i|"})`, "i", []string{"inverse", "identity", "!logit"}},
		{`nb.Fit(f, sleep, &lmm.Options{Link: "|`, "", []string{"logit", "sqrt"}},
		{`nb.Fit(f, sleep, &lmm.Options{Optimizer: "b|"})`, "b", []string{"bobyqa", "!newton"}},
		{`sleep.Where(func(r table.Row) bool { return r.Float("D|") > 2 })`, "D", []string{"Days"}},
		{`sleep.Column("|`, "", []string{"Reaction"}},
		{"sub := sleep.Where(f)\nnb.Fit(\"|\", sub)", "", []string{"Reaction"}},
		{`strings.Cut("D|", "x")`, "", nil},
		{`datasets.Load("Dy|")`, "Dy", []string{"Dyestuff"}},
		{"strings.Cut|", "", nil},
		{"nb := other()\nnb.|", "", nil},
		{"x.nb.|", "", nil},
		{"// nb.|", "", nil},
		{"!nb.|", "", nil},
		{"%%bash\nnb.|", "", nil},
		{"|", "", nil},
	} {
		at := strings.LastIndex(c.src, "|")
		src := c.src[:at] + c.src[at+1:]
		cursor := utf8.RuneCountInString(c.src[:at])
		got := s.Complete(src, cursor)
		if c.want == nil {
			if got != nil {
				t.Errorf("%s: %v", c.src, got)
			}
			continue
		}
		if got == nil {
			t.Errorf("%s: nothing", c.src)
			continue
		}
		if got.End != cursor || got.Start != cursor-utf8.RuneCountInString(c.typed) || len(got.Types) != len(got.Matches) {
			t.Errorf("%s: %+v", c.src, got)
		}
		have := "," + strings.Join(got.Matches, ",") + ","
		for _, w := range c.want {
			name, not := strings.CutPrefix(w, "!")
			if strings.Contains(have, ","+name+",") == not {
				t.Errorf("%s: %v, want %v", c.src, got.Matches, c.want)
			}
		}
	}
}

// run prepares and ends a cell as if it had run.
func run(t *testing.T, s *Session, src string, ok bool) *Cell {
	t.Helper()
	c := s.Prepare(len(s.records)+1, src)
	if c.Failure != nil {
		t.Fatalf("%s: %s", src, strings.Join(c.Failure.Traceback, "\n"))
	}
	s.Done(c, ok)
	return c
}

// TestFormulaFunctions: what is offered can be parsed.
func TestFormulaFunctions(t *testing.T) {
	for _, f := range formulaFunctions {
		args := "x"
		if f == "cbind" {
			args = "x, y"
		}
		src := "y ~ " + f + "(" + args + ") + (1 | g)"
		if f == "cbind" {
			src = f + "(" + args + ") ~ 1 + (1 | g)"
		}
		if _, err := formula.Parse(src); err != nil {
			t.Errorf("%s: %v", src, err)
		}
	}
}

// TestDefaultImports: what cells may use without importing it exists.
func TestDefaultImports(t *testing.T) {
	for name, p := range libraryImports(os.DirFS("../.."), DefaultImports()) {
		dir, ours := strings.CutPrefix(p, modulePath+"/")
		if !ours {
			continue
		}
		files, err := os.ReadDir("../../" + dir)
		if err != nil || len(files) == 0 {
			t.Errorf("%s: %s is not there: %v", name, p, err)
		}
	}
}

// TestForward: what stood at the cursor stands there in the file, and so does what earlier
// cells declared.
func TestForward(t *testing.T) {
	s := NewSession(Options{})
	run(t, s, "import \"bytes\"\nvar earlier = bytes.NewReader(nil)\nfunc helper() {}", true)
	for _, src := range []string{
		"x := 3\nfmt.|Pri",
		"é := 3\nimport \"fmt\"\nfunc f() {\n\tfmt.|Pri\n}\nx := f()",
		"import \"math|\"\nmath.Pi",
		"!ls\nmath.|S",
		"%%\nfmt.|P",
		"%%\nfmt.P|",
		"func main() {\n\tfmt.|P",
		"func f() { if x.| \nvar y = 3",
		"var above = fmt.|S\n%%\nfmt.P",
	} {
		at := strings.Index(src, "|")
		plain := src[:at] + src[at+1:]
		cursor := utf8.RuneCountInString(src[:at])
		code, shift, ok := s.Forward(plain, cursor)
		if !ok || !strings.HasPrefix(code, "package main\n") || !strings.Contains(code, "var earlier = bytes.") || !strings.Contains(code, "import \"bytes\"") {
			t.Errorf("%q, %v:\n%s", src, ok, code)
		}
		there := byteOffset(code, cursor+shift)
		lo := max(0, at-4)
		if got := code[max(0, there-(at-lo)):min(len(code), there+2)]; !strings.HasPrefix(got, src[lo:at]) || at+3 < len(src) && !strings.HasSuffix(got, src[at+1:at+3]) {
			t.Errorf("%q: %q at %d of\n%s", src, got, there, code)
		}
	}
	for _, src := range []string{"%%bash\nls", "!ls"} {
		if code, _, ok := s.Forward(src, 2); ok {
			t.Errorf("%q:\n%s", src, code)
		}
	}
}

// TestConcurrently completes while cells are prepared and end; the race detector
// looks on.
func TestConcurrently(t *testing.T) {
	s := NewSession(libraryOptions())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 50 {
			s.Complete("kept.Fix", 8)
			s.Complete(`nb.Fit("Rea", sleep)`, 11)
			s.Forward("x := kept.", 10)
		}
	}()
	for range 50 {
		run(t, s, `var sleep = nb.Data("sleepstudy")`, true)
		run(t, s, `var kept, _ = lmm.Fit("Reaction ~ 1 + (1 | Subject)", sleep, nil)`, false)
	}
	<-done
}
