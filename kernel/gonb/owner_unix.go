//go:build unix

package gonb

import (
	"fmt"
	"os"
	"syscall"
)

// ownDir tells whether dir is a folder of this user that only this user can write
// to. In a shared folder somebody else could have made it first.
func ownDir(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm()&0o022 != 0 || !ok || int(st.Uid) != os.Getuid() {
		return fmt.Errorf("%s is not a folder that you alone can write to", dir)
	}
	return nil
}
