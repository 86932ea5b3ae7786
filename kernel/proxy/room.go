package proxy

import (
	"os"
	"strings"

	"github.com/golmm/golmm/kernel/cell"
)

// roomFailure is why a cell could not be built or started in the folder for temporary
// files, nil if GoNB's message tells another reason.
func roomFailure(message string) *cell.LibraryFailure {
	line := func(mark string) string {
		for l := range strings.Lines(message) {
			if strings.Contains(l, mark) {
				return strings.TrimSpace(l)
			}
		}
		return ""
	}
	if l := line("failed to start to execute"); strings.Contains(l, "permission denied") {
		return causeOf("TemporaryFolderError", "no program can be started in the folder for temporary files", l,
			"Cells are built in "+os.TempDir()+"; it may be mounted noexec. Set TMPDIR to another folder and start the kernel again.")
	}
	for _, mark := range []string{"no space left on device", "disk quota exceeded"} {
		if l := line(mark); l != "" {
			return causeOf("DiskFullError", "there is no room to build the cell", l,
				"Cells are built in "+os.TempDir()+" and in Go's build cache. Make room, or set TMPDIR to another folder and start the kernel again.")
		}
	}
	return nil
}
