package notebooks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golmm/golmm/install/setup"
	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/runner"
	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/plots"
)

// output is one output of a cell.
type output struct {
	Type string                     `json:"output_type"`
	Text multiline                  `json:"text"`
	Data map[string]json.RawMessage `json:"data"`
}

// cell is one executed cell.
type cell struct {
	Type    string    `json:"cell_type"`
	ID      string    `json:"id"`
	Source  multiline `json:"source"`
	Outputs []output  `json:"outputs"`
}

// multiline is a string that a notebook may write as a list.
type multiline string

func (m *multiline) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*m = multiline(s)
		return nil
	}
	var list []string
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*m = multiline(strings.Join(list, ""))
	return nil
}

// all joins what the cell shows of a MIME type; what it prints counts as plain
// text.
func (c *cell) all(t *testing.T, mime string) string {
	t.Helper()
	var b strings.Builder
	for _, o := range c.Outputs {
		if o.Type == "stream" && mime == "text/plain" {
			b.WriteString(string(o.Text))
		}
		if raw, ok := o.Data[mime]; ok {
			var s multiline
			if err := json.Unmarshal(raw, &s); err != nil {
				t.Fatalf("cell %s: %s: %v", c.ID, mime, err)
			}
			b.WriteString(string(s) + "\n")
		}
	}
	return b.String()
}

// TestNotebooks installs golmm below a temporary folder, as a user does, and
// executes every notebook with it.
func TestNotebooks(t *testing.T) {
	home := installed(t)
	files, err := filepath.Glob("*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			cells := execute(t, home, file)
			for _, c := range cells {
				if c.Type == "code" && len(c.Outputs) == 0 {
					t.Errorf("cell %s shows nothing:\n%s", c.ID, c.Source)
				}
				for _, o := range c.Outputs {
					if o.Type == "error" {
						t.Errorf("cell %s fails", c.ID)
					}
				}
			}
			switch file {
			case "00-quickstart.ipynb":
				checkQuickstart(t, cells)
			case "06-negative-entries.ipynb":
				checkNegativeEntries(t, cells)
			case "90-gallery.ipynb":
				checkGallery(t, cells)
			}
		})
	}
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

func execute(t *testing.T, home *gonb.Home, file string) map[string]*cell {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	out, err := runner.Run(ctx, src, runner.Options{
		Kernel: func(connection string) *exec.Cmd {
			argv := home.Kernel(connection)
			return exec.Command(argv[0], argv[1:]...)
		},
		Dir:         t.TempDir(),
		CellTimeout: 2 * time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	var nb struct{ Cells []*cell }
	if err := json.Unmarshal(out, &nb); err != nil {
		t.Fatal(err)
	}
	cells := make(map[string]*cell)
	for _, c := range nb.Cells {
		cells[c.ID] = c
	}
	return cells
}

// checkQuickstart holds what the quick start shows against lmm.Fit.
func checkQuickstart(t *testing.T, cells map[string]*cell) {
	sleep := fit(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	dyes := fit(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2")

	expect(t, cells, "data", "text/plain", "Reaction", "249.56")
	expect(t, cells, "data", "text/html", "<table", "Subject")
	for _, mime := range []string{"text/plain", "text/html"} {
		expect(t, cells, "fit", mime, "Days", "(Intercept)", "Subject", "Residual",
			fmt.Sprintf("%.3f", sleep.Criterion()))
	}
	expect(t, cells, "fit", "text/html", "<table")
	expect(t, cells, "plot", "text/html", `<svg xmlns="http://www.w3.org/2000/svg"`, "ms per day")
	expect(t, cells, "plot", "image/svg+xml", "Conditional modes of Subject")
	expect(t, cells, "plot", "text/plain", "ordered by Days")
	if n := strings.Count(cells["plot"].all(t, "image/svg+xml"), "<circle"); n != 36 {
		t.Errorf("the caterpillar has %d points, want 18 in each of 2 panels", n)
	}

	var numbers []string
	for _, c := range sleep.FixedEffects() {
		numbers = append(numbers, fmt.Sprintf("%8.3f  SE %.3f", c.Estimate, c.SE))
	}
	numbers = append(numbers, fmt.Sprintf("%8.3f", sleep.Sigma()), "converged, interior")
	expect(t, cells, "numbers", "text/plain", numbers...)

	expect(t, cells, "boundary", "text/plain", "boundary", "All modes of Batch are 0", fmt.Sprintf("%.3f", dyes.Criterion()))
	expect(t, cells, "error", "text/plain", "Dayz", "Days", "^")
}

// checkGallery holds that every kind of figure is shown: its SVG with a title,
// and in words.
func checkGallery(t *testing.T, cells map[string]*cell) {
	figures := 0
	for id, c := range cells {
		svg := c.all(t, "image/svg+xml")
		figures += strings.Count(svg, "<svg ")
		if strings.Count(svg, "<svg ") != strings.Count(svg, "<desc>") || strings.Contains(svg, "NaN") || strings.Contains(svg, "<script") {
			t.Errorf("cell %s has a figure without a description, with NaN or with a script", id)
		}
	}
	if n := len(plots.Kinds()); figures < n {
		t.Errorf("%d figures are shown, there are %d kinds", figures, n)
	}
	expect(t, cells, "odd", "text/plain", "All modes of Batch are 0", "two random coefficients")
	expect(t, cells, "options", "image/svg+xml", "<title>Reaction to short nights</title>", "milliseconds from the average", ">rested</text>")
}

func fit(t *testing.T, formula, data string) *lmm.Model {
	t.Helper()
	tab, err := datasets.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(formula, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func expect(t *testing.T, cells map[string]*cell, id, mime string, want ...string) {
	t.Helper()
	c := cells[id]
	if c == nil {
		t.Errorf("there is no cell %s", id)
		return
	}
	got := c.all(t, mime)
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("cell %s: %s lacks %q:\n%s", id, mime, w, got)
		}
	}
}
