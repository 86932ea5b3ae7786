package doctor

import (
	"os"
	"slices"
	"strings"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/lmm/cache"
)

// Variable is an environment variable that is set and matters.
type Variable struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Meaning string `json:"meaning"`
}

const prefix = "GOLMM_"

// known lists the variables in the order of the report.
func known() []Variable {
	const cleared = "cells are built without it"
	return []Variable{
		{Name: gonb.HomeVariable, Meaning: "the installation to use"},
		{Name: cache.ModeVariable, Meaning: "the cache of results: on, off or quiet"},
		{Name: cache.SizeVariable, Meaning: "the size of that cache"},
		{Name: "GOLMM_AUTOGET", Meaning: "1: cells may fetch modules of others"},
		{Name: "GOLMM_OUTPUT_LIMIT", Meaning: "the bytes that a cell may show"},
		{Name: gonb.MemoryVariable, Meaning: "the memory of a cell, such as 8G, or off"},
		{Name: "JUPYTER_DATA_DIR", Meaning: "Jupyter's data folder, where the kernelspec goes"},
		{Name: "JUPYTER_PATH", Meaning: "further folders where Jupyter looks for kernels"},
		{Name: "XDG_DATA_HOME", Meaning: "the folder above golmm's and Jupyter's data"},
		{Name: "XDG_CACHE_HOME", Meaning: "the folder above the cache of results"},
		{Name: "TMPDIR", Meaning: "where cells are built and run"},
		{Name: "GOPROXY", Meaning: "where modules come from, with GOLMM_AUTOGET=1 and at installation"},
		{Name: "GOCACHE", Meaning: "cells use that of the installation"},
		{Name: "GOMODCACHE", Meaning: "cells use that of the installation"},
		{Name: "GOFLAGS", Meaning: cleared},
		{Name: "GOWORK", Meaning: cleared},
		{Name: "GO111MODULE", Meaning: cleared},
		{Name: "GOTOOLCHAIN", Meaning: cleared},
		{Name: "GOROOT", Meaning: cleared},
		{Name: "GOOS", Meaning: cleared},
		{Name: "GOARCH", Meaning: cleared},
		{Name: "CGO_ENABLED", Meaning: cleared},
	}
}

// environment lists the variables that are set, and finds what is misspelt.
func (x *examination) environment() {
	const name = "environment"
	var names []string
	for _, v := range known() {
		names = append(names, v.Name)
		if value := os.Getenv(v.Name); value != "" {
			v.Value = value
			x.report.Environment = append(x.report.Environment, v)
		}
	}
	var strange []string
	for _, kv := range os.Environ() {
		if n, _, _ := strings.Cut(kv, "="); strings.HasPrefix(n, prefix) && !slices.Contains(names, n) {
			strange = append(strange, n)
		}
	}
	slices.Sort(strange)
	switch {
	case len(strange) > 0:
		x.note(name, strings.Join(strange, ", ")+" is not known to golmm", "Known are "+strings.Join(ours(names), ", ")+".")
	case isGiven("GOLMM_AUTOGET") && os.Getenv("GOLMM_AUTOGET") != "1":
		x.note(name, "GOLMM_AUTOGET="+os.Getenv("GOLMM_AUTOGET")+" does nothing", "export GOLMM_AUTOGET=1, or unset it.")
	default:
		x.ok(name, "nothing that harms cells")
	}
}

// ours are the names that are golmm's own.
func ours(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !strings.HasPrefix(n, prefix) })
}

func isGiven(name string) bool { return os.Getenv(name) != "" }
