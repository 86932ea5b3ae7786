package proxy

import (
	"runtime"
	"strings"

	"github.com/golmm/golmm/kernel/cell"
	"github.com/golmm/golmm/kernel/jupyter"
)

const banner = `golmm: mixed models in Go.

    sleep := nb.Data("sleepstudy")
    nb.Fit("Reaction ~ Days + (Days | Subject)", sleep)

A cell is Go without ceremony: imports, declarations and statements in any order;
a value on the last line is shown. What := defines is local to its cell. What later
cells need is declared: var m = nb.Fit(...).`

type helpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// info is the content of a kernel_info_reply.
func (k *Kernel) info() any {
	return map[string]any{
		"status":                 "ok",
		"protocol_version":       jupyter.ProtocolVersion,
		"implementation":         "golmm",
		"implementation_version": k.home.Manifest.Version,
		"banner":                 banner,
		"debugger":               false,
		"language_info": map[string]any{
			"name":               "go",
			"version":            strings.TrimPrefix(runtime.Version(), "go"),
			"mimetype":           "text/x-go",
			"file_extension":     ".go",
			"pygments_lexer":     "go",
			"codemirror_mode":    "go",
			"nbconvert_exporter": "",
		},
		"help_links": []helpLink{
			{"Go", "https://go.dev/doc/"},
			{"golmm", "https://pkg.go.dev/github.com/golmm/golmm"},
			{"gonum", "https://pkg.go.dev/gonum.org/v1/gonum"},
		},
	}
}

// isComplete is the content of an is_complete_reply.
func isComplete(m *jupyter.Message) any {
	var v struct {
		Code string `json:"code"`
	}
	if err := m.Decode(&v); err != nil {
		return map[string]string{"status": "unknown"}
	}
	status, indent := cell.IsComplete(v.Code)
	if status != "incomplete" {
		return map[string]string{"status": status}
	}
	return map[string]string{"status": status, "indent": indent}
}
