package table

import "strconv"

// A column of numbers becomes text when a field comes that is no number,
// perhaps in the last line. Its earlier fields must then come back as they
// were written, and "1.50" is not "1.5". To keep their text would double the
// memory, so a spelling keeps one byte a number, its style.

const (
	// Styles up to maxDecimals are a number of decimals: strconv writes the
	// same text with format 'f' and that precision.
	maxDecimals  = 253
	missingStyle = 254 // there is no number
	oddStyle     = 255 // written in another way; the text is kept
)

// spelling remembers how the numbers of a column were written.
type spelling struct {
	styles chunks[uint8]
	odd    []byte // texts of style oddStyle, one after the other
	ends   []int  // where each of them ends in odd
}

// add remembers the spelling of the next number.
func (s *spelling) add(style uint8, text []byte) {
	s.styles.add(style)
	if style == oddStyle {
		s.odd = append(s.odd, text...)
		s.ends = append(s.ends, len(s.odd))
	}
}

// texts calls f with every number as it was written, nil where it is missing;
// values are the numbers in order. The text is valid during the call.
func (s *spelling) texts(values []float64, f func(text []byte)) {
	var scratch []byte
	i, odd, from := 0, 0, 0
	s.styles.each(func(style uint8) {
		switch style {
		case missingStyle:
			f(nil)
		case oddStyle:
			f(s.odd[from:s.ends[odd]])
			from = s.ends[odd]
			odd++
		default:
			scratch = strconv.AppendFloat(scratch[:0], values[i], 'f', int(style), 64)
			f(scratch)
		}
		i++
	})
}

// styleOf returns the style of a number that was written as text: digits
// without its sign, of which decimals stand after the mark. Up to 15 digits
// come back from a float64 as they were.
func styleOf(text []byte, n number, nDigits, decimals int) uint8 {
	if nDigits <= 15 && plainDecimal(text, nDigits-decimals, decimals) {
		return uint8(decimals)
	}
	if n.form == floatForm && decimals <= maxDecimals && len(text) < 32 {
		var scratch [64]byte
		if string(strconv.AppendFloat(scratch[:0], n.f, 'f', decimals, 64)) == string(text) {
			return uint8(decimals)
		}
	}
	return oddStyle
}

// plainDecimal reports whether text is -?(0|[1-9][0-9]*)(\.[0-9]+)? with so
// many digits before the mark and after it, other than -0.
func plainDecimal(text []byte, whole, decimals int) bool {
	want := whole
	if decimals > 0 {
		want += 1 + decimals
	}
	if text[0] == '-' {
		text = text[1:]
		if whole == 1 && text[0] == '0' && decimals == 0 {
			return false
		}
	}
	return whole > 0 && len(text) == want && (text[0] != '0' || whole == 1) && (decimals == 0 || text[whole] == '.')
}
