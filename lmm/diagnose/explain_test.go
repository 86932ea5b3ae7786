package diagnose

import (
	"encoding/json"
	"html"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// paste is a case of testdata/explain: what a user pastes, the messages that
// must be found in their order, and values that must be read (ID.name=value).
type paste struct {
	file, text string
	ids        []string
	values     map[string]string
	unknown    int
}

// pastes reads the cases: a line "### ID [ID.name=value] [unknown=N]", then the
// text.
func pastes(t *testing.T) []paste {
	t.Helper()
	files, err := filepath.Glob("testdata/explain/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var out []paste
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range strings.Split("\n"+string(b), "\n### ")[1:] {
			head, text, _ := strings.Cut(block, "\n")
			p := paste{file: filepath.Base(f), text: text, values: map[string]string{}}
			for _, w := range strings.Fields(head) {
				name, value, isValue := strings.Cut(w, "=")
				switch {
				case name == "unknown" && isValue:
					if p.unknown, err = strconv.Atoi(value); err != nil {
						t.Fatal(err)
					}
				case isValue:
					p.values[name] = value
				default:
					p.ids = append(p.ids, w)
				}
			}
			out = append(out, p)
		}
	}
	return out
}

func (e *Explanation) ids() []string {
	var out []string
	for _, a := range e.Answers {
		out = append(out, a.Message.ID)
	}
	return out
}

func (p paste) check(t *testing.T, c *catalogue, text string) {
	t.Helper()
	e := c.explain(text)
	if got := e.ids(); !slices.Equal(got, p.ids) {
		t.Errorf("%s: found %v, want %v in\n%s", p.file, got, p.ids, text)
		return
	}
	if len(e.Unknown) != p.unknown {
		t.Errorf("%s: %d unknown, want %d: %+v in\n%s", p.file, len(e.Unknown), p.unknown, e.Unknown, text)
	}
	for name, want := range p.values {
		id, field, _ := strings.Cut(name, ".")
		var got []string
		for _, a := range e.Answers {
			for _, s := range a.Said {
				if v := s.text(field); a.Message.ID == id && v != "" {
					got = append(got, strings.ReplaceAll(v, " ", "_"))
				}
			}
		}
		if !slices.Contains(got, want) {
			t.Errorf("%s: %s read as %q, want %q", p.file, name, got, want)
		}
	}
}

func TestExplainPastes(t *testing.T) {
	seen := map[string]bool{}
	c := newCatalogue()
	for _, p := range pastes(t) {
		p.check(t, c, p.text)
		for _, id := range p.ids {
			seen[id] = true
		}
	}
	for _, m := range Messages() {
		if !seen[m.ID] {
			t.Errorf("%s has no case in testdata/explain", m.ID)
		}
	}
}

// How a text was copied must not matter.
func TestExplainVarietiesOfCopying(t *testing.T) {
	c := newCatalogue()
	cases := pastes(t)
	quoted := func(open, shut string) func(string) string {
		return func(s string) string {
			n := 0
			return regexp.MustCompile(`'`).ReplaceAllStringFunc(s, func(string) string {
				n++
				if n%2 == 1 {
					return open
				}
				return shut
			})
		}
	}
	lines := func(mark string) func(string) string {
		return func(s string) string { return mark + strings.ReplaceAll(s, "\n", "\n"+mark) }
	}
	for name, change := range map[string]func(string) string{
		"windows line ends":  func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"knitr":              lines("## "),
		"reprex":             lines("#> "),
		"mail":               lines("> "),
		"colour":             func(s string) string { return "\x1b[1;31m" + strings.ReplaceAll(s, "\n", "\x1b[0m\n\x1b[1;31m") },
		"byte order mark":    func(s string) string { return "\ufeff" + s },
		"upper case":         strings.ToUpper,
		"source of a page":   html.EscapeString,
		"English quotes":     quoted("\u2018", "\u2019"),
		"German quotes":      quoted("\u201e", "\u201c"),
		"French quotes":      quoted("\u00ab", "\u00bb"),
		"quotes of Windows":  quoted("\x91", "\x92"),
		"right to left mark": func(s string) string { return "\u202b" + s + "\u202c" },
		"wide blanks":        func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0 ") },
		"wrapped at words":   wrapAt(33),
	} {
		for _, p := range cases {
			if name == "upper case" {
				p.values = nil
			}
			if p.unknown > 0 || name == "wrapped at words" && p.values == nil {
				continue
			}
			before := t.Failed()
			if name == "wrapped at words" || name == "quotes of Windows" {
				p.unknown, p.values = len(c.explain(change(p.text)).Unknown), nil // a marker may be cut
			}
			p.check(t, c, change(p.text))
			if t.Failed() && !before {
				t.Fatalf("first failure: %s", name)
			}
		}
	}
}

// wrapAt breaks lines at blanks, as a console of few columns does.
func wrapAt(width int) func(string) string {
	return func(s string) string {
		var b strings.Builder
		n := 0
		for _, r := range s {
			if n++; r == ' ' && n > width || r == '\n' {
				r, n = '\n', 0
			}
			b.WriteRune(r)
		}
		return b.String()
	}
}

// What is shown keeps the kinds of quotes.
func TestExplainShowsQuotesAsWritten(t *testing.T) {
	const text = `cannot get confidence intervals on var-cov components: Non-positive definite approximate variance-covariance
 Consider 'which = "fixed"'`
	e := Explain(text)
	if len(e.Answers) != 1 || !strings.HasSuffix(e.Answers[0].Said[0].Text, `Consider 'which = "fixed"'`) {
		t.Errorf("%+v", e)
	}
}

func TestExplainAllInOnePaste(t *testing.T) {
	var b strings.Builder
	want := map[string]bool{}
	for _, p := range pastes(t) {
		b.WriteString(p.text + "\n\n")
		for _, id := range p.ids {
			want[id] = true
		}
	}
	got := Explain(b.String()).ids()
	for _, id := range got {
		delete(want, id)
	}
	if len(want) > 0 {
		t.Errorf("not found among all: %v", want)
	}
}

func TestExplainJudgesNumbers(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Model failed to converge with max|grad| = 0.004 (tol = 0.002, component 1)", "decides nothing"},
		{"Model failed to converge with max|grad| = 35.5 (tol = 0.002, component 1)\n> max(abs(relgrad))\n[1] 0.0028", "= 0.050"},
		{"Model failed to converge with max|grad| = 0.0039 (tol = 0.002, component 1)\n> max(abs(relgrad))\n[1] 1e-05", "dominates: converged."},
		{"nlminb problem, convergence error code = 1\n  message = singular convergence (7)", "a singular fit."},
		{"WARNING: The relative Hessian convergence criterion of 0.0034 is greater than the limit of 0.0001.", "34 times"},
		{"system is computationally singular: reciprocal condition number = 1.2e-18", "below the rounding"},
		{"NOTE: An infinite likelihood is assumed in iteration 0 because of a nonpositive definite estimated R matrix for Subject 7.", "data of Subject 7"},
		{"1: The largest R-hat is 1.31, indicating chains have not mixed.", "72 %"},
		{"boundary (singular) fit: see ?isSingular", "skips the gradient check"},
	} {
		if text := strings.Join(strings.Fields(Explain(c.text).Document().Text()), " "); !strings.Contains(text, c.want) {
			t.Errorf("%s\nis answered without %q:\n%s", c.text, c.want, text)
		}
	}
}

func TestExplainTheUnknown(t *testing.T) {
	for text, near := range map[string]string{
		"Warning: the Hessian was found not to be positively definite at the final estimates": "-",
		"Warning message:\nIn foo(bar) :\n  covariance of the random effects became singular": "statsmodels-singular",
		"Your PIRLS step halvings did not reduce the deviance":                                "lme4-pirls-halving",
	} {
		e := Explain(text)
		if len(e.Answers) != 0 || len(e.Unknown) != 1 || len(e.Unknown[0].Near) == 0 {
			t.Errorf("%q: %+v", text, e)
			continue
		}
		if got := e.Unknown[0].Near[0]; near != "-" && got.ID != near {
			t.Errorf("%q is near %+v, want %s", text, got, near)
		}
		for i, n := range e.Unknown[0].Near {
			if n.Similarity < leastNear || n.Similarity > 1+1e-12 || i > 0 && n.Similarity > e.Unknown[0].Near[i-1].Similarity {
				t.Errorf("%q: %+v", text, e.Unknown[0].Near)
			}
		}
	}
	if e := Explain("foo bar"); len(e.Unknown) != 1 || len(e.Unknown[0].Near) != 0 || !strings.Contains(e.Document().Text(), "foo bar") {
		t.Errorf("%+v", e)
	}
	// A known message near itself has the same words.
	c := newCatalogue()
	for _, m := range c.messages {
		if n := c.near(readable(m.Forms[0])); len(n) == 0 || math.Abs(n[0].Similarity-1) > 1e-9 {
			t.Errorf("%s is near %+v", m.ID, n)
		}
	}
}

// A message beside a known one is not passed over.
func TestExplainKnownAndUnknown(t *testing.T) {
	e := Explain("Warning messages:\n1: In checkConv(attr(opt, \"derivs\"), opt$par, ctrl = control$checkConv,  :\n  unable to evaluate scaled gradient\n" +
		"2: In fancy(x, y) :\n  the flux capacitor is out of phase\n")
	if len(e.Answers) != 1 || len(e.Unknown) != 1 || e.Unknown[0].Text != "the flux capacitor is out of phase" {
		t.Errorf("%+v", e)
	}
}

func TestExplainHostileInput(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	binary := make([]byte, 10<<20)
	for i := 0; i < len(binary); i += 8 {
		for k, bits := 0, rng.Uint64(); k < 8; k, bits = k+1, bits>>8 {
			binary[i+k] = byte(bits)
		}
	}
	long := "boundary (singular) fit: see help('isSingular')"
	for name, text := range map[string]string{
		"nothing":         "",
		"blanks":          " \n\t\r\n\u00a0",
		"10 MB of noise":  string(binary),
		"1 MB of marks":   strings.Repeat("###>>> ", 1<<20/7),
		"1 MB of heads":   strings.Repeat("There were There were Model failed to converge with max|grad| = ", 1<<20/64),
		"1 MB of holes":   strings.Repeat("number of observations (=1) <= number of random effects (=2) for term (", 1<<20/71),
		"1 MB of lines":   strings.Repeat("\n", 1<<20),
		"1 MB of markers": strings.Repeat("Warning: x\n", 1<<20/11),
		"escapes":         strings.Repeat("\x1b[", 1<<16),
		"right to left":   "\u202e\u05d0\u05d1 Warning: \u05d2\u05d3\u202c",
		"a null":          "Warning: a\x00b {#n} {%x} {*y}",
	} {
		e := Explain(text)
		for _, out := range []string{e.Document().Text(), e.Document().HTML(), e.Document().Markdown(), e.Document().LaTeX()} {
			if !utf8.ValidString(out) || len(out) > 1<<20 {
				t.Errorf("%s: a document of %d bytes, valid %v", name, len(out), utf8.ValidString(out))
			}
		}
		if _, err := json.Marshal(e); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The two ends of a long text are read.
	e := Explain(long + strings.Repeat(" x\n", 1<<20) + "glm.fit: algorithm did not converge")
	if !slices.Equal(e.ids(), []string{"lme4-singular", "glm-not-converged"}) || e.Skipped == 0 || e.Document().Text() == "" {
		t.Errorf("%v, %d skipped", e.ids(), e.Skipped)
	}
}

// Pastes cut, joined and damaged at random are answered.
func TestExplainDamagedPastes(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	c, cases := newCatalogue(), pastes(t)
	for range 400 {
		var b []byte
		for range 1 + rng.IntN(3) {
			text := cases[rng.IntN(len(cases))].text
			from := rng.IntN(len(text) + 1)
			b = append(b, text[from:from+rng.IntN(len(text)-from+1)]...)
		}
		for range rng.IntN(8) {
			if len(b) > 0 {
				b[rng.IntN(len(b))] = byte(rng.Uint32())
			}
		}
		e := c.explain(string(b))
		if text := e.Document().Text(); strings.TrimSpace(text) == "" || !utf8.ValidString(text) {
			t.Fatalf("%q is answered with %q", b, text)
		}
		for _, a := range e.Answers {
			if len(a.Said) == 0 || a.Times < len(a.Said) {
				t.Fatalf("%q: %+v", b, a)
			}
		}
	}
}

func FuzzExplain(f *testing.F) {
	f.Add("Model failed to converge with max|grad| = 1e")
	f.Add("optimizer (() convergence code: 0 (OK)")
	f.Add("\x1b\x1b[\x91Warning message:\nIn f(x) :\n")
	f.Fuzz(func(t *testing.T, s string) {
		e := Explain(s)
		if strings.TrimSpace(e.Document().Text()) == "" {
			t.Error("no answer")
		}
		if _, err := json.Marshal(e); err != nil {
			t.Error(err)
		}
	})
}
