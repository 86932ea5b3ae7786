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
// Order to read the files in: show.go, render.go, screen.go, stop.go, data.go,
// fit.go.
package nb
