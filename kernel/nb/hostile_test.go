package nb

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cache"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// elements are those that displays are made of.
var elements = []string{"div", "section", "style", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "strong", "b", "p",
	"code", "pre", "ul", "ol", "li", "svg", "g", "path", "circle", "line", "rect", "text", "title", "desc", "sup", "sub", "br", "small", "em", "dl", "dt", "dd", "i", "h1", "h2", "h3", "progress"}

// safeHTML parses HTML as a browser does and complains about any element or
// attribute that a display does not have, and about what is not closed.
func safeHTML(html string) error {
	d := xml.NewDecoder(strings.NewReader("<div>" + html + "</div>"))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	depth := 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			if depth != 0 {
				return fmt.Errorf("%d elements are not closed", depth)
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			depth++
			if !slices.Contains(elements, tok.Name.Local) {
				return fmt.Errorf("an element %s", tok.Name.Local)
			}
			for _, a := range tok.Attr {
				if n := strings.ToLower(a.Name.Local); strings.HasPrefix(n, "on") || n == "href" || n == "src" {
					return fmt.Errorf("an attribute %s=%q", n, a.Value)
				}
			}
		case xml.EndElement:
			depth--
		}
	}
}

// FuzzShow gives levels and columns any name, and shows what names them: no name
// becomes markup.
func FuzzShow(f *testing.F) {
	f.Setenv(cache.ModeVariable, "off")
	for _, name := range []string{"<script>alert(1)</script>", "</td></table><img src=x onerror=alert(1)>", "a\" onload=\"alert(1)", "'><svg/onload=1>", "&lt;&#60;script",
		"$x$ \\(y\\)", "<!--", "]]>", "`", "</style><script>", "\u2028<b>", "a\nb", "é\x00", " ", "%s%d"} {
		f.Add(name, name+"2")
	}
	f.Fuzz(hostile)
}

func hostile(t *testing.T, level, column string) {
	sleep := Data("sleepstudy").Get()
	subject := sleep.Column("Subject")
	codes := make([]int32, subject.Len())
	levels := slices.Clone(subject.Levels())
	for i := range codes {
		codes[i] = int32(subject.Code(i))
	}
	levels[0], levels[1] = level, level+"'"
	group, err := table.NewFactor("Subject", codes, levels)
	if err != nil {
		return // empty or equal to another
	}
	if tab, err := table.New(group.Renamed(column), sleep.Column("Days")); err == nil {
		check(t, tab)
	}
	tab, err := table.New(sleep.Column("Reaction"), sleep.Column("Days"), group)
	if err != nil {
		t.Fatal(err)
	}
	m := Fit("Reaction ~ Days + (1 | Subject)", tab)
	for _, thing := range []any{
		m, m.RandomEffects(), Diagnose(m, &diagnose.Options{Try: true}), OutlyingGroups(m),
		Influence(m, &infer.InfluenceOptions{Group: "Subject"}),
		MarginalMeans(Fit("Reaction ~ Subject + (1 | Days)", tab), &infer.MeansOptions{Of: []string{"Subject"}, Adjust: infer.Holm}),
		errors.New(level), failureOf(errors.New(column + "\n  " + level)).bundle(),
		[]struct{ A, B string }{{level, column}}, map[string]string{level: column}, struct{ Name string }{level},
		[]lmm.Modes{{Group: column, Levels: []string{level}, Names: []string{column}, Mode: [][]float64{{1}}, CondVar: [][][]float64{{{1}}}}},
		(&Bar{what: level, total: 3}).bundle(0),
	} {
		check(t, thing)
	}
	quoted := "`" + strings.ReplaceAll(column, "`", "") + "`"
	if tab, err := table.New(sleep.Column("Reaction"), sleep.Column("Days").Renamed(strings.Trim(quoted, "`")), group); err == nil {
		m := Fit("Reaction ~ "+quoted+" + (1 | Subject)", tab)
		if _, err := m.result(); err != nil {
			check(t, failureOf(err).bundle())
			return
		}
		check(t, m)
		check(t, Anova(m))
		check(t, Profile(m))
	}
}

func check(t *testing.T, thing any) {
	t.Helper()
	b, ok := thing.(bundle)
	if !ok {
		var err error
		if b, err = render(thing); err != nil {
			t.Errorf("%T: %v", thing, err)
		}
	}
	if err := safeHTML(b.html); err != nil {
		_, body, _ := strings.Cut(b.html, "</style>")
		t.Errorf("%T: %v in\n%s", thing, err, body)
	}
}
