package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"pgregory.net/rapid"
)

// everything is a document with all blocks, in which name stands wherever a
// user's name can.
func everything(name string) *Doc {
	return (&Doc{Label: name, Tone: Caution}).Add(
		Verdict{Title: name, Glyph: BoundaryGlyph, Behind: []Block{
			Sentence{Words(name)},
			Axes{[]Axis{{Name: "Place", Words: []string{"interior", name}, At: 1}, {Name: "Other", At: -1, Else: "-"}}},
		}},
		Formula{name},
		Facts{[]Inline{Words(name), Words("log L ").Number("-871.814")}},
		Sentence{Words("about ").Code(name).Bold(name)},
		Table{
			Title: name, How: name,
			Columns: []Column{{Head: name}, {Head: "a", Over: "both", Kind: Figure}, {Head: "b", Over: "both", Kind: Figure}, {Head: "says"}},
			Rows: []Row{
				Group(name, name),
				{Label: Words(name), Cells: []Cell{Num("-1.25"), Num("3"), Say(name)}},
				{Label: Inline{}.Code(name), Cells: []Cell{Num("10.5"), Num(Missing)}},
			},
			Notes: []Inline{Inline{}.Number(Missing).Words(" " + name)},
		},
		Points{[]Point{{Tone: Serious, Word: name, Head: Words(name), Reasons: []Inline{Words(name)}, Aside: Words(name)}}},
		Suggestion{Words(name)},
		Note{Words(name)},
		Source{name + "\n   ^"},
		Details{name, []Block{Sentence{Words(name)}}},
	)
}

// occurrences is how often the name stands in everything.
const occurrences = 21

var nasty = []string{
	"x", "<script>alert(1)</script>", `a"b'c&d`, "$x^2$", `\input{x}`, "a|b", "*bold* _it_ ~~s~~", "`tick`", "[l](u)",
	"# head", "- item", "1. item", "100 %", "{braces}", "größe", "a -- b", "&lt;", "<!-- c -->", "]]>", "http://a.b",
}

// elements lists the markup of a fragment; it fails where it is not balanced.
func elements(t *testing.T, fragment string) (names []string, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(fragment))
	d.Entity = xml.HTMLEntity
	var b strings.Builder
	style := false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return names, b.String()
		}
		if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, fragment)
		}
		switch e := token.(type) {
		case xml.StartElement:
			names = append(names, e.Name.Local)
			style = e.Name.Local == "style"
			for _, a := range e.Attr {
				if a.Name.Local == "id" || strings.HasPrefix(a.Name.Local, "on") {
					t.Fatalf("attribute %s", a.Name.Local)
				}
			}
		case xml.EndElement:
			style = false
			b.WriteString("\n")
		case xml.CharData:
			if !style {
				b.Write(e)
			}
		}
	}
}

// styled is the style element; a style sheet is not XML text.
var styled = regexp.MustCompile(`(?s)<style>.*?</style>`)

func TestHTMLIsEscaped(t *testing.T) {
	plain, _ := elements(t, styled.ReplaceAllString(everything("x").HTML(), ""))
	for _, name := range nasty {
		h := styled.ReplaceAllString(everything(name).HTML(), "")
		got, text := elements(t, h)
		if strings.Join(got, " ") != strings.Join(plain, " ") {
			t.Errorf("%q changes the elements:\n%v\n%v", name, got, plain)
		}
		text = strings.ReplaceAll(text, "\u00a0", " ")
		if n := strings.Count(text, name); n < occurrences {
			t.Errorf("%q is shown %d times, want %d", name, n, occurrences)
		}
	}
}

func TestHTMLFragmentRules(t *testing.T) {
	h := everything("x").HTML()
	for _, bad := range []string{"<script", " id=", "http://", "https://", "url(", "@import", "<h1", "<h2", "<h3"} {
		if strings.Contains(h, bad) {
			t.Errorf("fragment contains %q", bad)
		}
	}
	if strings.Count(styleSheet, "{") != strings.Count(styleSheet, "}") {
		t.Error("braces of the style sheet do not balance")
	}
	if len(styleSheet) > 5<<10 {
		t.Errorf("the style sheet has %d bytes; it is repeated in each output and should stay below 5 kB", len(styleSheet))
	}
	if !strings.Contains(h, "\u2212871.814") {
		t.Error("no true minus in HTML")
	}
	// 10.5 stands below -1.25: padded by the width of a digit.
	if !strings.Contains(h, "<td>10.5\u2007</td>") {
		t.Error("decimal points are not aligned")
	}
	if !strings.Contains(h, `<th scope="colgroup" colspan="2">both</th>`) {
		t.Error("columns do not share their head")
	}
}

// TestMarkdownIsEscaped renders the Markdown by an independent program and
// compares what a reader sees.
func TestMarkdownIsEscaped(t *testing.T) {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	render := func(name string) (names []string, text string) {
		var b bytes.Buffer
		if err := md.Convert([]byte(everything(name).Markdown()), &b); err != nil {
			t.Fatal(err)
		}
		return elements(t, b.String())
	}
	plain, _ := render("x")
	for _, name := range nasty {
		got, text := render(name)
		if name == "http://a.b" { // GFM makes an address a link; the text is the same
			got = without(got, "a")
		}
		if strings.Join(got, " ") != strings.Join(plain, " ") {
			t.Errorf("%q changes the elements:\n%v\n%v", name, got, plain)
		}
		if n := strings.Count(text, name); n < occurrences-1 { // the label is for screen readers
			t.Errorf("%q is shown %d times, want %d\n%s", name, n, occurrences-1, everything(name).Markdown())
		}
	}
}

func without(names []string, drop string) []string {
	var out []string
	for _, n := range names {
		if n != drop {
			out = append(out, n)
		}
	}
	return out
}

// specials are the characters that LaTeX does not print.
const specials = `\{}$&#^_%~`

func TestLaTeXIsEscaped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.RuneFrom([]rune(specials+`<>|"[]*-`+"`ab")), 1, 12, -1).Draw(t, "name")
		s := latexEscape(name)
		for _, command := range []string{"textbackslash", "textasciitilde", "textasciicircum", "textless", "textgreater", "textbar", "char34", "char96"} {
			s = strings.ReplaceAll(s, "\\"+command+"{}", " ")
		}
		for _, grouped := range []string{"{[}", "{*}", "-{}"} {
			s = strings.ReplaceAll(s, grouped, " ")
		}
		for _, c := range specials[1:] {
			s = strings.ReplaceAll(s, "\\"+string(c), " ")
		}
		if strings.ContainsAny(s, specials) || strings.Contains(s, "--") {
			t.Fatalf("%q is written as %q", name, latexEscape(name))
		}
	})
	for formatted, want := range map[string]string{
		"-0.5": "$-0.5$", "4.6e-7": `$4.6\times 10^{-7}$`, "< 0.001": "$< 0.001$", Missing: "--", "12.5": "12.5",
		"Subject.e": "Subject.e",
	} {
		if got := latexNumber(formatted); got != want {
			t.Errorf("%q: got %q, want %q", formatted, got, want)
		}
	}
	for _, name := range nasty {
		l := everything(name).LaTeX()
		if strings.Count(l, `\begin{tabular}`) != strings.Count(l, `\end{tabular}`) || strings.Contains(l, "<script") {
			t.Errorf("%q breaks the LaTeX", name)
		}
	}
}

func TestText(t *testing.T) {
	doc := (&Doc{}).Add(
		Verdict{Title: "Converged, interior", Behind: []Block{
			Sentence{Words(strings.Repeat("word ", 40))},
			Axes{[]Axis{{Name: "Place", Words: []string{"interior"}}}},
		}},
		Formula{"y ~ x"},
		Table{
			Columns: []Column{{}, {Head: "Estimate", Kind: Figure}, {Head: "p", Kind: Figure}, {Head: "What it says"}},
			Rows: []Row{
				{Label: Words("größe"), Cells: []Cell{Num("-1.25"), Num("< 0.001"), Say(strings.Repeat("long ", 30))}},
				{Label: Words("b"), Cells: []Cell{Num("10"), Num("0.5")}},
			},
		},
	)
	got := doc.Text()
	lines := strings.Split(got, "\n")
	for _, l := range lines {
		if n := utf8.RuneCountInString(l); n > textWidth {
			t.Errorf("line of %d columns: %q", n, l)
		}
		if strings.TrimRight(l, " ") != l {
			t.Errorf("blanks at the end of %q", l)
		}
	}
	if lines[0] != "CONVERGED, INTERIOR              y ~ x" {
		t.Errorf("first line %q", lines[0])
	}
	var points []int
	for _, l := range lines {
		for _, number := range []string{"-1.25", "10 "} {
			if i := strings.Index(l, number); i >= 0 && strings.Contains(l, "0") {
				whole, _, _ := strings.Cut(strings.TrimSpace(number), ".")
				points = append(points, utf8.RuneCountInString(l[:i])+len(whole))
			}
		}
	}
	if len(points) != 2 || points[0] != points[1] {
		t.Errorf("decimal points at %v in\n%s", points, got)
	}
	if strings.Index(got, "How it is known") < strings.Index(got, "größe") {
		t.Errorf("what is behind the verdict should come last:\n%s", got)
	}
}

func TestTextKeepsARowOnItsLine(t *testing.T) {
	doc := (&Doc{}).Add(Table{Columns: []Column{{}}, Rows: []Row{{Label: Words("a\nb\x1b[31m")}, Group("c\td", "")}})
	if got, want := doc.Text(), "  a b [31m\nc d\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNoBlockIsLost(t *testing.T) {
	for _, name := range []string{"needle", "a longer needle"} {
		doc := everything(name)
		for format, s := range map[string]string{"text": doc.Text(), "Markdown": doc.Markdown(), "LaTeX": doc.LaTeX()} {
			n := strings.Count(strings.ToLower(s), name)
			if n < occurrences-1 {
				t.Errorf("%s shows %q %d times, want %d\n%s", format, name, n, occurrences-1, s)
			}
		}
	}
}

func TestEmptyDoc(t *testing.T) {
	var doc Doc
	if doc.Text() != "" || doc.Markdown() != "" {
		t.Error("an empty document is not empty")
	}
	if !strings.HasPrefix(doc.HTML(), `<section class="golmm g-plain`) {
		t.Error(doc.HTML())
	}
}

// In a cell a formula is broken between its terms in parentheses, a list behind its
// commas; nothing is lost.
func TestCellsBreakBetweenTerms(t *testing.T) {
	const formula = "(a + b | g) + (log(x) | h) + x"
	tab := Table{Columns: append([]Column{{}, {Head: "model"}, {Head: "varying"}}, make([]Column, 5)...),
		Rows: []Row{{Label: Words("1"), Cells: []Cell{{Inline{}.Code(formula)}, Say("2 of 3 for g, 1 of 2 for h")}}}}
	doc := (&Doc{}).Add(tab)
	got := doc.HTML()
	for _, want := range []string{
		`<code><span class="g-b">(a + b | g)</span> + <span class="g-b">(log(x) | h)</span> <span class="g-b">+ x</span></code>`,
		`<span class="g-b">2 of 3 for g,</span> <span class="g-b">1 of 2 for h</span>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	for _, src := range []string{formula, "", "y", ")(", "f((a | b)", "cs(1 | g) + (b | " + strings.Repeat("long", 20) + ")"} {
		if s := strings.Join(terms(src), ""); s != src {
			t.Errorf("%q became %q", src, s)
		}
	}
}
