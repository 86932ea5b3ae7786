package runner

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// odd is a notebook with unknown fields, an order of fields that nobody writes, and
// forms of text that JSON writers disagree on.
const odd = `{
    "x-first": {"b": 1, "a": [1.0, 1e5, "\u00e9"]},
    "nbformat_minor": 5, "nbformat": 4,
    "cells": [
        {
            "source": "# <Title>\u2028", "cell_type": "markdown", "x": null, "outputs": "not ours"
        },
        {
            "outputs": [ {"output_type": "stream", "name": "stdout", "text": "old"} ],
            "x-mine": "<&>",
            "source": ["out a\\n\n", "show <b>&</b>"],
            "metadata": {"z": 1, "a": 2}, "execution_count": 17,
            "cell_type": "code", "id": "k"
        },
        {"cell_type": "code", "metadata": {}, "source": "out b"}
    ],
    "metadata": {"kernelspec": {"name": "golmm"}}
}`

func TestOnlyOutputsChange(t *testing.T) {
	got, err := Run(t.Context(), []byte(odd), Options{Kernel: fakeKernel()})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(odd, `[ {"output_type": "stream", "name": "stdout", "text": "old"} ]`, `[
                {
                    "name": "stdout",
                    "output_type": "stream",
                    "text": [
                        "a\n"
                    ]
                },
                {
                    "data": {
                        "text/html": [
                            "<b>&</b>"
                        ],
                        "text/plain": [
                            "plain <b>&</b>"
                        ]
                    },
                    "metadata": {},
                    "output_type": "display_data"
                }
            ]`, 1)
	want = strings.Replace(want, `"execution_count": 17`, `"execution_count": 1`, 1)
	want = strings.Replace(want, `"source": "out b"}`, `"source": "out b",
            "execution_count": 2,
            "outputs": [
                {
                    "name": "stdout",
                    "output_type": "stream",
                    "text": [
                        "b"
                    ]
                }
            ]}`, 1)
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	again, err := Run(t.Context(), got, Options{Kernel: fakeKernel()})
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(got) {
		t.Error("the second run changed the file")
	}
}

func TestOneLineNotebook(t *testing.T) {
	const src = `{"cells":[{"cell_type":"code","execution_count":null,"metadata":{},"outputs":[],"source":"out a"}],"metadata":{},"nbformat":4,"nbformat_minor":5}`
	got, err := Run(t.Context(), []byte(src), Options{Kernel: fakeKernel()})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(src, `"outputs":[]`, `"outputs":[{"name":"stdout","output_type":"stream","text":["a"]}]`, 1)
	want = strings.Replace(want, "null", "1", 1)
	if string(got) != want {
		t.Errorf("got %s", got)
	}
}

func TestNotANotebook(t *testing.T) {
	for name, src := range map[string]string{
		"empty":            "",
		"no JSON":          "hello",
		"a list":           "[]",
		"no format":        "{}",
		"version 3":        `{"nbformat":3,"worksheets":[]}`,
		"cells a number":   `{"nbformat":4,"cells":1}`,
		"a cell a string":  `{"nbformat":4,"cells":["x"]}`,
		"no cell_type":     `{"nbformat":4,"cells":[{}]}`,
		"source a number":  `{"nbformat":4,"cells":[{"cell_type":"code","source":1}]}`,
		"something behind": `{"nbformat":4,"cells":[]} x`,
	} {
		var ne *NotebookError
		out, err := Run(t.Context(), []byte(src), Options{Kernel: fakeKernel("FAKE_START=die")})
		if !errors.As(err, &ne) || out != nil {
			t.Errorf("%s: Run says %v", name, err)
		}
		if _, err := HTML([]byte(src)); !errors.As(err, &ne) {
			t.Errorf("%s: HTML says %v", name, err)
		}
	}
	var ne *NotebookError
	if _, err := HTML([]byte(`{"nbformat":4,"cells":[{"cell_type":"code","source":"","outputs":7}]}`)); !errors.As(err, &ne) {
		t.Errorf("outputs a number: %v", err)
	}
}

// Text survives the form that nbformat gives it.
func TestLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := lines(strings.Join(rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.Just("\n"))).Draw(t, "text"), ""))
		b, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var back lines
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if back != text {
			t.Fatalf("%q became %q", text, back)
		}
	})
}

func FuzzNotebook(f *testing.F) {
	f.Add([]byte(odd))
	if b, err := os.ReadFile("../../notebooks/00-quickstart.ipynb"); err == nil {
		f.Add(b)
	}
	f.Add([]byte(`{"nbformat":4,"cells":[{"cell_type":"code"}]}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		nb, err := parseNotebook(src)
		if err != nil {
			return
		}
		_, _ = HTML(src)
		results := make([]result, len(nb.cells))
		for i := range results {
			results[i] = result{count: 3, outputs: []*output{{Type: "stream", Name: "stdout", Text: "a\n"}}}
		}
		out, err := nb.withResults(results)
		if err != nil {
			t.Fatal(err)
		}
		back, err := parseNotebook(out)
		if err != nil {
			t.Fatalf("the result is no notebook: %v\n%s", err, out)
		}
		if len(back.cells) != len(nb.cells) {
			t.Fatal("the number of cells changed")
		}
		for i, c := range back.cells {
			if c.source != nb.cells[i].source || c.kind != nb.cells[i].kind {
				t.Fatalf("cell %d changed", i+1)
			}
		}
	})
}
