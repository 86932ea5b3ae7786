package plots

import (
	"encoding/binary"
	"slices"

	"golang.org/x/image/font/sfnt"
)

// Flags of a part of a composite glyph (OpenType specification, glyf).
const (
	wordArguments = 1 << 0
	hasScale      = 1 << 3
	moreParts     = 1 << 5
	hasXYScale    = 1 << 6
	hasMatrix     = 1 << 7
)

// subset is a font file with the glyphs in the order given, those that they
// are composed of behind them.
func (t *trueType) subset(glyphs []sfnt.GlyphIndex) []byte {
	be := binary.BigEndian
	glyphs = slices.Clone(glyphs)
	part := make(map[sfnt.GlyphIndex]int) // numbers of the parts
	var glyf, loca, hmtx []byte
	for i := 0; i < len(glyphs); i++ {
		outline := slices.Clone(t.glyph(glyphs[i]))
		eachPart(outline, func(at []byte) {
			g := sfnt.GlyphIndex(be.Uint16(at))
			n, known := part[g]
			if !known {
				n = len(glyphs)
				part[g], glyphs = n, append(glyphs, g)
			}
			be.PutUint16(at, uint16(n))
		})
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, outline...)
		for len(glyf)%4 > 0 {
			glyf = append(glyf, 0)
		}
		hmtx = append(hmtx, t.metric(glyphs[i])...)
	}
	loca = be.AppendUint32(loca, uint32(len(glyf)))

	head, hhea, maxp := slices.Clone(t.tables["head"]), slices.Clone(t.tables["hhea"]), slices.Clone(t.tables["maxp"])
	be.PutUint32(head[8:], 0) // checkSumAdjustment
	be.PutUint16(head[50:], 1)
	be.PutUint16(hhea[34:], uint16(len(glyphs)))
	be.PutUint16(maxp[4:], uint16(len(glyphs)))
	out := map[string][]byte{"glyf": glyf, "head": head, "hhea": hhea, "hmtx": hmtx, "loca": loca, "maxp": maxp}
	for _, hints := range []string{"cvt ", "fpgm", "prep"} {
		if b, ok := t.tables[hints]; ok {
			out[hints] = b
		}
	}
	return assemble(out)
}

// eachPart calls f with the two bytes of the number of each part of a
// composite glyph.
func eachPart(outline []byte, f func(at []byte)) {
	be := binary.BigEndian
	if len(outline) < 10 || int16(be.Uint16(outline)) >= 0 {
		return
	}
	for at := 10; at+4 <= len(outline); {
		flags := be.Uint16(outline[at:])
		f(outline[at+2 : at+4])
		at += 6
		if flags&wordArguments != 0 {
			at += 2
		}
		switch {
		case flags&hasScale != 0:
			at += 2
		case flags&hasXYScale != 0:
			at += 4
		case flags&hasMatrix != 0:
			at += 8
		}
		if flags&moreParts == 0 {
			return
		}
	}
}

// assemble writes the directory of the tables and the tables.
func assemble(tables map[string][]byte) []byte {
	be := binary.BigEndian
	var tags []string
	for tag := range tables {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	n, log := len(tags), 0
	for 2<<log <= n {
		log++
	}
	b := be.AppendUint32(nil, 0x00010000)
	b = be.AppendUint16(b, uint16(n))
	b = be.AppendUint16(b, uint16(16<<log))
	b = be.AppendUint16(b, uint16(log))
	b = be.AppendUint16(b, uint16(16*n-16<<log))
	off := 12 + 16*n
	for _, tag := range tags {
		t := tables[tag]
		b = append(b, tag...)
		b = be.AppendUint32(b, checksum(t))
		b = be.AppendUint32(b, uint32(off))
		b = be.AppendUint32(b, uint32(len(t)))
		off += (len(t) + 3) / 4 * 4
	}
	for _, tag := range tags {
		b = append(b, tables[tag]...)
		for len(b)%4 > 0 {
			b = append(b, 0)
		}
	}
	return b
}

// checksum is the sum of the table's 32-bit words.
func checksum(t []byte) uint32 {
	var sum uint32
	for i := 0; i < len(t); i += 4 {
		var word [4]byte
		copy(word[:], t[i:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}
