//go:build !linux && !darwin

package doctor

import (
	"errors"
	"runtime"
)

func makeFIFO(string) error {
	return errors.New("golmm runs on Linux and macOS; this is " + runtime.GOOS)
}

func freeBytes(string) (uint64, error) { return 0, errors.ErrUnsupported }
