package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/golmm/golmm/lmm/cache"
)

// runCache is `golmm cache [list|clear]`.
func runCache(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("cache [list|clear]")
	rest, code, done := u.parse(args, 0, 1, stdout, stderr)
	if done {
		return code
	}
	store := cache.Open(cache.FromEnvironment())
	if store.Note() != "" {
		fmt.Fprintf(stderr, "golmm cache: %s\n", store.Note())
	}
	if store.Dir() == "" {
		fmt.Fprintf(stdout, "The cache is off (%s).\n", cache.ModeVariable)
		return exitDone
	}
	var err error
	switch verb := append(rest, "list")[0]; verb {
	case "list":
		err = listCache(store, stdout)
	case "clear":
		var entries int
		var bytes int64
		entries, bytes, err = store.Clear()
		fmt.Fprintf(stdout, "Removed %d results, %s.\n", entries, cache.FormatSize(bytes))
	default:
		return u.misuse(stderr, errors.New("want list or clear"))
	}
	if err != nil {
		return u.fail(stderr, err)
	}
	return exitDone
}

// listCache prints the results in the cache, the most recently used first.
func listCache(store *cache.Store, stdout io.Writer) error {
	entries, err := store.List()
	if err != nil {
		return err
	}
	var total int64
	for _, e := range entries {
		total += e.Size
		about := e.About
		if e.Damaged {
			about = "(damaged; computed anew when asked for)"
		}
		fmt.Fprintf(stdout, "%s  used %s  %9s  took %-8s %s\n", e.Key[:12], e.Used.Format("2006-01-02 15:04"),
			cache.FormatSize(e.Size), e.Took.Round(time.Millisecond), about)
	}
	_, err = fmt.Fprintf(stdout, "%d results, %s of %s, in %s\n", len(entries), cache.FormatSize(total), cache.FormatSize(store.Limit()), store.Dir())
	return err
}
