package setup

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"

	"github.com/golmm/golmm/kernel/jupyter"
)

// Layout says where an installation's files go. All paths are absolute.
type Layout struct {
	Root    string // <data>/golmm, with one folder for each installed version
	Jupyter string // Jupyter's data folder; the kernelspec goes to its kernels/golmm
	Bin     string // where the link to the program goes
}

// kernelName is the name of the kernelspec's folder, by which Jupyter calls a kernel.
const kernelName = "golmm"

// homeName is what folders of installed versions are called.
var homeName = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+-[0-9a-f]{12}$`)

// NewLayout returns the places used with the option prefix; "" stands for the user's
// own. The package comment tells the rules. Its error is an *Error.
func NewLayout(prefix string) (Layout, error) {
	return newLayout(prefix, runtime.GOOS, os.Getenv)
}

func newLayout(prefix, goos string, env func(string) string) (Layout, error) {
	if prefix != "" {
		dir, err := filepath.Abs(prefix)
		if err != nil {
			return Layout{}, fileError(prefix, err)
		}
		l := Layout{
			Root:    filepath.Join(dir, "share", "golmm"),
			Jupyter: filepath.Join(dir, "share", "jupyter"),
			Bin:     filepath.Join(dir, "bin"),
		}
		if env("JUPYTER_DATA_DIR") != "" {
			l.Jupyter, err = jupyter.DataDir()
		}
		return l, err
	}
	home := env("HOME")
	data := env("XDG_DATA_HOME")
	if goos == "darwin" || !filepath.IsAbs(data) {
		data = ""
	}
	if !filepath.IsAbs(home) {
		return Layout{}, &Error{
			Kind:    NoHome,
			Seen:    fmt.Sprintf("HOME is %q.", home),
			Meaning: "Without a home folder there is no place for golmm, nor for Jupyter's list of kernels.",
			Try:     "set HOME, or --prefix DIR.",
		}
	}
	switch {
	case data != "":
	case goos == "darwin":
		data = filepath.Join(home, "Library", "Application Support")
	default:
		data = filepath.Join(home, ".local", "share")
	}
	jupyterDir, err := jupyter.DataDir()
	if err != nil {
		return Layout{}, &Error{Kind: NoHome, Seen: err.Error(), Try: "set JUPYTER_DATA_DIR, or --prefix DIR.", Err: err}
	}
	return Layout{
		Root:    filepath.Join(data, "golmm"),
		Jupyter: jupyterDir,
		Bin:     filepath.Join(home, ".local", "bin"),
	}, nil
}

// checkPlatform returns an error where golmm cannot run: GoNB needs named pipes.
func checkPlatform(goos string) error {
	switch goos {
	case "linux", "darwin":
		return nil
	case "windows":
		return &Error{
			Kind:    Unsupported,
			Seen:    "This is Windows itself.",
			Meaning: "GoNB, which runs the cells, needs named pipes (FIFOs) as Unix has them.",
			Try:     "WSL: `wsl --install`, then Go and golmm inside it; a browser on Windows reaches its Jupyter.",
		}
	}
	return &Error{
		Kind: Unsupported,
		Seen: "golmm is made for Linux and macOS; this is " + goos + ".",
		Try:  "one of these, a container or a virtual machine.",
	}
}
