package plots

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// pdfFont is the part of a TrueType font that a document uses. Each character
// has a glyph of its own, numbered from 1 in the order of use; one that the
// font lacks has the box of glyph 0 and yet its own number, so that the text
// can be searched and copied.
type pdfFont struct {
	name    string
	face    *sfnt.Font
	buf     sfnt.Buffer
	glyphs  map[rune]int
	runes   []rune            // by number - 1
	sources []sfnt.GlyphIndex // in the face, by number - 1
}

func newPDFFont(name string, face *sfnt.Font) *pdfFont {
	return &pdfFont{name: name, face: face, glyphs: make(map[rune]int)}
}

// glyph is the number of a character.
func (f *pdfFont) glyph(r rune) int {
	if n, ok := f.glyphs[r]; ok {
		return n
	}
	source, err := f.face.GlyphIndex(&f.buf, r)
	if err != nil {
		source = 0
	}
	f.runes, f.sources = append(f.runes, r), append(f.sources, source)
	f.glyphs[r] = len(f.runes)
	return len(f.runes)
}

// em is the size at which a unit of the font is 1/64 of a pixel.
func (f *pdfFont) em() fixed.Int26_6 { return fixed.Int26_6(f.face.UnitsPerEm()) }

// width is the advance of glyph n in thousandths of an em.
func (f *pdfFont) width(n int) float64 {
	var source sfnt.GlyphIndex
	if n > 0 {
		source = f.sources[n-1]
	}
	adv, err := f.face.GlyphAdvance(&f.buf, source, f.em(), xfont.HintingNone)
	if err != nil {
		return 0
	}
	return 1000 * float64(adv) / float64(f.em())
}

// fontMetrics are in thousandths of an em; box is left, bottom, right, top.
type fontMetrics struct {
	ascent, descent, capHeight int
	box                        [4]int
}

func (f *pdfFont) metrics() (fontMetrics, error) {
	m, err := f.face.Metrics(&f.buf, f.em(), xfont.HintingNone)
	if err != nil {
		return fontMetrics{}, fmt.Errorf("plots: the font %s: %w", f.name, err)
	}
	b, err := f.face.Bounds(&f.buf, f.em(), xfont.HintingNone)
	if err != nil {
		return fontMetrics{}, fmt.Errorf("plots: the font %s: %w", f.name, err)
	}
	per := func(v fixed.Int26_6) int { return int(1000 * v / f.em()) }
	// Descent and the box have y down in package sfnt.
	return fontMetrics{
		ascent: per(m.Ascent), descent: -per(m.Descent), capHeight: per(m.CapHeight),
		box: [4]int{per(b.Min.X), -per(b.Max.Y), per(b.Max.X), -per(b.Min.Y)},
	}, nil
}

// appendText writes the operand of TJ: glyphs in hexadecimal, and the kerning
// between them.
func (f *pdfFont) appendText(b []byte, s string) []byte {
	b = append(b, '<')
	var prev sfnt.GlyphIndex
	for i, r := range s {
		n := f.glyph(r)
		source := f.sources[n-1]
		if i > 0 {
			if kern, err := f.face.Kern(&f.buf, prev, source, f.em(), xfont.HintingNone); err == nil && kern != 0 {
				b = append(b, '>')
				b = appendFine(b, -1000*float64(kern)/float64(f.em()))
				b = append(b, '<')
			}
		}
		b = fmt.Appendf(b, "%04x", n)
		prev = source
	}
	return append(b, '>')
}

// toUnicode is the map from glyphs to text (ISO 32000-1, section 9.10.3).
func (f *pdfFont) toUnicode() []byte {
	const most = 100 // lines a block may have
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n" +
		"1 begincodespacerange <0000> <ffff> endcodespacerange\n")
	for first := 0; first < len(f.runes); first += most {
		block := f.runes[first:min(first+most, len(f.runes))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for i, r := range block {
			fmt.Fprintf(&b, "<%04x> <", first+i+1)
			for _, u := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, "%04x", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end\n")
	return b.Bytes()
}

// subset is a TrueType file of the glyphs that were used: glyph 0, the
// characters by number, then the parts of composite ones.
func (f *pdfFont) subset() ([]byte, error) {
	var file bytes.Buffer
	if _, err := f.face.WriteSourceTo(&f.buf, &file); err != nil {
		return nil, fmt.Errorf("plots: the font %s: %w", f.name, err)
	}
	t, err := readTrueType(file.Bytes())
	if err != nil {
		return nil, fmt.Errorf("plots: the font %s: %w", f.name, err)
	}
	return t.subset(append([]sfnt.GlyphIndex{0}, f.sources...)), nil
}

// trueType are the tables of a font file (Apple, TrueType Reference Manual;
// Microsoft, OpenType specification).
type trueType struct {
	tables map[string][]byte
	long   bool // offsets of loca have 32 bits
	count  int  // of full entries of hmtx
}

func readTrueType(b []byte) (*trueType, error) {
	be := binary.BigEndian
	t := &trueType{tables: make(map[string][]byte)}
	if len(b) < 12 {
		return nil, fmt.Errorf("the file has %d bytes", len(b))
	}
	for i := range int(be.Uint16(b[4:])) {
		if len(b) < 28+16*i {
			return nil, fmt.Errorf("the directory of tables is cut off")
		}
		e := b[12+16*i:]
		off, n := be.Uint32(e[8:]), be.Uint32(e[12:])
		if uint64(off)+uint64(n) > uint64(len(b)) {
			return nil, fmt.Errorf("the table %q is cut off", e[:4])
		}
		t.tables[string(e[:4])] = b[off : off+n]
	}
	for tag, least := range map[string]int{"glyf": 0, "head": 54, "hhea": 36, "hmtx": 4, "loca": 4, "maxp": 6} {
		if table, ok := t.tables[tag]; !ok || len(table) < least {
			return nil, fmt.Errorf("it is no TrueType font: no table %q", tag)
		}
	}
	t.long = be.Uint16(t.tables["head"][50:]) != 0
	t.count = int(be.Uint16(t.tables["hhea"][34:]))
	if t.count < 1 || len(t.tables["hmtx"]) < 4*t.count {
		return nil, fmt.Errorf("its table hmtx is cut off")
	}
	return t, nil
}

// glyph is the outline of a glyph, empty for a blank.
func (t *trueType) glyph(g sfnt.GlyphIndex) []byte {
	loca, be := t.tables["loca"], binary.BigEndian
	var from, to int
	switch i := int(g); {
	case t.long && len(loca) >= 4*i+8:
		from, to = int(be.Uint32(loca[4*i:])), int(be.Uint32(loca[4*i+4:]))
	case !t.long && len(loca) >= 2*i+4:
		from, to = 2*int(be.Uint16(loca[2*i:])), 2*int(be.Uint16(loca[2*i+2:]))
	}
	if from < 0 || to < from || to > len(t.tables["glyf"]) {
		return nil
	}
	return t.tables["glyf"][from:to]
}

// metric is the entry of hmtx, four bytes.
func (t *trueType) metric(g sfnt.GlyphIndex) []byte {
	return t.tables["hmtx"][4*min(int(g), t.count-1):][:4]
}
