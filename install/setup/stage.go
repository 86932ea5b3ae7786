package setup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const modulePath = "github.com/golmm/golmm"

// source is the part of a module that an installation keeps.
type source struct {
	dir   string
	files []string // slash-separated, relative to dir, sorted
	hash  string   // twelve hexadecimal digits over names and content
}

// findSource returns the root of golmm's module that holds dir, or dir's parent and
// so on. Its error is an *Error.
func findSource(dir string) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", &Error{Kind: NoSource, Seen: err.Error(), Err: err}
	}
	for d := start; ; d = filepath.Dir(d) {
		b, err := os.ReadFile(filepath.Join(d, "go.mod"))
		if err == nil && moduleLine(b) == modulePath {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", &Error{
				Kind: NoSource,
				Seen: "the source of golmm is not in " + start + ", nor above it.",
				Try:  "go to the folder that holds golmm's go.mod and run `go run ./install` there.",
			}
		}
	}
}

func moduleLine(goMod []byte) string {
	for line := range strings.Lines(string(goMod)) {
		if path, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
			return strings.TrimSpace(path)
		}
	}
	return ""
}

// readSource lists and hashes what of the module in dir is staged: Go files without
// the tests, embedded files, go.mod, go.sum, the licence and the notebooks.
func readSource(ctx context.Context, goCommand, dir string) (*source, error) {
	files, err := packageFiles(ctx, goCommand, dir)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"go.mod", "go.sum", "LICENSE", "README.md"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			files = append(files, name)
		}
	}
	notebooks, err := filepath.Glob(filepath.Join(escapeGlob(dir), "notebooks", "*.ipynb"))
	if err != nil {
		return nil, err
	}
	for _, path := range notebooks {
		files = append(files, "notebooks/"+filepath.Base(path))
	}
	slices.Sort(files)
	s := &source{dir: dir, files: slices.Compact(files)}
	s.hash, err = hashFiles(dir, s.files)
	return s, err
}

// packageFiles asks the go command for the files of the module's packages. Without
// GOPROXY=off it would fetch what they import, which the list does not need.
func packageFiles(ctx context.Context, goCommand, dir string) ([]string, error) {
	cmd := exec.CommandContext(ctx, goCommand, "list", "-e", "-find",
		"-json=Dir,GoFiles,CgoFiles,IgnoredGoFiles,SFiles,IgnoredOtherFiles,EmbedFiles", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local", "GOWORK=off", "GOFLAGS=-mod=readonly", "GO111MODULE=on",
		"GOPROXY=off")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, goError("listing the source in "+dir, stderr.String(), os.Getenv("GOPROXY"), err)
	}
	// The go command tells folders with links resolved.
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	var files []string
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			Dir                                                                      string
			GoFiles, CgoFiles, IgnoredGoFiles, SFiles, IgnoredOtherFiles, EmbedFiles []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return files, nil
		} else if err != nil {
			return nil, fmt.Errorf("output of go list: %w", err)
		}
		rel, err := filepath.Rel(root, p.Dir)
		if err != nil || !filepath.IsLocal(rel) {
			if rel, err = filepath.Rel(dir, p.Dir); err != nil {
				return nil, err
			}
		}
		for _, f := range slices.Concat(p.GoFiles, p.CgoFiles, p.IgnoredGoFiles, p.SFiles, p.IgnoredOtherFiles, p.EmbedFiles) {
			if !strings.HasSuffix(f, "_test.go") {
				files = append(files, filepath.ToSlash(filepath.Join(rel, f)))
			}
		}
	}
}

func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// hashFiles returns twelve hexadecimal digits of the SHA-256 over the names, lengths
// and content of files in dir.
func hashFiles(dir string, files []string) (string, error) {
	h := sha256.New()
	for _, name := range files {
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%q %d\n", name, len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}

// stagedIn reports whether dst holds exactly the files of s.
func (s *source) stagedIn(dst string) bool {
	there, err := filesIn(dst)
	if err != nil {
		return false
	}
	if !slices.Equal(there, s.files) {
		return false
	}
	hash, err := hashFiles(dst, there)
	return err == nil && hash == s.hash
}

// filesIn lists the files below dir as source.files does.
func filesIn(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files = append(files, filepath.ToSlash(rel))
		return err
	})
	slices.Sort(files)
	return files, err
}

// stage copies s to dst, whole or not at all: it copies to tmp, on the same disk, and
// renames. What was at dst is replaced.
func (s *source) stage(tmp, dst string) error {
	for _, name := range s.files {
		b, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		to := filepath.Join(tmp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return fileError(filepath.Dir(to), err)
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			return fileError(to, err)
		}
	}
	if err := os.RemoveAll(dst); err != nil {
		return fileError(dst, err)
	}
	if err := os.MkdirAll(filepath.Dir(dst), 0o755); err != nil {
		return fileError(dst, err)
	}
	return fileError(dst, os.Rename(tmp, dst))
}
