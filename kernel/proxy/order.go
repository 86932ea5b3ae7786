package proxy

import (
	"strings"
	"time"
)

// What package nb prints in front of a display, and tells in the display's metadata,
// where markVariable asks for it: quote, the value of the variable, the id of the
// display, quote.
const (
	markVariable = "GOLMM_DISPLAY_MARK"
	markKey      = "golmm_mark"
	markQuote    = "\x1e"

	// markLimit is the greatest length of an id; a longer one is none.
	markLimit = 64

	// markPatience is how long text waits for a display that does not come, or a display
	// for its mark.
	markPatience = 2 * time.Second
)

// order puts the text and the displays of a cell, which come from GoNB by two pipes,
// into the order in which the cell made them. Each display has a mark in the text:
// what comes first waits for the other.
type order struct {
	start string              // what a mark begins with, "" for no marks
	text  func(string)        // takes text
	since time.Time           // when what waits began to
	items []item              // text and marks that wait, a mark first
	part  string              // the end of the text that may be the start of a mark
	ready map[string][]func() // displays that wait for their marks
	queue []string            // their ids as they came
}

// item is text or, with an id, a mark.
type item struct{ text, id string }

// write takes standard output of the cell.
func (o *order) write(s string) {
	if o.start == "" {
		o.text(s)
		return
	}
	s = o.part + s
	o.part = ""
	for {
		text, id, rest, state := cutMark(s, o.start)
		if text != "" {
			o.items = append(o.items, item{text: text})
		}
		if state == markWhole {
			o.items = append(o.items, item{id: id})
			s = rest
			continue
		}
		o.part = rest
		break
	}
	o.pump()
}

// display takes a display with the id of its mark.
func (o *order) display(id string, show func()) {
	if o.start == "" || id == "" {
		show()
		return
	}
	if o.ready == nil {
		o.ready = make(map[string][]func())
	}
	o.ready[id] = append(o.ready[id], show)
	o.queue = append(o.queue, id)
	o.pump()
}

// pump gives on what waits for nothing.
func (o *order) pump() {
	moved := false
	for len(o.items) > 0 {
		next := o.items[0]
		if next.id != "" {
			if len(o.ready[next.id]) == 0 {
				break
			}
			o.show(next.id)
		} else {
			o.text(next.text)
		}
		o.items = o.items[1:]
		moved = true
	}
	if waits := len(o.items)+len(o.queue) > 0; moved || !waits || o.since.IsZero() {
		o.since = time.Time{}
		if waits {
			o.since = time.Now()
		}
	}
}

func (o *order) show(id string) {
	for _, show := range o.ready[id] {
		show()
	}
	delete(o.ready, id)
	for i, q := range o.queue {
		if q == id {
			o.queue = append(o.queue[:i], o.queue[i+1:]...)
			break
		}
	}
}

// tick gives on what has waited too long.
func (o *order) tick() {
	if !o.since.IsZero() && time.Since(o.since) > markPatience {
		o.flush()
	}
}

// flush gives on all that waits.
func (o *order) flush() {
	for len(o.items) > 0 {
		if next := o.items[0]; next.id != "" {
			o.show(next.id)
		} else {
			o.text(next.text)
		}
		o.items = o.items[1:]
	}
	for len(o.queue) > 0 {
		o.show(o.queue[0])
	}
	o.since = time.Time{}
}

// end gives on all, and the end of the text if it was no mark after all.
func (o *order) end() {
	o.flush()
	if o.part != "" {
		o.text(o.part)
		o.part = ""
	}
}

type markState int

const (
	markNone  markState = iota // rest may become one with what comes
	markWhole                  // there is one between text and rest
)

// cutMark finds the first mark in s.
func cutMark(s, start string) (text, id, rest string, state markState) {
	head := markQuote + start
	from := 0
	for {
		i := strings.Index(s[from:], markQuote)
		if i < 0 {
			return s, "", "", markNone
		}
		i += from
		after := s[i:]
		if strings.HasPrefix(head, after) { // a part of the head, at the end
			return s[:i], "", after, markNone
		}
		if body, ok := strings.CutPrefix(after, head); ok {
			id, rest, ended := strings.Cut(body, markQuote)
			switch {
			case ended && id != "" && len(id) <= markLimit:
				return s[:i], id, rest, markWhole
			case !ended && len(body) <= markLimit:
				return s[:i], "", after, markNone
			}
		}
		from = i + len(markQuote)
	}
}
