package doctor

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/golmm/golmm/install/setup"
	"github.com/golmm/golmm/kernel/gonb"
)

// leastGo is the oldest Go that builds cells where no staged module says so.
const leastGo = "go1.26"

// goCommand looks at the go command and reports whether cells can be built with it.
func (x *examination) goCommand(ctx context.Context) bool {
	const name = "Go"
	home := x.home
	if home == nil {
		home = &gonb.Home{}
	}
	path, err := home.Go()
	if err != nil {
		x.problem(name, "there is no go command: not "+quoteOr(home.Manifest.Go, "recorded")+", and none is on PATH", getGo)
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "env", "GOVERSION")
	cmd.Env = home.Environment()
	cmd.Dir = os.TempDir()
	out, err := cmd.Output()
	have, _, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	switch {
	case err != nil:
		x.problem(name, fmt.Sprintf("%s does not work: %v", path, err), getGo)
		return false
	case !version.IsValid(have) || version.Compare(have, leastGo) < 0:
		x.problem(name, fmt.Sprintf("%s is %q; %s or newer is needed", path, have, leastGo), getGo)
		return false
	case x.home != nil && path != x.home.Manifest.Go:
		x.note(name, fmt.Sprintf("%s, %s; it was %s when golmm was installed", have, path, x.home.Manifest.Go), reinstall)
	default:
		x.ok(name, have+", "+path)
	}
	return true
}

// tools looks at the programs of the installation.
func (x *examination) tools() {
	x.program("golmm", x.home.Golmm(), "", "", true)
	for _, t := range setup.Tools(x.home) {
		x.program(strings.TrimSuffix(t.Name, ".exe"), filepath.Join(x.home.Bin(), t.Name), t.Module, t.Version, t.Needed)
	}
}

// program looks at one program: that it is there, may run, and is built from the
// version of module that is pinned.
func (x *examination) program(name, path, module, pinned string, needed bool) {
	report, remedy := x.problem, reinstall
	if !needed {
		report, remedy = x.note, "Cells run without it; Tab completes less. "+reinstall
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		report(name, path+" is missing", remedy)
		return
	case err != nil:
		report(name, err.Error(), remedy)
		return
	case !info.Mode().IsRegular() || info.Mode()&0o111 == 0:
		report(name, path+" is not a program", "Remove it; "+remedy)
		return
	}
	built, err := buildinfo.ReadFile(path)
	switch {
	case err != nil:
		report(name, path+" is damaged: "+err.Error(), "Remove it; "+remedy)
	case module == "":
		x.ok(name, path+", built with "+built.GoVersion)
	case built.Main.Path != module || pinned != "" && built.Main.Version != pinned:
		report(name, fmt.Sprintf("%s is %s %s, not %s %s", path, built.Main.Path, built.Main.Version, module, pinned),
			"Remove it; "+remedy)
	default:
		x.ok(name, built.Main.Version+", "+path)
	}
}

// source looks at the staged module that cells import.
func (x *examination) source() {
	const name = "staged source"
	if err := setup.SourceIntact(x.home); err != nil {
		x.problem(name, x.home.Src()+": "+oneLine(err.Error()), reinstall)
		return
	}
	x.ok(name, x.home.Src()+", unchanged since the installation")
}

func quoteOr(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}
