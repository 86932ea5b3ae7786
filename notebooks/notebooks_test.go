package notebooks_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/golmm/golmm/install/setup"
	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/runner"
	"github.com/golmm/golmm/lmm/cache"
)

// lesson is a notebook and what holds the numbers it shows against the library.
type lesson struct {
	file  string
	check func(*testing.T, *page)
}

// lessons lists the notebooks. The checks of NN stand in lessonNN_test.go.
func lessons() []lesson {
	return []lesson{
		{"00-quickstart.ipynb", check00},
		{"01-zero-variance.ipynb", check01},
		{"02-scales.ipynb", check02},
		{"03-single-observations.ipynb", check03},
		{"04-three-levels.ipynb", check04},
		{"05-saturated.ipynb", check05},
		{"06-negative-entries.ipynb", check06},
		{"07-factor-slopes.ipynb", check07},
		{"08-maximal.ipynb", check08},
		{"09-gradient-warnings.ipynb", check09},
		{"10-optimisers.ipynb", check10},
		{"11-variance-at-zero.ipynb", check11},
		{"12-thousand-simulations.ipynb", check12},
		{"13-negative-correlation.ipynb", check13},
		{"14-genetic-correlation.ipynb", check14},
		{"15-growth-curves.ipynb", check15},
		{"16-effects-that-compete.ipynb", check16},
		{"17-constant-within-groups.ipynb", check17},
		{"18-a-complete-analysis.ipynb", check18},
		{"19-two-gradients.ipynb", check19},
		{"20-separation.ipynb", check20},
		{"21-overdispersion.ipynb", check21},
		{"22-quadrature.ipynb", check22},
		{"23-drug-interaction.ipynb", check23},
		{"24-population-averaged.ipynb", check24},
		{"90a-gallery-data.ipynb", check90},
		{"90b-gallery-likelihood.ipynb", check90},
		{"90c-gallery-residuals.ipynb", check90},
		{"90d-gallery-estimates.ipynb", check90},
		{"91-messages.ipynb", check91},
		{"92-six-programs.ipynb", check92},
	}
}

// TestNotebooks installs golmm below a temporary folder, as a user does, and
// executes every notebook with it: each in a kernel of its own, with the cache of
// results off, as many at once as there are processors.
func TestNotebooks(t *testing.T) {
	home := installed(t)
	for _, l := range lessons() {
		t.Run(l.file, func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(l.file)
			if err != nil {
				t.Fatal(err)
			}
			p := read(t, execute(t, home, src))
			for _, c := range p.code() {
				if len(c.Outputs) == 0 {
					t.Errorf("cell %s shows nothing:\n%s", c.ID, c.Source)
				}
			}
			l.check(t, p)
			p.compare(t, read(t, src))
		})
	}
}

// TestListed holds that every notebook is executed and in the README's maps, and
// that those have no other.
func TestListed(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range regexp.MustCompile(`\]\(([^)]*\.ipynb)\)`).FindAllSubmatch(readme, -1) {
		if _, err := os.Stat(string(link[1])); err != nil {
			t.Errorf("README.md: %v", err)
		}
	}
	listed := map[string]bool{}
	for _, l := range lessons() {
		listed[l.file] = true
	}
	for _, file := range notebooks(t) {
		if !listed[file] {
			t.Errorf("%s is not in lessons()", file)
		}
		if !bytes.Contains(readme, []byte("]("+file+")")) {
			t.Errorf("%s has no link in README.md", file)
		}
	}
}

func notebooks(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	return files
}

// installed is a fresh installation without gopls, which executing does not
// need.
func installed(t *testing.T) *gonb.Home {
	t.Helper()
	t.Setenv("JUPYTER_DATA_DIR", "")
	var log strings.Builder
	res, err := setup.Install(t.Context(), setup.Options{Prefix: t.TempDir(), SkipGopls: true, SkipCheck: true}, &log)
	if err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	return res.Home
}

// execute returns the notebook as executed.
func execute(t *testing.T, home *gonb.Home, src []byte) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
	defer cancel()
	out, err := runner.Run(ctx, src, runner.Options{
		Kernel: func(connection string) *exec.Cmd {
			argv := home.Kernel(connection)
			cmd := exec.Command(argv[0], argv[1:]...)
			cmd.Env = append(os.Environ(), cache.ModeVariable+"=off")
			return cmd
		},
		Dir:         t.TempDir(),
		CellTimeout: 4 * time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// compare holds the outputs that are stored in the file against those of this
// run. Only where the stored ones were made, on amd64, are the last digits the
// same, on which the pixels of a figure depend.
func (p *page) compare(t *testing.T, stored *page) {
	t.Helper()
	mimes := []string{"text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png"}
	if runtime.GOARCH != "amd64" {
		mimes = mimes[:1]
	}
	for _, c := range stored.code() {
		for _, mime := range mimes {
			was, is := untimed(c.all(t, mime)), untimed(p.cells[c.ID].all(t, mime))
			if was != is && len(c.Outputs) > 0 {
				t.Errorf("cell %s: the stored %s is not that of this run; store it anew with GOLMM_CACHE=off golmm run FILE\nstored:\n%.2000s\nthis run:\n%.2000s",
					c.ID, mime, was, is)
				break
			}
		}
	}
}
