package family

import (
	"fmt"
	"math"
)

// RangeError says which row has a response, or a weight, that the family cannot
// have.
type RangeError struct {
	Row    int // index into the responses
	What   string
	Value  float64
	Family string
	Needs  string
	Try    string
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("row %d has the %s %g, but the %s family needs %s. %s", e.Row+1, e.What, e.Value, e.Family, e.Needs, e.Try)
}

// Check returns the first row whose response or weight the family cannot have,
// nil if there is none. Nil weights are all 1.
func (f *Family) Check(y, w []float64) *RangeError {
	needs, try := f.limits()
	for i, v := range y {
		if !f.inRange(v) {
			return &RangeError{Row: i, What: "response", Value: v, Family: f.Name(), Needs: needs, Try: try}
		}
		if w != nil && !(w[i] > 0 && w[i] <= math.MaxFloat64) {
			return &RangeError{Row: i, What: "weight", Value: w[i], Family: f.Name(), Needs: "weights above 0",
				Try: "Leave the row out, or correct its weight"}
		}
	}
	return nil
}

func (f *Family) inRange(y float64) bool {
	switch f.dist {
	case binomial:
		return y >= 0 && y <= 1
	case gamma:
		return y > 0 && y <= math.MaxFloat64
	}
	return y >= 0 && y <= math.MaxFloat64
}

func (f *Family) limits() (needs, try string) {
	switch f.dist {
	case binomial:
		return "0 or 1, or a proportion between them", "For counts use cbind(successes, failures), or divide by the number of trials and give that as the weights"
	case gamma:
		return "responses above 0", "For responses that are 0 model whether they are, then the others; for negative ones use a Gaussian model"
	}
	return "counts, 0 or more", "For differences or measurements use a Gaussian model; a code for missing values (-9, -99) must be read as missing"
}

// NoteKind says what is odd about data that the family can have.
type NoteKind int

const (
	// NotTrials: the weight of a binomial response is no whole number.
	NotTrials NoteKind = iota
	// NotCount: a proportion times its number of trials, or a count, is no
	// whole number.
	NotCount
)

// Note is something odd about the data, with the first row that has it.
type Note struct {
	Kind  NoteKind
	Row   int     // index into the responses
	Value float64 // of the weight, or of the count
	Rows  int     // how many rows have it
}

// Text says it in a sentence.
func (n *Note) Text() string {
	if n.Kind == NotTrials {
		return fmt.Sprintf("the weights are numbers of trials, but %d of them are no whole numbers, first %g in row %d: as precision weights they do not give a binomial likelihood", n.Rows, n.Value, n.Row+1)
	}
	return fmt.Sprintf("%d responses are no counts, first %g in row %d: is the response a rate or a proportion whose denominator belongs into the weights or an offset?", n.Rows, n.Value, n.Row+1)
}

// Notes returns what is odd about responses and weights that Check lets pass.
// Nil weights are all 1.
func (f *Family) Notes(y, w []float64) []Note {
	if f.dist == gamma {
		return nil
	}
	trials, counts := Note{Kind: NotTrials}, Note{Kind: NotCount}
	for i, v := range y {
		n := 1.0
		if w != nil {
			n = w[i]
		}
		if f.dist != binomial {
			counts.see(i, v, 0)
			continue
		}
		// A proportion is rounded, and may have been written with few digits.
		if !trials.see(i, n, 0) {
			counts.see(i, v*n, 1e-6*n)
		}
	}
	var out []Note
	for _, n := range []Note{trials, counts} {
		if n.Rows > 0 {
			out = append(out, n)
		}
	}
	return out
}

// see counts a value that is further than a tolerance from a whole number.
func (n *Note) see(row int, v, tol float64) bool {
	if math.Abs(v-math.Round(v)) <= tol {
		return false
	}
	if n.Rows == 0 {
		n.Row, n.Value = row, v
	}
	n.Rows++
	return true
}
