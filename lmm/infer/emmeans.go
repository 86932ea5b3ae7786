package infer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/report"
)

// Weights say how the levels that a marginal mean does not name are averaged.
type Weights int

const (
	EqualWeights        Weights = iota // each combination of levels counts the same
	ProportionalWeights                // as often as it occurs in the rows of the model
)

// MarshalText writes equal or proportional.
func (w Weights) MarshalText() ([]byte, error) {
	if w == ProportionalWeights {
		return []byte("proportional"), nil
	}
	return []byte("equal"), nil
}

// MeansOptions of MarginalMeans and Trends. The zero value of every field is
// its default.
type MeansOptions struct {
	// Of names the predictors of whose levels there is a mean; none: the grand
	// mean.
	Of []string
	// By names predictors within whose levels the means are compared.
	By []string
	// At holds covariates at values, in their own units: of x where the formula has
	// log(x), poly(x, 2) or x:z. The default is the mean in the rows of the model. A
	// covariate with values can stand in Of and By; else its values are averaged.
	At      map[string][]float64
	Weights Weights
	Adjust  Adjustment // of the comparisons; Tukey
	DF      DF
	Level   float64 // of the intervals, which are not adjusted; 0 is 0.95
	// OnResponse takes the means of a generalised model, averaged on the scale of the
	// link, to that of the response: those of a typical level of the grouping
	// factors, whose random effects are 0. Differences stay on the scale of the link.
	OnResponse bool
}

// Means are marginal means, or slopes, and their pairwise differences.
type Means struct {
	Response string   `json:"response"` // as the formula has it, "log(y)"; "logit of y" on the scale of a link
	Of       []string `json:"of"`
	By       []string `json:"by"`
	Slope    string   `json:"slope"` // the covariate of Trends, "" for means
	Rows     []Mean   `json:"means"`
	Pairs    []Pair   `json:"pairs"`
	// Held are the covariates at a value, Averaged the predictors averaged over: the
	// levels of factors, covariates at several values.
	Held     []Held     `json:"held"`
	Averaged []string   `json:"averaged"`
	Weights  Weights    `json:"weights"`
	Adjust   Adjustment `json:"adjust"`
	DF       DF         `json:"ddf"` // never Auto
	Why      string     `json:"ddf_why,omitempty"`
	Level    float64    `json:"level"`
	Notes    []string   `json:"notes"` // what else the numbers rest on
}

// Held is a covariate at a value.
type Held struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Mean  bool    `json:"mean"` // the mean in the rows of the model, not a value asked for
}

// Mean is the mean, or slope, at one combination of levels.
type Mean struct {
	Of, By []string // levels, in the order of Means.Of and By
	Estimate
}

// Pair is the difference of two means within the levels By.
type Pair struct {
	By []string
	Estimate
	PAdjusted float64
	// Ratio is exp of the difference with its limits, of a generalised model: the
	// ratio of the odds with the logit link, of the means with the log link; nil
	// for others.
	Ratio *Ratio
}

// Ratio is a difference of logarithms, taken back.
type Ratio struct{ Value, Lower, Upper float64 }

// MarginalMeans predicts the response at every point of the reference grid,
// for the population, and averages over what Of and By do not name (Searle,
// Speed and Milliken 1980; the conventions are those of emmeans: Lenth 2016).
// A mean that the data cannot estimate is NaN, with the reason.
//
// Errors: a name that is no predictor or a covariate without values; as
// Coefficients.
func MarginalMeans(m *lmm.Model, opt *MeansOptions) (*Means, error) {
	return means(m, "", opt)
}

// Trends returns the slopes of the linear predictor in a covariate, in place
// of means: differences of fourth order, exact for polynomials up to degree 4.
// Errors: as MarginalMeans, and for a variable that is no covariate.
func Trends(m *lmm.Model, covariate string, opt *MeansOptions) (*Means, error) {
	if covariate == "" {
		return nil, fmt.Errorf("a trend needs the name of a covariate")
	}
	return means(m, covariate, opt)
}

func means(m *lmm.Model, slope string, opt *MeansOptions) (*Means, error) {
	if opt == nil {
		opt = &MeansOptions{}
	}
	o, err := (&Options{DF: opt.DF, Level: opt.Level}).filled()
	if err != nil {
		return nil, err
	}
	switch {
	case opt.OnResponse && m.Family() == nil:
		return nil, fmt.Errorf("the means of a linear model are on the scale of the response: OnResponse belongs to a generalised model")
	case opt.OnResponse && slope != "":
		return nil, fmt.Errorf("slopes are of the linear predictor: on the scale of the response they are not the same everywhere. Ask for means at values of %s", slope)
	case opt.Adjust < Tukey || opt.Adjust > NoAdjustment:
		return nil, fmt.Errorf("%v is no adjustment of p values", opt.Adjust)
	case opt.Weights < EqualWeights || opt.Weights > ProportionalWeights:
		return nil, fmt.Errorf("weights are equal or proportional, not Weights(%d)", opt.Weights)
	}
	g, err := newGrid(m.Frame(), opt.At)
	if err != nil {
		return nil, err
	}
	f, err := newFixed(m, o.DF)
	if err != nil {
		return nil, err
	}
	e, err := newEstimable(m)
	if err != nil {
		return nil, err
	}
	out := &Means{Response: m.ResponseName(), Of: slices.Clone(opt.Of), By: slices.Clone(opt.By), Slope: slope, Weights: opt.Weights,
		Adjust: opt.Adjust, DF: f.df, Why: f.why, Level: o.Level}
	of, err := g.named(opt.Of, slope)
	if err != nil {
		return nil, err
	}
	by, err := g.named(opt.By, slope)
	if err != nil {
		return nil, err
	}
	focal := slices.Concat(of, by)
	if err := out.describe(g, focal, slope); err != nil {
		return nil, err
	}
	x, bends, err := g.columns(slope)
	if err != nil {
		return nil, err
	}
	if a, _, _ := g.find(slope); bends && a.from == nil && len(a.values) == 1 {
		out.Notes = append(out.Notes, fmt.Sprintf("The slope depends on %s: it is that at %s = %s.", slope, slope, a.label(0)))
	}
	cells, err := g.average(x, focal, opt.Weights)
	if err != nil {
		return nil, err
	}
	offset := 0.0
	if o := m.Frame().Offset; o != nil && slope == "" {
		for _, v := range o {
			offset += v / float64(len(o))
		}
		out.Notes = append(out.Notes, "The offset is taken at its mean, "+report.Rounded(offset)+".")
	}
	ls := make([][]float64, len(cells))
	for i, c := range cells {
		row := Mean{Of: g.labels(of, c.point), By: g.labels(by, c.point)}
		name := strings.Join(slices.Concat(row.Of, row.By), ", ")
		if name == "" {
			name = "all"
		}
		l, err := e.row(name, c.weights)
		switch {
		case !slices.ContainsFunc(c.weights, func(v float64) bool { return !finite(v) }) && err != nil:
			row.Estimate = noEstimate(name, "the data cannot estimate it: a combination of levels is missing")
		case err != nil:
			row.Estimate = noEstimate(name, "a term of the formula has no value there")
		default:
			ls[i] = l
			row.Estimate = f.estimate(name, l, dot(l, f.beta)+offset, o.Level)
		}
		out.Rows = append(out.Rows, row)
	}
	out.compare(g, f, of, ls, opt.Adjust)
	if fam := m.Family(); fam != nil {
		out.respond(fam, opt.OnResponse)
	}
	return out, nil
}

// named finds the axes of names; they must have levels.
func (g *grid) named(names []string, slope string) ([]int, error) {
	var out []int
	for i, n := range names {
		a, at, err := g.find(n)
		switch {
		case err != nil:
			return nil, err
		case slices.Contains(names[:i], n):
			return nil, fmt.Errorf("%s is named twice", n)
		case n == slope:
			return nil, fmt.Errorf("the slope in %s cannot be given at levels of %s", slope, n)
		case !a.levelled():
			return nil, fmt.Errorf("%s is a covariate: ask for its trend, or for means at values of it, At: {%q: {...}}", n, n)
		}
		out = append(out, at)
	}
	return out, nil
}

// describe tells what the means rest on.
func (out *Means) describe(g *grid, focal []int, slope string) error {
	for i, at := range focal {
		if slices.Contains(focal[:i], at) {
			return fmt.Errorf("%s stands both in Of and in By", g.axes[at].name)
		}
	}
	if slope != "" {
		if a, _, err := g.find(slope); err != nil {
			return err
		} else if !a.column.Kind().Numeric() {
			return fmt.Errorf("%s is a factor and has no slope", slope)
		}
	}
	for i, a := range g.axes {
		if a.from == nil {
			for _, v := range a.values {
				if v < a.low || v > a.high {
					out.Notes = append(out.Notes, fmt.Sprintf("%s = %s is outside the data, %s to %s: the numbers there are extrapolated.",
						a.name, report.Rounded(v), report.Rounded(a.low), report.Rounded(a.high)))
				}
			}
		}
		switch {
		case slices.Contains(focal, i):
		case a.from == nil && len(a.values) == 1:
			out.Held = append(out.Held, Held{a.name, a.values[0], !a.at})
		default:
			out.Averaged = append(out.Averaged, a.name)
			if a.from == nil {
				values := make([]string, len(a.values))
				for k := range values {
					values[k] = a.label(k)
				}
				out.Notes = append(out.Notes, fmt.Sprintf("The values of %s are %s, weighed equally.", a.name, strings.Join(values, ", ")))
			}
		}
	}
	return nil
}

// compare adds the differences of all pairs of means with the same levels By.
func (out *Means) compare(g *grid, f *fixed, of []int, ls [][]float64, adjust Adjustment) {
	size := 1
	prefix := make([]string, len(of))
	for i, a := range of {
		size *= g.axes[a].points()
		prefix[i] = g.axes[a].name
		for l := range g.axes[a].points() {
			if _, err := strconv.ParseFloat(g.axes[a].label(l), 64); err != nil {
				prefix[i] = "" // levels that are no numbers speak for themselves
			}
		}
	}
	name := func(levels []string) string {
		parts := make([]string, len(levels))
		for i, l := range levels {
			parts[i] = prefix[i] + l
		}
		return strings.Join(parts, " ")
	}
	for from := 0; from < len(out.Rows); from += size {
		var pairs []Estimate
		for i := from; i < from+size; i++ {
			for j := i + 1; j < from+size; j++ {
				title := name(out.Rows[i].Of) + " - " + name(out.Rows[j].Of)
				if ls[i] == nil || ls[j] == nil {
					pairs = append(pairs, noEstimate(title, "the data cannot estimate one of the means"))
					continue
				}
				l := slices.Clone(ls[i])
				axpy(-1, ls[j], l)
				pairs = append(pairs, f.estimate(title, l, dot(l, f.beta), out.Level))
			}
		}
		for i, p := range adjust.adjusted(pairs, size) {
			out.Pairs = append(out.Pairs, Pair{By: slices.Clone(out.Rows[from].By), Estimate: pairs[i], PAdjusted: p})
		}
	}
}
