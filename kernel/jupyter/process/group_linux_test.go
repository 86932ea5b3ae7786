package process

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	const tail = " 5 41 41 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 100 5000 77 1844"
	for stat, want := range map[string]struct {
		group int
		pages int64
		ok    bool
	}{
		"40 (sh) S" + tail:           {41, 77, true},
		"40 (a) R 9 (b c)) S" + tail: {41, 77, true},
		"40 (sh) Z" + tail:           {},
		"40 (sh":                     {},
		"40 (sh) S 1 2":              {},
		"40 (sh) S 5 x" + tail[5:]:   {},
		"":                           {},
	} {
		group, pages, ok := parseStat(stat)
		if ok != want.ok || ok && (group != want.group || pages != want.pages) {
			t.Errorf("%q: %d, %d, %v", stat, group, pages, ok)
		}
	}
}

// What is started after LimitMemory has the limit.
func TestLimitMemory(t *testing.T) {
	cmd := exec.Command("/bin/sh", "-c", "read line; ulimit -d")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	p, err := Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Kill()
	if err := p.LimitMemory(64 << 20); err != nil {
		t.Fatal(err)
	}
	in.Close()
	select {
	case <-p.Done():
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	if out.String() != "65536\n" {
		t.Errorf("the limit is %q KiB", out.String())
	}
}

// A process that waits for a line gets it, one that does not wait is known too.
func TestTypeInput(t *testing.T) {
	cmd := exec.Command("/bin/sh", "-c", "sleep 300 & /bin/sh -c 'read a; echo got $a'")
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	p, err := Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Kill()
	waiting := func() (list []Member) {
		for _, m := range p.Members() {
			if m.AwaitsInput() {
				list = append(list, m)
			}
		}
		return list
	}
	var list []Member
	await(t, "a process that waits", func() bool {
		list = waiting()
		return len(list) > 0
	})
	if len(list) != 1 {
		t.Fatalf("%d processes wait for input", len(list))
	}
	if err := list[0].TypeInput("a line\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.Done():
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	if !strings.Contains(out.String(), "got a line") {
		t.Errorf("output %q", out.String())
	}
	if (Member{Pid: 1 << 30}).AwaitsInput() {
		t.Error("a process that is none waits")
	}
}
