// Package mathml turns the mathematics of a notebook, written in TeX, into MathML, which
// browsers show without a program or a network.
//
// It knows what statistics is written with: scripts, fractions, roots, accents, Greek and
// the alphabets, operators with limits, matrices, cases, aligned equations. What it does
// not know is an error with its place, so that the caller can show the source instead:
// nothing is dropped or guessed. The same source gives the same bytes.
//
// The output holds elements of MathML Core, attributes that this package writes itself,
// and text that is escaped; nothing of the source gets into a tag.
//
// Brackets that stretch need a font for mathematics, as Windows and macOS have; without
// one (on Debian: fonts-stix, fonts-dejavu-extra) they stay small.
//
// Read scan.go, parse.go, scripts.go, commands.go, delimiters.go, environments.go,
// alphabet.go, symbols.go, write.go.
//
// Sources: MathML Core (https://www.w3.org/TR/mathml-core/); D. E. Knuth, The TeXbook,
// 1984, chapters 16 to 18; the user's guide of amsmath.
package mathml
