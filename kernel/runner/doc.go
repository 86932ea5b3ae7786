// Package runner executes Jupyter notebooks (nbformat 4) through a kernel and writes
// reports of them, without Jupyter.
//
// Run starts a kernel, sends it the code cells one by one, collects what they print
// and show, and returns the notebook with its outputs replaced: every other byte of
// the file stays as it was. HTML turns a notebook into one page that needs no network.
//
// WithParameters gives a notebook other values for what it declares, as papermill does.
//
// Read notebook.go (the file), kernel.go (start and stop), execute.go (one cell),
// output.go (what a cell shows), run.go (all of it);
// parameters.go, declared.go; then html.go, markdown.go,
// math.go, highlight.go, sanitize.go.
//
// Sources: https://nbformat.readthedocs.io/en/latest/format_description.html and
// https://jupyter-client.readthedocs.io/en/stable/messaging.html.
package runner
