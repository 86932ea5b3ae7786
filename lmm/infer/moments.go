package infer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// MomentsOptions of RawMoments. The zero value, or nil, is the default of every
// field.
type MomentsOptions struct {
	// Group is the grouping factor of the covariance matrix, "family"; "" is that of
	// the first term about the levels of a factor, (0 + trait | family).
	Group string
	// Unit is the column whose values have one row of each trait, "plant", or several
	// joined by ":"; "" is the subject of the structure of the residuals.
	Unit string
	// Level is the coverage of the profile intervals; 0 is 0.95.
	Level float64
}

// Moments are the raw estimates of the covariance matrix of traits between groups,
// from mean products, beside those of the fit:
//
//	between = sum_g n_g (m_g - m)(m_g - m)' / (G - 1)
//	within  = sum_g sum_i (y_gi - m_g)(y_gi - m_g)' / (N - G)
//	Cov     = (between - within) / n0,   n0 = (N - sum n_g^2 / N) / (G - 1)
//
// for N units in G groups. Nothing keeps Cov a covariance matrix: variances may be
// negative and correlations beyond 1 (Searle, Casella and McCulloch 1992, sec. 3.6;
// Hill and Thompson 1978, for how often that happens).
type Moments struct {
	Group, Unit string
	Groups      int
	Units       int // with a row of every trait
	Dropped     int // units without
	N0          float64
	Names       []string // of the traits
	// Between and Within are mean products, Cov the estimate, k x k.
	Between, Within, Cov [][]float64
	Pairs                []MomentPair
}

// MomentPair is the correlation of two traits between groups.
type MomentPair struct {
	First, Second string
	Raw           float64 // NaN where a raw variance is not positive
	Reason        string  // why Raw is NaN
	Fit           float64 // the estimate of the fit
	Lower, Upper  Limit   // by profile likelihood
}

// RawMoments computes the raw moment estimates of the covariance matrix of traits
// between groups, genetic covariances where groups are families, with those of the
// fit and their profile intervals beside.
//
// Errors: a model without a term about the levels of a factor, weights, other fixed
// effects than a mean of each trait, units with two rows of a trait, fewer than two
// groups or no degrees of freedom within; those of Profile.
func RawMoments(m *lmm.Model, opt *MomentsOptions) (*Moments, error) {
	var o MomentsOptions
	if opt != nil {
		o = *opt
	}
	d := m.Frame()
	t, err := traitTerm(d, o.Group)
	if err != nil {
		return nil, err
	}
	term := &d.Terms[t]
	if o.Unit == "" {
		o.Unit = subjectOf(m)
	}
	unit, err := unitColumns(d, o.Unit)
	if err != nil {
		return nil, err
	}
	if d.Weights != nil {
		return nil, fmt.Errorf("raw moments take rows of equal weight, and the rows of %q have weights", m.Formula())
	}
	trait := traitOf(term)
	if msg := onlyMeans(d, trait, len(term.Names)); msg != "" {
		return nil, fmt.Errorf("raw moments need one mean for each trait and no other fixed effects: %s", msg)
	}
	out := &Moments{Group: term.Group, Unit: o.Unit, Names: slices.Clone(term.Names)}
	if err := out.products(d, term, trait, unit); err != nil {
		return nil, err
	}
	return out, out.pair(m, t, o.Level)
}

// traitTerm finds the term whose columns are the levels of a factor.
func traitTerm(d *design.Design, group string) (int, error) {
	var seen []string
	for t := range d.Terms {
		term := &d.Terms[t]
		if (group == "" || term.Group == group) && traitOf(term) != nil {
			return t, nil
		}
		seen = append(seen, term.Src)
	}
	return 0, fmt.Errorf("raw moments are of a term with a column for each level of a factor, as (0 + trait | family); the model has %s", list(seen))
}

// traitOf is the column that is 1 in each row of a term, nil where the rest of a row
// is not 0, or there is one column.
func traitOf(term *design.Term) []int {
	if term.Z.Cols < 2 {
		return nil
	}
	out := make([]int, term.Z.Rows)
	for i := range out {
		out[i] = -1
		for c, v := range term.Z.Row(i) {
			switch {
			case v == 1 && out[i] < 0:
				out[i] = c
			case v != 0:
				return nil
			}
		}
		if out[i] < 0 {
			return nil
		}
	}
	return out
}

// unitColumns are the columns of a unit.
func unitColumns(d *design.Design, unit string) ([]string, error) {
	if unit == "" {
		return nil, fmt.Errorf("raw moments need the column of the units that have a row of each trait: name it as Unit, or give the residuals a structure within it, as un(trait | plant)")
	}
	if d.Table().Column(unit) != nil {
		return []string{unit}, nil
	}
	columns := strings.Split(unit, ":")
	for _, c := range columns {
		if _, err := d.Table().Lookup(c); err != nil {
			return nil, fmt.Errorf("the units of raw moments: %w", err)
		}
	}
	return columns, nil
}

// onlyMeans says what the fixed effects are beside a mean of each trait, "" for
// nothing.
func onlyMeans(d *design.Design, trait []int, k int) string {
	if d.X.Cols != k {
		return fmt.Sprintf("there are %d fixed effects for %d traits", d.X.Cols, k)
	}
	first := make([][]float64, k)
	for i, c := range trait {
		row := d.X.Row(i)
		if first[c] == nil {
			first[c] = row
		}
		if !slices.Equal(first[c], row) {
			return "they differ between rows of one trait"
		}
	}
	return ""
}

// products sets the mean products and Cov.
func (x *Moments) products(d *design.Design, term *design.Term, trait []int, columns []string) error {
	k := len(x.Names)
	level, labels := subjectLevels(d, columns)
	y := make([][]float64, len(labels)) // a unit
	group := make([]int32, len(labels))
	for i, u := range level {
		if y[u] == nil {
			y[u], group[u] = nans(k), term.Level[i]
		}
		if group[u] != term.Level[i] {
			return fmt.Errorf("%s %s has rows in two levels of %s: it is not a unit within them", x.Unit, labels[u], x.Group)
		}
		if !math.IsNaN(y[u][trait[i]]) {
			return fmt.Errorf("%s %s has two rows of %s: a unit has one row of each trait", x.Unit, labels[u], x.Names[trait[i]])
		}
		y[u][trait[i]] = d.Y[i] - offset(d, i)
	}
	sum, total := make([][]float64, len(term.Levels)), make([]float64, k)
	count := make([]float64, len(term.Levels))
	for u, v := range y {
		if slices.ContainsFunc(v, math.IsNaN) {
			x.Dropped++
			y[u] = nil
			continue
		}
		g := group[u]
		if sum[g] == nil {
			sum[g] = make([]float64, k)
			x.Groups++
		}
		x.Units++
		count[g]++
		for c := range v {
			sum[g][c] += v[c]
			total[c] += v[c]
		}
	}
	n, squares := float64(x.Units), 0.0
	if x.Groups < 2 || x.Units <= x.Groups {
		return fmt.Errorf("raw moments need two levels of %s and more units than levels; there are %d with %d", x.Group, x.Groups, x.Units)
	}
	x.Between, x.Within, x.Cov = zeros(k), zeros(k), zeros(k)
	for g, s := range sum {
		if s == nil {
			continue
		}
		squares += count[g] * count[g]
		for a := range k {
			for b := range k {
				x.Between[a][b] += count[g] * (s[a]/count[g] - total[a]/n) * (s[b]/count[g] - total[b]/n) / float64(x.Groups-1)
			}
		}
	}
	for u, v := range y {
		if v == nil {
			continue
		}
		g := group[u]
		for a := range k {
			for b := range k {
				x.Within[a][b] += (v[a] - sum[g][a]/count[g]) * (v[b] - sum[g][b]/count[g]) / float64(x.Units-x.Groups)
			}
		}
	}
	x.N0 = (n - squares/n) / float64(x.Groups-1)
	for a := range k {
		for b := range k {
			x.Cov[a][b] = (x.Between[a][b] - x.Within[a][b]) / x.N0
		}
	}
	return nil
}

func zeros(k int) [][]float64 {
	out := make([][]float64, k)
	for i := range out {
		out[i] = make([]float64, k)
	}
	return out
}

// pair sets the correlations, those of term t of the fit beside.
func (x *Moments) pair(m *lmm.Model, t int, level float64) error {
	var names []string
	var at [][2]int
	term := &m.Frame().Terms[t]
	for i := range x.Names {
		for j := i + 1; j < len(x.Names); j++ {
			at = append(at, [2]int{i, j})
			names = append(names, "cor_"+x.Names[j]+"."+x.Names[i]+"|"+term.Group)
		}
	}
	known := ProfileParameters(m)
	var p *ProfileResult
	if !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(known, n) }) {
		var err error
		if p, err = Profile(m, &ProfileOptions{Params: names, Level: level}); err != nil {
			return err
		}
	}
	none := Limit{Value: math.NaN(), Reason: "the term " + term.Src + " has no correlation of these as a parameter"}
	for n, ij := range at {
		a, b := ij[0], ij[1]
		pair := MomentPair{First: x.Names[a], Second: x.Names[b], Raw: math.NaN(), Fit: math.NaN(), Lower: none, Upper: none}
		if va, vb := x.Cov[a][a], x.Cov[b][b]; va > 0 && vb > 0 {
			pair.Raw = x.Cov[a][b] / math.Sqrt(va*vb)
		} else {
			pair.Reason = "a raw variance is not positive"
		}
		if parts := partsOf(m)[t]; len(parts) == 1 {
			pair.Fit = parts[0].Corr[a][b]
		}
		if p != nil {
			pair.Lower, pair.Upper = p.Curves[n].Lower, p.Curves[n].Upper
		}
		x.Pairs = append(x.Pairs, pair)
	}
	return nil
}
