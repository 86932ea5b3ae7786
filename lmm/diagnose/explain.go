package diagnose

import "math"

// Message is an entry of the catalogue: what another program prints, and what
// it comes to in golmm's two axes.
type Message struct {
	ID      string // "lme4-max-grad"
	Program string // "lme4"
	Source  string // the versions and the part of the program it comes from
	// Forms are the literal texts, over versions and languages. {#n} stands
	// for a number, {%n} for a word, {*n} for words up to what follows.
	Forms []string
	// Codes of the taxonomy that can stand behind it, the likeliest first.
	Codes []string
	// Convergence and Place are what the message says on the two axes.
	Convergence, Place string
	Saw                string // what the program saw
	Means              string // what that means
	Not                string // what it does not mean
	Do                 string // what to do now
	Check              string // the check of golmm to run
	// judge reads the numbers in the message; nil where there are none worth it.
	judge func([]Saying) string
}

// What a message can say of convergence and of the place of the fit.
const (
	saysNothing   = "says nothing"
	inDoubt       = "in doubt"
	isConverged   = "converged"
	notConverged  = "not converged"
	boundary      = "boundary"
	notIdentified = "not identifiable"
	noMaximum     = "no finite maximum"
)

// Value is a part of a message that changes: a number, a name.
type Value struct {
	Name   string
	Text   string
	Number float64 // NaN where the text is no number
}

// Saying is a message as it was met.
type Saying struct {
	Text   string
	Values []Value
}

// value returns the number of a name, NaN if there is none.
func (s Saying) value(name string) float64 {
	for _, v := range s.Values {
		if v.Name == name {
			return v.Number
		}
	}
	return math.NaN()
}

// text returns the words of a name, "" if there are none.
func (s Saying) text(name string) string {
	for _, v := range s.Values {
		if v.Name == name {
			return v.Text
		}
	}
	return ""
}

// Answer is a known message that stands in a text.
type Answer struct {
	Message Message
	Said    []Saying // in the order of the text, the first maxSayings that differ
	Times   int      // how often it was said
	Judged  string   // what its numbers come to; "" where there is nothing to say
}

// Explanation says what a text with messages of other programs comes to.
type Explanation struct {
	Answers []Answer // in the order in which the messages are first met
	// Together is what several messages of the text say only together.
	Together []string
	// Unknown are the lines that look like messages and are not known; where
	// no message is known, the text itself.
	Unknown []Unknown
	Skipped int // bytes of a long text that were not read
}

// maxSayings is the number of wordings of one message that are kept.
const maxSayings = 50

// Messages returns all messages known, program by program.
func Messages() []Message {
	var out []Message
	for _, part := range [][]Message{
		lme4Convergence(), lme4Optimisers(), lme4Data(), lme4Later(), rMessages(),
		nlmeMessages(), nlminbMessages(), glmmTMBMessages(),
		sasMixed(), sasGeneralized(), spssMessages(), stataMessages(),
		statsmodelsMessages(), juliaMessages(), stanMessages(), mcmcMessages(), geeMessages(), glmMessages(),
	} {
		out = append(out, part...)
	}
	return out
}

// Explain finds the messages of other programs in a text (the output of a
// session, a log, one line) and says what each means here. Line breaks, the
// wrappers of R, marks at the start of a line, quotes of any language and
// upper or lower case do not matter. Any text is answered, in bounded time:
// of one longer than 2 MB the first and last MB are read.
func Explain(text string) *Explanation { return newCatalogue().explain(text) }

// catalogue is all messages, ready to be compared.
type catalogue struct {
	messages []Message
	forms    []form
	known    *vocabulary // made when something is not known
}

func newCatalogue() *catalogue {
	c := &catalogue{messages: Messages()}
	for i, m := range c.messages {
		for _, src := range m.Forms {
			c.forms = append(c.forms, parseForm(i, src))
		}
	}
	return c
}

func (c *catalogue) explain(text string) *Explanation {
	head, tail, skipped := cut(text)
	e := &Explanation{Skipped: skipped}
	pages := []*page{readPage(head)}
	if tail != "" {
		pages = append(pages, readPage(tail))
	}
	at := map[int]int{} // message -> answer
	for _, p := range pages {
		for _, f := range p.find(c.forms) {
			i, known := at[f.message]
			if !known {
				i = len(e.Answers)
				at[f.message] = i
				e.Answers = append(e.Answers, Answer{Message: c.messages[f.message]})
			}
			e.Answers[i].add(f.said)
		}
	}
	for i := range e.Answers {
		if judge := e.Answers[i].Message.judge; judge != nil {
			e.Answers[i].Judged = judge(e.Answers[i].Said)
		}
	}
	e.Together = together(e.Answers)
	e.Unknown = c.unknown(pages, len(e.Answers) > 0)
	return e
}

func (a *Answer) add(s Saying) {
	a.Times++
	if len(a.Said) >= maxSayings {
		return
	}
	for _, t := range a.Said {
		if t.Text == s.Text {
			return
		}
	}
	a.Said = append(a.Said, s)
}
