// Package certify says where a point stands: whether it is a maximum of the
// likelihood, in the cone of positive semidefinite covariance matrices, and
// whether the data determine the parameters at all.
//
// With d = -2 log L, G = dd/dPsi and N a basis of the null space of Psi, a
// point is a local minimum of d only if
//
//	G Psi = 0,   N'GN positive semidefinite,
//
// and the Hessian on the face of Psi is positive semidefinite (Shapiro 1997,
// sec. 3; Bonnans and Shapiro 2000, sec. 5.3.5). Bounds on the entries of a
// triangular factor are no substitute: they hold at points from which a
// descent direction leaves, and fail nowhere at Lambda = 0.
//
// How far a point is from the minimum is told in units of d, which do not
// depend on the units of any column: the Newton decrement on the face and the
// drop that the best direction off the face promises.
//
// Read verdict.go, then examine.go, local.go, escape.go, then identify.go.
package certify

// Thresholds of the verdict, all in units of -2 log L. They classify; golmm
// polishes its own fits further than the first.
const (
	// ConvergedBelow: half a squared distance of 1e-4 is 1/70 of a standard
	// error.
	ConvergedBelow = 1e-4
	// PolishBelow: above it a fit has not converged; 1e-2 is 1/7 of a
	// standard error.
	PolishBelow = 1e-2
	// IdentifiedAbove is the least eigenvalue of the scaled Gram matrix of
	// the variance parameters; rounding in it is about 1e-14.
	IdentifiedAbove = 1e-10
)
