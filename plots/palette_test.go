package plots

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"
)

// The image of a figure has at most 256 colours, among them its surface, its ink
// and its accent to the last bit.
func TestPalette(t *testing.T) {
	raw, err := Caterpillar(sleepstudy(t)).PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[color.RGBA]bool)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			seen[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)] = true
		}
	}
	if len(seen) > mostColours {
		t.Errorf("%d colours", len(seen))
	}
	for _, ink := range []Ink{Surface, Text, Accent} {
		c := color.RGBAModel.Convert(ink).(color.RGBA)
		if !seen[c] {
			t.Errorf("%v is not there", c)
		}
	}
	if len(raw) > 40_000 { // 92 kB with all colours
		t.Errorf("%d bytes", len(raw))
	}
}
