package plots

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/vg"
)

// Ink is a colour by its role. It is a color.Color with the light value; an
// SVG figure carries the dark value too.
type Ink uint8

// The inks. Surface lies behind everything, Rule is for hairlines and carries
// no meaning alone, Accent is for estimates. Series1 to Series8 tell series
// apart, in this order.
const (
	Surface Ink = iota
	Text
	Muted
	Rule
	Accent
	Good
	Caution
	Serious
	NotIdentifiable
	Series1
	Series2
	Series3
	Series4
	Series5
	Series6
	Series7
	Series8
	inkCount
)

// inkValues are the name of the CSS variable and the light and dark value,
// 0xRRGGBB. Text and marks have a contrast of at least 3 against Surface.
var inkValues = [inkCount]struct {
	name        string
	light, dark uint32
}{
	Surface:         {"bg", 0xffffff, 0x16191d},
	Text:            {"ink", 0x1b1f24, 0xe6e9ed},
	Muted:           {"mut", 0x59626d, 0xa0a9b4},
	Rule:            {"rule", 0xd8dde3, 0x353c44},
	Accent:          {"acc", 0x1d4f91, 0x7db5f2},
	Good:            {"good", 0x0c7a73, 0x4fd0c2},
	Caution:         {"warn", 0x955d00, 0xf0c469},
	Serious:         {"bad", 0x9a1322, 0xef776e},
	NotIdentifiable: {"nid", 0x5631a0, 0xb3a3f5},
	Series1:         {"s1", 0x2340a0, 0x5aaef5},
	Series2:         {"s2", 0xcf7229, 0xee9550},
	Series3:         {"s3", 0x0a9e90, 0x6fecc0},
	Series4:         {"s4", 0x651d5e, 0xb995b3},
	Series5:         {"s5", 0x8a6508, 0xf2d27c},
	Series6:         {"s6", 0x0a6f86, 0xb3cef0},
	Series7:         {"s7", 0x97190f, 0xd2675f},
	Series8:         {"s8", 0x8474cc, 0x8a7fdb},
}

// RGBA gives the light value, so that an Ink is a color.Color.
func (k Ink) RGBA() (r, g, b, a uint32) { return rgb(k.Light()).RGBA() }

// Light is the value on a light surface, 0xRRGGBB.
func (k Ink) Light() uint32 { return k.value().light }

// Dark is the value on a dark surface, 0xRRGGBB.
func (k Ink) Dark() uint32 { return k.value().dark }

// in is the value in a theme.
func (k Ink) in(t Theme) uint32 {
	if t == DarkTheme {
		return k.Dark()
	}
	return k.Light()
}

func (k Ink) value() struct {
	name        string
	light, dark uint32
} {
	if k >= inkCount {
		panic(fmt.Sprintf("plots: Ink(%d) is not one of the theme", uint8(k)))
	}
	return inkValues[k]
}

// Fade is the ink at an opacity between 0 and 1.
func (k Ink) Fade(opacity float64) color.Color {
	return faded{ink: k, opacity: min(max(opacity, 0), 1)}
}

// faded is an ink with an opacity; the SVG canvas keeps the ink's class.
type faded struct {
	ink     Ink
	opacity float64
}

func (f faded) RGBA() (r, g, b, a uint32) {
	c := rgb(f.ink.Light())
	c.A = uint8(f.opacity*255 + 0.5)
	return c.RGBA()
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// inked is a canvas of another back end that gives inks their value in a theme.
type inked struct {
	vg.CanvasSizer
	theme Theme
}

// SetColor sets the colour of what follows.
func (c inked) SetColor(k color.Color) {
	opacity := 1.0
	if f, ok := k.(faded); ok {
		k, opacity = f.ink, f.opacity
	}
	if ink, ok := k.(Ink); ok {
		n := rgb(ink.in(c.theme))
		n.A = uint8(opacity*255 + 0.5)
		k = n
	}
	c.CanvasSizer.SetColor(k)
}
