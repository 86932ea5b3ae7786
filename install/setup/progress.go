package setup

import (
	"fmt"
	"io"
	"time"
)

// progress prints numbered steps and the seconds that each took.
type progress struct {
	w     io.Writer
	total int
	n     int
}

// step runs f and prints what it was and how it ended. f returns a few words on its
// outcome, such as "already there".
func (p *progress) step(what string, f func() (string, error)) error {
	p.n++
	fmt.Fprintf(p.w, "[%d/%d] %s ... ", p.n, p.total, what)
	start := time.Now()
	outcome, err := f()
	seconds := time.Since(start).Seconds()
	if err != nil {
		fmt.Fprintf(p.w, "failed (%.1f s)\n", seconds)
		return err
	}
	fmt.Fprintf(p.w, "%s (%.1f s)\n", outcome, seconds)
	return nil
}

func (p *progress) note(format string, args ...any) {
	fmt.Fprintf(p.w, "      "+format+"\n", args...)
}
