package gonb

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// HomeVariable is the environment variable that tells where golmm is installed,
// in place of the folder that the running program lies in.
const HomeVariable = "GOLMM_HOME"

// Home is an installed golmm.
type Home struct {
	Dir      string // absolute
	Manifest Manifest
}

// Manifest is the content of install.json: what was installed and with which go.
type Manifest struct {
	Version string    `json:"version"` // of golmm
	Hash    string    `json:"hash"`    // of the staged module
	Go      string    `json:"go"`      // absolute path of the go command
	Created time.Time `json:"created"`

	// GoEnv holds the go settings of the installation, by the names of `go env`. Cells
	// run with them, so that they find the caches that the installation filled.
	// See SettingNames.
	GoEnv map[string]string `json:"go_env,omitempty"`
}

// HomeError tells why an installation cannot be used, and what to do.
type HomeError struct {
	Dir string // the folder looked at
	Msg string
	Try string // what to do about it
	Err error  // the cause, or nil
}

func (e *HomeError) Error() string {
	msg := e.Msg
	if e.Err != nil {
		msg += ": " + e.Err.Error()
	}
	if e.Dir != "" {
		msg = "golmm in " + e.Dir + ": " + msg
	}
	if e.Try != "" {
		msg += "\n" + e.Try
	}
	return msg
}

func (e *HomeError) Unwrap() error { return e.Err }

const tryInstall = "Install again: in a clone of golmm, `go run ./install`."

// Find returns the installation that the running program belongs to: the folder
// named by GOLMM_HOME, else the folder above that of the executable, links resolved.
// Its error is a *HomeError.
func Find() (*Home, error) {
	if dir := os.Getenv(HomeVariable); dir != "" {
		h, err := Open(dir)
		if e, ok := err.(*HomeError); ok {
			e.Try = fmt.Sprintf("%s points there: correct it, or unset it. %s", HomeVariable, e.Try)
		}
		return h, err
	}
	exe, err := os.Executable()
	if err == nil {
		exe, err = filepath.EvalSymlinks(exe)
	}
	if err != nil {
		return nil, &HomeError{Msg: "this program does not know where it lies", Err: err,
			Try: "Set " + HomeVariable + " to the folder that golmm is installed in."}
	}
	return Open(filepath.Dir(filepath.Dir(exe)))
}

// Open reads the manifest of the installation in dir. Whether the programs are there
// and work is for Check to tell. Its error is a *HomeError.
func Open(dir string) (*Home, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, &HomeError{Dir: dir, Msg: "no such folder", Err: err, Try: tryInstall}
	}
	h := &Home{Dir: abs}
	b, err := os.ReadFile(h.ManifestPath())
	if err != nil {
		return nil, &HomeError{Dir: abs, Msg: "not an installation, or half of one", Err: err, Try: tryInstall}
	}
	if err := json.Unmarshal(b, &h.Manifest); err != nil {
		return nil, &HomeError{Dir: abs, Msg: "install.json is damaged", Err: err, Try: tryInstall}
	}
	return h, nil
}

// WriteManifest writes install.json, whole or not at all. An installer does so last:
// Open takes a folder without it for half an installation.
func (h *Home) WriteManifest() error {
	b, err := json.MarshalIndent(h.Manifest, "", "  ")
	if err != nil {
		return err
	}
	tmp := h.ManifestPath() + ".new"
	if err := os.WriteFile(tmp, append(b, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, h.ManifestPath())
}

// Bin returns the folder of the programs.
func (h *Home) Bin() string { return filepath.Join(h.Dir, "bin") }

// Src returns the folder of the staged module.
func (h *Home) Src() string { return filepath.Join(h.Dir, "src") }

// ManifestPath returns the path of install.json.
func (h *Home) ManifestPath() string { return filepath.Join(h.Dir, "install.json") }

// Golmm returns the path of golmm itself.
func (h *Home) Golmm() string { return h.program("golmm") }

// GoNB returns the path of gonb.
func (h *Home) GoNB() string { return h.program("gonb") }

// Goimports returns the path of goimports, which every cell needs.
func (h *Home) Goimports() string { return h.program("goimports") }

// Gopls returns the path of gopls, which completion needs. It may be missing.
func (h *Home) Gopls() string { return h.program("gopls") }

// Kernel returns the command, with its arguments, that is the kernel of the
// front end whose connection file is given.
func (h *Home) Kernel(connectionFile string) []string {
	return []string{h.Golmm(), "kernel", "--go", h.Manifest.Go, "-f", connectionFile}
}

func (h *Home) program(name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(h.Bin(), name)
}
