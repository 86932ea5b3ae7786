package summary

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden compares the documents of known fits with the files in testdata,
// the versions of golmm and Go left out.
func TestGolden(t *testing.T) {
	for name, m := range map[string]*fake{
		"sleepstudy": sleepstudy(), "dyestuff2": dyestuff2(), "ridge": ridge(), "stopped": stopped(),
	} {
		doc := Of(m)
		for ext, got := range map[string]string{"txt": doc.Text(), "html": doc.HTML(), "md": doc.Markdown(), "tex": doc.LaTeX()} {
			got = strings.ReplaceAll(got, program(), "golmm")
			file := filepath.Join("testdata", name+"."+ext)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
			if ext == "html" && len(got) > 12<<10 {
				t.Errorf("%s has %d bytes, more than 12 kB", file, len(got))
			}
		}
	}
}
