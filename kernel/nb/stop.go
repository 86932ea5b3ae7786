package nb

import (
	"fmt"
	"os"

	"github.com/janpfeifer/gonb/gonbui"
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

// stop ends the cell with exit code 1: what was shown before arrives, and so
// does the error, as a card that also tells the kernel; outside of a notebook
// its text stands on standard error.
func stop(err error) {
	out := open()
	f := failureOf(err)
	if _, inNotebook := out.(notebook); inNotebook {
		out.show(f.bundle())
		out.sync()
	}
	end(f)
}

// end ends a cell whose failure was shown, if there is somebody to see it.
func end(f *failure) {
	if !gonbui.IsNotebook || gonbui.Error() != nil {
		fmt.Fprintln(os.Stderr, f.text)
	}
	os.Exit(1)
}
