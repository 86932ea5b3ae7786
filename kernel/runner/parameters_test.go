package runner

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
)

// tagged returns a notebook of two cells, the first of which has a tag.
func tagged(tag, code string) []byte {
	src := string(cellsOf(code, "after"))
	return []byte(strings.Replace(src, `"metadata": {}`, `"metadata": {"tags": ["`+tag+`"]}`, 1))
}

// sources returns the code of the cells, and papermill's record of the parameters.
func sources(t *testing.T, notebook []byte) ([]string, map[string]any) {
	t.Helper()
	var nb struct {
		Cells []struct {
			ID       string
			Source   lines
			Metadata struct{ Tags []string }
		}
		Metadata struct {
			Papermill struct{ Parameters map[string]any }
		}
	}
	if err := json.Unmarshal(notebook, &nb); err != nil {
		t.Fatalf("%v in\n%s", err, notebook)
	}
	var list []string
	for _, c := range nb.Cells {
		list = append(list, string(c.Source))
	}
	return list, nb.Metadata.Papermill.Parameters
}

// A value is written as the notebook declares the name.
func TestParameterValues(t *testing.T) {
	const declared = `%noautoget
// a comment with var x = 1
var n = 10
const data = "sleepstudy" // the data set
var (
	rate, scale = 0.05, 2.0
	loud        bool
	levels      = []string{"a", "b"}
	wide        int64 = 1 << 40
	small       float32
)
func f() { var inner = 1; _ = inner }
local := 3
%%
var below = 1`
	for _, c := range []struct{ name, value, want string }{
		{"n", "25", "var n = 25"},
		{"n", " -3 ", "var n = -3"},
		{"n", "0x1F", "var n = 0x1F"},
		{"data", "Penicillin", `const data = "Penicillin"`},
		{"data", "5", `const data = "5"`},
		{"data", `a "b" \ ` + "\n", `const data = "a \"b\" \\ \n"`},
		{"rate", "0.1", "var rate = 0.1"},
		{"scale", "3", "var scale = 3.0"},
		{"scale", "1e-3", "var scale = 1e-3"},
		{"loud", "True", "var loud bool = true"},
		{"levels", `[]string{"c"}`, `var levels = []string{"c"}`},
		{"levels", "all of them", `var levels = "all of them"`},
		{"levels", "word", `var levels = "word"`},
		{"wide", "7", "var wide int64 = 7"},
		{"small", "2", "var small float32 = 2"},
	} {
		out, err := WithParameters(tagged("parameters", declared), []Parameter{{c.name, c.value}})
		if err != nil {
			t.Errorf("%s=%s: %v", c.name, c.value, err)
			continue
		}
		if got, _ := sources(t, out); len(got) != 3 || got[1] != "// Parameters of this run\n"+c.want || got[2] != "after" {
			t.Errorf("%s=%s: cells %q, want %q", c.name, c.value, got, c.want)
		}
	}
	for _, c := range []struct{ name, value, says string }{
		{"nn", "1", "does not declare it; the notebook's parameters are n, data, rate, scale, loud, levels, wide, small"},
		{"inner", "1", "does not declare it"},
		{"below", "1", "does not declare it"},
		{"local", "1", "with var, not :="},
		{"n", "2.5", "no whole number"},
		{"n", "", "no whole number"},
		{"rate", "much", "no number"},
		{"rate", "inf", "not finite"},
		{"loud", "perhaps", "neither true nor false"},
		{"a b", "1", "no name of Go"},
		{"var", "1", "no name of Go"},
	} {
		_, err := WithParameters(tagged("parameters", declared), []Parameter{{c.name, c.value}})
		var pe *ParameterError
		if !errors.As(err, &pe) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s=%s: error %v, want %q", c.name, c.value, err, c.says)
		}
	}
	if _, err := WithParameters(tagged("parameters", declared), []Parameter{{"n", "1"}, {"n", "2"}}); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a name given twice: %v", err)
	}
}

// The injected cell comes where papermill puts it, and is put there once.
func TestWhereParametersGo(t *testing.T) {
	params := []Parameter{{"n", "2"}, {"who", "me"}}
	at, record := sources(t, inject(t, tagged("other", "before"), params))
	const code = "// Parameters of this run\nvar n = 2\nvar who = \"me\""
	if want := []string{code, "before", "after"}; strings.Join(at, "|") != strings.Join(want, "|") {
		t.Errorf("without a cell of parameters: %q", at)
	}
	if record["n"] != 2.0 || record["who"] != "me" {
		t.Errorf("the record is %v", record)
	}
	once := inject(t, tagged("parameters", "var n = 1\nvar who string"), params)
	again := inject(t, once, params)
	if string(once) != string(again) {
		t.Errorf("the second injection changed the file:\n%s", again)
	}
	at, record = sources(t, inject(t, once, params[:1]))
	if len(at) != 3 || at[1] != "// Parameters of this run\nvar n = 2" || len(record) != 1 {
		t.Errorf("after a first injection: %q, %v", at, record)
	}
	if same := inject(t, once, nil); string(same) != string(once) {
		t.Error("no parameters, and the file changed")
	}
}

func inject(t *testing.T, notebook []byte, params []Parameter) []byte {
	t.Helper()
	out, err := WithParameters(notebook, params)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseNotebook(out); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	return out
}

// Whatever the file looks like, only the cell and the record come in.
func TestInjectionKeepsTheFile(t *testing.T) {
	got := string(inject(t, []byte(odd), []Parameter{{"n", "2"}}))
	want := strings.Replace(odd, `        {
            "source": "# <Title>`, `        {
            "cell_type": "code",
            "execution_count": null,
            "id": "injected-parameters",
            "metadata": {
                "tags": [
                    "injected-parameters"
                ]
            },
            "outputs": [],
            "source": [
                "// Parameters of this run\n",
                "var n = 2"
            ]
        },
        {
            "source": "# <Title>`, 1)
	want = strings.Replace(want, `"metadata": {"kernelspec": {"name": "golmm"}}`, `"metadata": {"kernelspec": {"name": "golmm"},
        "papermill": {
            "parameters": {
                "n": 2
            }
        }}`, 1)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, src := range []string{
		`{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":4}`,
		`{"nbformat":4,"nbformat_minor":5,"cells": []}`,
		`{"cells":[{"cell_type":"code","source":"x"}],"metadata":{"papermill":{"a":1,"parameters":{"old":1}}},"nbformat":4}`,
		`{"cells":[{"cell_type":"code","id":"injected-parameters","source":"x"}],"metadata":{"papermill":7},"nbformat":4,"nbformat_minor":5}`,
		"{\n \"cells\": [\n ],\n \"metadata\": {\n },\n \"nbformat\": 4\n}",
	} {
		out := inject(t, []byte(src), []Parameter{{"n", "2"}})
		if code, record := sources(t, out); code[0] != "// Parameters of this run\nvar n = 2" || len(record) != 1 || record["n"] != 2.0 {
			t.Errorf("%s\nbecame\n%s", src, out)
		}
	}
}

func TestParametersOfNoNotebook(t *testing.T) {
	var ne *NotebookError
	if _, err := WithParameters([]byte("{"), []Parameter{{"n", "2"}}); !errors.As(err, &ne) {
		t.Errorf("error %v", err)
	}
}

// Hostile cells are read without a panic.
func FuzzDeclarations(f *testing.F) {
	for _, s := range []string{"var n = 10", "const (\na = iota\nb\n)", "var a, b = 1", "var ( x", "var }", "const x = `a\nvar", "%%\nvar x = 1", "var x", "a, b := 1, 2"} {
		f.Add(s, "1")
	}
	if b, err := os.ReadFile("parameters.go"); err == nil {
		f.Add(string(b), "x")
	}
	f.Fuzz(func(t *testing.T, source, text string) {
		list, _ := declarations(source)
		for _, d := range list {
			if code, _, err := d.literal(text); err == nil && strings.Contains(code, "\n") && d.kind != kindOther {
				t.Errorf("%q became %q", text, code)
			}
		}
	})
}
