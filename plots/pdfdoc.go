package plots

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"math"
	"slices"
	"strconv"
	"unicode/utf16"

	"gonum.org/v1/plot/vg/draw"
)

// PDF writes the figure as a document of one page: text is text, the letters
// used of the Liberation fonts are embedded, and characters that these lack,
// Chinese for example, are drawn as boxes but can be searched and copied. The
// colours are light unless the figure's theme is dark. The same figure gives
// the same bytes.
func (f *Figure) PDF() ([]byte, error) {
	c := newPDFCanvas(f.w, f.h)
	c.theme = f.theme
	if err := f.Draw(draw.New(c)); err != nil {
		return nil, err
	}
	return c.document(f.title, f.desc)
}

// Missing are the characters of the figure that the Liberation fonts lack, each
// once: PNG and PDF draw boxes for them, SVG has them in the reader's fonts.
func (f *Figure) Missing() string {
	c := newPDFCanvas(f.w, f.h)
	if f.Draw(draw.New(c)) != nil {
		return ""
	}
	var missing []rune
	for _, font := range c.fonts {
		for i, r := range font.runes {
			if font.sources[i] == 0 && !slices.Contains(missing, r) {
				missing = append(missing, r)
			}
		}
	}
	return string(missing)
}

// pdfDoc collects the objects of a file; object i is numbered i + 1.
type pdfDoc struct{ objects [][]byte }

// reserve takes a number for an object that is written later.
func (d *pdfDoc) reserve() int {
	d.objects = append(d.objects, nil)
	return len(d.objects)
}

func (d *pdfDoc) set(n int, format string, args ...any) {
	d.objects[n-1] = fmt.Appendf(nil, format, args...)
}

func (d *pdfDoc) add(format string, args ...any) int {
	n := d.reserve()
	d.set(n, format, args...)
	return n
}

// stream adds compressed data, with further entries of its dictionary.
func (d *pdfDoc) stream(data []byte, entries string) (int, error) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		return 0, fmt.Errorf("plots: %w", err)
	}
	if err := z.Close(); err != nil {
		return 0, fmt.Errorf("plots: %w", err)
	}
	return d.add("<< /Filter /FlateDecode /Length %d %s>>\nstream\n%s\nendstream", b.Len(), entries, b.Bytes()), nil
}

// document is the file: catalogue, page, content, fonts, images (ISO 32000-1,
// section 7.5).
func (c *pdfCanvas) document(title, desc string) ([]byte, error) {
	var d pdfDoc
	catalogue, pages, page := d.reserve(), d.reserve(), d.reserve()
	info := d.add("<< /Title %s /Subject %s /Creator (golmm) >>", pdfText(title), pdfText(desc))
	content, err := d.stream(c.body, "")
	if err != nil {
		return nil, err
	}
	var resources bytes.Buffer
	resources.WriteString("/Font <<")
	for i, f := range c.fonts {
		n, err := d.font(f)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&resources, " /F%d %d 0 R", i, n)
	}
	resources.WriteString(" >> /ExtGState <<")
	for i, a := range c.alphas {
		fmt.Fprintf(&resources, " /A%d << /ca %s /CA %[2]s >>", i, appendFine(nil, a))
	}
	resources.WriteString(" >> /XObject <<")
	for i, img := range c.images {
		n, err := d.image(img)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&resources, " /I%d %d 0 R", i, n)
	}
	resources.WriteString(" >>")
	d.set(catalogue, "<< /Type /Catalog /Pages %d 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>", pages)
	d.set(pages, "<< /Type /Pages /Kids [%d 0 R] /Count 1 >>", page)
	d.set(page, "<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Contents %d 0 R /Resources << %s >> >>",
		pages, appendFine(nil, float64(c.w)), appendFine(nil, float64(c.h)), content, resources.Bytes())
	return d.file(catalogue, info), nil
}

// file writes the objects, the table of their places and the trailer.
func (d *pdfDoc) file(catalogue, info int) []byte {
	b := []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") // bytes above 127 say that it is binary
	var offsets []int
	for i, o := range d.objects {
		offsets = append(offsets, len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := len(b)
	b = fmt.Appendf(b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, off := range offsets {
		b = fmt.Appendf(b, "%010d 00000 n \n", off)
	}
	return fmt.Appendf(b, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, catalogue, info, xref)
}

// font adds a font with its description, file, widths and map to Unicode (ISO
// 32000-1, section 9.7).
func (d *pdfDoc) font(f *pdfFont) (int, error) {
	data, err := f.subset()
	if err != nil {
		return 0, err
	}
	file, err := d.stream(data, fmt.Sprintf("/Length1 %d ", len(data)))
	if err != nil {
		return 0, err
	}
	unicode, err := d.stream(f.toUnicode(), "")
	if err != nil {
		return 0, err
	}
	m, err := f.metrics()
	if err != nil {
		return 0, err
	}
	const symbolic = 4
	// Six capitals mark the name of a subset.
	descriptor := d.add("<< /Type /FontDescriptor /FontName /GOLMMA+%s /Flags %d /FontBBox [%d %d %d %d] /ItalicAngle 0 "+
		"/Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R >>",
		f.name, symbolic, m.box[0], m.box[1], m.box[2], m.box[3], m.ascent, m.descent, m.capHeight, file)
	var widths []byte
	for n := range len(f.runes) + 1 {
		widths = append(appendFine(widths, f.width(n)), ' ')
	}
	descendant := d.add("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /GOLMMA+%s /CIDToGIDMap /Identity "+
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %d 0 R /W [0 [%s]] >>",
		f.name, descriptor, widths)
	return d.add("<< /Type /Font /Subtype /Type0 /BaseFont /GOLMMA+%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>",
		f.name, descendant, unicode), nil
}

// image adds a picture; what is transparent shows white.
func (d *pdfDoc) image(img image.Image) (int, error) {
	r := img.Bounds()
	data := make([]byte, 0, 3*r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			red, green, blue, alpha := img.At(x, y).RGBA()
			white := 0xffff - alpha
			data = append(data, byte((red+white)>>8), byte((green+white)>>8), byte((blue+white)>>8))
		}
	}
	return d.stream(data, fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 ", r.Dx(), r.Dy()))
}

// pdfText is a string of text in UTF-16, in hexadecimal.
func pdfText(s string) []byte {
	b := []byte("<feff")
	for _, u := range utf16.Encode([]rune(s)) {
		b = fmt.Appendf(b, "%04x", u)
	}
	return append(b, '>')
}

// appendFine writes v with at most four decimals, enough for a matrix.
func appendFine(b []byte, v float64) []byte {
	r := math.Round(v*1e4) / 1e4
	if r == 0 {
		return append(b, '0')
	}
	return strconv.AppendFloat(b, r, 'f', -1, 64)
}
