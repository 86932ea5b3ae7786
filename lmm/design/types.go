package design

import (
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/formula"
)

// Options of Build. The zero value is the default of every field.
type Options struct {
	Weights   string            // column of prior (precision) weights; "" for none
	Offset    string            // column of a known part of the mean; "" for none
	Contrasts map[string]string // factor -> treatment, sum, helmert, poly; of the fixed terms
	// Complete are further columns in which a row must have a value.
	Complete []string
	// FixedOnly allows a formula without random terms.
	FixedOnly bool
	// BinaryResponse reads a factor or logical response as 0, its first level,
	// and 1, every other. Otherwise such a response is an error.
	BinaryResponse bool
}

// Matrix is a dense row-major matrix: element (i, j) is Data[i*Cols+j].
type Matrix struct {
	Rows, Cols int
	Data       []float64
}

// Row returns row i, not a copy.
func (m *Matrix) Row(i int) []float64 { return m.Data[i*m.Cols : (i+1)*m.Cols] }

// At returns the element (i, j).
func (m *Matrix) At(i, j int) float64 { return m.Data[i*m.Cols+j] }

// Design is a formula applied to a table: one model frame, and from it the
// response, the fixed-effects matrix and the blocks of the random effects.
type Design struct {
	Formula *formula.Formula
	Y       []float64 // n, the response as evaluated; the offset is not subtracted
	// Trials is, for a response cbind(successes, failures), the sum of the two;
	// Y is then the proportion of successes. It is nil for other responses.
	Trials  []float64
	X       Matrix   // n x p, full column rank
	XNames  []string // p names as R prints them
	Aliased []string // names of dropped columns, in the order of the full matrix
	// FullNames are the names of all columns before the rank check, in order.
	FullNames []string
	Weights   []float64 // n, or nil for all 1; never 0: such rows are dropped
	Offset    []float64 // n, or nil: the sum of offset() terms and Options.Offset
	Terms     []Term    // in lme4's order: decreasing number of levels, ties in formula order

	TableRows int   // rows of the table
	Rows      []int // row of the table behind each row of the frame
	Findings  []finding.Finding

	recipe *recipe
}

// Term is the block of one random-effects term.
type Term struct {
	Group  string   // as lme4 prints it: "Subject", "batch:cask"
	Levels []string // in use, in order
	Level  []int32  // n, index into Levels
	Z      Matrix   // n x k, the columns before spreading over levels
	Names  []string // k names as R prints them
	Shape  formula.Shape
	Rank   int    // of a ReducedRank term
	Src    string // the term after expansion: "(1 | cask:batch)"
}
