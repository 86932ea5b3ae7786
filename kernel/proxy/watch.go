package proxy

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/golmm/golmm/kernel/cell"
	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter/process"
)

// watch looks after the processes of a cell until it has ended: none takes more memory
// than it may have, and none waits for input that does not come.
func (e *execution) watch(b *back, ended <-chan struct{}) {
	every := 100 * time.Millisecond
	if !process.CanTypeInput() {
		every = time.Second // to list the processes is dear there
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ended:
			return
		}
		e.out.tick()
		var waits []process.Member
		for _, m := range b.process.Members() {
			e.sees(m.RSS)
			if limit := e.k.memory; limit > 0 && m.RSS > limit+limit/16 { // the system's limit counts less, and tells the place
				e.blame(memoryFailure(limit, fmt.Sprintf("A program of the cell had %s.", inMiB(m.RSS))))
				m.Kill()
			} else if m.AwaitsInput() {
				waits = append(waits, m)
			}
		}
		e.input.seen(e, waits)
	}
}

// blame notes why the kernel ends the cell, the first time.
func (e *execution) blame(f *cell.LibraryFailure) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cause == nil {
		e.cause = f
	}
}

// blamed returns what the cell failed by if its report does not say it: what the kernel
// did, or the limit of memory that the system keeps.
func (e *execution) blamed(stderr string) *cell.LibraryFailure {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cause != nil || e.k.memory == 0 {
		return e.cause
	}
	at := outOfMemory.FindStringIndex(stderr)
	if at == nil {
		return nil
	}
	f := memoryFailure(e.k.memory, fmt.Sprintf("It was seen with %s and asked for more.", inMiB(e.peak)))
	if i := strings.Index(stderr[at[1]:], "\ngoroutine "); i >= 0 {
		f.Stack = registers.ReplaceAllString(stderr[at[1]+i+1:], "")
	}
	return f
}

// sees notes the memory of a program.
func (e *execution) sees(rss int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.peak = max(e.peak, rss)
}

var (
	// What the Go runtime writes when the system gives it no memory,
	outOfMemory = regexp.MustCompile(`(?m)^(?:fatal error|runtime): (?:runtime: )?(?:out of memory|cannot allocate memory)`)
	// what it then adds to the lines of a stack, and GoNB's colours.
	registers = regexp.MustCompile(`\x1b\[[0-9;]*m|(?m) fp=0x[0-9a-f]+ sp=0x[0-9a-f]+ pc=0x[0-9a-f]+$`)
)

func memoryFailure(limit int64, seen string) *cell.LibraryFailure {
	return causeOf("MemoryError", "the cell wanted more memory than it may have",
		fmt.Sprintf("%s The limit is %s.", seen, inMiB(limit)),
		"The environment variable "+gonb.MemoryVariable+" sets another limit, such as 16G, or none: off. Restart the kernel after it was set.")
}

// causeOf is a failure that the kernel caused.
func causeOf(name, value string, more ...string) *cell.LibraryFailure {
	return &cell.LibraryFailure{Ename: name, Evalue: value, Traceback: append([]string{name + ": " + value}, more...)}
}

func inMiB(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }
