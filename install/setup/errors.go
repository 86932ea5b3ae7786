package setup

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"syscall"
)

// Kind tells errors apart by what has to be done about them.
type Kind int

const (
	BuildFailed Kind = iota // the go command failed for a reason not known here
	NoGo                    // no go command was found
	OldGo                   // the go command is older than the module asks for
	NoNetwork               // a module could not be downloaded
	NoWrite                 // a folder or file could not be written
	DiskFull                // no space left
	NoExec                  // programs in the temporary folder may not run
	NoHome                  // no home folder is known
	Unsupported             // not a system that golmm runs on
	NoSource                // the module's source was not found
	CheckFailed             // installed, but the quick start did not run
)

// Error is a failed installation: what was seen, what it means and what to try.
type Error struct {
	Kind    Kind
	Seen    string
	Meaning string
	Try     string
	Err     error // the cause, or nil
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Seen)
	if e.Meaning != "" {
		b.WriteString("\n  " + e.Meaning)
	}
	if e.Try != "" {
		b.WriteString("\n  Try: " + e.Try)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// fileError explains an error of the file system met at path.
func fileError(path string, err error) error {
	var known *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, syscall.ENOSPC):
		return diskFull(path, err)
	}
	e := &Error{Kind: NoWrite, Seen: fmt.Sprintf("cannot write %s: %v", path, cause(err)), Err: err}
	if errors.Is(err, fs.ErrPermission) {
		e.Meaning = "This user may not write there."
	}
	e.Try = "--prefix DIR with a folder you can write to, or set XDG_DATA_HOME."
	return e
}

// cause is err without the operation and path that fs.PathError puts before it.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func diskFull(where string, err error) error {
	return &Error{
		Kind:    DiskFull,
		Seen:    "no space left on the disk: " + where,
		Meaning: "golmm, its tools and Go's caches need about 1.5 GB.",
		Try:     "make room (`go clean -cache` empties Go's build cache), or --prefix DIR, GOCACHE, GOMODCACHE and TMPDIR on another disk.",
		Err:     err,
	}
}

var (
	moduleVersion = regexp.MustCompile(`[A-Za-z0-9.\-_~]+\.[a-z]+/[A-Za-z0-9.\-_~/]+@v[0-9][A-Za-z0-9.\-+]*`)
	networkError  = regexp.MustCompile(`dial tcp|no such host|connection refused|i/o timeout|TLS handshake|network is unreachable|` +
		`module lookup disabled by GOPROXY|Get "https?://|reading https?://|proxyconnect`)
	oldGoError = regexp.MustCompile(`requires go >= ?([0-9.]+)`)
)

// goError explains the output of a go command that failed. what names the command
// in the user's words, proxy is the value of GOPROXY.
func goError(what, output, proxy string, err error) error {
	switch {
	case strings.Contains(output, "no space left on device"), strings.Contains(output, "disk quota exceeded"):
		return diskFull(what, err)
	case networkError.MatchString(output):
		return networkFailure(what, output, proxy, err)
	case strings.Contains(output, "fork/exec") && strings.Contains(output, "permission denied"):
		return noExec("the temporary folder", err)
	}
	if m := oldGoError.FindStringSubmatch(output); m != nil {
		return &Error{
			Kind: OldGo, Err: err,
			Seen: fmt.Sprintf("%s: this go command is too old, Go %s or newer is needed.", what, m[1]),
			Try:  "install a newer Go from https://go.dev/dl/ and run again.",
		}
	}
	return &Error{
		Kind: BuildFailed, Err: err,
		Seen: fmt.Sprintf("%s failed: %v\n%s", what, err, indent(tail(output, 20))),
		Try:  "see what the go command says above; where it is a fault of golmm, please report it.",
	}
}

func networkFailure(what, output, proxy string, err error) error {
	e := &Error{Kind: NoNetwork, Err: err, Seen: what + ": a module could not be downloaded."}
	line := lineWith(output, networkError)
	module := moduleVersion.FindString(line)
	if module == "" {
		module = moduleVersion.FindString(output)
	}
	if module != "" {
		e.Seen = fmt.Sprintf("%s: the module %s could not be downloaded.", what, module)
	}
	e.Seen += "\n  The go command says: " + line
	e.Meaning = fmt.Sprintf("GOPROXY is %q. The first installation needs it; later ones and the kernel do not.", proxy)
	e.Try = "check the network, or `go env -w GOPROXY=https://your.proxy` where another proxy is to be used."
	if strings.HasPrefix(proxy, "off") {
		e.Try = "unset GOPROXY (`go env -u GOPROXY`) for this installation."
	}
	return e
}

func noExec(dir string, err error) error {
	return &Error{
		Kind:    NoExec,
		Seen:    "programs in " + dir + " may not run (it may be mounted noexec).",
		Meaning: "Each cell is a small program that is built and started in the temporary folder.",
		Try:     `mkdir -p "$HOME/tmp" && TMPDIR="$HOME/tmp" go run ./install`,
		Err:     err,
	}
}

// lineWith returns the first line of s that matches re.
func lineWith(s string, re *regexp.Regexp) string {
	for line := range strings.Lines(s) {
		if re.MatchString(line) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// tail returns the last n lines of s.
func tail(s string, n int) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

func indent(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") }
