//go:build unix

package process

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	tempPrefix = "golmm-kernel-"
	lockName   = ".lock"
)

// tempDir is a folder for temporary files. Its owner holds a lock on a file in it,
// which the system gives back when the owner dies: a folder that nobody holds is
// left over from a process that could not tidy up.
type tempDir struct {
	path string
	lock *os.File
}

func newTempDir() (*tempDir, error) {
	removeStale(os.TempDir(), time.Now().Add(-time.Minute))
	dir, err := os.MkdirTemp("", tempPrefix)
	if err != nil {
		return nil, err
	}
	t := &tempDir{path: dir}
	t.lock, err = os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = syscall.Flock(int(t.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		t.remove()
		return nil, err
	}
	return t, nil
}

// remove ends what still works in the folder and removes it. What is killed ends when
// the system gets to it, and may write until then.
func (t *tempDir) remove() {
	for range 20 {
		killUsers(t.path)
		if err := os.RemoveAll(t.path); !errors.Is(err, syscall.ENOTEMPTY) {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if t.lock != nil {
		_ = t.lock.Close()
	}
}

// removeStale removes the folders in base that were last changed before the given
// time and that nobody holds. The age keeps it off folders whose lock is not yet
// taken. It is a courtesy, and what it cannot remove stays.
func removeStale(base string, before time.Time) {
	dirs, err := filepath.Glob(filepath.Join(base, tempPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || info.ModTime().After(before) {
			continue
		}
		lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|syscall.O_NOFOLLOW, 0)
		if err != nil {
			continue
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			(&tempDir{path: dir}).remove()
		}
		_ = lock.Close()
	}
}
