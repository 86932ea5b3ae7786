// Package suffstat reduces a design to the cross-products that the Gaussian
// criterion needs, in coordinates in which they lose no digits.
//
// # Model
//
//	y = X beta + Z b + e,   b_j ~ N(0, Sigma) for each level j,   e_i ~ N(0, sigma^2 / w_i)
//
// # Internal coordinates
//
// Rows are multiplied by sqrt(w). Then
//
//	X = X~ R          X~'X~ = n I              beta~ = R beta - beta0
//	Z_t = Z~_t T_t^-1 Z~_t'Z~_t = n I          Sigma_t = T_t Sigma~_t T_t'
//	y = X~ beta0 + s y~                        beta0 by least squares, y~'y~ = n
//
// so that every column has mean square 1 and the response is a residual. The
// criterion moves by a known constant, the fit not at all, and neither the
// units nor the origin of a column, nor the mean of y, cost digits
// (cross-products of raw columns do: Higham 2002, sec. 20.4). A term with
// independent columns is scaled only.
//
// Read coords.go and standard.go, then onefactor.go; for several grouping
// factors factors.go, blocked.go, accumulate.go.
package suffstat

import "fmt"

// UnsupportedError says which part of a model has no cross-products here.
type UnsupportedError struct{ What string }

func (e *UnsupportedError) Error() string { return "cannot fit this model: " + e.What }

// SaturatedError says that the fixed effects alone reproduce the response, or
// leave no row to estimate an error from.
type SaturatedError struct{ Rows, Rank int }

func (e *SaturatedError) Error() string {
	if e.Rank >= e.Rows {
		return fmt.Sprintf("no rows are left to estimate the error: %d rows in the model, %d fixed effects. Use fewer fixed effects or more data", e.Rows, e.Rank)
	}
	return fmt.Sprintf("the fixed effects reproduce the response without error in all %d rows: there is no variance to divide. Is the response computed from the predictors?", e.Rows)
}
