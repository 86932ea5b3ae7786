package jupyter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// KernelSpec is the content of a kernel.json: how Jupyter starts a kernel and what
// it calls it.
type KernelSpec struct {
	Argv          []string          `json:"argv"` // "{connection_file}" stands for the file's path
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode,omitempty"` // "signal" (the default) or "message"
	Env           map[string]string `json:"env,omitempty"`
	Metadata      map[string]any    `json:"metadata,omitempty"`
}

// KernelSpecError tells what is wrong with a kernelspec.
type KernelSpecError struct {
	Path string
	Msg  string
	Err  error // the cause, or nil
}

func (e *KernelSpecError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("kernelspec %s: %s: %v", e.Path, e.Msg, e.Err)
	}
	return "kernelspec " + e.Path + ": " + e.Msg
}

func (e *KernelSpecError) Unwrap() error { return e.Err }

const specFile = "kernel.json"

// Jupyter ignores a folder whose name has other characters.
var specName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// KernelSpecDir returns the folder of the kernel called name in a Jupyter data
// folder.
func KernelSpecDir(dataDir, name string) string {
	return filepath.Join(dataDir, "kernels", name)
}

// Write writes the specification and further files, such as logo-64x64.png, into
// the folder of the kernel called name, and returns that folder. What stands there
// under the same names is replaced; kernel.json comes last, so a kernel that can be
// seen is complete. Its error is a *KernelSpecError.
func (s *KernelSpec) Write(dataDir, name string, files map[string][]byte) (string, error) {
	dir := KernelSpecDir(dataDir, name)
	fail := func(msg string, err error) (string, error) {
		return "", &KernelSpecError{Path: dir, Msg: msg, Err: err}
	}
	if err := checkSpecName(name); err != nil {
		return fail(err.Error(), nil)
	}
	if len(s.Argv) == 0 {
		return fail("argv is empty, there is no program to start", nil)
	}
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fail("cannot be written as JSON", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fail("its folder cannot be made", err)
	}
	for name, content := range files {
		if filepath.Base(name) != name {
			return fail(fmt.Sprintf("%q is not the name of a file in its folder", name), nil)
		}
		if err := writeFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return fail("cannot be written", err)
		}
	}
	if err := writeFile(filepath.Join(dir, specFile), append(b, '\n'), 0o644); err != nil {
		return fail("cannot be written", err)
	}
	return dir, nil
}

// ReadKernelSpec reads the specification of the kernel called name. Where there is
// none the error is fs.ErrNotExist; all errors are *KernelSpecError.
func ReadKernelSpec(dataDir, name string) (*KernelSpec, error) {
	path := filepath.Join(KernelSpecDir(dataDir, name), specFile)
	if err := checkSpecName(name); err != nil {
		return nil, &KernelSpecError{Path: path, Msg: err.Error()}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, &KernelSpecError{Path: path, Msg: "cannot be read", Err: err}
	}
	s := new(KernelSpec)
	if err := json.Unmarshal(b, s); err != nil {
		return nil, &KernelSpecError{Path: path, Msg: "is not the JSON of a kernelspec", Err: err}
	}
	if len(s.Argv) == 0 {
		return nil, &KernelSpecError{Path: path, Msg: "argv is empty, there is no program to start"}
	}
	return s, nil
}

// RemoveKernelSpec removes the folder of the kernel called name. It is no error if
// there is none. A folder without a kernel.json is left alone: it is not a kernel's.
func RemoveKernelSpec(dataDir, name string) error {
	dir := KernelSpecDir(dataDir, name)
	if err := checkSpecName(name); err != nil {
		return &KernelSpecError{Path: dir, Msg: err.Error()}
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, specFile)); err != nil {
		return &KernelSpecError{Path: dir, Msg: "has no kernel.json and was left as it is", Err: err}
	}
	if err := os.RemoveAll(dir); err != nil {
		return &KernelSpecError{Path: dir, Msg: "cannot be removed", Err: err}
	}
	return nil
}

func checkSpecName(name string) error {
	if !specName.MatchString(name) || name == "." || name == ".." {
		return fmt.Errorf("%q is no name of a kernel; use letters, digits, '-', '_' and '.'", name)
	}
	return nil
}
