//go:build !unix

package setup

import (
	"context"
	"io"
	"runtime"
)

const lockName = ".lock"

// lock refuses: without named pipes there is nothing to install.
func lock(context.Context, string, io.Writer) (release func(), err error) {
	return nil, checkPlatform(runtime.GOOS)
}
