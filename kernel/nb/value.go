package nb

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/golmm/golmm/lmm/cache"
)

// Value is a result that is computed at its first use. At the top level of a
// cell,
//
//	var curves = nb.Later(func() (*infer.ProfileResult, error) { return infer.Profile(m.Get(), nil) })
//
// is run again by every later cell; as a Value it costs these nothing until
// they use it. It is safe for concurrent use.
type Value[T any] struct {
	once     sync.Once
	compute  func() (T, error)
	declared *runtime.Frame // where, nil if unknown
	value    T
	err      error
	origin   cache.Origin // once computed
}

// Later returns the value of compute, which is called once, at the first use.
func Later[T any](compute func() (T, error)) *Value[T] {
	return &Value[T]{compute: compute, declared: caller()}
}

// Get returns the value, and stops the cell with its error if it has none.
func (v *Value[T]) Get() T { return Must(v.result()) }

// result computes the value if that was not yet done.
func (v *Value[T]) result() (T, error) {
	v.once.Do(func() {
		v.value, v.err = guarded(v.compute)
		if v.err != nil {
			v.err = &declaredError{err: v.err, at: v.declared}
		}
	})
	return v.value, v.err
}

// shown is what Show displays: the value, or its document with a note where it
// came from the cache.
func (v *Value[T]) shown() (any, error) {
	x, err := v.result()
	if err != nil {
		return nil, err
	}
	if note := originNote(v.origin); note != nil {
		if doc := documentOf(x); doc != nil {
			return doc.Add(note), nil
		}
	}
	return x, nil
}

// lazy is a Value of any type.
type lazy interface{ shown() (any, error) }

// declaredError is an error of a Value, with the place that declares it.
type declaredError struct {
	err error
	at  *runtime.Frame
}

func (e *declaredError) Error() string {
	if where := e.where(); where != "" {
		return e.err.Error() + "\n" + where
	}
	return e.err.Error()
}

func (e *declaredError) Unwrap() error { return e.err }

// where quotes the line of the declaration. The source of a cell lies beside
// its program while it runs.
func (e *declaredError) where() string {
	if e.at == nil {
		return ""
	}
	source, err := os.ReadFile(e.at.File)
	if err != nil {
		return ""
	}
	lines := strings.Split(string(source), "\n")
	if e.at.Line < 1 || e.at.Line > len(lines) {
		return ""
	}
	const most = 100
	line := []rune(strings.TrimSpace(lines[e.at.Line-1]))
	if len(line) > most {
		line = append(line[:most-3], []rune("...")...)
	}
	return "Declared by: " + string(line)
}

// caller is the line of code outside of this package that is being run.
func caller() *runtime.Frame {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, packagePath+".") || strings.HasSuffix(f.File, "_test.go") {
			return &f
		}
		if !more {
			return nil
		}
	}
}

const (
	modulePath  = "github.com/golmm/golmm"
	packagePath = modulePath + "/kernel/nb"
)

// PanicError is a panic that was caught while a value was computed or shown.
type PanicError struct {
	Value any
	Where string // file and line, "" if unknown
}

func (e *PanicError) Error() string {
	s := fmt.Sprintf("panic: %v", e.Value)
	if e.Where != "" {
		s += "\nat " + e.Where
	}
	return s
}

// guarded calls f and makes a panic an error.
func guarded[T any](f func() (T, error)) (value T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &PanicError{Value: r, Where: panicked()}
		}
	}()
	return f()
}

// panicked is the line that a panic that is being recovered came from.
func panicked() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	below := false
	for {
		f, more := frames.Next()
		if below && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.File, f.Line)
		}
		below = below || f.Function == "runtime.gopanic"
		if !more {
			return ""
		}
	}
}
