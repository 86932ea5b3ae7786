package cache

import (
	"fmt"
	"time"
)

// Origin says where a result came from.
type Origin struct {
	Cached bool          // it was read and not computed
	Made   time.Time     // when it was computed, if Cached
	Took   time.Duration // what computing it took
	// Note says why it could not be kept for the next time, "" otherwise.
	Note string
}

// Do returns the result stored under key, or computes it, and keeps it if that
// took as long as is worth it. What is read is the same to the bit; a T that is
// not plain data is computed each time. The error is that of compute; an error
// is not kept.
func Do[T any](s *Store, key Key, about string, compute func() (T, error)) (T, Origin, error) {
	var value T
	if h, ok := load(s, key, &value); ok {
		return value, Origin{Cached: true, Made: h.Made, Took: h.Took}, nil
	}
	start := time.Now()
	value, err := compute()
	from := Origin{Took: time.Since(start)}
	if err == nil {
		from.Note = keep(s, key, about, from.Took, value)
	}
	return value, from, err
}

// load reads the result stored under key into value; value is untouched if
// there is none.
func load[T any](s *Store, key Key, value *T) (header, bool) {
	h, payload, ok := s.get(key)
	if !ok {
		return h, false
	}
	var read T
	if decode(payload, &read) != nil {
		return h, false
	}
	*value = read
	return h, true
}

// keep stores a result that took long enough and returns a note if that failed.
func keep(s *Store, key Key, about string, took time.Duration, value any) string {
	if s.dir == "" || took < s.least {
		return s.note
	}
	payload, err := encode(value)
	if err != nil {
		return s.note
	}
	if err := s.put(key, header{About: about, Took: took, Made: time.Now().Round(time.Second)}, payload); err != nil {
		return fmt.Sprintf("not kept for the next time: %v", err)
	}
	return s.note
}
