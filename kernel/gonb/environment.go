package gonb

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// SettingNames returns the go settings that an installer records in
// Manifest.GoEnv, by the names of `go env`: where the caches are and how modules
// are fetched.
func SettingNames() []string {
	return []string{"GOPATH", "GOMODCACHE", "GOCACHE", "GOPROXY", "GONOPROXY", "GOPRIVATE", "GOSUMDB", "GONOSUMDB",
		"GOINSECURE", "GOVCS", "GOAUTH"}
}

// cacheNames are the settings whose recorded value wins over the environment: cells
// must find what the installation built.
var cacheNames = []string{"GOPATH", "GOMODCACHE", "GOCACHE"}

// clearedNames are the settings that could make cells fail to build, build for
// another machine, or miss the build cache. What only concerns a running program,
// such as GOMAXPROCS or GOTRACEBACK, stays.
var clearedNames = []string{
	"GOFLAGS", "GOWORK", "GO111MODULE", "GOENV", "GOTOOLCHAIN", "GOROOT", "GOBIN", "GOTOOLDIR", "GOTMPDIR",
	"GOOS", "GOARCH", "GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM",
	"GOEXPERIMENT", "GOFIPS140", "GODEBUG", "GOCACHEPROG", "GOCOVERDIR", "CGO_ENABLED", "GO_EXTLINK_ENABLED",
}

// linkFlags leaves out DWARF tables, which nobody debugs a cell with: a cell that
// imports golmm builds in two thirds of the time. Panics still name their lines.
// The tag keeps gonum/plot from importing all of its back ends: a cell that draws
// links what its figures use, in a tenth less time.
const linkFlags = "-ldflags=-w -tags=minimal"

// Environment returns the environment that GoNB and all that builds for cells run
// in, made from that of this process:
//
//   - settings that change what go builds are cleared, those of `go env -w` with
//     them (GOENV=off);
//   - GOTOOLCHAIN=local, nothing is downloaded behind the user's back, and
//     CGO_ENABLED=0, cells need no C compiler and link faster, as they do without
//     debugging tables (GOFLAGS=-ldflags=-w), and with the back ends of gonum/plot that they
//     use alone (-tags=minimal);
//   - the caches are those that the installation filled, the other recorded settings
//     hold where the environment has no value of its own;
//   - PATH begins with our bin folder and the folder of the go command.
//
// An installer warms the build cache in just this environment.
func (h *Home) Environment() []string {
	env := make(map[string]string)
	for _, kv := range os.Environ() {
		if k, v, ok := strings.Cut(kv, "="); ok && k != "" && !slices.Contains(clearedNames, k) {
			env[k] = v
		}
	}
	for _, k := range SettingNames() {
		recorded, ok := h.Manifest.GoEnv[k]
		if !ok || recorded == "" {
			continue
		}
		if env[k] == "" || slices.Contains(cacheNames, k) {
			env[k] = recorded
		}
	}
	env["GOENV"] = "off"
	env["GOTOOLCHAIN"] = "local"
	env["CGO_ENABLED"] = "0"
	env["GOFLAGS"] = linkFlags
	env["GOWORK"] = ""
	env["GO111MODULE"] = ""
	env[HomeVariable] = h.Dir
	env["PATH"] = h.path(env["PATH"])

	list := make([]string, 0, len(env))
	for k, v := range env {
		list = append(list, k+"="+v)
	}
	slices.Sort(list)
	return list
}

// path puts our bin folder and go's before the folders of old.
func (h *Home) path(old string) string {
	dirs := []string{h.Bin()}
	if goCommand, err := h.Go(); err == nil {
		dirs = append(dirs, filepath.Dir(goCommand))
	}
	for _, d := range filepath.SplitList(old) {
		if !slices.Contains(dirs, d) {
			dirs = append(dirs, d)
		}
	}
	return strings.Join(dirs, string(os.PathListSeparator))
}
