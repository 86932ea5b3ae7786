package table

import (
	"bytes"
	"math"
	"strconv"
)

// form is how a field of a file is written.
type form uint8

const (
	notNumber form = iota
	intForm        // digits with an optional sign, fits int64
	longForm       // the same, too long for int64
	floatForm      // with a decimal mark or an exponent, or Inf
	hugeForm       // a number beyond the largest float64
)

// number is a field read as a number.
type number struct {
	form  form
	i     int64   // of intForm
	f     float64 // of the other forms
	style uint8   // see spelling
}

// value returns the number as a float64.
func (n number) value() float64 {
	if n.form == intForm {
		return float64(n.i)
	}
	return n.f
}

// parseNumber reads a decimal number such as -12, 0.5, .5, 5., 1e-3 or Inf. The
// decimal mark is a point or a comma. NaN is a missing value and no number.
func parseNumber(b []byte, mark byte) number {
	digits := b
	neg := false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		neg = b[0] == '-'
		digits = b[1:]
	}
	if isInf(digits) {
		x := math.Inf(1)
		if neg {
			x = math.Inf(-1)
		}
		return number{form: floatForm, f: x, style: oddStyle}
	}
	var mantissa uint64
	nDigits, decimals, point := 0, 0, false
	k := 0
	for ; k < len(digits); k++ {
		d := digits[k]
		if d == mark && !point {
			point = true
			continue
		}
		if d < '0' || d > '9' {
			break
		}
		if nDigits < 19 {
			mantissa = mantissa*10 + uint64(d-'0')
		}
		nDigits++
		if point {
			decimals++
		}
	}
	if nDigits == 0 {
		return number{}
	}
	exponent := k < len(digits)
	if exponent && !isExponent(digits[k:]) {
		return number{}
	}
	n := number{form: floatForm}
	switch {
	case !point && !exponent && nDigits < 19:
		n.form, n.i = intForm, int64(mantissa)
		if neg {
			n.i = -n.i
		}
	case !point && !exponent:
		n = parseLong(b)
	case !exponent && nDigits <= 15 && decimals <= 15:
		// Both are exact, so that the quotient is rounded once (Clinger 1990).
		n.f = float64(mantissa) / tenTo(decimals)
		if neg {
			n.f = -n.f
		}
	default:
		n = parseSlow(b, mark)
	}
	n.style = styleOf(b, n, nDigits, decimals)
	return n
}

// parseLong reads a whole number of 19 digits or more.
func parseLong(b []byte) number {
	if i, err := strconv.ParseInt(string(b), 10, 64); err == nil && i != MissingInt {
		return number{form: intForm, i: i}
	}
	n := parseSlow(b, '.')
	if n.form == floatForm {
		n.form = longForm
	}
	return n
}

// parseSlow reads a number whose syntax was checked.
func parseSlow(b []byte, mark byte) number {
	if mark != '.' {
		b = bytes.Replace(b, []byte{mark}, []byte{'.'}, 1)
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return number{form: hugeForm, f: f}
	}
	return number{form: floatForm, f: f}
}

// tenTo returns 10^n, exact for n up to 22.
func tenTo(n int) float64 {
	p := 1.0
	for range n {
		p *= 10
	}
	return p
}

func isInf(b []byte) bool {
	return len(b) >= 3 && (b[0] == 'I' || b[0] == 'i') &&
		(bytes.EqualFold(b, []byte("inf")) || bytes.EqualFold(b, []byte("infinity")))
}

// isExponent matches e5, E+05, e-5.
func isExponent(b []byte) bool {
	if b[0] != 'e' && b[0] != 'E' {
		return false
	}
	b = b[1:]
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	}
	for _, d := range b {
		if d < '0' || d > '9' {
			return false
		}
	}
	return len(b) > 0
}

// boolCode returns 1 for TRUE, 0 for FALSE, -1 for other texts.
func boolCode(s string) int32 {
	switch s {
	case "TRUE", "true", "True", "T":
		return 1
	case "FALSE", "false", "False", "F":
		return 0
	}
	return -1
}
