// Package cell stands between what a person types into a cell and what GoNB
// runs: it makes a cell into Go that GoNB accepts, and GoNB's errors into
// errors in the lines that were typed.
//
// # How a cell is read
//
// A cell is Go without ceremony: imports, declarations and statements in any
// order.
//
//	sleep := nb.Data("sleepstudy")
//	m := nb.Fit("Reaction ~ Days + (Days | Subject)", sleep)
//	m
//
// Statements run from top to bottom; where the last of them is a value, it is shown
// as nb.Show would. What := defines is local: it lives until the cell ends. What
// later cells need is declared:
//
//	var m = nb.Fit("Reaction ~ Days + (Days | Subject)", nb.Data("sleepstudy"))
//
// A var, const, type or func at the top level of a cell is kept, and its value is
// computed anew in each later cell. Declarations take effect before the
// statements of the cell run, wherever they stand. A var stays local, like :=,
// where keeping it would give later cells another value than this one has:
//
//   - it uses a local name of the cell: x := 3, then var y = 2 * x;
//   - statements of the cell assign to it or take its address, and no func of
//     the cell uses it: var x = 1, then x = 2;
//   - it has no initial value, statements of the cell use it, and no func does;
//   - it is called _.
//
// A semicolon behind the last value keeps it from being shown. An import with a
// point for its name holds for its cell alone: Go wants it used.
//
// Packages such as nb, lmm, plots, mat, stat, fmt and strings need no import; see
// DefaultImports. A cell with %%, %main, %exec, %test or %wasm is GoNB's: its
// declarations stand above that line and its statements below. It gets the
// imports and nothing else. Lines that begin with % or ! are commands of GoNB;
// they run first. %%writefile, %%bash and their like take the cell as it is.
//
// A cell that fails to compile declares nothing. A cell that fails when it runs
// keeps its functions, types and constants; its variables, and what uses them,
// are withdrawn, unless the failure is known to be in the statements. Where a
// withdrawn name had a definition before, it gets it back.
//
// # Lines
//
// GoNB reports lines of the code that it was given. The code of a cell begins
// with as many blank lines as the session has used before, so that a line number
// alone tells the cell and the place in it.
//
// Order to read the files in: cell.go, session.go; how a cell is read, source.go,
// lines.go, split.go, parse.go, read.go, decl.go, place.go, show.go; how it is
// written, imports.go, protect.go, emit.go, compose.go, repair.go; what goes wrong,
// failure.go, syntax.go, advice.go, explain.go, compiled.go, panics.go, hint.go,
// hinttype.go, others.go; what a front end asks, iscomplete.go, complete.go,
// columns.go, literal.go, library.go, gotype.go, forward.go, help.go, describe.go,
// documentation.go.
//
// GoNB is read as of v0.11.4: its internal packages goexec (parser, composer,
// errors) and specialcmd.
package cell
