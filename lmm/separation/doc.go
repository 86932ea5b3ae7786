// Package separation finds out whether the estimates of a model for counts or
// proportions are finite, before it is fitted.
//
//	eta = X beta
//
//	X     n x p, full column rank
//	d     p, a direction in which beta may run
//	s_i   side of a row: +1 where the likelihood does not fall as eta_i grows
//	      (y = 1), -1 where it does not fall as eta_i shrinks (y = 0), 0 where
//	      it falls both ways (a proportion inside (0, 1), a count above 0)
//
// The likelihood has no finite maximum if and only if some d has
//
//	s_i x_i'd >= 0 for all rows, x_i'd = 0 where s_i = 0, x_i'd != 0 for some
//
// (Albert and Anderson 1984, Biometrika 71, 1-10; for counts Correia, Guimaraes
// and Zylkin 2019, arXiv:1903.01633, prop. 1). Rows with x_i'd != 0 for some such d are
// separated: their fitted means go to the edge of their range. If that is all
// rows, separation is complete, else quasi-complete.
//
// d is sought by linear programming (Konis 2007, Linear programming algorithms for
// detecting separated data, thesis, Oxford, ch. 4): program.go solves the dual, where a row is a column
// that is only generated when it is the most violated constraint. What it finds is
// multiplied out before it is believed; and where it finds nothing, its dual
// variables are a proof (Stiemke 1915): positive weights of the rows with which
// the signed rows of X sum to 0.
//
// Within asks the same with an intercept for each level of a grouping factor,
// which then only leaves differences between rows of a level.
//
// Read sides.go, separation.go, then rows.go and pairs.go (constraints),
// whiten.go, program.go, search.go, spare.go; columns.go, cells.go, threshold.go and words.go say
// what is responsible.
package separation
