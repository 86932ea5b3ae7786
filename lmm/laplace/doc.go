// Package laplace is the criterion of generalised linear mixed models: -2 log L
// by Laplace's approximation or by adaptive Gauss-Hermite quadrature, the fixed
// effects profiled out.
//
// # Model
//
//	eta = o + X beta + Z b,   b_j ~ N(0, Psi) for each level j,   y_i ~ family(eta_i)
//
// Psi is absolute: there is no sigma. The coordinates are those of package
// suffstat with the working weights of the fit without random effects, not
// shifted: Coords.Beta0 is 0 and Coords.YScale 1.
//
// # Laplace's approximation
//
// With b = Lambda u, Psi = Lambda Lambda', l_i the log-likelihood of row i with
// all its constants, s = l', W = -l” (the observed information), S = Z'WZ,
//
//	D(Psi, beta) = min over u of (-2 sum l_i + |u|^2) + log|I + S Psi|
//	f(Psi)       = min over beta of D
//
// At the mode b = Psi Z's. With T = Psi (I + S Psi)^-1, the conditional
// covariance of b, v_i = z_i'T z_i, c_i = v_i W'_i, a = (I + S Psi)^-1 Z'c,
//
//	dD/dPsi  = sum over levels j of [ Z_j'V^-1 Z_j - t_j t_j' + (a_j t_j' + t_j a_j')/2 ],   t = Z's,
//	dD/dbeta = X'(-2s + c - W Z Psi a),   V^-1 = W - W Z T Z'W
//
// and for a parameter phi of the distribution, l^ its derivative,
//
//	dD/dphi  = sum of -2 l^_i - v_i l''^_i + (Z Psi a)_i l'^_i
//
// No step needs the inverse of Psi: all holds on the boundary too. (Laplace's
// approximation: Breslow and Clayton 1993, sec. 2; Bates, Maechler, Bolker and
// Walker 2015. Its derivatives: Kristensen, Nielsen, Berg, Skaug and Bell 2016
// for the principle; they follow from implicit differentiation of the mode.)
//
// # Adaptive quadrature
//
// For one grouping factor the integral over each level is computed with nodes
// around its mode (quadrature.go): Laplace's approximation and a correction of
// it, which is 0 with a single node. All constants are kept.
//
// Read objective.go, rows.go, layout.go; glm.go for where it starts; pass.go,
// crew.go, sweep.go, single.go, eliminate.go, solve.go, triangle.go, mode.go,
// joint.go, fixedinfo.go, fixed.go and history.go for the value, derivs.go and
// leverage.go for the gradient, quadrature.go; metric.go for steps; solution.go,
// fixedhessian.go, gram.go and starts.go for what a fit asks.
package laplace
