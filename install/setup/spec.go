package setup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter"
)

// placed is what an installation wrote outside its own folder, kept in placed.json
// there so that it can be removed.
type placed struct {
	Jupyter string `json:"jupyter"` // the data folder with our kernelspec
	Link    string `json:"link"`    // "" if none was made
}

const placedName = "placed.json"

func (p placed) write(home string) error {
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(home, placedName)
	return fileError(path, os.WriteFile(path, append(b, '\n'), 0o644))
}

// readPlaced reads placed.json. Where it is missing, an installation was cut off
// before it placed anything.
func readPlaced(home string) placed {
	var p placed
	b, err := os.ReadFile(filepath.Join(home, placedName))
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil {
		return placed{}
	}
	return p
}

// kernelSpec returns the specification of the kernel in home. Interrupts are messages:
// they reach the kernel whatever process group its cells run in.
func kernelSpec(home *gonb.Home) *jupyter.KernelSpec {
	return &jupyter.KernelSpec{
		Argv:          home.Kernel("{connection_file}"),
		DisplayName:   "golmm (Go, mixed models)",
		Language:      "go",
		InterruptMode: "message",
	}
}

// putKernelSpec writes the kernelspec unless it is there as it should be.
func putKernelSpec(home *gonb.Home, dataDir string) (outcome string, err error) {
	spec := kernelSpec(home)
	if old, err := jupyter.ReadKernelSpec(dataDir, kernelName); err == nil && reflect.DeepEqual(old, spec) {
		return "already there", nil
	}
	logos, err := logoFiles()
	if err != nil {
		return "", err
	}
	if _, err := spec.Write(dataDir, kernelName, logos); err != nil {
		e := fileError(jupyter.KernelSpecDir(dataDir, kernelName), err)
		var known *Error
		if errors.As(e, &known) && known.Kind == NoWrite {
			known.Try = "set JUPYTER_DATA_DIR to a folder you can write to."
		}
		return "", e
	}
	return "done", nil
}

// putLink makes path a link to program. A file there that is not a link into root,
// the folder of all our versions, is left as it is, and made is false.
func putLink(path, program, root string) (made bool, err error) {
	if target, err := os.Readlink(path); err == nil {
		if target == program {
			return true, nil
		}
		if !inside(root, target) {
			return false, nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return false, fileError(path, err)
	}
	tmp := path + ".new"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fileError(tmp, err)
	}
	if err := os.Symlink(program, tmp); err != nil {
		return false, fileError(tmp, err)
	}
	return true, fileError(path, os.Rename(tmp, path))
}

// inside reports whether path lies in dir.
func inside(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel) && rel != "."
}

// onPath reports whether dir is one of the folders of PATH.
func onPath(dir string) bool {
	for _, d := range filepath.SplitList(os.Getenv("PATH")) {
		if filepath.Clean(d) == filepath.Clean(dir) {
			return true
		}
	}
	return false
}

// howToGetJupyter returns a line of advice, "" where a Jupyter is on PATH.
func howToGetJupyter() string {
	for _, name := range []string{"jupyter", "jupyter-lab", "jupyter-notebook"} {
		if _, err := exec.LookPath(name); err == nil {
			return ""
		}
	}
	return strings.Join([]string{
		"No Jupyter is on PATH: `pipx install jupyterlab`, `sudo apt install jupyter-notebook` or `brew install jupyterlab`",
		"gets one, and so does Visual Studio Code's Jupyter extension; `golmm run NOTEBOOK` needs none.",
	}, " ")
}
