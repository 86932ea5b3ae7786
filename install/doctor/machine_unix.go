//go:build linux || darwin

package doctor

import "syscall"

func makeFIFO(path string) error { return syscall.Mkfifo(path, 0o600) }

// freeBytes returns what this user may still write to the disk of dir.
func freeBytes(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}
