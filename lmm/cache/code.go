package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/golmm/golmm/lmm/version"
)

const modulePath = "github.com/golmm/golmm"

// Code identifies the program's copy of golmm: by the folder that an
// installation compiles cells from, which has the hash of the source in its
// name; else by the checksum of the module; else, for a clone at work, by the
// SHA-256 of the running program. It is "" where even that cannot be read.
func Code() string { return identify() }

var identify = sync.OnceValue(func() string {
	_, file, _, _ := runtime.Caller(0)
	info, _ := debug.ReadBuildInfo()
	return identity(file, info, executableHash)
})

// staged matches the source folder of an installation, or the link that leads
// to it, which is named after a hash of that folder's path.
var staged = regexp.MustCompile(`(?:/[0-9][^/]*-[0-9a-f]{12}/src|/golmm-links-\d+/[0-9a-f]{16})/lmm/cache/[a-z]+\.go$`)

func identity(file string, info *debug.BuildInfo, executable func() string) string {
	if file = filepath.ToSlash(file); staged.MatchString(file) {
		return version.Golmm + " " + file
	}
	if info != nil {
		for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
			for ; m != nil; m = m.Replace {
				if m.Path == modulePath && m.Sum != "" {
					return m.Version + " " + m.Sum
				}
			}
		}
	}
	return executable()
}

func executableHash() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return "program " + hex.EncodeToString(h.Sum(nil))
}
