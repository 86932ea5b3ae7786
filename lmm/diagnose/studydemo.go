package diagnose

import (
	"context"
	"strconv"

	"github.com/golmm/golmm/lmm/table"
)

// Layout is a table of groups of rows with a covariate x, spread evenly from -1
// to 1 within each, and the grouping factor g: the design of many simulations.
// Fewer than one group or row panics.
func Layout(groups, rows int) *table.Table {
	if groups < 1 || rows < 1 {
		panic("diagnose: a layout without rows")
	}
	x, code, levels := make([]float64, groups*rows), make([]int32, groups*rows), make([]string, groups)
	for j := range levels {
		levels[j] = strconv.Itoa(j + 1)
		for i := range rows {
			code[j*rows+i] = int32(j)
			if rows > 1 {
				x[j*rows+i] = -1 + 2*float64(i)/float64(rows-1)
			}
		}
	}
	g, err := table.NewFactor("g", code, levels)
	if err != nil {
		panic("diagnose: " + err.Error()) // codes and levels are made above
	}
	t, err := table.New(table.NewFloats("x", x), g)
	if err != nil {
		panic("diagnose: " + err.Error())
	}
	return t
}

// SlopeTruth is y ~ x + (x | g) with fixed effects 0 and 1, standard deviations sd
// of intercept and slope, their correlation, and sigma 1.
func SlopeTruth(sd, correlation float64) Truth {
	v := sd * sd
	return Truth{Formula: "y ~ x + (x | g)", Beta: []float64{0, 1}, Sigma: 1,
		Random: map[string][][]float64{"(x | g)": {{v, correlation * v}, {correlation * v, v}}}}
}

// InterceptTruth is y ~ x + (1 | g) with fixed effects 0 and 1 and sigma 1. The
// variance between groups may be 0, or negative down to -1 over the rows of a group:
// competition within groups.
func InterceptTruth(variance float64) Truth {
	return Truth{Formula: "y ~ x + (1 | g)", Beta: []float64{0, 1}, Sigma: 1, Random: map[string][][]float64{"(1 | g)": {{variance}}}}
}

// Draw draws one data set: the rows of the table that the truth has values for,
// with the response. It is data set 0 of a Study with that seed.
//
// Errors: as Study.
func Draw(tab *table.Table, truth Truth, seed uint64) (*table.Table, error) {
	return (&StudyResult{Truth: truth, Seed: seed}).Data(tab, 0)
}

// FailedFits is the study behind a question that is asked often: of 1000
// simulated data sets some fits "fail". What failed, and what to do with them? 15
// groups of 5 rows, a random intercept and slope with standard deviations
// sqrt(1/2) and correlation 0.9; fitted with the correlation and without it. About
// half of the fits with it, and a sixteenth of those without, are "singular": they
// are on the boundary, none has failed, and to drop them would bias what is left.
//
// Errors: as Study.
func FailedFits(ctx context.Context, opt *StudyOptions) (*StudyResult, error) {
	var own StudyOptions
	if opt != nil {
		own = *opt
	}
	if own.Replicates == 0 {
		own.Replicates = 1000
	}
	if own.Models == nil {
		own.Models = []StudyModel{{Formula: "y ~ x + (x | g)"}, {Formula: "y ~ x + (x || g)"}}
	}
	const rootHalf = 0.70710678118654752
	return Study(ctx, Layout(15, 5), SlopeTruth(rootHalf, 0.9), &own)
}
