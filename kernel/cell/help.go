package cell

import _ "embed"

// helpText says how cells are written, as Markdown: the answer to ? alone.
//
//go:embed help.md
var helpText string
