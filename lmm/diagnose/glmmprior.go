package diagnose

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
)

// A prior on the fixed effects by data augmentation (Greenland and Mansournia
// 2015, Statistics in Medicine 34, 3133-3143): rows without random effects and offset,
// whose one predictor is a column, add its log-prior to the log-likelihood. With t the change
// of the linear predictor over two standard deviations of a covariate, or between
// the two values of one that has two,
//
//	binomial  one trial, half a success: t/2 - log(1 + e^t), a log-F(1, 1)
//	          density, under the logit; 95 % of it lie in e^t from 1/648 to 648
//	counts    two rows, of t and -t, with one event where one is expected and a
//	          small weight: -0.1 cosh t, 95 % in e^t from 1/28 to 28
//
// The intercept has no prior.
const countPriorWeight = 0.05

// withPrior is a design with those rows, nil where there are no columns to
// hold.
func withPrior(d *design.Design, fam *family.Family) *design.Design {
	p := d.X.Cols
	var rows [][]float64
	for j, name := range d.XNames {
		if name == intercept {
			continue
		}
		row := make([]float64, p)
		row[j] = typical(d, j)
		rows = append(rows, row)
		if fam.Name() != "binomial" {
			row = slices.Clone(row)
			row[j] = -row[j]
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	out := *d
	y, w := 0.5, 1.0
	if fam.Name() != "binomial" {
		y, w = 1, countPriorWeight
	}
	out.Y, out.Rows = slices.Clone(d.Y), slices.Clone(d.Rows)
	out.X = design.Matrix{Rows: d.X.Rows + len(rows), Cols: p, Data: slices.Clone(d.X.Data)}
	out.Weights, out.Offset = slices.Clone(d.Weights), slices.Clone(d.Offset)
	out.Trials = slices.Clone(d.Trials)
	if out.Weights == nil && out.Trials == nil {
		out.Weights = slices.Repeat([]float64{1}, len(d.Y))
	}
	for _, row := range rows {
		out.X.Data = append(out.X.Data, row...)
		out.Y, out.Rows = append(out.Y, y), append(out.Rows, d.Rows[0])
		if out.Trials != nil {
			out.Trials = append(out.Trials, w)
		}
		if out.Weights != nil && out.Trials != nil {
			out.Weights = append(out.Weights, 1)
		} else if out.Weights != nil {
			out.Weights = append(out.Weights, w)
		}
		if out.Offset != nil {
			out.Offset = append(out.Offset, 0)
		}
	}
	out.Terms = slices.Clone(d.Terms)
	for t := range out.Terms {
		term := &out.Terms[t]
		k := term.Z.Cols
		// A row of zeros: the level does not matter.
		term.Level = append(slices.Clone(term.Level), make([]int32, len(rows))...)
		term.Z = design.Matrix{Rows: term.Z.Rows + len(rows), Cols: k, Data: append(slices.Clone(term.Z.Data), make([]float64, len(rows)*k)...)}
	}
	return &out
}

// typical is two standard deviations of a column, the distance of its values if
// there are two.
func typical(d *design.Design, j int) float64 {
	n := d.X.Rows
	low, high, mean := math.Inf(1), math.Inf(-1), 0.0
	for i := range n {
		v := d.X.At(i, j)
		low, high, mean = math.Min(low, v), math.Max(high, v), mean+v/float64(n)
	}
	two, sum := true, 0.0
	for i := range n {
		v := d.X.At(i, j)
		two = two && (v == low || v == high)
		sum += (v - mean) * (v - mean)
	}
	if two {
		return high - low
	}
	return 2 * math.Sqrt(sum/float64(n))
}
