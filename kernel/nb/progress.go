package nb

import (
	"fmt"
	"html"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
)

// Bar shows how far a long computation is, with its rate and the time left. In
// a notebook it is one display that changes in place, in a terminal one line of
// standard error. It is safe for concurrent use.
//
// Once done it says how many there were and not how long they took, so that a
// notebook that is run again does not change.
type Bar struct {
	mu          sync.Mutex
	what        string
	done, total int
	start, last time.Time
	ended       bool
	draw        func(bundle, bool) // the bool: for the last time
}

// refresh is the time between two updates of a bar.
const refresh = 150 * time.Millisecond

// Progress shows a bar for total steps:
//
//	for i := range nb.Progress("refits", 1000).All() { ... }
func Progress(what string, total int) *Bar {
	b := &Bar{what: what, total: max(total, 0), draw: terminalBar(os.Stderr, isTerminal(os.Stderr))}
	if gonbui.IsNotebook {
		id := fmt.Sprintf("golmm-%d-%d", os.Getpid(), time.Now().UnixNano())
		b.draw = func(d bundle, last bool) {
			send(d, id)
			if last {
				gonbui.Sync()
			}
		}
	}
	b.start = time.Now()
	b.show(b.start)
	return b
}

// All counts from 0 to the total, a step each, and ends the bar; it also does
// when the loop is left.
func (b *Bar) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		defer b.Done()
		for i := range b.total {
			if !yield(i) {
				return
			}
			b.Add(1)
		}
	}
}

// Add tells that n more steps are done.
func (b *Bar) Add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(b.done + n)
}

// Set tells that n steps are done.
func (b *Bar) Set(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(n)
}

func (b *Bar) set(n int) {
	b.done = min(max(n, 0), b.total)
	if now := time.Now(); !b.ended && now.Sub(b.last) >= refresh {
		b.show(now)
	}
}

// Done ends the bar where it is. A second call does nothing.
func (b *Bar) Done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ended {
		b.ended = true
		b.show(time.Now())
	}
}

func (b *Bar) show(now time.Time) {
	b.last = now
	b.draw(b.bundle(now.Sub(b.start)), b.ended)
}

// bundle is the bar after some time.
func (b *Bar) bundle(elapsed time.Duration) bundle {
	const width = 20
	full := width
	if b.total > 0 {
		full = width * b.done / b.total
	}
	state := fmt.Sprintf("%d of %d", b.done, b.total)
	if !b.ended {
		state += pace(b.done, b.total, elapsed)
	}
	drawn := bundle{
		text: fmt.Sprintf("%s [%s%s] %s", b.what, strings.Repeat("#", full), strings.Repeat(".", width-full), state),
		html: fmt.Sprintf(`<div style="font:13px/1.5 system-ui,sans-serif"><progress value="%d" max="%d" aria-label="%s"></progress> %s</div>`,
			b.done, max(b.total, 1), html.EscapeString(b.what), html.EscapeString(b.what+": "+state)),
	}
	return drawn.clean()
}

// pace is the rate and the time left, "" as long as they cannot be told.
func pace(done, total int, elapsed time.Duration) string {
	if done == 0 || elapsed <= 0 {
		return ""
	}
	perSecond := float64(done) / elapsed.Seconds()
	left := time.Duration(float64(total-done) / perSecond * float64(time.Second))
	return fmt.Sprintf(", %s a second, %s left", strconv.FormatFloat(perSecond, 'g', 3, 64), clock(left))
}

// clock prints a time to the second: 42 s, 3 min 20 s, 2 h 5 min.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	switch {
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 3600:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	}
	return fmt.Sprintf("%d h %d min", s/3600, s%3600/60)
}

// terminalBar writes a bar over itself, or where that cannot be, its end.
func terminalBar(w io.Writer, overwrite bool) func(bundle, bool) {
	width := 0
	return func(b bundle, last bool) {
		end := ""
		if last {
			end = "\n"
		}
		switch {
		case overwrite:
			fmt.Fprintf(w, "\r%-*s%s", width, b.text, end)
			width = max(width, len(b.text))
		case last:
			fmt.Fprintf(w, "%s\n", b.text)
		}
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
