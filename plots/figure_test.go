package plots

import (
	"bytes"
	"errors"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// The picture of sleepstudy is the one that was looked at and found good.
func TestPNGGolden(t *testing.T) {
	got, err := Caterpillar(sleepstudy(t)).PNG()
	if err != nil {
		t.Fatal(err)
	}
	const path = "testdata/sleepstudy.png"
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Processors round differently in the edges of glyphs and lines: one pixel
	// in 500 may differ by more than an eighth of the scale.
	if share := differing(t, got, want, 32); share > 0.002 {
		t.Errorf("%.2f %% of the pixels differ from %s; look at the picture, then run with -update", 100*share, path)
	}
}

// differing is the share of pixels that differ by more than limit of 255 in
// some channel.
func differing(t *testing.T, a, b []byte, limit int) float64 {
	t.Helper()
	x, y := decode(t, a), decode(t, b)
	if x.Bounds() != y.Bounds() {
		t.Fatalf("the sizes are %v and %v", x.Bounds(), y.Bounds())
	}
	n := 0
	for i := x.Bounds().Min.Y; i < x.Bounds().Max.Y; i++ {
		for j := x.Bounds().Min.X; j < x.Bounds().Max.X; j++ {
			r0, g0, b0, _ := x.At(j, i).RGBA()
			r1, g1, b1, _ := y.At(j, i).RGBA()
			for _, d := range [3]int{int(r0>>8) - int(r1>>8), int(g0>>8) - int(g1>>8), int(b0>>8) - int(b1>>8)} {
				if d > limit || -d > limit {
					n++
					break
				}
			}
		}
	}
	return float64(n) / float64(x.Bounds().Dx()*x.Bounds().Dy())
}

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// PNG draws every kind of picture, the odd ones too.
func TestPNGDraws(t *testing.T) {
	for name, s := range map[string]source{
		"awkward": awkward(),
		"one":     {simulated("g", 1, "(Intercept)")},
		"band":    {simulated("g", 600, "(Intercept)")},
	} {
		b, err := Caterpillar(s).PNG()
		if err != nil {
			t.Fatal(err)
		}
		m := decode(t, b)
		ink := 0
		for i := range m.Bounds().Dy() {
			for j := range m.Bounds().Dx() {
				if r, g, b, _ := m.At(j, i).RGBA(); r != 0xffff || g != 0xffff || b != 0xffff {
					ink++
				}
			}
		}
		if share := float64(ink) / float64(m.Bounds().Dx()*m.Bounds().Dy()); share < 0.01 || share > 0.5 {
			t.Errorf("%s: %.1f %% of the picture is inked", name, 100*share)
		}
	}
}

func TestSave(t *testing.T) {
	f := Caterpillar(sleepstudy(t))
	dir := t.TempDir()
	for _, name := range []string{"a.svg", "a.PNG", "a.pdf"} {
		path := filepath.Join(dir, name)
		if err := f.Save(path); err != nil {
			t.Fatal(err)
		}
		if i, err := os.Stat(path); err != nil || i.Size() < 1000 {
			t.Errorf("%s: %v", name, err)
		}
	}
	var fe *FormatError
	if err := f.Save(filepath.Join(dir, "a.gif")); !errors.As(err, &fe) || fe.Ext != ".gif" {
		t.Errorf("a.gif: %v", err)
	}
	if err := f.Save(filepath.Join(dir, "a")); !errors.As(err, &fe) {
		t.Errorf("no extension: %v", err)
	}
}

// A figure can be drawn on any canvas of gonum/plot, more than once.
func TestDrawOnAnotherCanvas(t *testing.T) {
	f := Caterpillar(sleepstudy(t))
	w, h := f.Size()
	if err := f.Draw(draw.New(vgimg.New(w, h))); err != nil {
		t.Fatal(err)
	}
	if a, b := svgOf(t, f), svgOf(t, f); a != b {
		t.Error("the second drawing differs from the first")
	}
}

func TestInks(t *testing.T) {
	for k := range inkCount {
		if k.Light() == k.Dark() {
			t.Errorf("ink %d is the same in light and dark", k)
		}
		if r, g, b, _ := k.RGBA(); r>>8<<16|g>>8<<8|b>>8 != k.Light() {
			t.Errorf("ink %d: RGBA is not the light value", k)
		}
	}
	if _, _, _, a := Accent.Fade(0.5).RGBA(); a>>8 != 128 {
		t.Errorf("alpha %d", a>>8)
	}
}

// Names that differ in what shortening takes out keep it.
func TestNamesStayApart(t *testing.T) {
	f := &Figure{}
	sty := textStyle(Text, smallSize, 0, 0, 0)
	var names []string
	for _, town := range []string{"Aachen", "Århus", "Ålborg"} {
		names = append(names, "the hospital of Saint Somebody in "+town+" at the river")
	}
	short := f.shortenApart(names, sty, 100)
	for i, s := range short {
		if !strings.HasPrefix(s, "…") || slices.Index(short, s) != i || f.full[s] != names[i] || !utf8.ValidString(s) {
			t.Errorf("%q of %q, whole %q", s, names[i], f.full[s])
		}
	}
	if got := f.shortenApart([]string{"short", "names"}, sty, 100); !slices.Equal(got, []string{"short", "names"}) {
		t.Error(got)
	}
}
