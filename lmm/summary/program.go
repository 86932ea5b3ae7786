package summary

import (
	"runtime"

	"github.com/golmm/golmm/lmm/version"
)

// program names the versions of golmm and of Go that computed the numbers.
func program() string { return "golmm " + version.Golmm + ", " + runtime.Version() }
