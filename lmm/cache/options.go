package cache

import (
	"math"
	"reflect"
	"slices"
	"strings"
)

// noBit are the fields of options on which no bit of a result depends.
var noBit = [...]string{"Workers", "Progress"}

// Options adds what a verb was asked for: the exported fields of a struct or of
// what it points to, those named Workers and Progress left out. A nil pointer is
// the same as the zero value. ok is false where a value has no content to go by,
// a function above all: then there is no key.
func (h *Hasher) Options(v any) (ok bool) {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Pointer && r.Type().Elem().Kind() == reflect.Struct {
		if r.IsNil() {
			r = reflect.Zero(r.Type().Elem())
		} else {
			r = r.Elem()
		}
	}
	return h.value(r)
}

func (h *Hasher) value(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Bool:
		h.Flag(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		h.whole(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		h.whole(v.Uint())
	case reflect.Float32, reflect.Float64:
		h.whole(math.Float64bits(v.Float()))
	case reflect.String:
		h.Text(v.String())
	case reflect.Slice, reflect.Array:
		h.Flag(v.Kind() == reflect.Slice && v.IsNil())
		h.whole(uint64(v.Len()))
		for i := range v.Len() {
			if !h.value(v.Index(i)) {
				return false
			}
		}
	case reflect.Map:
		return h.entries(v)
	case reflect.Pointer, reflect.Func, reflect.Interface, reflect.Chan:
		h.Flag(v.IsNil())
		return v.IsNil() || v.Kind() == reflect.Pointer && h.value(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if slices.Contains(noBit[:], f.Name) {
				continue
			}
			if !f.IsExported() {
				if !v.Field(i).IsZero() {
					return false
				}
				continue
			}
			if !h.Text(f.Name).value(v.Field(i)) {
				return false
			}
		}
	default:
		return false
	}
	return true
}

// entries adds a map with names for keys, in their order.
func (h *Hasher) entries(v reflect.Value) bool {
	h.whole(uint64(v.Len()))
	if v.Type().Key().Kind() != reflect.String {
		return v.Len() == 0
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, k := range keys {
		if !h.Text(k.String()).value(v.MapIndex(k)) {
			return false
		}
	}
	return true
}
