// Package nb is what a cell of a notebook uses: Data and Fit, which stop the
// cell where the library returns an error, and Show, which displays results.
//
//	sleep := nb.Data("sleepstudy")
//	m := nb.Fit("Reaction ~ Days + (Days | Subject)", sleep)
//	nb.Show(m)
//
// A generalised model has a family, and where Laplace's approximation does not do,
// nodes of quadrature:
//
//	nb.Fit("r2 ~ Anger + (1 | id)", nb.Data("VerbAgg"), &lmm.Options{Family: "binomial", Quadrature: 9})
//
// The same code in a program of its own prints text. In a notebook every
// display is sent in several formats at once, and Show returns only when the
// kernel has them all: a cell may end right after it.
//
// Every verb of the packages infer, diagnose and gee has its twin here:
// Diagnose, Coefficients, Anova, MarginalMeans, Profile, Bootstrap, LRT ... Their
// options are those of the library. What they, Data and Fit return is computed
// at its first use: a declaration that every later cell runs again costs these
// nothing. What took over 50 ms is kept on disk for the next time, and said
// where it is shown; see package cache.
//
// Order to read the files in: value.go, table.go, model.go, data.go, fit.go;
// verb.go, then the verbs in fixed.go, random.go, compare.go, check.go and gee.go;
// show.go, render.go, prediction.go, structs.go, screen.go, progress.go;
// failure.go, stop.go.
package nb
