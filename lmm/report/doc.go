// Package report holds the documents that results are read in: a sequence of
// blocks, written as text, HTML, Markdown or LaTeX.
//
// A document carries words and numbers that are already formatted (number.go),
// so that the four writers show the same digits. Text is the truth: the other
// three add type and colour, and no fact. Whatever a user named (a variable, a
// level) is escaped by the writers, never by the caller.
//
// Order to read the files in: doc.go, block.go, table.go, inline.go,
// number.go, then one writer each: text.go, html.go, markdown.go, latex.go.
package report

// A Tone is the colour of a verdict. It never works alone: the title says it
// in words and the glyph by its shape.
type Tone int

const (
	Plain        Tone = iota // no verdict: data, lists, messages
	Good                     // the numbers can be used
	Caution                  // some numbers need another reading
	Serious                  // some numbers should not be used
	Unidentified             // the data cannot tell some parameters apart
)

// class is the name of the tone in the style sheet of the HTML writer.
func (t Tone) class() string {
	switch t {
	case Good:
		return "g-good"
	case Caution:
		return "g-caution"
	case Serious:
		return "g-serious"
	case Unidentified:
		return "g-open"
	}
	return "g-plain"
}

// Doc is a document: its blocks from top to bottom. The zero value is an
// empty document of plain tone.
type Doc struct {
	Label  string // says what the document is, for screen readers
	Tone   Tone   // colour of the top rule and of the verdict
	Blocks []Block
}

// Add appends blocks and returns the document.
func (d *Doc) Add(blocks ...Block) *Doc {
	d.Blocks = append(d.Blocks, blocks...)
	return d
}
