package setup

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func goOnPath(t *testing.T) string {
	t.Helper()
	path := lookGo(os.Getenv("PATH"))
	if path == "" {
		t.Fatal("no go command on PATH")
	}
	return path
}

func TestStage(t *testing.T) {
	dir, goCommand := smallModule(t), goOnPath(t)
	s, err := readSource(t.Context(), goCommand, dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"LICENSE", "go.mod", "go.sum", "kernel/golmm/main.go", "kernel/nb/nb.go", "lmm/data/rail.csv", "lmm/lmm.go",
		"lmm/lmm_windows.go", "lmm/sum_amd64.s", "lmm/sum_arm64.s", "notebooks/00-quickstart.ipynb", "plots/plots.go"}
	if diff := cmp.Diff(want, s.files); diff != "" {
		t.Errorf("staged files (-want +got):\n%s", diff)
	}

	dst := filepath.Join(t.TempDir(), "home", "src")
	if s.stagedIn(dst) {
		t.Error("staged before staging")
	}
	for range 2 { // the second time over what is there
		if err := s.stage(filepath.Join(t.TempDir(), "src"), dst); err != nil {
			t.Fatal(err)
		}
		if !s.stagedIn(dst) {
			t.Fatal("not staged after staging")
		}
		write(t, filepath.Join(dst, "lmm", "lmm.go"), "package changed\n")
		if s.stagedIn(dst) {
			t.Error("a changed file goes unnoticed")
		}
	}
}

func TestHashFollowsWhatIsStaged(t *testing.T) {
	dir, goCommand := smallModule(t), goOnPath(t)
	hash := func() string {
		s, err := readSource(t.Context(), goCommand, dir)
		if err != nil {
			t.Fatal(err)
		}
		return s.hash
	}
	first := hash()
	write(t, filepath.Join(dir, "lmm", "lmm_test.go"), "package lmm // other\n")
	write(t, filepath.Join(dir, "lmm", "testdata", "more.csv"), "x\n")
	if again := hash(); again != first {
		t.Errorf("hash changed from %s to %s with tests and test data only", first, again)
	}
	write(t, filepath.Join(dir, "lmm", "data", "rail.csv"), "Rail,travel\n1,56\n")
	if again := hash(); again == first {
		t.Error("hash did not change with an embedded file")
	}
}

func TestFindSource(t *testing.T) {
	dir := smallModule(t)
	got, err := findSource(filepath.Join(dir, "lmm", "data"))
	if err != nil || got != dir {
		t.Errorf("findSource below the module = %q, %v; want %q", got, err, dir)
	}
	_, err = findSource(t.TempDir())
	wantKind(t, err, NoSource, "go run ./install")
}
