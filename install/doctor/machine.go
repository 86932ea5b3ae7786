package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/golmm/golmm/install/setup"
	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/lmm/cache"
)

// Space and memory below which a check says so, in bytes.
const (
	leastTemporary = 100 << 20 // a cell's program and the go command's work
	leastResults   = 16 << 20
	leastBuild     = 200 << 20
	leastMemory    = 1 << 30
)

const otherTemp = `mkdir -p "$HOME/tmp" && export TMPDIR="$HOME/tmp", before Jupyter is started.`

// temporary looks at the folder for temporary files, where each cell is built and run,
// and reports whether cells can be.
func (x *examination) temporary(ctx context.Context) bool {
	const name = "temporary folder"
	base := os.TempDir()
	dir, err := os.MkdirTemp(base, "golmm-doctor-")
	if err != nil {
		x.problem(name, fmt.Sprintf("cannot write to %s: %v", base, err), otherTemp)
		return false
	}
	defer os.RemoveAll(dir)
	if err := makeFIFO(filepath.Join(dir, "fifo")); err != nil {
		x.problem(name, fmt.Sprintf("%s takes no named pipes, which GoNB needs: %v", base, err), otherTemp)
		return false
	}
	home := x.home
	if home == nil {
		home = &gonb.Home{}
	}
	if err := setup.RunsPrograms(ctx, home); err != nil {
		seen, _ := explain(err)
		x.problem(name, seen, otherTemp)
		return false
	}
	return x.space(name, base, leastTemporary, x.problem, otherTemp, ", takes programs and named pipes")
}

// space reports whether the disk of dir has least bytes free.
func (x *examination) space(name, dir string, least uint64, report func(name, seen, remedy string), remedy, also string) bool {
	free, err := freeBytes(dir)
	switch {
	case err != nil:
		x.ok(name, dir+also)
	case free < least:
		report(name, fmt.Sprintf("%s has only %s free", dir, cache.FormatSize(int64(free))), remedy)
		return false
	default:
		x.ok(name, fmt.Sprintf("%s%s, %s free", dir, also, cache.FormatSize(int64(min(free, 1<<62)))))
	}
	return true
}

func resultsDir() string { return cache.FromEnvironment().Dir }

// results looks at golmm's cache of results.
func (x *examination) results() {
	const name = "cache of results"
	s := cache.FromEnvironment()
	switch {
	case s.Note != "":
		x.note(name, s.Note, "Correct or unset "+cache.ModeVariable+" and "+cache.SizeVariable+".")
		return
	case s.Dir == "":
		x.ok(name, "off, by "+cache.ModeVariable)
		return
	}
	const other = "Results are computed each time. Make it writable, or export " + cache.ModeVariable + "=off."
	// What would be written is tried in the nearest folder that is there.
	dir := s.Dir
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	f, err := os.CreateTemp(dir, ".golmm-doctor-")
	if err != nil {
		x.note(name, fmt.Sprintf("cannot write to %s: %v", dir, err), other)
		return
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	also := fmt.Sprintf(", at most %s", cache.FormatSize(cache.Open(s).Limit()))
	x.space(name, dir, leastResults, x.note, "Make room; results are computed each time until then.", also)
}

// memory looks at what a cell may have.
func (x *examination) memory(ctx context.Context) {
	const name = "memory"
	limit, err := gonb.MemoryLimit(ctx)
	seen := "a cell may have " + cache.FormatSize(limit)
	switch {
	case err != nil:
		x.note(name, oneLine(err.Error()), "Correct or unset "+gonb.MemoryVariable+".")
	case limit == 0:
		x.ok(name, "a cell may have any")
	case limit < leastMemory:
		x.note(name, seen+", which is little for large models", "Give the machine or the container more, or export "+gonb.MemoryVariable+"=off.")
	default:
		x.ok(name, seen)
	}
}

// buildCache builds a cell of each kind and reports whether that went.
func (x *examination) buildCache(ctx context.Context) bool {
	const name = "build cache"
	ctx, cancel := context.WithTimeout(ctx, x.opt.BuildLimit)
	defer cancel()
	start := time.Now()
	if err := setup.BuildOffline(ctx, x.home); err != nil {
		x.failed(name, err)
		return false
	}
	took := time.Since(start)
	dir := x.home.Manifest.GoEnv["GOCACHE"]
	if took > coldBuild {
		x.note(name, fmt.Sprintf("%s was cold: building a cell of each kind took %.0f s, and is done now", dir, took.Seconds()),
			"None. If it happens again, something empties Go's build cache.")
		return true
	}
	return x.space(name, dir, leastBuild, x.problem, "Make room; `go clean -cache` empties Go's build cache, then "+reinstall,
		fmt.Sprintf(": a cell of each kind is built in %.1f s without a network", took.Seconds()))
}

// coldBuild is what building cells takes at most when their packages are there: four
// links, some 0.5 s each, on a slow and busy machine. Packages take minutes.
const coldBuild = 20 * time.Second
