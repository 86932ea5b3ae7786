package setup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

const quickstart = "00-quickstart"

// checkNotebook executes the quick start with the installed golmm, as a user would,
// and returns the path of the report.
func (b *builder) checkNotebook(ctx context.Context) (report string, err error) {
	notebook := filepath.Join(b.home.Src(), "notebooks", quickstart+".ipynb")
	report = b.report()
	if err := os.MkdirAll(filepath.Dir(report), 0o755); err != nil {
		return "", fileError(report, err)
	}
	out, err := b.run(ctx, "executing "+notebook, filepath.Dir(report), nil,
		b.home.Golmm(), "run", "--html", "-o", report, notebook)
	if err == nil {
		return report, nil
	}
	var known *Error
	if !errors.As(err, &known) || known.Kind != BuildFailed {
		return "", err
	}
	return "", &Error{
		Kind:    CheckFailed,
		Seen:    "golmm is installed, but its quick start did not run:\n" + indent(tail(out, 20)),
		Meaning: "Cells would fail in Jupyter too.",
		Try:     "see the message above; the same again is `" + b.home.Golmm() + " run " + notebook + "`.",
		Err:     known.Err,
	}
}

// report is where the executed quick start goes.
func (b *builder) report() string {
	return filepath.Join(b.home.Dir, "report", quickstart+".html")
}
