package notebooks_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestStored holds what a reader finds who runs nothing: every notebook is
// executed, small, and written for the kernel.
func TestStored(t *testing.T) {
	for _, file := range notebooks(t) {
		t.Run(file, func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(src) > 1<<20 {
				t.Errorf("it has %d bytes", len(src))
			}
			p := read(t, src)
			if p.minor != 5 || p.kernel != "golmm" {
				t.Errorf("it is written in nbformat 4.%d for the kernel %q", p.minor, p.kernel)
			}
			for i, c := range p.list {
				if c.ID == "" {
					t.Errorf("cell %d has no id", i+1)
				}
			}
			checkExecuted(t, p)
			number := file[:2]
			if number >= "01" && number <= "24" {
				checkParts(t, p)
			}
			checkQuotes(t, number, p)
			checkMarkdown(t, p)
		})
	}
}

// TestNumbers holds the numbers that are stored against the library, without
// executing anything.
func TestNumbers(t *testing.T) {
	for _, l := range lessons() {
		t.Run(l.file, func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(l.file)
			if err != nil {
				t.Fatal(err)
			}
			if p := read(t, src); p.executed() {
				l.check(t, p)
			}
		})
	}
}

// executed says whether there are outputs.
func (p *page) executed() bool { return len(p.code()[0].Outputs) > 0 }

// checkExecuted asks for outputs of all cells in order.
func checkExecuted(t *testing.T, p *page) {
	for i, c := range p.code() {
		if c.Count == nil || *c.Count != i+1 || len(c.Outputs) == 0 {
			t.Errorf("cell %s is not executed as number %d, or shows nothing", c.ID, i+1)
		}
		for _, o := range c.Outputs {
			if o.Type == "error" && !slices.Contains(c.Metadata.Tags, "raises-exception") {
				t.Errorf("cell %s fails", c.ID)
			}
		}
	}
}

// parts is what a lesson consists of: cells by their ids, and what stands in them.
var parts = []struct{ id, kind, has string }{
	{"title", "markdown", `(?s)^# [^\n]+\n.*\?`},
	{"data-text", "markdown", `Source: `},
	{"data", "code", `nb\.|datasets\.`},
	{"failure", "markdown", "(?s)```(text)?\n"},
	{"verdict", "code", `nb\.(Diagnose|Before|DiagnoseAt)`},
	{"verdict-read", "markdown", `.`},
	{"remedies", "code", `nb\.|fmt\.`},
	{"report", "markdown", `(?s)^## .*\n> `},
	{"exercises", "markdown", `(?s)<details>.*<summary>.*</details>.*<details>.*<summary>.*</details>`},
	{"references", "markdown", `\(\d{4}\)`},
}

// quoted is what a lesson quotes from another program.
var quoted = regexp.MustCompile("(?s)```(?:text)?\n(.*?)```")

// checkParts asks for the parts of a lesson in order.
func checkParts(t *testing.T, p *page) {
	at := 0
	for _, part := range parts {
		i := slices.IndexFunc(p.list, func(c *cell) bool { return c.ID == part.id })
		switch {
		case i < 0 || p.list[i].Type != part.kind:
			t.Errorf("the lesson has no cell %q of %s", part.id, part.kind)
			continue
		case i < at:
			t.Errorf("cell %s is not in the order of a lesson", part.id)
		case !regexp.MustCompile(part.has).MatchString(string(p.list[i].Source)):
			t.Errorf("cell %s lacks %s:\n%s", part.id, part.has, p.list[i].Source)
		}
		at = i
	}
}

// checkQuotes asks that every line that the cells failure... and quoted... quote
// from another program stands in that program's output: testdata/NN.out, written
// by testdata/NN.R.
func checkQuotes(t *testing.T, number string, p *page) {
	out, err := os.ReadFile(fmt.Sprintf("testdata/%s.out", number))
	if errors.Is(err, fs.ErrNotExist) && (number < "01" || number > "24") {
		return
	} else if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		known[strings.TrimSpace(line)] = true
	}
	for _, c := range p.list {
		if !strings.HasPrefix(c.ID, "failure") && !strings.HasPrefix(c.ID, "quoted") {
			continue
		}
		for _, block := range quoted.FindAllStringSubmatch(string(c.Source), -1) {
			for line := range strings.Lines(block[1]) {
				if !known[strings.TrimSpace(line)] {
					t.Errorf("cell %s quotes %q, which is not in testdata/%s.out", c.ID, line, number)
				}
			}
		}
	}
}

// item is a line that begins as an item of a numbered list.
var item = regexp.MustCompile(`^\s*(\d+)\. `)

// checkMarkdown looks for what renderers read otherwise than it was meant: a
// number and a full stop that the end of a line has put at the beginning of the
// next, and escaped bars in tables, which end a column or keep their backslash
// in nbconvert.
func checkMarkdown(t *testing.T, p *page) {
	for _, c := range p.list {
		if c.Type != "markdown" {
			continue
		}
		last, inside, fenced := "", false, false
		for line := range strings.Lines(string(c.Source)) {
			line = strings.TrimRight(line, "\n")
			if strings.HasPrefix(line, "```") {
				fenced = !fenced
			}
			if m := item.FindStringSubmatch(line); m != nil && !fenced {
				if inside && last == "" {
					t.Errorf("cell %s: a line that begins %q is no item of a list", c.ID, m[0])
				}
				last = m[1]
			}
			if strings.HasPrefix(line, "|") && strings.Contains(line, `\|`) {
				t.Errorf("cell %s: an escaped bar in a table: %s", c.ID, line)
			}
			if inside = line != ""; !inside {
				last = ""
			}
		}
	}
}
