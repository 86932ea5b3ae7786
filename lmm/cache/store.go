package cache

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Store is a folder of results. It is safe for concurrent use, also by several
// programs.
type Store struct {
	dir   string
	limit int64
	least time.Duration
	quiet bool
	note  string
}

// Open returns the store of the settings. Its folder is made when something is
// kept.
func Open(s Settings) *Store {
	st := &Store{dir: s.Dir, limit: s.Limit, least: s.Least, quiet: s.Quiet, note: s.Note}
	if st.limit == 0 {
		st.limit = defaultLimit
	}
	if st.least == 0 {
		st.least = defaultLeast
	}
	return st
}

// Dir is the folder, "" if the store is off.
func (s *Store) Dir() string { return s.dir }

// Limit is the size in bytes that the folder may have.
func (s *Store) Limit() int64 { return s.limit }

// Quiet says that results shall not tell that they come from the store.
func (s *Store) Quiet() bool { return s.quiet }

// Note says what is wrong with the settings, "" if nothing is.
func (s *Store) Note() string { return s.note }

func (s *Store) path(key Key) string { return filepath.Join(s.dir, key.String()+extension) }

// get returns the payload stored under key. A damaged entry is removed.
func (s *Store) get(key Key) (header, []byte, bool) {
	if s.dir == "" {
		return header{}, nil, false
	}
	path := s.path(key)
	file, err := os.ReadFile(path)
	if err != nil {
		return header{}, nil, false
	}
	h, payload, err := decodeEntry(file)
	if err != nil {
		_ = os.Remove(path)
		return h, nil, false
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // when it was last used
	return h, payload, true
}

// put stores a payload and removes others, the least recently used first, until
// the folder is within its limit.
func (s *Store) put(key Key, h header, payload []byte) error {
	content, err := encodeEntry(h, payload)
	if err != nil {
		return err
	}
	if size := int64(len(content)); size > s.limit {
		return fmt.Errorf("%s is more than the cache may hold, %s; %s raises that", FormatSize(size), FormatSize(s.limit), SizeVariable)
	}
	if err := ownFolder(s.dir); err != nil {
		return err
	}
	if err := writeWhole(s.path(key), content); err != nil {
		return err
	}
	return s.evict()
}

// ownFolder makes a folder that nobody else can look into.
func ownFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if info.Mode().Perm() != 0o700 {
		return os.Chmod(dir, 0o700)
	}
	return nil
}

// List returns the entries, the most recently used first. A folder that does
// not exist has none.
func (s *Store) List() ([]Entry, error) {
	infos, err := s.files()
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, info := range infos {
		if strings.HasSuffix(info.Name(), extension) {
			out = append(out, describe(s.dir, info))
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return b.Used.Compare(a.Used) })
	return out, nil
}

// Clear removes all entries and says how many there were and how many bytes
// they had.
func (s *Store) Clear() (entries int, bytes int64, err error) {
	infos, err := s.files()
	if err != nil {
		return 0, 0, err
	}
	var failed []error
	for _, info := range infos {
		switch err := os.Remove(filepath.Join(s.dir, info.Name())); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			failed = append(failed, err)
		default:
			entries++
			bytes += info.Size()
		}
	}
	return entries, bytes, errors.Join(failed...)
}

// files lists our files: entries, and what a program left that was killed while
// it wrote one.
func (s *Store) files() ([]fs.FileInfo, error) {
	if s.dir == "" {
		return nil, nil
	}
	list, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []fs.FileInfo
	for _, d := range list {
		if !strings.HasSuffix(d.Name(), extension) && !strings.HasPrefix(d.Name(), temporary) {
			continue
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() { // else it has just gone
			out = append(out, info)
		}
	}
	return out, nil
}

// FormatSize prints a number of bytes for a reader: 12 kB, 3.4 MB.
func FormatSize(n int64) string {
	x := float64(n)
	for _, unit := range []string{"bytes", "kB", "MB"} {
		if x < 1024 {
			if unit == "bytes" || x >= 10 {
				return fmt.Sprintf("%.0f %s", x, unit)
			}
			return fmt.Sprintf("%.1f %s", x, unit)
		}
		x /= 1024
	}
	return fmt.Sprintf("%.1f GB", x)
}
