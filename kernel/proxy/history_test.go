package proxy

import (
	"fmt"
	"strings"
	"testing"
)

func TestHistory(t *testing.T) {
	var h history
	for i, code := range []string{"x := 1", "y/2", "x := 1", "[a]"} {
		h.add(i+1, code)
	}
	for _, test := range []struct {
		r    historyRequest
		want string
	}{
		{historyRequest{Access: "tail", N: 2}, "[{3 x := 1} {4 [a]}]"},
		{historyRequest{Access: "range", Start: 2, Stop: 4}, "[{2 y/2} {3 x := 1}]"},
		{historyRequest{Access: "range", Session: -1, Start: 1}, "[]"},
		{historyRequest{Access: "search", Pattern: "x*", Unique: true}, "[{3 x := 1}]"},
		{historyRequest{Access: "search", Pattern: "*/?"}, "[{2 y/2}]"},
		{historyRequest{Access: "search", Pattern: "[*"}, "[{4 [a]}]"},
	} {
		if got := fmt.Sprint(h.choose(test.r)); got != test.want {
			t.Errorf("%+v: %s, want %s", test.r, got, test.want)
		}
	}
}

// A dump is held back wherever the text is cut.
func TestDumpFilter(t *testing.T) {
	for _, test := range []struct{ in, shown, all string }{
		{"a\npanic: x\n\ngoroutine 1\nexit status 2\n", "a\n", "a\npanic: x\n\ngoroutine 1\nexit status 2\n"},
		{"part\nexit status 1\n", "part\n", "part\nexit status 1\n"},
		{"a panic: no\npanicky\n", "a panic: no\npanicky\n", "a panic: no\npanicky\n"},
		{"pa", "pa", "pa"},
	} {
		for cut := range len(test.in) {
			for _, ok := range []bool{false, true} {
				var f dumpFilter
				got := f.pass(test.in[:cut]) + f.pass(test.in[cut:])
				got += f.rest(ok)
				want := test.shown
				if ok {
					want = test.all
				}
				if got != want {
					t.Errorf("%q cut at %d, ok %v: %q, want %q", test.in, cut, ok, got, want)
				}
			}
		}
	}
}

// Messages of GoNB on a tmpfs that was mounted noexec, and on a full one.
func TestRoomFailure(t *testing.T) {
	for message, want := range map[string]string{
		"failed to start to execute command \"/t/a/b\": fork/exec /t/a/b: permission denied":                                       "TemporaryFolderError",
		"# gonb_fae4\n/usr/local/go/pkg/tool/linux_amd64/link: mapping output file failed: no space left on device\nexit status 1": "DiskFullError",
		"open data.csv: permission denied": "",
	} {
		f := roomFailure(message)
		if want == "" && f == nil {
			continue
		}
		if f == nil || f.Ename != want || len(f.Traceback) != 3 || !strings.Contains(f.Traceback[2], "TMPDIR") {
			t.Errorf("%q: %+v", message, f)
		}
	}
}
