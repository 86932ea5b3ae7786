package cell

// Completion is what could stand at the cursor. Start and End, in code points,
// bound what a match replaces.
type Completion struct {
	Start, End int
	Matches    []string
	Types      []string // of the matches: function, type, constant, column, dataset
}

// Complete returns what could stand at the cursor, counted in code points, or nil
// where GoNB should answer.
func (s *Session) Complete(src string, cursor int) *Completion { return nil }

// exports returns the exported names of a package that cells know by name.
func (s *Session) exports(pkg string) []string { return nil }
