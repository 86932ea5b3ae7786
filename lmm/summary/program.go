package summary

import (
	"runtime"
	"runtime/debug"
)

const module = "github.com/golmm/golmm"

// program names the version of golmm and of Go that computed the numbers.
func program() string {
	version := "unreleased"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range append(info.Deps, &info.Main) {
			if m.Path == module && m.Version != "" && m.Version != "(devel)" {
				version = m.Version
			}
		}
	}
	return "golmm " + version + ", " + runtime.Version()
}
