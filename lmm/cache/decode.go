package cache

import (
	"encoding"
	"reflect"
)

// value reads into v, whose type is that of the value that was written.
func (d *decoder) value(v reflect.Value) error {
	if binaryForm(v.Type()) {
		b, err := d.text()
		if err != nil {
			return err
		}
		return v.Addr().Interface().(encoding.BinaryUnmarshaler).UnmarshalBinary(b)
	}
	switch v.Kind() {
	case reflect.Bool:
		b, err := d.yes()
		v.SetBool(b)
		return err
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		x, err := d.signed()
		v.SetInt(x)
		return err
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		x, err := d.whole()
		v.SetUint(x)
		return err
	case reflect.Float32, reflect.Float64:
		x, err := d.float()
		v.SetFloat(x)
		return err
	case reflect.String:
		b, err := d.text()
		v.SetString(string(b))
		return err
	case reflect.Pointer:
		if there, err := d.yes(); err != nil || !there {
			return err
		}
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(v.Elem())
	case reflect.Slice, reflect.Array:
		return d.list(v)
	case reflect.Map:
		return d.table(v)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				if err := d.value(v.Field(i)); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return errDamaged
}

// count reads a number of elements, -1 for a slice or map that is nil. Each
// element has a byte at least.
func (d *decoder) count() (int, error) {
	n, err := d.whole()
	if err != nil || n == 0 {
		return -1, err
	}
	if n-1 > uint64(len(d.rest)) {
		return 0, errDamaged
	}
	return int(n - 1), nil
}

func (d *decoder) list(v reflect.Value) error {
	n, err := d.count()
	if err != nil {
		return err
	}
	switch {
	case v.Kind() == reflect.Array && n != v.Len():
		return errDamaged
	case v.Kind() == reflect.Slice && n >= 0:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
	}
	for i := range max(n, 0) {
		if err := d.value(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) table(v reflect.Value) error {
	n, err := d.count()
	if err != nil || n < 0 {
		return err
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), n))
	for range n {
		key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if err := d.value(key); err != nil {
			return err
		}
		if err := d.value(elem); err != nil {
			return err
		}
		v.SetMapIndex(key, elem)
	}
	return nil
}
