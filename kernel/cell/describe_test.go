package cell

import (
	"strings"
	"testing"
)

// A cell that is a question is answered, others are not.
func TestAnswer(t *testing.T) {
	s := NewSession(libraryOptions())
	run(t, s, `var sleep = nb.Data("sleepstudy")`, true)
	run(t, s, `var m = nb.Fit("Reaction ~ 1 + (1 | Subject)", sleep)`, true)
	for src, want := range map[string]string{
		"?":                   "### Cells",
		" help() \n":          "### Cells",
		"golmm?":              "### Cells",
		"nb?":                 "- `nb.Fit`: Fit fits a model",
		"??nb":                "- `nb.Bar` (type): Bar shows",
		"nb.Fit?":             "```go\nfunc Fit[F Frame](formula string, data F, opt ...*lmm.Options) *Model\n```",
		"?lmm.Options":        "// ML maximises the likelihood",
		"infer.KenwardRoger?": "KenwardRoger",
		"lmm.Model.Sigma?":    "Sigma is the residual standard deviation",
		"m?":                  "`m` is a `nb.Model`.",
		"m.Sigma?":            "Sigma is lmm.Model.Sigma.",
		"m.Get?":              "Get returns the value",
		"nb.Nothing?":         "There is no help for `nb.Nothing`",
		"strings?":            "There is no help for `strings`",
		"m":                   "",
		"m.Sigma()":           "",
		"x := 3 // right?":    "",
		"?\n?":                "",
		"":                    "",
	} {
		got := s.Answer(src)
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %s\nwant %s", src, got, want)
		}
		status, _ := IsComplete(src)
		if want != "" && status != "complete" {
			t.Errorf("%q is %s", src, status)
		}
		if strings.Contains(got, "declared *runtime.Frame") {
			t.Errorf("%q shows what is not exported: %s", src, got)
		}
	}
}

// Describe is about the name at the cursor, the last bar.
func TestDescribe(t *testing.T) {
	s := NewSession(libraryOptions())
	for src, want := range map[string]string{
		"x := nb.F|it(f, t)": "func Fit[",
		"nb|.Fit(f)":         "What it has",
		"lmm.Options|{}":     "type Options struct",
		"é + lmm.Options|{}": "type Options struct",
		"fmt.Print|ln":       "",
		"|":                  "",
		"x.nb|":              "",
	} {
		before, after, _ := strings.Cut(src, "|")
		got := s.Describe(before+after, len([]rune(before)))
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %s\nwant %s", src, got, want)
		}
	}
}
