package cell

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// panicked is what the Go runtime prints when a program ends by a panic or a
// fatal error.
type panicked struct {
	kind   string // Panic or FatalError
	lines  []string
	frames []frame
	dump   string
}

// frame is one call on the stack, the innermost first.
type frame struct {
	function string // as in main.(*T).M
	user     bool   // it is of a cell
	line     int    // of our code, 0 if GoNB did not tell
	file     string // what was compiled
	fileLine int
}

var (
	panicStart = regexp.MustCompile(`(?m)^(panic|fatal error): `)
	stackStart = regexp.MustCompile(`(?m)^(?:goroutine \d+ .*|runtime stack):$`)
	inMain     = regexp.MustCompile(`(?m)^(?:created by )?main\.main(?:\(|\.func| in |$)`)
	inInit     = regexp.MustCompile(`(?m)^(?:created by )?main\.init(?:\(|\.| in |$)`)
	frameLine  = regexp.MustCompile(`^\t(?: ?\[\[ Cell (?:\[\d+\] )?Line (\d+) \]\] )?(.*):(\d+)(?: \+0x[0-9a-f]+)?$`)
)

// readPanic reads the last panic in what a cell wrote to stderr.
func readPanic(stderr string) (*panicked, bool) {
	starts := panicStart.FindAllStringSubmatchIndex(stderr, -1)
	for i := len(starts) - 1; i >= 0; i-- {
		at := starts[i]
		rest := stderr[at[1]:]
		stack := stackStart.FindStringIndex(rest)
		if stack == nil {
			continue
		}
		p := &panicked{kind: "Panic", dump: rest[stack[0]:]}
		if stderr[at[2]:at[3]] != "panic" {
			p.kind = "FatalError"
		}
		for _, l := range textLines(rest[:stack[0]]) {
			if !strings.HasPrefix(l, "[signal ") {
				p.lines = append(p.lines, strings.TrimPrefix(l, "\t"))
			}
		}
		if len(p.lines) == 0 {
			p.lines = []string{"a panic without a message"}
		}
		p.readFrames()
		return p, true
	}
	return nil, false
}

// readFrames reads the stack of the first goroutine that has frames of a cell.
func (p *panicked) readFrames() {
	for _, block := range strings.Split(p.dump, "\n\n") {
		lines := strings.Split(block, "\n")
		p.frames = nil
		user := false
		for i := 1; i+1 < len(lines); i++ {
			if strings.HasPrefix(lines[i], "created by ") {
				break
			}
			m := frameLine.FindStringSubmatch(lines[i+1])
			if m == nil {
				continue
			}
			f := frame{function: lines[i]}
			if k := strings.LastIndex(f.function, "("); k > 0 {
				f.function = f.function[:k]
			}
			f.user = strings.HasPrefix(f.function, "main.") && (strings.HasSuffix(m[2], "/main.go") || strings.HasSuffix(m[2], "/main_test.go"))
			f.line, _ = strconv.Atoi(m[1])
			f.file = m[2]
			f.fileLine, _ = strconv.Atoi(m[3])
			user = user || f.user
			p.frames = append(p.frames, f)
			i++
		}
		if user {
			return
		}
	}
	p.frames = nil
}

// maxFrames is how many places of a stack are shown.
const maxFrames = 8

// explainPanic says what happened and where in the cells.
func (c *Cell) explainPanic(p *panicked) message {
	m := message{name: p.kind, lines: p.lines}
	if f := p.called(); f != "" {
		m.lines = append(m.lines, "in "+f+", called from")
	}
	c.place(&m, p)
	return m
}

// place adds the places in the cells that a stack tells, and what is withdrawn.
func (c *Cell) place(m *message, p *panicked) {
	switch {
	case inMain.MatchString(p.dump):
		c.outcome = inBody
	case inInit.MatchString(p.dump):
		c.outcome = inStorage
	}
	m.hints = c.withdrawalHint()
	last := ""
	for _, f := range p.frames {
		if !f.user || len(m.places) == maxFrames {
			continue
		}
		pl, ok := c.framePlace(f)
		if !ok {
			continue
		}
		if label := pl.label(); label != last {
			last = label
			m.places = append(m.places, pl)
		}
	}
	if n := len(m.places); c.outcome == inStorage && n > 0 && m.places[n-1].src != c.src {
		m.hints = append(m.hints, fmt.Sprintf("What cell [%d] declares is computed anew in each later cell. Run it again, changed, or remove the variable with `%%rm`.", m.places[n-1].src.number))
	}
}

// called returns the function of a library that a cell called and that failed, ""
// if the failure is in the cell's own code.
func (p *panicked) called() string {
	for i, f := range p.frames {
		if !f.user {
			continue
		}
		if i > 0 && !strings.HasPrefix(p.frames[i-1].function, "runtime.") && p.frames[i-1].function != "panic" {
			return p.frames[i-1].function
		}
		return ""
	}
	return ""
}

// framePlace finds a frame in the cells: by the line that GoNB tells, by that of
// the compiled file, or else by the function's name alone.
func (c *Cell) framePlace(f frame) (place, bool) {
	s := c.session
	note := frameNote(strings.TrimPrefix(f.function, "main."))
	line := f.line
	if s.find(line) == nil {
		line = s.compiledLine(f)
	}
	if rec := s.find(line); rec != nil {
		src, off, _ := rec.typedAt(line, 0)
		return place{src: src, off: off, note: note}, src != nil
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(f.function, "main."), ".")
	if d := s.function(c, name); d != nil {
		return place{src: d.src, off: d.span.from, note: note}, true
	}
	return place{}, false
}

// function returns the declaration of a function by its name, or nil.
func (s *Session) function(c *Cell, name string) *decl {
	for _, d := range c.read.kept {
		if d.isFunc() && d.names[0] == name {
			return d
		}
	}
	return s.kept[name]
}

// compiledLine returns the line of our code that a line of the compiled file came
// from, or 0: the line of the function around it, and as many lines further on.
// Outside of functions the text of the line tells.
func (s *Session) compiledLine(f frame) int {
	if s.opt.ReadFile == nil || f.fileLine < 1 || len(s.records) == 0 {
		return 0
	}
	b, err := s.opt.ReadFile(f.file)
	if err != nil {
		return 0
	}
	lines := strings.Split(string(b), "\n")
	if f.fileLine > len(lines) {
		return 0
	}
	for at := f.fileLine; at > 0; at-- {
		head := lines[at-1]
		if !strings.HasPrefix(head, "func ") {
			continue
		}
		records := s.records
		if head == "func main() {" { // of the cell that runs
			records = records[len(records)-1:]
		}
		if line := findText(records, func(text string) bool { return text == head }); line > 0 {
			return line + f.fileLine - at
		}
		// GoNB's own main takes two lines for the one with %%.
		if line := findText(records, startsMain); line > 0 && head == "func main() {" {
			return max(line, line+f.fileLine-at-1)
		}
		return 0
	}
	want := strings.TrimSpace(lines[f.fileLine-1])
	return findText(s.records, func(text string) bool {
		return len(want) > 2 && strings.HasSuffix(strings.TrimSpace(text), want)
	})
}

// findText returns the newest line of code that is as wanted, or 0.
func findText(records []*record, wanted func(string) bool) int {
	for _, rec := range slices.Backward(records) {
		for i, text := range strings.Split(rec.text, "\n") {
			if wanted(text) {
				return rec.base + i
			}
		}
	}
	return 0
}

// frameNote says in words what function a frame is of; statements of a cell need
// none.
func frameNote(function string) string {
	switch {
	case function == "main":
		return ""
	case function == "init":
		return ", where a variable gets its value"
	case strings.Contains(function, ".func"):
		return ", in a function literal"
	case strings.HasPrefix(function, "init."):
		return ", in an init function"
	}
	return ", in " + function
}
