//go:build unix

package setup

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const lockName = ".lock"

// lock takes the lock of an installation folder, waiting while another process holds
// it; the system frees it when its holder ends, however that happens. The caller must
// call release.
func lock(ctx context.Context, root string, w io.Writer) (release func(), err error) {
	path := filepath.Join(root, lockName)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fileError(path, err)
	}
	for told := false; ; told = true {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			f.Close()
			return nil, fileError(path, err)
		}
		if !told {
			io.WriteString(w, "Another installation into "+root+" is running; waiting for it.\n")
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
