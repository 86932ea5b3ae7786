package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/lmm/version"
)

// Options choose how and where to install. The zero value is what `go run ./install`
// does.
type Options struct {
	Prefix string // install below this folder; "": the user's own, see the package comment
	Source string // a folder in golmm's module; "": the current one
	Go     string // the go command; "": the one on PATH
	DryRun bool   // only print what would be written

	SkipGopls bool // without completion, and 25 seconds sooner
	SkipCheck bool // do not execute the quick start
}

// Result says what is installed.
type Result struct {
	Home    *gonb.Home
	Layout  Layout
	Report  string   // path of the executed quick start, "" with SkipCheck or DryRun
	Others  []string // names of other versions that are installed
	Changed bool     // false if all was already there
}

// Install installs golmm, or completes or checks an installation: what is already
// there is kept. It prints numbered steps to w. Two processes may install at once: one
// waits. Its error is an *Error, or that of ctx.
func Install(ctx context.Context, opt Options, w io.Writer) (*Result, error) {
	if err := checkPlatform(runtime.GOOS); err != nil {
		return nil, err
	}
	layout, err := NewLayout(opt.Prefix)
	if err != nil {
		return nil, err
	}
	in := &installation{opt: opt, layout: layout, progress: progress{w: w, total: 10}}
	if opt.DryRun {
		in.progress.total = 1
	}
	if err := in.step("looking at Go and the source", func() (string, error) { return in.look(ctx) }); err != nil {
		return nil, err
	}
	res := &Result{Home: in.home, Layout: layout, Others: others(layout.Root, in.home.Dir)}
	if opt.DryRun {
		in.plan()
		return res, nil
	}
	if err := os.MkdirAll(layout.Root, 0o755); err != nil {
		return nil, fileError(layout.Root, err)
	}
	release, err := lock(ctx, layout.Root, w)
	if err != nil {
		return nil, err
	}
	defer release()
	if err := in.install(ctx); err != nil {
		return nil, err
	}
	res.Report, res.Changed = in.report, in.changed
	in.conclude(res)
	return res, nil
}

// installation is one run of Install.
type installation struct {
	progress
	builder
	opt     Options
	layout  Layout
	source  *source
	report  string
	changed bool // a step did something
}

// look finds Go and the source, and with them the folder of the installation.
func (in *installation) look(ctx context.Context) (string, error) {
	dir, err := findSource(in.opt.Source)
	if err != nil {
		return "", err
	}
	goMod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	tools, err := findGo(ctx, in.opt.Go, goDirective(goMod))
	if err != nil {
		return "", err
	}
	if in.source, err = readSource(ctx, tools.path, dir); err != nil {
		return "", err
	}
	in.proxy = tools.settings["GOPROXY"]
	in.home = &gonb.Home{
		Dir: filepath.Join(in.layout.Root, version.Golmm+"-"+in.source.hash),
		Manifest: gonb.Manifest{
			Version: version.Golmm, Hash: in.source.hash,
			Go: tools.path, GoEnv: tools.settings, Created: time.Now().UTC().Truncate(time.Second),
		},
	}
	return fmt.Sprintf("%s at %s, golmm %s", tools.version, tools.path, filepath.Base(in.home.Dir)), nil
}

// install runs the steps that write.
func (in *installation) install(ctx context.Context) error {
	if err := checkExec(ctx, &in.builder); err != nil {
		return err
	}
	steps := []struct {
		what string
		do   func(context.Context) (string, error)
	}{
		{"copying the source", in.copySource},
		{"building golmm", in.program(in.home.Golmm(), "./kernel/golmm")},
		{"building GoNB, which runs the cells", in.program(in.home.GoNB(), gonbModule)},
		{"building goimports", in.program(in.home.Goimports(), goimportsModule)},
		{"building a cell of each kind ahead", in.warm},
		{"recording the installation", in.record},
		{"telling Jupyter", in.tellJupyter},
		{"executing the quick start", in.check},
		{"building gopls, for completion", in.gopls},
	}
	for _, s := range steps {
		err := in.step(s.what, func() (string, error) {
			outcome, err := s.do(ctx)
			in.changed = in.changed || outcome == "done"
			return outcome, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// copySource stages the source. Other folders for staging are of an installation that
// was cut off: we hold the lock.
func (in *installation) copySource(context.Context) (string, error) {
	left, err := filepath.Glob(filepath.Join(escapeGlob(in.layout.Root), stagingPrefix+"*"))
	if err != nil {
		return "", err
	}
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			return "", fileError(dir, err)
		}
	}
	if in.source.stagedIn(in.home.Src()) {
		return "already there", nil
	}
	tmp, err := os.MkdirTemp(in.layout.Root, stagingPrefix)
	if err != nil {
		return "", fileError(in.layout.Root, err)
	}
	defer os.RemoveAll(tmp)
	if err := in.source.stage(filepath.Join(tmp, "src"), in.home.Src()); err != nil {
		return "", err
	}
	return "done", nil
}

const stagingPrefix = ".staging-"

func (in *installation) program(path, target string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		return in.put(ctx, program{path: path, target: target})
	}
}

// gopls is wanted, not needed: cells run without it. It takes the longest, so it comes
// when all else works.
func (in *installation) gopls(ctx context.Context) (string, error) {
	if in.opt.SkipGopls {
		return "left out", nil
	}
	outcome, err := in.put(ctx, program{path: in.home.Gopls(), target: goplsModule})
	if err != nil && ctx.Err() == nil {
		return "failed: cells run without it, but Tab completes nothing\n" + indent(err.Error()) + "\n      continued", nil
	}
	return outcome, err
}

// record writes install.json once cells can be built; from then on golmm knows the
// folder as its home.
func (in *installation) record(context.Context) (string, error) {
	old, err := gonb.Open(in.home.Dir)
	if err == nil && old.Manifest.Go == in.home.Manifest.Go && maps.Equal(old.Manifest.GoEnv, in.home.Manifest.GoEnv) {
		in.home = old
		return "already there", nil
	}
	if err := in.home.WriteManifest(); err != nil {
		return "", fileError(in.home.ManifestPath(), err)
	}
	return "done", nil
}

// tellJupyter writes the kernelspec and the link, and placed.json before them: what
// is written there can be removed even if we are cut off.
func (in *installation) tellJupyter(context.Context) (string, error) {
	link := filepath.Join(in.layout.Bin, "golmm")
	if err := (placed{Jupyter: in.layout.Jupyter, Link: link}).write(in.home.Dir); err != nil {
		return "", err
	}
	outcome, err := putKernelSpec(in.home, in.layout.Jupyter)
	if err != nil {
		return "", err
	}
	_, err = putLink(link, in.home.Golmm(), in.layout.Root)
	return outcome, err
}

// check executes the quick start, unless that was done and nothing changed since.
func (in *installation) check(ctx context.Context) (string, error) {
	if in.opt.SkipCheck {
		return "left out", nil
	}
	if _, err := os.Stat(in.builder.report()); err == nil && !in.changed {
		in.report = in.builder.report()
		return "already there", nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fileError(in.builder.report(), err)
	}
	var err error
	in.report, err = in.checkNotebook(ctx)
	return "done", err
}

// plan prints what an installation would write.
func (in *installation) plan() {
	fmt.Fprintln(in.w, "Would write, where not already there:")
	h := in.home
	for _, path := range []string{
		fmt.Sprintf("%s (%d files)", h.Src(), len(in.source.files)),
		h.Golmm(), h.GoNB(), h.Goimports(), h.Gopls(), h.ManifestPath(), filepath.Join(h.Dir, placedName), in.builder.report(),
		filepath.Join(in.layout.Root, lockName),
		filepath.Join(in.layout.Jupyter, "kernels", kernelName),
		filepath.Join(in.layout.Bin, "golmm") + " (a link)",
		h.Manifest.GoEnv["GOMODCACHE"] + " (Go's module cache)",
		h.Manifest.GoEnv["GOCACHE"] + " (Go's build cache)",
	} {
		fmt.Fprintln(in.w, "  "+path)
	}
}

// conclude prints what to do now.
func (in *installation) conclude(res *Result) {
	if !res.Changed {
		in.note("golmm %s is already there.", filepath.Base(res.Home.Dir))
	}
	if len(res.Others) > 0 {
		in.note("Other versions are kept: %s. `golmm uninstall VERSION` removes one.", strings.Join(res.Others, ", "))
	}
	in.note("Kernelspec: %s", filepath.Join(in.layout.Jupyter, "kernels", kernelName))
	link := filepath.Join(in.layout.Bin, "golmm")
	target, err := os.Readlink(link)
	switch {
	case err != nil || target != res.Home.Golmm():
		in.note("Program: %s (%s is not ours and was left as it is)", res.Home.Golmm(), link)
	case !onPath(in.layout.Bin):
		in.note("Program: %s (its folder is not on PATH)", link)
	default:
		in.note("Program: %s", link)
	}
	if res.Report != "" {
		in.note("Report: %s", res.Report)
	}
	if advice := howToGetJupyter(); advice != "" {
		in.note("%s", advice)
	}
}

// others returns the names of installed versions in root except that in home.
func others(root, home string) []string {
	names := versions(root)
	return slices.DeleteFunc(names, func(name string) bool { return name == filepath.Base(home) })
}

// versions returns the names of the installed versions in root, sorted.
func versions(root string) []string {
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && homeName.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}
