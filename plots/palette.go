package plots

import (
	"image"
	"image/color"
	"image/draw"
)

// mostColours is what a PNG with a palette can have.
const mostColours = 256

// paletted draws an image with at most 256 colours, which makes its PNG four
// times smaller: a figure has few colours and their mixtures along edges. Colours
// that agree in their first bits, five of each channel if that is enough, become
// the most frequent of them, so that surfaces and lines keep theirs exactly.
func paletted(src image.Image) *image.Paletted {
	bounds := src.Bounds()
	img := image.NewRGBA(bounds)
	draw.Draw(img, bounds, src, bounds.Min, draw.Src)
	count := make(map[color.RGBA]int)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[img.RGBAAt(x, y)]++
		}
	}
	shift := uint8(3)
	best := likeliest(count, shift)
	for len(best) > mostColours {
		shift++
		best = likeliest(count, shift)
	}
	var palette color.Palette
	index := make(map[color.RGBA]uint8, len(best))
	out := image.NewPaletted(bounds, nil)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			key := leading(img.RGBAAt(x, y), shift)
			i, known := index[key]
			if !known {
				i = uint8(len(palette))
				index[key] = i
				palette = append(palette, best[key])
			}
			out.Pix[out.PixOffset(x, y)] = i
		}
	}
	out.Palette = palette
	return out
}

// leading drops the last bits of each channel.
func leading(c color.RGBA, shift uint8) color.RGBA {
	return color.RGBA{c.R >> shift, c.G >> shift, c.B >> shift, c.A >> shift}
}

// likeliest is the most frequent of the colours that agree in their first bits,
// the darkest of equally frequent ones.
func likeliest(count map[color.RGBA]int, shift uint8) map[color.RGBA]color.RGBA {
	best := make(map[color.RGBA]color.RGBA)
	for c, n := range count {
		key := leading(c, shift)
		was, known := best[key]
		if m := count[was]; !known || n > m || n == m && before(c, was) {
			best[key] = c
		}
	}
	return best
}

// before orders colours.
func before(a, b color.RGBA) bool {
	switch {
	case a.R != b.R:
		return a.R < b.R
	case a.G != b.G:
		return a.G < b.G
	case a.B != b.B:
		return a.B < b.B
	}
	return a.A < b.A
}
