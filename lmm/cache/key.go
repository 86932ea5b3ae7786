package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
	"runtime"

	"github.com/golmm/golmm/lmm/table"
)

// Key names a result by the SHA-256 of all that it depends on.
type Key [sha256.Size]byte

// String is the key in hexadecimal digits.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// Hasher makes a Key of what a result depends on. Every part goes in with its
// length, so that parts cannot run into each other.
type Hasher struct {
	h   hash.Hash
	buf []byte
}

// NewHasher starts a key: kind says what is computed ("fit", "profile"), code
// which program computes it, as Code does. The machine's architecture and the
// compiler belong to it, since they decide how sums are rounded.
func NewHasher(kind, code string) *Hasher {
	h := &Hasher{h: sha256.New()}
	return h.Text(kind).Text(code).Text(runtime.GOARCH).Text(runtime.Version())
}

// Text adds a string.
func (h *Hasher) Text(s string) *Hasher {
	h.whole(uint64(len(s)))
	h.flush()
	h.h.Write([]byte(s))
	return h
}

// Number adds a number; all NaN are the same.
func (h *Hasher) Number(x float64) *Hasher {
	if math.IsNaN(x) {
		x = math.NaN()
	}
	h.whole(math.Float64bits(x))
	return h
}

// Flag adds a choice.
func (h *Hasher) Flag(b bool) *Hasher {
	if b {
		h.whole(1)
	} else {
		h.whole(0)
	}
	return h
}

// Table adds the columns of a table: names, kinds, levels and values.
func (h *Hasher) Table(t *table.Table) *Hasher {
	h.whole(uint64(t.Rows()))
	for _, c := range t.Columns() {
		h.Text(c.Name()).Text(c.Kind().String())
		h.column(c)
	}
	return h
}

// exact is the size from which whole numbers are told apart by their digits: as
// a float64 two of them may be the same.
const exact = 1 << 53

func (h *Hasher) column(c *table.Column) {
	switch {
	case c.Kind().Categorical():
		levels := c.Levels()
		h.whole(uint64(len(levels)))
		for _, l := range levels {
			h.Text(l)
		}
		for i := range c.Len() {
			h.whole(uint64(c.Code(i)))
		}
	case c.Kind().Numeric():
		for i := range c.Len() {
			x := c.Float(i)
			h.Number(x)
			if c.Kind() == table.Int && math.Abs(x) >= exact {
				h.Text(c.Text(i))
			}
		}
	default:
		for i := range c.Len() {
			h.Text(c.Text(i))
		}
	}
}

// Key ends the key.
func (h *Hasher) Key() Key {
	h.flush()
	return Key(h.h.Sum(nil))
}

func (h *Hasher) whole(x uint64) {
	h.buf = binary.LittleEndian.AppendUint64(h.buf, x)
	if len(h.buf) >= 4096 {
		h.flush()
	}
}

func (h *Hasher) flush() {
	h.h.Write(h.buf)
	h.buf = h.buf[:0]
}
