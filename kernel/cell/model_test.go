package cell

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// declForm is how a cell of the model declares one or two names; N is a number that
// no other declaration has.
type declForm struct {
	text string
	runs bool
}

var declForms = [...]declForm{
	{"var X = N", true},
	{"var X = N + Z", true},
	{"var X, Y = N, N", true},
	{"var X, Y = two(N)", true},
	{"var _, X = two(N)", true},
	{"var X [N]int", false},
	{"const X = N", false},
	{"const (\n\tX = N + iota\n\tY\n)", false},
	{"const (\n\t_ = N + iota\n\tX\n)", false},
	{"func X() int { return N }", false},
	{"func X() int { return N + Z }", false},
	{"type X struct{ f [N]int }", false},
	{"type (\n\tX [N]int\n\tY [N]int\n)", false},
}

// modelDecl is one declaration of a cell of the model.
type modelDecl struct {
	names []string
	uses  string
	runs  bool
	tag   string
}

// TestStored runs random cells, some of which do not compile and some of which
// fail, against the store of GoNB. When the next cell begins, the store must hold
// for each name the last declaration that counts: nothing lost, nothing double,
// nothing that failed.
func TestStored(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, gonb := NewSession(Options{}), newStore()
		want := make(map[string]string) // the tag of the declaration by name
		tag := 1000
		var log strings.Builder
		run := func(src, ending string, decls []modelDecl) {
			c := s.Prepare(tag, src)
			if c.Failure != nil {
				rt.Fatalf("%s: %v", src, c.Failure.Traceback)
			}
			for _, before := range c.Before {
				fmt.Fprintf(&log, "before: %s\n", strings.TrimSpace(before))
				if why := gonb.run(rt, before); why != "" {
					rt.Fatalf("before a cell: %s\n%s", why, log.String())
				}
			}
			fmt.Fprintf(&log, "%s: %s\n", ending, strings.TrimSpace(c.Code))
			if why := gonb.run(rt, c.Code); why != "" {
				fmt.Fprintf(&log, "does not compile: %s\n", why)
				if strings.Contains(why, "redeclared") {
					rt.Fatal(log.String())
				}
				c.Explain(Report{Evalue: "# gonb\n./main.go:1:1: " + why})
				s.Done(c, false)
				return
			}
			if ending == "fails" {
				c.Explain(Report{Evalue: "exit status 1"})
			}
			s.Done(c, ending != "fails")
			expect(want, decls, ending == "fails")
		}
		for range rapid.IntRange(1, 8).Draw(rt, "cells") {
			var src []string
			var decls []modelDecl
			free := rapid.Permutation([]string{"a", "b", "c", "d"}).Draw(rt, "names")
			for range rapid.IntRange(1, 2).Draw(rt, "declarations") {
				f := rapid.SampledFrom(declForms[:]).Draw(rt, "form")
				d := modelDecl{runs: f.runs, tag: fmt.Sprint(tag)}
				text := strings.ReplaceAll(f.text, "N", d.tag)
				tag++
				for _, v := range [...]string{"X", "Y"} {
					if strings.Contains(text, v) {
						d.names = append(d.names, free[0])
						text = strings.ReplaceAll(text, v, free[0])
						free = free[1:]
					}
				}
				if strings.Contains(text, "Z") {
					d.uses = rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "use")
					text = strings.ReplaceAll(text, "Z", d.uses)
				}
				src, decls = append(src, text), append(decls, d)
			}
			ending := rapid.SampledFrom([]string{"runs", "runs", "fails", "does not compile"}).Draw(rt, "ending")
			if ending == "does not compile" {
				src = append(src, "undefinedz()")
			}
			run(strings.Join(src, "\n"), ending, decls)
		}
		run("fmt.Println()", "runs", nil)
		written := gonb.written()
		for name, list := range written {
			if strings.HasPrefix(name, hiddenPrefix) {
				delete(written, name)
				continue
			}
			if want[name] == "" || !strings.Contains(list[0], want[name]) {
				rt.Errorf("%s is %s, want %q", name, list[0], want[name])
			}
		}
		for name := range want {
			if written[name] == nil {
				rt.Errorf("%s is lost, want %s", name, want[name])
			}
		}
		if rt.Failed() {
			rt.Log(log.String())
		}
	})
}

// expect notes what a cell that compiled leaves behind.
func expect(want map[string]string, decls []modelDecl, failed bool) {
	gone := make(map[string]bool)
	for range decls { // as often as one can depend on the other
		for _, d := range decls {
			if failed && (d.runs || gone[d.uses]) {
				for _, name := range d.names {
					gone[name] = true
				}
			}
		}
	}
	for _, d := range decls {
		for _, name := range d.names {
			if !gone[name] {
				want[name] = d.tag
			}
		}
	}
}
