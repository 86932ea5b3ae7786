package table

import (
	"fmt"
	"math"
)

const unknownLine = -1

// builder makes a column of fields as they come, in one pass. While it
// has seen only numbers it keeps numbers; when a field comes that is none, it
// turns to text. It is text, too, as long as every value was quoted.
type builder struct {
	name    string
	forced  bool            // the user set the kind
	kind    Kind            // that kind
	mark    byte            // decimal mark
	missing map[string]bool // what the user named, besides the standard ones

	numeric bool // the values are in ints or floats, not in codes
	settled bool // a value was no number: text for good
	bare    bool // a value was not quoted

	isFloat bool // the numbers are in floats
	decimal bool // a number had a decimal mark or an exponent
	long    bool // a whole number was too long for 64 bits
	huge    int  // line of the first number too large for a float64, 0 for none
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
	b := &builder{name: name, mark: opt.Decimal, missing: missing}
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
	if b.isMissing(text) {
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
	if n.form != notNumber {
		b.addNumber(n, text, line)
		return ""
	}
	b.oddLine, b.oddText = line, string(text)
	b.addLabel(text)
	return ""
}

func (b *builder) isMissing(text []byte) bool {
	switch string(text) {
	case "", "NA", "NaN", "nan":
		return true
	}
	return len(b.missing) > 0 && b.missing[string(text)]
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

// addLabel adds a value that is no number: the column is text from here on.
func (b *builder) addLabel(text []byte) {
	b.settled = true
	b.toText()
	b.addText(text)
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
		if b.index == nil {
			b.index = map[string]int32{}
		}
		b.index[s] = code
	}
	b.last = code
	b.codes.add(code)
}

// addNumber adds a number, which makes a column of quoted numbers numeric.
func (b *builder) addNumber(n number, text []byte, line int) {
	if b.settled || !b.numeric && !b.toNumbers() {
		b.addLabel(text)
		return
	}
	b.spelled.add(n.style, text)
	if n.form == intForm && !b.isFloat {
		b.ints.add(n.i)
		return
	}
	b.toFloats()
	b.floats.add(n.value())
	switch {
	case n.form == floatForm:
		b.decimal = true
	case n.form == longForm:
		b.long = true
	case n.form == hugeForm && b.huge == 0:
		b.huge = line
	}
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

// toNumbers turns texts to numbers if there are some and all are numbers.
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
			b.addNumber(numbers[code], []byte(b.dict[code]), unknownLine)
		}
	})
	b.dict, b.index = nil, nil
	return true
}
