package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golmm/golmm/plots"
)

func TestPlotList(t *testing.T) {
	code, stdout, stderr := golmm(t, "", "plot", "--list")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if len(lines) != len(plots.Kinds()) {
		t.Errorf("%d lines for %d kinds", len(lines), len(plots.Kinds()))
	}
	for i, k := range plots.Kinds() {
		if name, _, _ := strings.Cut(lines[i], " "); name != k.Name {
			t.Errorf("line %d begins with %q, want %q", i+1, name, k.Name)
		}
	}
}

func TestPlotWritesEveryFormat(t *testing.T) {
	dir := t.TempDir()
	for ext, magic := range map[string]string{".svg": "<svg ", ".png": "\x89PNG", ".pdf": "%PDF-1.7"} {
		path := filepath.Join(dir, "figure"+ext)
		code, stdout, stderr := golmm(t, "", "plot", "caterpillar", "-o", path, sleepFormula, "sleepstudy", "--title", "Sleep", "--width", "160")
		if code != exitDone || stdout != "" || stderr != "" {
			t.Fatalf("exit code %d, %q, %q", code, stdout, stderr)
		}
		b, err := os.ReadFile(path)
		if err != nil || !bytes.HasPrefix(b, []byte(magic)) {
			t.Fatalf("%s: %v, %.20q", ext, err, b)
		}
		if ext == ".svg" {
			dec := xml.NewDecoder(bytes.NewReader(b))
			for err == nil {
				_, err = dec.Token()
			}
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			contains(t, string(b), "<title>Sleep</title>", `width="160mm"`, "deviation, ms per day")
		}
	}
}

// Without a file the figure is told in words and numbers.
func TestPlotInWords(t *testing.T) {
	code, stdout, stderr := golmm(t, "", "plot", "shrinkage", "Yield ~ 1 + (1 | Batch)", "Dyestuff")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	contains(t, stdout, "Coefficients of the levels of Batch", "1527.5")
}

func TestPlotSaysWhatIsWrong(t *testing.T) {
	out := filepath.Join(t.TempDir(), "x.svg")
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"catepillar", sleepFormula, "sleepstudy"}, exitError, `did you mean "caterpillar"?`},
		{[]string{"caterpillar", "-o", "x.gif", sleepFormula, "sleepstudy"}, exitError, ".svg, .png or .pdf"},
		{[]string{"spaghetti", "-o", out, "Yield ~ 1 + (1 | Batch)", "Dyestuff"}, exitError, "no covariate of the model varies within the levels of Batch"},
		{[]string{"spaghetti", "-o", out, "--x", "Dayz", sleepFormula, "sleepstudy"}, exitError, "Days"},
		{[]string{"caterpillar", "-o", out, "--group", "Who", sleepFormula, "sleepstudy"}, exitError, `golmm plot: --group "Who": the model has Subject`},
		{[]string{"caterpillar", sleepFormula}, exitUsage, "golmm plot --list"},
		{[]string{"--list", "caterpillar"}, exitUsage, `"caterpillar" is too much`},
		{[]string{"caterpillar", "--theme", "pink", sleepFormula, "sleepstudy"}, exitUsage, "light or dark"},
		{[]string{"caterpillar", "--width", "3", sleepFormula, "sleepstudy"}, exitUsage, "millimetres"},
	} {
		code, stdout, stderr := golmm(t, "", append([]string{"plot"}, c.args...)...)
		if code != c.code || stdout != "" {
			t.Errorf("golmm plot %q: exit code %d, stdout %q", c.args, code, stdout)
		}
		contains(t, stderr, c.want)
		if _, err := os.Stat(out); err == nil {
			t.Errorf("golmm plot %q wrote a file", c.args)
		}
	}
}

// Letters that PNG cannot draw are named.
func TestPlotNamesMissingLetters(t *testing.T) {
	dir := t.TempDir()
	csv := "y,g\n1,学\n2,学\n3,b\n5,b\n4,c\n7,c\n2,d\n1,d\n"
	code, _, stderr := golmm(t, csv, "plot", "caterpillar", "-o", filepath.Join(dir, "a.png"), "y ~ 1 + (1 | g)", "-")
	if code != exitDone {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	contains(t, stderr, "lack 学: boxes stand for them; .svg has them")
	if code, _, stderr = golmm(t, csv, "plot", "caterpillar", "-o", filepath.Join(dir, "a.svg"), "y ~ 1 + (1 | g)", "-"); code != exitDone || stderr != "" {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}
