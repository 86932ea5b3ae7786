package gonb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Check tells whether cells can run: gonb, goimports and the staged module are
// there, and the go command is there and new enough. Its error is a *HomeError that
// says what to do. It takes the time of one `go env`, about 10 ms.
func (h *Home) Check(ctx context.Context) error {
	for _, p := range []string{h.GoNB(), h.Goimports()} {
		info, err := os.Stat(p)
		if err != nil {
			return &HomeError{Dir: h.Dir, Msg: filepath.Base(p) + " is missing", Err: err, Try: tryInstall}
		}
		if info.IsDir() || runtime.GOOS != "windows" && info.Mode()&0o111 == 0 {
			return &HomeError{Dir: h.Dir, Msg: p + " is not a program", Try: tryInstall}
		}
	}
	need, err := h.GoVersion()
	if err != nil {
		return &HomeError{Dir: h.Dir, Msg: "the staged module is damaged", Err: err, Try: tryInstall}
	}
	goCommand, err := h.Go()
	if err != nil {
		return err
	}
	have, err := h.goVersion(ctx, goCommand)
	if err != nil {
		return &HomeError{Dir: h.Dir, Msg: goCommand + " does not work", Err: err,
			Try: "Repair Go (https://go.dev/dl). " + tryInstall}
	}
	if version.Compare(have, "go"+need) < 0 {
		return &HomeError{Dir: h.Dir, Msg: fmt.Sprintf("%s is %s, but go%s or newer is needed", goCommand, have, need),
			Try: "Get a newer Go (https://go.dev/dl). " + tryInstall}
	}
	return nil
}

// Go returns the go command that builds cells: the one that golmm was installed with,
// or, if that is gone, the first on PATH. Its error is a *HomeError.
func (h *Home) Go() (string, error) {
	info, err := os.Stat(h.Manifest.Go)
	if err == nil && !info.IsDir() {
		return h.Manifest.Go, nil
	}
	found, lookErr := exec.LookPath("go")
	if lookErr == nil {
		found, lookErr = filepath.Abs(found)
	}
	if lookErr != nil {
		return "", &HomeError{Dir: h.Dir,
			Msg: fmt.Sprintf("the go command is gone: it was %q at installation, and none is on PATH", h.Manifest.Go),
			Err: lookErr, Try: "Install Go (https://go.dev/dl) or add it to PATH. If it moved for good: `go run ./install`."}
	}
	return found, nil
}

// goVersion returns what `go env GOVERSION` prints, such as go1.26.1.
func (h *Home) goVersion(ctx context.Context, goCommand string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, goCommand, "env", "GOVERSION")
	cmd.Dir = h.Dir
	cmd.Env = h.Environment()
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && len(exit.Stderr) > 0 {
			return "", fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		return "", err
	}
	v := strings.TrimSpace(string(out))
	if fields := strings.Fields(v); len(fields) > 1 { // "go1.26.1 X:experiment"
		v = fields[0]
	}
	if strings.HasPrefix(v, "devel") {
		return v, fmt.Errorf("it is a development version, %q, whose age cannot be told", v)
	}
	return v, nil
}

// GoVersion returns the version of Go that the staged module needs, such as 1.26.
func (h *Home) GoVersion() (string, error) { return goDirective(filepath.Join(h.Src(), "go.mod")) }

// goDirective returns the version in the go line of a go.mod, such as 1.26.
func goDirective(goMod string) (string, error) {
	f, err := os.Open(goMod)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		if fields := strings.Fields(sc.Text()); len(fields) >= 2 && fields[0] == "go" {
			return fields[1], nil
		}
	}
	if err := sc.Err(); err != nil {
		return "", err
	}
	return "", fmt.Errorf("%s has no go line", goMod)
}
