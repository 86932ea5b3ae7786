package cache

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

type leaf struct {
	Name   string
	X      float64
	Kind   time.Month
	Small  int8
	Limits [2]float64
	hidden int
}

type tree struct {
	Leaves  []leaf
	Pointer *leaf
	None    *leaf
	Empty   []string
	Nil     []string
	Counts  map[string]int
	NoMap   map[string]int
	Many    []*leaf
	At      time.Time
	Yes     bool
}

func sample() tree {
	return tree{
		Leaves:  []leaf{{Name: "<a>", X: math.Copysign(0, -1), Kind: time.May, Small: -3, Limits: [2]float64{math.NaN(), math.Inf(-1)}}, {}},
		Pointer: &leaf{X: math.Float64frombits(0x7ff8000000000123)},
		Empty:   []string{}, Counts: map[string]int{"b": 2, "a": 1, "": 0},
		Many: []*leaf{nil, {Name: "é"}}, At: time.Unix(1, 5).UTC(), Yes: true,
	}
}

// What is read is what was written, to the bit: the bytes are the same again.
func TestCodec(t *testing.T) {
	want, err := encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	var got tree
	if err := decode(want, &got); err != nil {
		t.Fatal(err)
	}
	if again, _ := encode(got); !bytes.Equal(again, want) {
		t.Errorf("%+v", got)
	}
	if got.Empty == nil || got.Nil != nil || got.NoMap != nil || got.None != nil || !got.At.Equal(time.Unix(1, 5)) ||
		!math.Signbit(got.Leaves[0].X) || math.Float64bits(got.Pointer.X) != 0x7ff8000000000123 {
		t.Errorf("%+v", got)
	}
}

func TestCodecNamesWhatItCannotKeep(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{leaf{hidden: 1}, "hidden"},
		{struct{ F func() }{func() {}}, "func()"},
		{struct{ V any }{3}, "interface"},
		{map[int]int{}, "map[int]int"},
		{make(chan int), "chan int"},
		{nil, "nil"},
	} {
		if _, err := encode(c.value); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T: %v", c.value, err)
		}
	}
}

// Any bytes are read without a panic, and no more memory is taken than they can
// fill.
func FuzzDecode(f *testing.F) {
	whole, err := encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	for i := 0; i < len(whole); i += 7 {
		f.Add(whole[:i])
		f.Add(append(append(bytes.Clone(whole[:i]), 0xff), whole[i+1:]...))
	}
	f.Add(binary.LittleEndian.AppendUint64(nil, math.MaxUint64))
	f.Fuzz(func(t *testing.T, b []byte) {
		var got tree
		if decode(b, &got) != nil {
			return
		}
		again, err := encode(got)
		if err != nil {
			t.Fatal(err)
		}
		var twice tree
		if err := decode(again, &twice); err != nil {
			t.Fatal(err)
		}
		if last, _ := encode(twice); !bytes.Equal(last, again) {
			t.Error("the second reading differs from the first")
		}
	})
}

// Options that differ have other keys; what no bit depends on is left out.
func TestOptions(t *testing.T) {
	type options struct {
		Level    float64
		Names    []string
		At       map[string][]float64
		Workers  int
		Progress func(int)
		Do       func()
		Inner    *leaf
	}
	key := func(o any) Key {
		h := NewHasher("test", "")
		if !h.Options(o) {
			t.Errorf("%+v has no key", o)
		}
		return h.Key()
	}
	seen := map[Key]int{}
	for i, o := range []options{
		{}, {Level: 0.9}, {Names: []string{}}, {Names: []string{"ab"}}, {Names: []string{"a", "b"}},
		{At: map[string][]float64{"x": {1}}}, {At: map[string][]float64{"x": {2}}}, {At: map[string][]float64{"y": {1}}},
		{Inner: &leaf{}}, {Inner: &leaf{X: 1}},
	} {
		k := key(&o)
		if j, ok := seen[k]; ok {
			t.Errorf("%d and %d have one key", i, j)
		}
		seen[k] = i
	}
	if key((*options)(nil)) != key(options{}) || key(&options{}) != key(&options{Workers: 3, Progress: func(int) {}}) {
		t.Error("what makes no difference changes the key")
	}
	for _, o := range []any{options{Do: func() {}}, options{Inner: &leaf{hidden: 1}}, struct{ V any }{1}} {
		if NewHasher("test", "").Options(o) {
			t.Errorf("%v has a key", reflect.TypeOf(o))
		}
	}
}
