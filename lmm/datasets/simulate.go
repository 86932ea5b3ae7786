package datasets

import (
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/table"
)

// Case is a kind of data with knobs: Groups, Competition, Growth, Traits, Factor
// or Separation. A zero effect, standard deviation or correlation means zero; a
// size of zero means its documented default.
type Case interface {
	// Truth is what the data are drawn from.
	Truth() Truth
	check() error
	draw(rng *rand.Rand) []*table.Column
	seed() uint64
}

// Simulate draws the data of a case. The numbers come from PCG(seed, 0) and are
// rounded to six decimals: a seed gives the same data on every machine.
//
// The error is a *CaseError.
func Simulate(c Case) (*table.Table, error) {
	if c == nil {
		return nil, &CaseError{"the case", "is nil"}
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return table.New(c.draw(rand.New(rand.NewPCG(c.seed(), 0)))...)
}

// CaseError says why nothing can be drawn from a case.
type CaseError struct {
	Field string // of the case
	Msg   string
}

func (e *CaseError) Error() string { return "datasets: " + e.Field + " " + e.Msg }

// Truth is what data were drawn from.
type Truth struct {
	Formula    string // of a model that holds in the data
	Parameters []Parameter
	Note       string // what the parameters leave open, or ""
}

// Parameter is a true value.
type Parameter struct {
	Name  string
	Value float64
}

// Value returns a parameter by its name, false if there is none.
func (t Truth) Value(name string) (float64, bool) {
	for _, p := range t.Parameters {
		if p.Name == name {
			return p.Value, true
		}
	}
	return 0, false
}

// Document is the truth as a table.
func (t Truth) Document() *report.Doc {
	values := report.Table{Title: "Truth", How: "what the data are drawn from", Label: "Truth",
		Columns: []report.Column{{Head: "parameter"}, {Head: "value", Kind: report.Figure}}}
	for _, p := range t.Parameters {
		values.Rows = append(values.Rows, report.Row{Label: report.Words(p.Name), Cells: []report.Cell{report.Num(report.Shortest(p.Value))}})
	}
	if t.Note != "" {
		values.Notes = append(values.Notes, report.Words(t.Note))
	}
	return (&report.Doc{Label: "Truth"}).Add(report.Formula{Src: t.Formula}, values)
}

// size is n, or what it is by default.
func size(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// round keeps what does not depend on how a processor rounds products.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// pair draws two numbers of given standard deviations and correlation.
func pair(rng *rand.Rand, sd [2]float64, correlation float64) (a, b float64) {
	u, v := rng.NormFloat64(), rng.NormFloat64()
	return sd[0] * u, sd[1] * (correlation*u + math.Sqrt(1-correlation*correlation)*v)
}

// alike fills e with numbers of mean 0 and variance 1 any two of which have the
// correlation rho, from -1 / (len(e) - 1) to 1. Their covariance matrix (1 - rho) I
// + rho 1 1' has the eigenvalue 1 + (m - 1) rho along the mean and 1 - rho beside
// it.
func alike(rng *rand.Rand, e []float64, rho float64) {
	m, mean := float64(len(e)), 0.0
	for i := range e {
		e[i] = rng.NormFloat64()
		mean += e[i] / m
	}
	along, beside := math.Sqrt(math.Max(0, 1+(m-1)*rho)), math.Sqrt(1-rho)
	for i := range e {
		e[i] = along*mean + beside*(e[i]-mean)
	}
}

// numbered is a factor with the levels prefix1, prefix2, ..., padded to one
// width.
func numbered(name, prefix string, codes []int32, levels int) *table.Column {
	width := len(strconv.Itoa(levels))
	names := make([]string, levels)
	for i := range names {
		n := strconv.Itoa(i + 1)
		for len(n) < width {
			n = "0" + n
		}
		names[i] = prefix + n
	}
	c, err := table.NewFactor(name, codes, names)
	if err != nil {
		panic("datasets: " + err.Error()) // codes and levels are made here
	}
	return c
}

// atLeast checks a number of things.
func atLeast(field string, n, least int) error {
	if n < least {
		return &CaseError{field, "is " + strconv.Itoa(n) + ", and must be at least " + strconv.Itoa(least)}
	}
	return nil
}

// rowLimit refuses what no notebook can hold.
func rowLimit(rows float64) error {
	const most = 1e7
	if rows > most {
		return &CaseError{"the number of rows", "would be " + shortest(rows) + ", and is at most " + shortest(most)}
	}
	return nil
}

// largest is the size of an effect or a standard deviation whose products with
// others are finite, too.
const largest = 1e100

// finite checks an effect.
func finite(field string, x float64) error { return within(field, x, -largest, largest) }

// spread checks a standard deviation.
func spread(field string, sd float64) error { return within(field, sd, 0, largest) }

func shortest(x float64) string { return report.Shortest(x) }

// within checks that a number lies in [low, high].
func within(field string, x, low, high float64) error {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return &CaseError{field, "is not a finite number"}
	}
	if x < low || x > high {
		return &CaseError{field, "is " + shortest(x) + ", and must be from " + shortest(low) + " to " + shortest(high)}
	}
	return nil
}

// first is the first error there is.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
