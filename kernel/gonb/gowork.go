package gonb

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// goWork returns a path of the module in src that can be given to GoNB, which splits
// the value of its flag -go_work at commas. A path with a comma is reached through
// a link. The link's place depends on src alone: the build cache knows packages by
// their folder, so a link that moved would cost a build of everything.
func goWork(src string) (string, error) {
	if !strings.Contains(src, ",") {
		return src, nil
	}
	fail := func(err error) (string, error) {
		return "", &HomeError{Dir: filepath.Dir(src),
			Msg: "GoNB cannot use a path with a comma, and a link around it could not be made", Err: err,
			Try: "Install into a folder without a comma in its path."}
	}
	dir, err := linkDir()
	if err != nil {
		return fail(err)
	}
	link := linkTo(dir, src)
	if target, err := os.Readlink(link); err == nil && target == src {
		return link, nil
	}
	tmp := fmt.Sprintf("%s-%d", link, os.Getpid())
	defer os.Remove(tmp)
	if err := os.Symlink(src, tmp); err != nil {
		return fail(err)
	}
	if err := os.Rename(tmp, link); err != nil {
		return fail(err)
	}
	return link, nil
}

// linkTo is the path of the link in dir that leads to src.
func linkTo(dir, src string) string {
	sum := sha256.Sum256([]byte(src))
	return filepath.Join(dir, hex.EncodeToString(sum[:8]))
}

// WorkLink returns the link that was made for the module of the installation in
// dir, "" if there is none: only a path with a comma needs one.
func WorkLink(dir string) string {
	src := (&Home{Dir: dir}).Src()
	for _, base := range linkBases() {
		link := linkTo(filepath.Join(base, linkFolder()), src)
		if target, err := os.Readlink(link); err == nil && target == src {
			return link
		}
	}
	return ""
}

func linkFolder() string { return fmt.Sprintf("golmm-links-%d", os.Getuid()) }

// linkBases are the folders in which the folder of links may lie.
func linkBases() []string {
	var bases []string
	if cache, err := os.UserCacheDir(); err == nil {
		bases = append(bases, cache)
	}
	return append(bases, os.TempDir())
}

// linkDir returns a folder for links without a comma in its path that nobody else
// can write to: in the user's cache folder, else in the folder for temporary files.
func linkDir() (string, error) {
	err := error(nil)
	for _, base := range linkBases() {
		if strings.Contains(base, ",") {
			err = fmt.Errorf("%s has a comma too", base)
			continue
		}
		dir := filepath.Join(base, linkFolder())
		if err = os.MkdirAll(dir, 0o700); err != nil {
			continue
		}
		if err = ownDir(dir); err == nil {
			return dir, nil
		}
	}
	return "", err
}
