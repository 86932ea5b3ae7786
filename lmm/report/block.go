package report

// A Block is one part of a document. The blocks are Verdict, Formula, Facts,
// Sentence, Axes, Table, Forest, Points, Suggestion, Note, Source and Details.
type Block interface{ block() }

type (
	// Verdict is the first line of a card: a glyph and a few words. Behind is
	// what a click on it opens; in the other formats its sentences follow the
	// verdict and the rest stands at the end, under "How it is known".
	Verdict struct {
		Title  string
		Glyph  Glyph
		Behind []Block
	}

	// Formula is the line with the model formula.
	Formula struct{ Src string }

	// Facts is one muted line of short facts.
	Facts struct{ Items []Inline }

	// Sentence is the answer in plain words.
	Sentence struct{ Text Inline }

	// Axes shows where a verdict stands on each of its axes: the word that
	// holds, with the other words muted beside it.
	Axes struct{ Items []Axis }

	// Points is a list of statements, each with its reasons.
	Points struct{ Items []Point }

	// Suggestion is what to do next.
	Suggestion struct{ Text Inline }

	// Note is a muted remark.
	Note struct{ Text Inline }

	// Source is text whose columns matter: a formula with a caret under it.
	Source struct{ Text string }

	// Details is what stands one click away.
	Details struct {
		Title  string
		Blocks []Block
	}
)

// Axis is one axis of a verdict: Words are its possible values. At is the
// index of the one that holds; outside of Words none does, and Else is shown.
type Axis struct {
	Name  string
	Words []string
	At    int
	Else  string
}

// word is the value that holds.
func (a Axis) word() string {
	if a.At >= 0 && a.At < len(a.Words) {
		return a.Words[a.At]
	}
	return a.Else
}

// Point is a statement in bold, a word in front of it that says its weight
// ("caution"; may be empty), its reasons, and a muted aside for those who
// want to look closer.
type Point struct {
	Tone    Tone
	Word    string
	Head    Inline
	Reasons []Inline
	Aside   Inline
}

// below returns the lines below the statement.
func (p Point) below() []Inline {
	if len(p.Aside) == 0 {
		return p.Reasons
	}
	return append(p.Reasons[:len(p.Reasons):len(p.Reasons)], p.Aside)
}

func (Verdict) block()    {}
func (Formula) block()    {}
func (Facts) block()      {}
func (Sentence) block()   {}
func (Axes) block()       {}
func (Points) block()     {}
func (Suggestion) block() {}
func (Note) block()       {}
func (Source) block()     {}
func (Details) block()    {}
func (Table) block()      {}
func (Forest) block()     {}
