package cell

import _ "embed"

//go:embed help.md
var helpText string

// Help returns how cells are written, as Markdown: what a kernel answers beside
// GoNB's own help.
func Help() string { return helpText }
