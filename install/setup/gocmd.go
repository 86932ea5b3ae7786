package setup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/golmm/golmm/kernel/gonb"
)

// toolchain is a go command that is new enough, and the user's settings of it.
type toolchain struct {
	path     string // absolute
	version  string // "go1.26.8"
	settings map[string]string
}

// findGo looks for the go command: explicit if not "", else the one on PATH. need is
// the go line of go.mod, such as "1.26". Its error is an *Error.
func findGo(ctx context.Context, explicit, need string) (*toolchain, error) {
	path := explicit
	if path == "" {
		path = lookGo(os.Getenv("PATH"))
	}
	if path == "" {
		return nil, &Error{
			Kind:    NoGo,
			Seen:    "no go command is on PATH.",
			Meaning: "Each cell is a Go program, built by the go command.",
			Try:     "install Go " + need + " or newer from https://go.dev/dl/.",
		}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, &Error{Kind: NoGo, Seen: err.Error(), Err: err}
	}
	t := &toolchain{path: abs}
	out, err := t.env(ctx, []string{"GOTOOLCHAIN=local"}, "GOVERSION")
	if err != nil {
		return nil, &Error{
			Kind: NoGo,
			Seen: fmt.Sprintf("%s does not run as a go command: %v", abs, err),
			Try:  "install Go " + need + " or newer from https://go.dev/dl/.",
			Err:  err,
		}
	}
	t.version, _, _ = strings.Cut(out["GOVERSION"], " ") // "go1.26.1 X:experiment"
	if version.Compare(t.version, "go"+need) < 0 {
		return nil, &Error{
			Kind: OldGo,
			Seen: fmt.Sprintf("%s is %s; golmm needs Go %s or newer.", abs, t.version, need),
			Try:  "install a newer Go from https://go.dev/dl/ and run again.",
		}
	}
	t.settings, err = t.env(ctx, nil, gonb.SettingNames()...)
	if err != nil {
		return nil, &Error{Kind: NoGo, Seen: fmt.Sprintf("%s env: %v", abs, err), Err: err}
	}
	return t, nil
}

// env asks for go settings, away from any module.
func (t *toolchain) env(ctx context.Context, extra []string, names ...string) (map[string]string, error) {
	cmd := exec.CommandContext(ctx, t.path, append([]string{"env", "-json"}, names...)...)
	cmd.Dir = filepath.Dir(t.path)
	cmd.Env = append(os.Environ(), extra...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && len(exit.Stderr) > 0 {
			err = errors.New(strings.TrimSpace(string(exit.Stderr)))
		}
		return nil, err
	}
	settings := make(map[string]string)
	if err := json.Unmarshal(out, &settings); err != nil {
		return nil, fmt.Errorf("its `env -json` is not JSON: %w", err)
	}
	return settings, nil
}

// lookGo returns the go command that is first on path. `go run` puts GOROOT/bin
// first, a folder that may carry the version in its name and go with the next
// upgrade; where the user's PATH leads to the same file by another name, that name is
// the one to keep.
func lookGo(path string) string {
	name := "go"
	if runtime.GOOS == "windows" {
		name = "go.exe"
	}
	found := ""
	var file os.FileInfo
	for _, dir := range filepath.SplitList(path) {
		candidate := filepath.Join(dir, name)
		info, err := os.Stat(candidate)
		if err != nil || info.IsDir() || runtime.GOOS != "windows" && info.Mode()&0o111 == 0 {
			continue
		}
		if found == "" || os.SameFile(file, info) {
			found, file = candidate, info
		}
	}
	return found
}

// goDirective returns the version in the go line of a go.mod.
func goDirective(goMod []byte) string {
	for line := range strings.Lines(string(goMod)) {
		if fields := strings.Fields(line); len(fields) >= 2 && fields[0] == "go" {
			return fields[1]
		}
	}
	return ""
}

// builder runs the go command in the environment of an installation.
type builder struct {
	home  *gonb.Home
	proxy string // GOPROXY, for messages
}

// goRun runs the go command with args in dir, in the environment that cells have,
// changed by extra. what names it in messages. Its error is an *Error.
func (b *builder) goRun(ctx context.Context, what, dir string, extra []string, args ...string) error {
	goCommand, err := b.home.Go()
	if err != nil {
		return &Error{Kind: NoGo, Seen: err.Error(), Err: err}
	}
	_, err = b.run(ctx, what, dir, extra, goCommand, args...)
	return err
}

func (b *builder) run(ctx context.Context, what, dir string, extra []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = slices.Concat(b.home.Environment(), extra)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return out.String(), ctx.Err()
		}
		return out.String(), goError(what, out.String(), b.proxy, err)
	}
	return out.String(), nil
}
