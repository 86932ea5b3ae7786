package cache

import (
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
)

// The payload of an entry holds a value of plain data field by field, so that
// what is read is what was written to the bit: NaN and -0 as they are, an empty
// slice apart from none. Types are not written, the key and the checksum stand
// for them.

var (
	marshaler   = reflect.TypeFor[encoding.BinaryMarshaler]()
	unmarshaler = reflect.TypeFor[encoding.BinaryUnmarshaler]()
)

// binaryForm tells that a type writes and reads itself.
func binaryForm(t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && t.Implements(marshaler) && reflect.PointerTo(t).Implements(unmarshaler)
}

// encode writes a value. The error names what in it is not plain data: a
// function, an interface, an unexported field that is not zero.
func encode(value any) ([]byte, error) {
	return appendValue(nil, reflect.ValueOf(value))
}

func appendValue(to []byte, v reflect.Value) (_ []byte, err error) {
	whole := binary.AppendUvarint
	if !v.IsValid() {
		return nil, errors.New("a nil interface cannot be kept")
	}
	if binaryForm(v.Type()) {
		b, err := v.Interface().(encoding.BinaryMarshaler).MarshalBinary()
		return append(whole(to, uint64(len(b))), b...), err
	}
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return append(to, 1), nil
		}
		return append(to, 0), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(to, v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return whole(to, v.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return binary.LittleEndian.AppendUint64(to, math.Float64bits(v.Float())), nil
	case reflect.String:
		return append(whole(to, uint64(v.Len())), v.String()...), nil
	case reflect.Pointer:
		if v.IsNil() {
			return append(to, 0), nil
		}
		return appendValue(append(to, 1), v.Elem())
	case reflect.Slice, reflect.Array:
		n := uint64(v.Len()) + 1
		if v.Kind() == reflect.Slice && v.IsNil() {
			n = 0
		}
		to = whole(to, n)
		for i := 0; i < v.Len() && err == nil; i++ {
			to, err = appendValue(to, v.Index(i))
		}
		return to, err
	case reflect.Map:
		return appendMap(to, v)
	case reflect.Struct:
		for i := 0; i < v.NumField() && err == nil; i++ {
			if f := v.Type().Field(i); f.IsExported() {
				to, err = appendValue(to, v.Field(i))
			} else if !v.Field(i).IsZero() {
				err = fmt.Errorf("%v.%s is not exported", v.Type(), f.Name)
			}
		}
		return to, err
	}
	return nil, fmt.Errorf("a %v cannot be kept", v.Type())
}

// appendMap writes a map with names for keys, in their order.
func appendMap(to []byte, v reflect.Value) (_ []byte, err error) {
	if v.Type().Key().Kind() != reflect.String {
		return nil, fmt.Errorf("a %v cannot be kept", v.Type())
	}
	if v.IsNil() {
		return append(to, 0), nil
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	to = binary.AppendUvarint(to, uint64(len(keys))+1)
	for i := 0; i < len(keys) && err == nil; i++ {
		if to, err = appendValue(to, keys[i]); err == nil {
			to, err = appendValue(to, v.MapIndex(keys[i]))
		}
	}
	return to, err
}

// decode reads what encode wrote from a value of the same type into the value
// that is pointed to.
func decode(payload []byte, to any) error {
	d := &decoder{payload}
	if err := d.value(reflect.ValueOf(to).Elem()); err != nil {
		return err
	}
	if len(d.rest) != 0 {
		return errDamaged
	}
	return nil
}

type decoder struct{ rest []byte }

func (d *decoder) take(n uint64) ([]byte, error) {
	if n > uint64(len(d.rest)) {
		return nil, errDamaged
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b, nil
}

// whole reads a number from 0 on.
func (d *decoder) whole() (uint64, error) {
	x, n := binary.Uvarint(d.rest)
	if n <= 0 {
		return 0, errDamaged
	}
	d.rest = d.rest[n:]
	return x, nil
}

func (d *decoder) signed() (int64, error) {
	x, n := binary.Varint(d.rest)
	if n <= 0 {
		return 0, errDamaged
	}
	d.rest = d.rest[n:]
	return x, nil
}

func (d *decoder) float() (float64, error) {
	b, err := d.take(8)
	if err != nil {
		return 0, err
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b)), nil
}

// yes reads one byte, 0 or 1.
func (d *decoder) yes() (bool, error) {
	b, err := d.take(1)
	if err != nil || b[0] > 1 {
		return false, errDamaged
	}
	return b[0] == 1, nil
}

// text reads bytes that follow their number.
func (d *decoder) text() ([]byte, error) {
	n, err := d.whole()
	if err != nil {
		return nil, err
	}
	return d.take(n)
}
