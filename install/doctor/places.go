package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"time"

	"github.com/golmm/golmm/install/setup"
	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter"
)

const getJupyter = "`pipx install jupyterlab`, `sudo apt install jupyter-notebook` or `brew install jupyterlab`; " +
	"Visual Studio Code's Jupyter extension does too, and `golmm run` needs none."

// jupyter looks at the kernelspec and at whether Jupyter sees it.
func (x *examination) jupyter(ctx context.Context) {
	data := x.kernelspec()
	program := ""
	for _, name := range []string{"jupyter", "jupyter-lab", "jupyter-notebook"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	switch {
	case program == "":
		x.note("Jupyter", "none is on PATH", getJupyter)
	case data == "":
		x.ok("Jupyter", program)
	default:
		x.seenByJupyter(ctx, program, data)
	}
}

// kernelspec looks at the kernelspec and returns Jupyter's data folder that has a
// good one, else "".
func (x *examination) kernelspec() string {
	const name = "kernelspec"
	if x.home == nil {
		return ""
	}
	data, _ := setup.Places(x.home)
	if data == "" {
		x.problem(name, "none was written: the installation was cut off", reinstall)
		return ""
	}
	spec, err := jupyter.ReadKernelSpec(data, setup.KernelName)
	dir := jupyter.KernelSpecDir(data, setup.KernelName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		x.problem(name, "none is in "+dir, reinstall)
		return ""
	case err != nil:
		x.problem(name, oneLine(err.Error()), "Remove "+dir+"; "+reinstall)
		return ""
	}
	if _, err := os.Stat(spec.Argv[0]); err != nil {
		x.problem(name, fmt.Sprintf("%s starts %s, which is gone", dir, spec.Argv[0]), reinstall)
		return ""
	}
	if !reflect.DeepEqual(spec, setup.Spec(x.home)) {
		x.problem(name, fmt.Sprintf("%s starts %s, and not this golmm as it should", dir, spec.Argv[0]), reinstall)
		return ""
	}
	x.ok(name, dir)
	return data
}

// seenByJupyter asks Jupyter for its kernels.
func (x *examination) seenByJupyter(ctx context.Context, program, data string) {
	const name = "Jupyter"
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "kernelspec", "list", "--json")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	var list struct {
		Kernelspecs map[string]struct {
			Dir string `json:"resource_dir"`
		} `json:"kernelspecs"`
	}
	if err == nil {
		err = json.Unmarshal(out, &list)
	}
	if err != nil {
		x.note(name, fmt.Sprintf("%s kernelspec list: %v", program, err), "Start Jupyter and look for the kernel there; else repair Jupyter.")
		return
	}
	want := jupyter.KernelSpecDir(data, setup.KernelName)
	switch got, there := list.Kernelspecs[setup.KernelName]; {
	case !there:
		report := x.problem
		if usual, err := jupyter.DataDir(); err != nil || usual != data {
			report = x.note // the installation was asked to put it elsewhere
		}
		report(name, program+" does not see the kernel in "+want,
			"Start it with JUPYTER_PATH="+data+", or install without --prefix and JUPYTER_DATA_DIR.")
	case !sameFile(got.Dir, want):
		x.problem(name, fmt.Sprintf("%s takes another kernel of that name, in %s", program, got.Dir),
			"`jupyter kernelspec remove "+setup.KernelName+"`, then "+reinstall)
	default:
		x.ok(name, program+" sees the kernel")
	}
}

func sameFile(a, b string) bool {
	ai, err := os.Stat(a)
	if err != nil {
		return false
	}
	bi, err := os.Stat(b)
	return err == nil && os.SameFile(ai, bi)
}

// folders lists where golmm, and what it starts, writes.
func (x *examination) folders() {
	list := func(path, what string) {
		if path != "" {
			x.report.Folders = append(x.report.Folders, Folder{Path: path, What: what})
		}
	}
	data, link := x.layout.Jupyter, ""
	if x.layout.Bin != "" {
		link = filepath.Join(x.layout.Bin, setup.KernelName)
	}
	root, settings := x.layout.Root, map[string]string{}
	if x.home != nil {
		root, settings = filepath.Dir(x.home.Dir), x.home.Manifest.GoEnv
		if d, l := setup.Places(x.home); d != "" {
			data, link = d, l
		}
	}
	list(root, "golmm itself; only the installation writes here")
	if data != "" {
		list(jupyter.KernelSpecDir(data, setup.KernelName), "the kernelspec; only the installation writes here")
	}
	list(link, "a link to the program; only the installation writes it")
	list(resultsDir(), "results that took long (`golmm cache`)")
	list(os.TempDir(), "folders golmm-kernel-* and golmm-run-* while a kernel runs, each private to you and removed at its end; golmm-* while golmm is installed or examined")
	if x.home != nil {
		list(gonb.WorkLink(x.home.Dir), "a link, since GoNB cannot take a path with a comma")
	}
	list(settings["GOCACHE"], "Go's build cache")
	list(settings["GOMODCACHE"], "Go's module cache; only the installation, and cells with GOLMM_AUTOGET=1")
	if base, err := os.UserCacheDir(); err == nil {
		list(filepath.Join(base, "goimports"), "goimports' own index")
		list(filepath.Join(base, "gopls"), "gopls' own cache")
	}
	if base, err := os.UserConfigDir(); err == nil {
		list(filepath.Join(base, "go", "telemetry"), "the go command's local counters (`go telemetry off`)")
	}
	list("(the notebook's folder)", "what `golmm run` writes: NOTEBOOK.ipynb or .html, .failed.* after an error, or the file of -o")
}
