// Package setup installs golmm for one user: the program, the Go kernel it stands on
// and a kernelspec, so that Jupyter, and `golmm run` without Jupyter, work offline
// and without the folder it was installed from.
//
// What is written, <data> being XDG_DATA_HOME or ~/.local/share (on macOS
// ~/Library/Application Support), or DIR/share with the option Prefix:
//
//	<data>/golmm/<version>-<hash>/src         the module's source: cells are built from it
//	<data>/golmm/<version>-<hash>/bin         golmm, gonb, goimports, gopls
//	<data>/golmm/<version>-<hash>/report      the quick start, executed
//	<data>/golmm/<version>-<hash>/install.json what was installed, and with which Go
//	<jupyter>/kernels/golmm                   the kernelspec
//	~/.local/bin/golmm or DIR/bin/golmm       a link to the program
//
// hash is that of the source's content, so another source is another folder. <jupyter>
// is JUPYTER_DATA_DIR where set, also with Prefix; else DIR/share/jupyter or the
// user's Jupyter folder. Go's own module and build caches fill too; they are Go's,
// and stay when golmm is removed.
//
// The order to read in: layout.go (where), install.go (the steps), then one file a
// step: gocmd.go, stage.go, tools.go, warm.go, spec.go, check.go; uninstall.go last.
package setup
