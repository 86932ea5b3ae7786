package report

import (
	"math"
	"strconv"
	"strings"
)

// Missing stands for a number that is not defined or not identified. HTML
// shows it as an en dash.
const Missing = "-"

// maxDecimals is where decimals give way to a mantissa and an exponent.
const maxDecimals = 6

// Digits is the number of decimals that a group of numbers is printed with.
// Beyond six decimals, and from 1e9 on, numbers are printed as 1.2346e-8.
type Digits int

// DigitsFor returns the decimals at which the standard error se shows its
// third significant digit, a leading 1 not counted (1.546, 6.83, 0.422). An
// estimate and its interval are printed to the same decimals. It is 3 where
// se is 0 or not finite.
func DigitsFor(se float64) Digits {
	se = math.Abs(se)
	if se == 0 || math.IsNaN(se) || math.IsInf(se, 0) {
		return 3
	}
	exp := int(math.Floor(math.Log10(se)))
	mantissa := math.Round(se / math.Pow(10, float64(exp-3))) // 1000 to 10000
	if mantissa >= 10000 {
		mantissa, exp = 1000, exp+1
	}
	significant := 3
	if mantissa < 2000 {
		significant = 4
	}
	return Digits(max(0, significant-1-exp))
}

// ColumnDigits returns the decimals of the rows of a column whose standard
// errors are se: those of the smallest, shared by all rows, unless they differ
// by more than two between rows; then each row has its own. Rows whose se is 0
// or not finite follow the others.
func ColumnDigits(se []float64) []Digits {
	out := make([]Digits, len(se))
	least, most := Digits(math.MaxInt), Digits(-1)
	defined := func(x float64) bool { return x != 0 && !math.IsNaN(x) && !math.IsInf(x, 0) }
	for i, x := range se {
		out[i] = DigitsFor(x)
		if defined(x) {
			least, most = min(least, out[i]), max(most, out[i])
		}
	}
	if most < 0 {
		return out
	}
	for i, x := range se {
		if most-least <= 2 || !defined(x) {
			out[i] = most
		}
	}
	return out
}

// Format prints x with d decimals, and Missing where x is not finite.
func (d Digits) Format(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Missing
	}
	if x != 0 && (d > maxDecimals || math.Abs(x) >= 1e9) {
		return scientific(x, 4)
	}
	s := strconv.FormatFloat(x, 'f', min(int(d), maxDecimals), 64)
	if strings.HasPrefix(s, "-") && !strings.ContainsAny(s, "123456789") {
		return s[1:] // no negative zero
	}
	return s
}

// Criterion prints a criterion, a log-likelihood, AIC or BIC: 3 decimals.
func Criterion(x float64) string { return Digits(3).Format(x) }

// Parameter prints a number whose unit is unknown and which has no standard error:
// 4 decimals, an exponent below 1e-3, and 0 where it is exactly that.
func Parameter(x float64) string {
	switch a := math.Abs(x); {
	case x == 0:
		return "0"
	case a < 1e-3:
		return scientific(x, 3)
	}
	return Digits(4).Format(x)
}

// DF prints degrees of freedom: 1 decimal.
func DF(x float64) string { return Digits(1).Format(x) }

// TValue prints a t or z value: 2 decimals.
func TValue(x float64) string { return Digits(2).Format(x) }

// Correlation prints a correlation, an ICC or an R2: 3 decimals.
func Correlation(x float64) string { return Digits(3).Format(x) }

// PValue prints a p value: 3 decimals, and "< 0.001" below.
func PValue(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return Digits(3).Format(p)
}

// roundoff is the size below which a diagnostic number is rounding noise, which
// differs from one way of computing to the next.
const roundoff = 1e-12

// Diagnostic prints a number of which only the size matters: 2 significant
// digits, with an exponent below 1e-3 and from 1e5 on. Counts stay whole; what is
// closer to 0 than 1e-12 is printed as such, of either sign.
func Diagnostic(x float64) string {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return Missing
	case a < 1e5 && x == math.Trunc(x):
		return strconv.Itoa(int(x))
	case a < roundoff:
		return "< 1e-12"
	case a < 1e-3 || a >= 1e5:
		return scientific(x, 1)
	case a >= 10:
		return Digits(0).Format(x)
	}
	return strconv.FormatFloat(x, 'f', max(0, 1-int(math.Floor(math.Log10(a)))), 64)
}

// Shortest prints x with the fewest digits that read back as x.
func Shortest(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Missing
	}
	if a := math.Abs(x); a != 0 && (a < 1e-4 || a >= 1e15) {
		return scientific(x, -1)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// Rounded prints x with at most six significant digits, whole numbers below 1e15
// with all of theirs.
func Rounded(x float64) string {
	if x == math.Trunc(x) || math.IsNaN(x) || math.IsInf(x, 0) {
		return Shortest(x)
	}
	near, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	return Shortest(near)
}

// scientific prints 4.6e-7: no padding and no plus sign in the exponent.
func scientific(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'e', decimals, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	e, _ := strconv.Atoi(exponent)
	if decimals == 1 {
		mantissa = strings.TrimSuffix(mantissa, ".0")
	}
	return mantissa + "e" + strconv.Itoa(e)
}
