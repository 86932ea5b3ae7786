package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// problem is what keeps a cell from being Go, with its place in the cell.
type problem struct {
	off        int
	msg        string
	hints      []string
	unfinished bool // more text could make it right
}

// unopened is the problem of a closing bracket without its match.
func unopened(s splitting) *problem {
	t := s.toks[s.unopened]
	msg := "this " + t.tok.String() + " closes nothing"
	if n := len(s.unclosed); n > 0 {
		open := s.toks[s.unclosed[n-1]]
		msg = "this " + t.tok.String() + " stands where the " + open.tok.String() + " before it must be closed"
	}
	return &problem{off: t.from, msg: msg}
}

// firstProblem returns the problem that comes first in a text of n bytes, or nil.
// What the parser finds missing at the end is the fault of the last bracket that
// is not closed, if there is one.
func firstProblem(s splitting, n int, parts ...parsed) *problem {
	for _, t := range s.toks {
		if start := endless(t); start != "" {
			return &problem{off: t.from, msg: "this " + start + " is never closed", unfinished: true}
		}
	}
	var first *scanner.Error
	off := 0
	for _, p := range parts {
		if len(p.errs) == 0 {
			continue
		}
		if at := p.errs[0].Pos.Offset - p.shift; first == nil || at < off {
			first, off = p.errs[0], at
		}
	}
	if first == nil {
		return nil
	}
	end := n
	if code := s.code(); len(code) > 0 {
		end = code[len(code)-1].to
	}
	if off < end {
		msg, _, _ := strings.Cut(first.Msg, "\n")
		p := &problem{off: max(0, off), msg: msg}
		p.advise(s.text)
		return p
	}
	if k := len(s.unclosed); k > 0 {
		t := s.toks[s.unclosed[k-1]]
		return &problem{off: t.from, msg: "this " + t.tok.String() + " is never closed", unfinished: true}
	}
	msg, _, _ := strings.Cut(first.Msg, "\n")
	if i := strings.Index(msg, ", found "); i > 0 {
		msg = msg[:i] + ", found the end of the cell"
	}
	return &problem{off: end, msg: msg, unfinished: true}
}

// endless returns how a raw string or comment begins that goes on to the end of
// the cell, "" for any other token.
func endless(t lexeme) string {
	switch {
	case t.tok == token.STRING && t.lit[0] == '`' && !closed(t):
		return "`"
	case t.tok == token.COMMENT && strings.HasPrefix(t.lit, "/*") && (len(t.lit) < 4 || !strings.HasSuffix(t.lit, "*/")):
		return "/*"
	}
	return ""
}
