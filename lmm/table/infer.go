package table

import (
	"fmt"
	"math"
	"strings"
)

// builder makes a column of fields as they come, in one pass. While it
// has seen only numbers it keeps numbers; when a field comes that is none, it
// turns to text. It is text, too, as long as every value was quoted.
type builder struct {
	name    string
	forced  bool // the user set the kind
	kind    Kind // that kind
	mark    byte // decimal mark
	missing map[string]bool

	numeric bool // the values are in ints or floats, not in codes
	settled bool // a value was no number: text for good
	bare    bool // a value was not quoted

	isFloat bool // the numbers are in floats
	decimal bool // a number had a decimal mark or an exponent
	long    int  // line of the first whole number too long for 64 bits
	huge    int  // line of the first number too large for a float64
	ints    chunks[int64]
	floats  chunks[float64]
	spelled spelling

	codes chunks[int32]
	dict  []string
	index map[string]int32
	last  int32 // code of the value before: groups often stand together

	oddLine int // line of the first value that is no number
	oddText string
}

func newBuilder(name string, opt *CSVOptions, missing map[string]bool) *builder {
	b := &builder{name: name, mark: opt.Decimal, missing: missing, index: map[string]int32{}}
	b.kind, b.forced = opt.Kinds[name]
	if b.forced {
		b.numeric = b.kind == Float || b.kind == Int
		b.settled = !b.numeric
	}
	return b
}

// add takes the next field. A message says why a value does not fit the kind
// that the user set.
func (b *builder) add(text []byte, quoted bool, line int) (problem string) {
	if b.missing[string(text)] {
		b.addMissing()
		return ""
	}
	b.bare = b.bare || !quoted
	if b.forced {
		return b.addForced(text, line)
	}
	if b.settled || (quoted && !b.numeric) {
		b.addText(text)
		return ""
	}
	n := parseNumber(text, b.mark)
	if n.form == notNumber {
		b.oddLine, b.oddText = line, string(text)
		b.settled = true
		b.toText()
		b.addText(text)
		return ""
	}
	if !b.numeric && !b.toNumbers() {
		b.settled = true
		b.addText(text)
		return ""
	}
	b.addNumber(n, text, line)
	return ""
}

func (b *builder) addForced(text []byte, line int) (problem string) {
	switch b.kind {
	case Float, Int:
		n := parseNumber(text, b.mark)
		if n.form == notNumber {
			return fmt.Sprintf("%q is not a number, but column %s was said to hold numbers", text, b.name)
		}
		if b.kind == Int && n.form != intForm {
			return fmt.Sprintf("%q is not a whole number of 64 bits, but column %s was said to hold integers", text, b.name)
		}
		b.addNumber(n, text, line)
	case Bool:
		if boolCode(string(text)) < 0 {
			return fmt.Sprintf("%q is neither TRUE nor FALSE, but column %s was said to be boolean", text, b.name)
		}
		b.addText(text)
	default:
		b.addText(text)
	}
	return ""
}

func (b *builder) addMissing() {
	switch {
	case !b.numeric:
		b.codes.add(-1)
		return
	case b.isFloat:
		b.floats.add(math.NaN())
	default:
		b.ints.add(MissingInt)
	}
	b.spelled.add(missingStyle, nil)
}

func (b *builder) addText(text []byte) {
	if len(b.dict) > 0 && b.dict[b.last] == string(text) {
		b.codes.add(b.last)
		return
	}
	code, ok := b.index[string(text)]
	if !ok {
		code = int32(len(b.dict))
		s := string(text)
		b.dict = append(b.dict, s)
		b.index[s] = code
	}
	b.last = code
	b.codes.add(code)
}

func (b *builder) addNumber(n number, text []byte, line int) {
	b.spelled.add(n.style, text)
	if n.form == intForm {
		if b.isFloat {
			b.floats.add(float64(n.i))
		} else {
			b.ints.add(n.i)
		}
		return
	}
	switch {
	case n.form == floatForm:
		b.decimal = true
	case n.form == longForm && b.long == 0:
		b.long = line
	case n.form == hugeForm && b.huge == 0:
		b.huge = line
	}
	b.toFloats()
	b.floats.add(n.f)
}

// toFloats moves the whole numbers to floats.
func (b *builder) toFloats() {
	if b.isFloat {
		return
	}
	b.isFloat = true
	b.ints.each(func(i int64) {
		if i == MissingInt {
			b.floats.add(math.NaN())
		} else {
			b.floats.add(float64(i))
		}
	})
	b.ints = chunks[int64]{}
}

// toText turns the numbers back to the texts that they were read from.
func (b *builder) toText() {
	if !b.numeric {
		return
	}
	b.toFloats()
	b.numeric = false
	b.spelled.texts(b.floats.slice(), func(text []byte) {
		if text == nil {
			b.codes.add(-1)
		} else {
			b.addText(text)
		}
	})
	b.spelled = spelling{}
}

// toNumbers turns texts to numbers if all of them are numbers.
func (b *builder) toNumbers() bool {
	numbers := make([]number, len(b.dict))
	for k, s := range b.dict {
		numbers[k] = parseNumber([]byte(s), b.mark)
		if numbers[k].form == notNumber {
			return false
		}
	}
	b.numeric = true
	codes := b.codes
	b.codes = chunks[int32]{}
	codes.each(func(code int32) {
		if code < 0 {
			b.addMissing()
		} else {
			b.addNumber(numbers[code], []byte(b.dict[code]), 0)
		}
	})
	b.dict, b.index = nil, map[string]int32{}
	return true
}

// column ends the reading and returns the column.
func (b *builder) column() (*Column, *CSVError) {
	c := &Column{name: b.name, kind: Text}
	if b.numeric && b.huge > 0 {
		return nil, &CSVError{Line: b.huge, Msg: fmt.Sprintf("column %s has a number beyond the largest one that a computer holds, 1.8e308", b.name),
			Try: "write Inf if it is infinite, or scale the column"}
	}
	if b.numeric && !b.forced && b.long > 0 && !b.decimal {
		b.toText()
		c.note = fmt.Sprintf("text, because line %d has a whole number too long for 64 bits", b.long)
	}
	switch {
	case b.numeric && (b.isFloat || b.forced && b.kind == Float):
		b.toFloats()
		c.kind, c.floats = Float, b.floats.slice()
	case b.numeric:
		c.kind, c.ints = Int, b.ints.slice()
	case len(b.dict) == 0 && !b.forced: // nothing but missing values
		c.kind, c.floats = Float, make([]float64, b.codes.len())
		for i := range c.floats {
			c.floats[i] = math.NaN()
		}
		c.note = "has no values"
	case b.isBool():
		c.kind, c.dict, c.codes = Bool, boolDict(), b.codes.slice()
		for i, code := range c.codes {
			if code >= 0 {
				c.codes[i] = boolCode(b.dict[code])
			}
		}
	default:
		c.dict, c.codes = b.dict, b.codes.slice()
		if c.note == "" {
			c.note = b.strayNote()
		}
		return b.toFactor(c), nil
	}
	return c, nil
}

// toFactor gives a text column the categorical kind that the user set.
func (b *builder) toFactor(c *Column) *Column {
	if !b.forced || b.kind == Text {
		return c
	}
	f := c.AsFactor()
	f.kind = b.kind
	return f
}

// isBool reports whether the texts are those of booleans, written without
// quotes. T or F alone is not enough: it may be a letter.
func (b *builder) isBool() bool {
	if b.forced {
		return b.kind == Bool
	}
	if !b.bare || len(b.dict) == 0 {
		return false
	}
	for _, s := range b.dict {
		if boolCode(s) < 0 {
			return false
		}
	}
	return len(b.dict) > 1 || len(b.dict[0]) > 1
}

// strayNote says which few values made a column of numbers text.
func (b *builder) strayNote() string {
	if b.oddLine == 0 {
		return ""
	}
	var stray []string
	for _, s := range b.dict {
		if parseNumber([]byte(s), b.mark).form == notNumber {
			stray = append(stray, fmt.Sprintf("%q", s))
		}
		if len(stray) > 3 {
			return ""
		}
	}
	if 2*len(stray) >= len(b.dict) {
		return ""
	}
	return fmt.Sprintf("text, because of %s among its numbers (first in line %d, %q); if it stands for a missing value, name it in CSVOptions.Missing",
		strings.Join(stray, ", "), b.oddLine, b.oddText)
}
