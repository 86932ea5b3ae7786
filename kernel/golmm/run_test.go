package main

import "testing"

// A run that fails leaves the notebook and the last good report alone.
func TestTargetOfARun(t *testing.T) {
	for _, c := range []struct {
		opt    runOptions
		failed bool
		want   string
	}{
		{runOptions{}, false, "a/b.ipynb"},
		{runOptions{}, true, "a/b.failed.ipynb"},
		{runOptions{html: true}, false, "a/b.html"},
		{runOptions{html: true}, true, "a/b.failed.html"},
		{runOptions{out: "c"}, false, "c"},
		{runOptions{out: "c", html: true}, true, "c"},
	} {
		if got := c.opt.target("a/b.ipynb", c.failed); got != c.want {
			t.Errorf("%+v, failed %v: %s, want %s", c.opt, c.failed, got, c.want)
		}
	}
}
