package nb

import "fmt"

// Show displays its arguments, one after the other: a model as its summary, a
// result of package infer or a document as such, a table by its first rows, a
// slice of structs as a table, a figure, findings, an error as its message, a
// fmt.Stringer as its string, and any other value as fmt prints it.
//
// What cannot be displayed is named in its place, the others are shown all the
// same, and then the cell stops.
func Show(things ...any) {
	out := open()
	failures := show(out, things)
	out.sync()
	if len(failures) > 0 {
		end(failures[0])
	}
}

// show displays things on out and returns what went wrong.
func show(out screen, things []any) []*failure {
	var failures []*failure
	for i, thing := range things {
		b, err := render(thing)
		if err != nil {
			if _, known := thing.(lazy); !known {
				err = fmt.Errorf("display %d of %d (%T) failed: %w", i+1, len(things), thing, err)
			}
			failures = append(failures, failureOf(err))
			b = failures[len(failures)-1].bundle()
			if len(failures) > 1 {
				b.failure = nil // the cell fails once
			}
		}
		out.show(b)
	}
	return failures
}

// render returns the formats of a value. A panic inside of the value's own
// methods becomes an error, so that the other displays are not lost.
func render(thing any) (bundle, error) {
	b, err := guarded(func() (bundle, error) { return bundleOf(thing) })
	return b.clean(), err
}
