// Package nb is what a cell of a notebook uses: Data and Fit, which stop the
// cell where the library returns an error, and Show, which displays results.
//
//	sleep := nb.Data("sleepstudy")
//	m := nb.Fit("Reaction ~ Days + (Days | Subject)", sleep)
//	nb.Show(m)
//
// The same code in a program of its own prints text. In a notebook every
// display is sent in several formats at once, and Show returns only when the
// kernel has them all: a cell may end right after it.
//
// What Data, Fit, Profile, Bootstrap and Compare return is computed at its first
// use: a declaration that every later cell runs again costs these nothing.
//
// Order to read the files in: value.go, table.go, model.go, data.go, fit.go,
// infer.go; show.go, render.go, structs.go, screen.go, progress.go; failure.go,
// stop.go.
package nb
