package cell

import (
	"regexp"
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
	line     int    // of our code, 0 if not known
}

var (
	panicStart = regexp.MustCompile(`(?m)^(panic|fatal error): `)
	stackStart = regexp.MustCompile(`(?m)^(?:goroutine \d+ .*|runtime stack):$`)
	frameLine  = regexp.MustCompile(`^\t(?: ?\[\[ Cell (?:\[\d+\] )?Line (\d+) \]\] )?(.*):\d+(?: \+0x[0-9a-f]+)?$`)
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
	switch {
	case strings.Contains(p.dump, "main.main"):
		c.outcome = inBody
	case strings.Contains(p.dump, "main.init"):
		c.outcome = inStorage
	}
	m := message{name: p.kind, lines: p.lines, hints: c.withdrawalHint()}
	if len(p.frames) > 0 && !p.frames[0].user {
		if f := p.frames[0].function; !strings.HasPrefix(f, "runtime.") && f != "panic" {
			m.lines = append(m.lines, "in "+f+", called from")
		}
	}
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
	return m
}

// framePlace finds a frame in the cells: by its line, or where GoNB does not tell
// it, by the function's name.
func (c *Cell) framePlace(f frame) (place, bool) {
	note := frameNote(strings.TrimPrefix(f.function, "main."))
	if rec := c.session.find(f.line); rec != nil {
		src, off, _ := rec.typedAt(f.line, 0)
		return place{src: src, off: off, note: note}, src != nil
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(f.function, "main."), ".")
	for _, d := range c.read.kept {
		if d.isFunc() && d.names[0] == name {
			return place{src: d.src, off: d.span.from, note: note}, true
		}
	}
	d := c.session.kept[name]
	if d == nil {
		return place{}, false
	}
	return place{src: d.src, off: d.span.from, note: note}, true
}

// frameNote says in words what function a frame is of; statements of a cell need
// none.
func frameNote(function string) string {
	switch {
	case function == "main":
		return ""
	case function == "init" || strings.HasPrefix(function, "init."):
		return ", where a variable gets its value"
	case strings.Contains(function, ".func"):
		return ", in a function literal"
	}
	return ", in " + function
}
