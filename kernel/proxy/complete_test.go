//go:build unix

package proxy_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
)

// gopls completes and explains with what earlier cells declared, also while a cell runs,
// and no cell waits for it.
func TestGopls(t *testing.T) {
	h := realHome(t)
	cmd := exec.Command(h.Manifest.Go, "install", "golang.org/x/tools/gopls@v0.23.0") // as in an installation
	cmd.Env = append(os.Environ(), "GOBIN="+h.Bin())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	defer os.Remove(h.Gopls())
	base := t.TempDir()
	c := start(t, h, "TMPDIR="+base)
	if reply, heard := c.run("var sb strings.Builder\nfunc helper(i int) int { return i }"); reply["status"] != "ok" {
		t.Errorf("%v\n%s", reply, heard)
	}
	// GoNB starts no gopls of its own.
	out, err := exec.Command("ps", "-A", "-o", "args=").Output()
	if err != nil || strings.Contains(string(out), base+"/golmm-kernel") && strings.Contains(string(out), "gopls -listen unix;"+base) {
		t.Errorf("%v, %s", err, out)
	}
	id := c.execute(sleeper)
	cell, _ := c.started(id)
	matches := func(code string) string {
		r := c.ask("complete_request", map[string]any{"code": code, "cursor_pos": len([]rune(code))})
		return fmt.Sprint(r["matches"], r["cursor_start"], r["cursor_end"])
	}
	// An answer that takes gopls long is left out: ask again.
	deadline := time.Now().Add(patience)
	for code, want := range map[string]string{"é := 1\nsb.WriteRu": "[WriteRune] 10 17", "%%\nsb.WriteRu": "[WriteRune] 6 13"} {
		for got := matches(code); got != want; got = matches(code) {
			if time.Now().After(deadline) {
				t.Fatalf("%q: %s, want %s", code, got, want)
			}
		}
	}
	code := "helper(strings.Count(\"\", \"\"))"
	for at, want := range map[int]string{2: "func helper(i int) int", 17: "Count counts the number"} {
		for {
			r := c.ask("inspect_request", map[string]any{"code": code, "cursor_pos": at, "detail_level": 0})
			if r["found"] == true && strings.Contains(fmt.Sprint(r["data"]), want) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal(at, r)
			}
		}
	}
	if r := c.ask("inspect_request", map[string]any{"code": "  ", "cursor_pos": 1, "detail_level": 0}); r["found"] != false {
		t.Error(r)
	}
	c.send(jupyter.Control, "shutdown_request", map[string]bool{"restart": false})
	gone(t, base, cell)
}
