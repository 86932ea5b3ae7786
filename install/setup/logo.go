package setup

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// logoFiles returns the kernel's pictures, by the file names that Jupyter looks for:
// a caterpillar plot of four effects.
func logoFiles() (map[string][]byte, error) {
	files := make(map[string][]byte)
	for _, size := range []int{32, 64} {
		var b bytes.Buffer
		if err := png.Encode(&b, logo(size)); err != nil {
			return nil, err
		}
		files[fmt.Sprintf("logo-%dx%d.png", size, size)] = b.Bytes()
	}
	return files, nil
}

// logo draws each effect as a dot on its interval, in units of 1/16 of the size.
func logo(size int) image.Image {
	effects := []struct{ y, low, mid, high float64 }{
		{3, 1, 4, 7},
		{6.5, 3, 6.5, 10},
		{9.5, 5, 9, 13},
		{13, 9, 12, 15},
	}
	const thick, radius = 0.45, 1.5
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	line := color.NRGBA{R: 0x7a, G: 0x8b, B: 0x99, A: 0xff}
	dot := color.NRGBA{R: 0x00, G: 0x6d, B: 0x8f, A: 0xff}
	for py := range size {
		for px := range size {
			x, y := (float64(px)+0.5)*16/float64(size), (float64(py)+0.5)*16/float64(size)
			for _, e := range effects {
				dx, dy := x-e.mid, y-e.y
				switch {
				case dx*dx+dy*dy <= radius*radius:
					img.SetNRGBA(px, py, dot)
				case dy*dy <= thick*thick && e.low <= x && x <= e.high:
					img.SetNRGBA(px, py, line)
				}
			}
		}
	}
	return img
}
