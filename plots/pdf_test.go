package plots

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// pdfFile is a file taken apart: objects by number, streams decompressed.
type pdfFile struct {
	objects map[int]string
	streams map[int][]byte
}

// readPDF finds every object at the place that the table says.
func readPDF(t *testing.T, b []byte) pdfFile {
	t.Helper()
	f := pdfFile{make(map[int]string), make(map[int][]byte)}
	_, tail, ok := bytes.Cut(b[bytes.LastIndex(b, []byte("startxref")):], []byte("\n"))
	at, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(string(tail)), "%%EOF")))
	if !ok || err != nil || !bytes.HasPrefix(b[at:], []byte("xref\n0 ")) {
		t.Fatalf("startxref does not point at the table: %v", err)
	}
	lines := strings.SplitAfter(string(b[at:]), "\n")
	for n, line := range lines[3:] {
		if strings.HasPrefix(line, "trailer") {
			break
		}
		off, err := strconv.Atoi(line[:10])
		if len(line) != 20 || err != nil {
			t.Fatalf("line %q of the table", line)
		}
		head := fmt.Sprintf("%d 0 obj\n", n+1)
		if !bytes.HasPrefix(b[off:], []byte(head)) {
			t.Fatalf("object %d is not at %d", n+1, off)
		}
		body := b[off+len(head):]
		body = body[:bytes.Index(body, []byte("\nendobj\n"))]
		dict, data, ok := bytes.Cut(body, []byte("\nstream\n"))
		f.objects[n+1] = string(dict)
		if ok {
			z, err := zlib.NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if f.streams[n+1], err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
	}
	return f
}

// reference is the number of the object that an entry names.
func (f pdfFile) reference(t *testing.T, object int, entry string) int {
	t.Helper()
	m := regexp.MustCompile(regexp.QuoteMeta(entry) + ` \[?(\d+) 0 R`).FindStringSubmatch(f.objects[object])
	if m == nil {
		t.Fatalf("object %d has no %s: %s", object, entry, f.objects[object])
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// words are the texts of the page, by the fonts' maps to Unicode.
func (f pdfFile) words(t *testing.T) []string {
	t.Helper()
	page := f.reference(t, f.reference(t, 1, "/Pages"), "/Kids")
	content := string(f.streams[f.reference(t, page, "/Contents")])
	var out []string
	for _, m := range regexp.MustCompile(`BT /(F\d+) [^\[]*\[(.*)\] TJ ET`).FindAllStringSubmatch(content, -1) {
		font := f.reference(t, page, "/"+m[1])
		unicode := make(map[string]string)
		for _, pair := range regexp.MustCompile(`(?m)^<(....)> <(.*)>$`).FindAllStringSubmatch(string(f.streams[f.reference(t, font, "/ToUnicode")]), -1) {
			code, err := hex.DecodeString(pair[2])
			if err != nil || len(code) != 2 {
				t.Fatalf("map %q: %v", pair[0], err)
			}
			unicode[pair[1]] = string(rune(code[0])<<8 | rune(code[1]))
		}
		var s strings.Builder
		for _, run := range regexp.MustCompile(`<([0-9a-f]*)>`).FindAllStringSubmatch(m[2], -1) {
			for i := 0; i < len(run[1]); i += 4 {
				s.WriteString(unicode[run[1][i:i+4]])
			}
		}
		out = append(out, s.String())
	}
	return out
}

// A document has the words of the SVG, in their order, the characters that the
// font lacks too.
func TestPDFWords(t *testing.T) {
	for name, f := range map[string]*Figure{"sleepstudy": Caterpillar(sleepstudy(t)), "awkward": Caterpillar(awkward())} {
		b, err := f.PDF()
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, e := range parse(t, svgOf(t, f)).all("text") {
			want = append(want, e.Text)
		}
		got := readPDF(t, b).words(t)
		var kept []string
		for _, w := range got {
			if strings.TrimSpace(w) != "" {
				kept = append(kept, w)
			}
		}
		if strings.Join(kept, "|") != strings.Join(want, "|") {
			t.Errorf("%s: the words are\n%q, want\n%q", name, kept, want)
		}
		if again, _ := f.PDF(); !bytes.Equal(again, b) {
			t.Errorf("%s: the same figure gives other bytes", name)
		}
		if len(b) > 60_000 {
			t.Errorf("%s: %d bytes", name, len(b))
		}
	}
	if got := Caterpillar(awkward()).Missing(); got != "学校の名前はとても長いです\ufffd" {
		t.Errorf("Missing: %q", got)
	}
	if got := Caterpillar(sleepstudy(t)).Missing(); got != "" {
		t.Errorf("Missing: %q", got)
	}
}

// A subset is a font whose glyphs have the outlines and advances of the
// original, composite ones too.
func TestPDFSubset(t *testing.T) {
	face := font.DefaultCache.Lookup(textStyle(Text, 8, 0, 0, 0).Font, 8)
	f := newPDFFont("x", face.Face)
	const letters = "Aé ζ−ñ学Ü"
	f.appendText(nil, letters)
	data, err := f.subset()
	if err != nil {
		t.Fatal(err)
	}
	// Package sfnt asks for tables that a document does not need.
	part, err := readTrueType(data)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := face.Face.WriteSourceTo(&sfnt.Buffer{}, &file); err != nil {
		t.Fatal(err)
	}
	whole, err := readTrueType(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"cmap", "name", "OS/2"} {
		part.tables[tag] = whole.tables[tag]
	}
	part.tables["post"] = append([]byte{0, 3, 0, 0}, make([]byte, 28)...)
	small, err := sfnt.Parse(assemble(part.tables))
	if err != nil {
		t.Fatal(err)
	}
	var a, b sfnt.Buffer
	for _, r := range letters {
		n := sfnt.GlyphIndex(f.glyphs[r])
		source, err := face.Face.GlyphIndex(&a, r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := small.LoadGlyph(&b, n, f.em(), nil)
		if err != nil {
			t.Fatalf("%q: %v", r, err)
		}
		want, err := face.Face.LoadGlyph(&a, source, f.em(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q has another outline", r)
		}
		x, _ := small.GlyphAdvance(&b, n, f.em(), 0)
		y, _ := face.Face.GlyphAdvance(&a, source, f.em(), 0)
		if x != y {
			t.Errorf("%q: advance %v, want %v", r, x, y)
		}
	}
	if len(data) > 20_000 {
		t.Errorf("the subset has %d bytes", len(data))
	}
}

// Arcs become curves through the right points.
func TestPDFCanvas(t *testing.T) {
	c := newPDFCanvas(100, 50)
	var p vg.Path
	p.Move(vg.Point{X: 12, Y: 10})
	p.Arc(vg.Point{X: 10, Y: 10}, 2, 0, math.Pi/2)
	p.QuadTo(vg.Point{X: 4, Y: 4}, vg.Point{X: 7, Y: 12})
	p.Close()
	c.SetColor(Accent.Fade(0.5))
	c.Fill(p)
	for _, want := range []string{
		"/A0 gs\n0.1137 0.3098 0.5686 rg\n12 10 m\n",
		"11.4142 11.4142 c\n", " 10 12 c\n", "6 6.6667 5 6.6667 7 12 c\nh\nf\n",
	} {
		if !strings.Contains(string(c.body), want) {
			t.Errorf("no %q in\n%s", want, c.body)
		}
	}
	n := len(c.body)
	var bad vg.Path
	bad.Move(vg.Point{X: vg.Length(math.NaN())})
	c.Fill(bad)
	c.Stroke(bad)
	if len(c.body) != n {
		t.Error("drew what is not finite")
	}
}
