package nb

import (
	"fmt"
	"os"
	"strings"
)

// Must returns v, and stops the cell with err's message where err is not nil:
//
//	tab := nb.Must(table.ReadCSVFile("sleep.csv", nil))
func Must[T any](v T, err error) T {
	if err != nil {
		stop(err)
	}
	return v
}

// Check stops the cell with err's message where err is not nil.
func Check(err error) {
	if err != nil {
		stop(err)
	}
}

// stop ends the cell: what was shown before arrives, the message stands on
// standard error, where the kernel looks for it, and the exit code is 1.
func stop(err error) {
	open().sync()
	fmt.Fprintln(os.Stderr, strings.TrimRight(err.Error(), "\n"))
	os.Exit(1)
}
