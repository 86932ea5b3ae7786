package cell

import (
	"slices"
	"strings"
	"sync"
)

// Session is what the cells of a kernel have declared. One goroutine prepares and
// ends cells; Complete may be called by any at any time.
type Session struct {
	opt     Options
	imports map[string]string
	library library

	mu        sync.RWMutex
	base      int // the line that the next code begins at
	records   []*record
	kept      map[string]*decl  // what GoNB has stored, by its keys
	locals    map[string]*local // what cells had for themselves alone
	withdrawn map[string]int    // the cell that failed, by the name it declared
	pending   repair
	hidden    int // how many names were made up
}

// local is a name that lived in one cell.
type local struct {
	src    *source
	off    int
	form   form
	others map[string]int // the local names of that cell
}

// manyLines is where the numbers of lines start anew: the code of a cell must not
// become long for its blank lines alone.
const manyLines = 50_000

// NewSession returns a session without declarations.
func NewSession(opt Options) *Session {
	s := &Session{opt: opt, base: 1, kept: make(map[string]*decl), locals: make(map[string]*local), withdrawn: make(map[string]int)}
	known := opt.Imports
	if known == nil {
		known = DefaultImports()
	}
	s.imports = libraryImports(opt.Module, known)
	s.library = library{module: opt.Module, read: make(map[string]*pkgInfo)}
	return s
}

// Prepare makes a cell ready to run. number is what the front end calls it, and
// what errors call it.
func (s *Session) Prepare(number int, src string) *Cell {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &Cell{session: s, src: newSource(number, src)}
	var p *problem
	if c.read, p = readCell(c.src); p != nil {
		c.Failure = syntaxFailure(c.src, p)
		c.outcome = unbuilt
		return c
	}
	if c.read.form == wholeForm {
		c.Code = src
		return c
	}
	before := s.composeRepair()
	if room := s.makeRoom(c); len(room) > 0 {
		before = append(before, removal(room))
	}
	rec := s.compose(c, true)
	if strings.TrimSpace(rec.text) == "" {
		return c
	}
	c.Before = before
	s.remember(rec)
	c.Code = rec.code()
	return c
}

// remember keeps the record for errors to come and moves on to unused lines.
func (s *Session) remember(rec *record) {
	s.records = append(s.records, rec)
	if s.base = rec.base + len(rec.start); s.base > manyLines {
		s.base = 1
	}
}

// find returns the newest record with a line of code, or nil.
func (s *Session) find(line int) *record {
	for _, rec := range slices.Backward(s.records) {
		if _, ok := rec.line(line); ok {
			return rec
		}
	}
	return nil
}

// Done ends a cell. ok tells whether it ran to its end; then what it declares is
// kept. A cell that failed was explained before.
func (s *Session) Done(c *Cell, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.read == nil || c.Code == "" || c.read.form == wholeForm {
		return
	}
	if len(c.Before) > 0 {
		s.pending = repair{}
	}
	s.obey(c)
	for name := range c.read.locals {
		s.locals[name] = c.local(name)
	}
	switch {
	case ok || c.outcome == inBody:
		s.keep(c.read.imports)
		s.keep(c.read.kept)
	case c.outcome != unbuilt:
		s.withdraw(c)
	default:
		s.takeBack(c)
	}
}

// keep notes declarations that GoNB has stored.
func (s *Session) keep(decls []*decl) {
	for _, d := range decls {
		for i, key := range d.keys {
			switch {
			case strings.HasPrefix(key, dotPrefix):
				// It would have to be used in every later cell.
				s.pending.forget(key)
				continue
			case key == "main":
				continue // GoNB does not store it
			}
			s.kept[key] = d
			delete(s.withdrawn, d.names[i])
		}
	}
}

// obey follows the commands of a cell that change what GoNB has stored.
func (s *Session) obey(c *Cell) {
	for _, p := range c.read.commands {
		text, _ := command(p.of(c.src.text))
		words := strings.Fields(text[1:])
		if text[0] != '%' || len(words) == 0 {
			continue
		}
		switch words[0] {
		case "rm", "remove":
			for _, key := range words[1:] {
				delete(s.kept, strings.Trim(key, `"`))
			}
		case "reset":
			if len(words) == 1 {
				clear(s.kept)
			}
		}
	}
}
