package cache

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// abandoned is the age at which a file that is being written is not any more.
const abandoned = time.Hour

// evict removes the least recently used entries until the folder is within its
// limit. What another program removes at the same time counts as removed.
func (s *Store) evict() error {
	infos, err := s.files()
	if err != nil {
		return err
	}
	var total int64
	kept := infos[:0]
	for _, info := range infos {
		if strings.HasPrefix(info.Name(), temporary) {
			if time.Since(info.ModTime()) > abandoned {
				_ = os.Remove(filepath.Join(s.dir, info.Name()))
			}
			continue
		}
		total += info.Size()
		kept = append(kept, info)
	}
	slices.SortStableFunc(kept, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, info := range kept {
		if total <= s.limit {
			break
		}
		_ = os.Remove(filepath.Join(s.dir, info.Name()))
		total -= info.Size()
	}
	return nil
}
