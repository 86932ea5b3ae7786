package cache

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Entry describes a result in the cache.
type Entry struct {
	Key   string        // in hexadecimal digits
	About string        // what it is, in words
	Took  time.Duration // what computing it took
	Made  time.Time     // when it was computed
	Used  time.Time     // when it was last asked for
	Size  int64         // of the file, in bytes
	// Damaged says that the file's description cannot be read: it is computed
	// anew when it is asked for.
	Damaged bool
}

// header is the second line of an entry's file; the first is magic, the
// payload follows.
type header struct {
	About string        `json:"about"`
	Took  time.Duration `json:"took_ns"`
	Made  time.Time     `json:"made"`
	Sum   string        `json:"sha256"` // of the payload
}

const (
	magic     = "golmm cache 2\n"
	extension = ".result"
	temporary = ".new-"
)

var errDamaged = errors.New("the entry is damaged")

func encodeEntry(h header, payload []byte) ([]byte, error) {
	sum := sha256.Sum256(payload)
	h.Sum = hex.EncodeToString(sum[:])
	line, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	return bytes.Join([][]byte{[]byte(magic), line, []byte("\n"), payload}, nil), nil
}

// decodeEntry returns errDamaged for anything that encodeEntry did not write.
func decodeEntry(file []byte) (header, []byte, error) {
	r := bufio.NewReader(bytes.NewReader(file))
	h, err := readHeader(r)
	if err != nil {
		return h, nil, err
	}
	payload, err := io.ReadAll(r)
	if err != nil {
		return h, nil, err
	}
	if sum := sha256.Sum256(payload); h.Sum != hex.EncodeToString(sum[:]) {
		return h, nil, errDamaged
	}
	return h, payload, nil
}

func readHeader(r *bufio.Reader) (h header, err error) {
	if line, err := r.ReadString('\n'); err != nil || line != magic {
		return h, errDamaged
	}
	line, err := r.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &h) != nil {
		return h, errDamaged
	}
	return h, nil
}

// describe reads what a file in the cache's folder is.
func describe(dir string, info os.FileInfo) Entry {
	name := info.Name()
	e := Entry{Key: strings.TrimSuffix(name, extension), Used: info.ModTime(), Size: info.Size()}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		e.Damaged = true
		return e
	}
	defer f.Close()
	h, err := readHeader(bufio.NewReader(f))
	e.About, e.Took, e.Made, e.Damaged = h.About, h.Took, h.Made, err != nil
	return e
}

// writeWhole writes a file that nobody sees before it is complete.
func writeWhole(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), temporary)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
