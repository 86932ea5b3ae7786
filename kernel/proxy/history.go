package proxy

import (
	"path"
	"slices"
	"sync"

	"github.com/golmm/golmm/kernel/jupyter"
)

// historySession is the number of this session in history replies; earlier ones are
// not kept.
const historySession = 1

// history holds the cells of this session as they were typed.
type history struct {
	mu    sync.Mutex
	lines []historyLine
}

type historyLine struct {
	number int
	code   string
}

func (h *history) add(number int, code string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, historyLine{number, code})
}

type historyRequest struct {
	Output  bool   `json:"output"`
	Access  string `json:"hist_access_type"` // range, tail or search
	Session int    `json:"session"`          // 0 is this one, negative ones are earlier
	Start   int    `json:"start"`
	Stop    int    `json:"stop"` // 0 for the end
	N       int    `json:"n"`
	Pattern string `json:"pattern"` // with * and ?
	Unique  bool   `json:"unique"`
}

// find is the content of a history_reply.
func (h *history) find(m *jupyter.Message) any {
	var r historyRequest
	_ = m.Decode(&r)
	rows := [][]any{}
	for _, l := range h.choose(r) {
		var what any = l.code
		if r.Output {
			what = []any{l.code, nil}
		}
		rows = append(rows, []any{historySession, l.number, what})
	}
	return map[string]any{"status": "ok", "history": rows}
}

// choose returns the lines that a request asks for, the oldest first.
func (h *history) choose(r historyRequest) []historyLine {
	h.mu.Lock()
	lines := slices.Clone(h.lines)
	h.mu.Unlock()
	switch r.Access {
	case "range":
		lines = slices.DeleteFunc(lines, func(l historyLine) bool {
			return r.Session != 0 && r.Session != historySession || l.number < r.Start || r.Stop > 0 && l.number >= r.Stop
		})
	case "search":
		lines = slices.DeleteFunc(lines, func(l historyLine) bool { return !matches(r.Pattern, l.code) })
		if r.Unique {
			lines = newest(lines)
		}
	}
	if r.Access != "range" && r.N > 0 && len(lines) > r.N {
		lines = lines[len(lines)-r.N:]
	}
	return lines
}

// matches tells whether code fits a pattern in which * stands for any text and ? for
// any character. Slashes and brackets are nothing special.
func matches(pattern, code string) bool {
	plain := func(s string) string {
		b := []rune(s)
		for i, r := range b {
			if r == '/' {
				b[i] = 0
			}
		}
		return string(b)
	}
	quoted := make([]rune, 0, len(pattern))
	for _, r := range plain(pattern) {
		if r == '[' || r == ']' || r == '\\' {
			quoted = append(quoted, '\\')
		}
		quoted = append(quoted, r)
	}
	ok, err := path.Match(string(quoted), plain(code))
	return err == nil && ok
}

// newest keeps the last of the lines with equal code.
func newest(lines []historyLine) []historyLine {
	seen := make(map[string]bool)
	var kept []historyLine
	for _, l := range slices.Backward(lines) {
		if !seen[l.code] {
			seen[l.code] = true
			kept = append(kept, l)
		}
	}
	slices.Reverse(kept)
	return kept
}
