package formula

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Every line of testdata/wrong.txt is a formula that is refused; wrong.golden
// holds the messages.
func TestErrors(t *testing.T) {
	src, err := os.ReadFile("testdata/wrong.txt")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(src)) {
		line = strings.TrimSuffix(line, "\n")
		f, err := Parse(line)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: accepted as %v", line, f)
			continue
		}
		b.WriteString(err.Error() + "\n\n")
	}
	const golden = "testdata/wrong.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("messages changed (-want +got); run with -update if they should\n%s", d)
	}
}

func TestErrorColumn(t *testing.T) {
	_, err := Parse("größe ~ Länge +\n\tlg(x)")
	var syntax *SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatal(err)
	}
	if syntax.Column() != 2 {
		t.Errorf("column %d, want 2", syntax.Column())
	}
	if !strings.HasSuffix(err.Error(), "\n  \tlg(x)\n  \t^") {
		t.Errorf("the caret is misplaced:\n%s", err)
	}
	_, err = Parse("größe ~ Länge + lg(x)")
	if !strings.HasSuffix(err.Error(), "\n  größe ~ Länge + lg(x)\n                  ^") {
		t.Errorf("the caret is misplaced:\n%s", err)
	}
}
