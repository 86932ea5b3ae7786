package diagnose

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/table"
)

// StudyModel is a model that is fitted to every data set of a study.
type StudyModel struct {
	Formula   string `json:"formula"`
	ML        bool   `json:"ml"`
	Optimizer string `json:"optimizer,omitempty"` // as lmm.Options.Optimizer
}

// StudyOptions of Study. The zero value of a field is its default.
type StudyOptions struct {
	Models     []StudyModel // nil: the model of the truth, by REML
	Replicates int          // data sets, at least 1
	Seed       uint64
	Workers    int     // goroutines; 0 is one for each processor. No bit depends on it.
	Level      float64 // of the intervals of rates and of coverage; 0: 0.95
	// Progress, if set, is called now and then with the number of data sets that
	// are done, never by two goroutines at once.
	Progress func(done, total int)
	// Continue is a result to go on from, which may have been saved as JSON: its
	// data sets are taken over, the others are drawn. The truth, the models, the
	// seed and the table must be the same.
	Continue *StudyResult
}

// StudyResult says how often a model that is fitted to data from a known truth
// shows what.
type StudyResult struct {
	Truth      Truth
	Seed       uint64
	Level      float64
	Rows       int // of each data set
	Replicates int // that are done
	// Names are those of Truth.Beta.
	Names  []string
	Models []StudyCount
	// CodeNames are the names of the codes that came up: "ZERO_VAR" of "B1".
	CodeNames map[string]string
}

// StudyCount holds what one model showed in every data set.
type StudyCount struct {
	Model StudyModel
	// Outcomes are the distinct ones, in the order in which they came up.
	Outcomes []StudyOutcome
	Of       []int    // a data set: its index in Outcomes
	Effects  []string // names of the fixed effects
	// Estimate and SE are those of data set r at r*len(Effects); NaN where the
	// model has none.
	Estimate, SE []float64
}

// StudyOutcome is what is said of a fit.
type StudyOutcome struct {
	Convergence string   `json:"convergence"` // as certify.Convergence
	Place       string   `json:"place"`       // as certify.Place
	Codes       []string `json:"codes"`       // of Run, in its order, each once
	Failed      string   `json:"failed,omitempty"`
}

func (o StudyOutcome) same(p StudyOutcome) bool {
	return o.Convergence == p.Convergence && o.Place == p.Place && o.Failed == p.Failed && slices.Equal(o.Codes, p.Codes)
}

// Study draws data sets from a truth for the rows of a table, fits models to
// each, and counts what Run says of the fits, which are searched for no other
// maxima. Data set r draws from PCG(Seed, r).
// The table need not have the response; what stands there is not used.
//
// Where ctx ends early the result holds the data sets that were done, to be
// continued later, and the error is that of ctx.
//
// Errors: *formula.SyntaxError, *design.Error, *TruthError, *solve.UnknownError;
// less than one data set; a result to continue that is of another study.
func Study(ctx context.Context, tab *table.Table, truth Truth, opt *StudyOptions) (*StudyResult, error) {
	if opt == nil || opt.Replicates < 1 {
		return nil, errors.New("a study needs data sets: set Replicates to 1000, say")
	}
	if tab == nil {
		return nil, errors.New("a study needs a table with the predictors and groups of its data sets")
	}
	src, err := newTruthSource(tab, truth)
	if err != nil {
		return nil, err
	}
	r := &StudyResult{Truth: truth, Seed: opt.Seed, Level: opt.Level, Rows: len(src.design.Rows), Names: slices.Clone(src.design.XNames), CodeNames: map[string]string{}}
	if r.Level == 0 {
		r.Level = 0.95
	}
	if !(r.Level > 0 && r.Level < 1) {
		return nil, fmt.Errorf("the level of an interval is between 0 and 1, not %g", r.Level)
	}
	models := opt.Models
	if len(models) == 0 {
		models = []StudyModel{{Formula: truth.Formula}}
	}
	var designs []*design.Design
	for _, m := range models {
		if _, err := solve.ByName(m.Optimizer); err != nil {
			return nil, err
		}
		d, err := src.model(m.Formula)
		if err != nil {
			return nil, err
		}
		designs = append(designs, d)
		r.Models = append(r.Models, StudyCount{Model: m, Effects: slices.Clone(d.XNames)})
	}
	if err := r.take(opt.Continue); err != nil {
		return nil, err
	}
	return r, r.run(ctx, src, designs, opt)
}

// take goes on from a result.
func (r *StudyResult) take(from *StudyResult) error {
	if from == nil {
		return nil
	}
	if !from.Truth.equal(r.Truth) || from.Seed != r.Seed || from.Rows != r.Rows || len(from.Models) != len(r.Models) {
		return fmt.Errorf("the result to continue is of another study: %d models, %d rows from %q with seed %d; this one has %d models, %d rows from %q with seed %d",
			len(from.Models), from.Rows, from.Truth.Formula, from.Seed, len(r.Models), r.Rows, r.Truth.Formula, r.Seed)
	}
	r.Replicates = from.Replicates
	maps.Copy(r.CodeNames, from.CodeNames)
	for i := range r.Models {
		to, c := &r.Models[i], &from.Models[i]
		n := from.Replicates
		if c.Model != to.Model || !slices.Equal(c.Effects, to.Effects) || len(c.Of) != n || len(c.Estimate) != n*len(c.Effects) || len(c.SE) != len(c.Estimate) ||
			slices.ContainsFunc(c.Of, func(o int) bool { return o < 0 || o >= len(c.Outcomes) }) {
			return fmt.Errorf("the result to continue has the model %q in the place of %q, or is damaged", c.Model.Formula, to.Model.Formula)
		}
		to.Outcomes, to.Of = slices.Clone(c.Outcomes), slices.Clone(c.Of)
		to.Estimate, to.SE = slices.Clone(c.Estimate), slices.Clone(c.SE)
	}
	return nil
}

// fitted is what one model showed in one data set.
type fitted struct {
	outcome      StudyOutcome
	names        map[string]string // of the codes
	estimate, se []float64
}

// run does the data sets that are left.
func (r *StudyResult) run(ctx context.Context, src *truthSource, designs []*design.Design, opt *StudyOptions) error {
	from := r.Replicates
	total := max(opt.Replicates, from)
	out := make([][]fitted, total-from)
	workers := opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	next.Store(int64(from))
	var wg sync.WaitGroup
	var mu sync.Mutex
	done, every := from, max(1, (total-from)/100)
	for range min(workers, total-from) {
		wg.Go(func() {
			// What is begun is ended: the data sets that are done have no gap.
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= total {
					return
				}
				y := src.draw(rand.New(rand.NewPCG(r.Seed, uint64(i))))
				row := make([]fitted, len(designs))
				for m, d := range designs {
					row[m] = fitOne(d, y, r.Models[m].Model)
				}
				out[i-from] = row
				mu.Lock()
				if done++; opt.Progress != nil && (done%every == 0 || done == total) {
					opt.Progress(done, total)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for _, row := range out {
		if row == nil {
			break
		}
		for m := range row {
			r.Models[m].add(row[m])
			maps.Copy(r.CodeNames, row[m].names)
		}
		r.Replicates++
	}
	if r.Replicates < total {
		return ctx.Err()
	}
	return nil
}

// add appends a data set.
func (c *StudyCount) add(f fitted) {
	at := slices.IndexFunc(c.Outcomes, f.outcome.same)
	if at < 0 {
		at = len(c.Outcomes)
		c.Outcomes = append(c.Outcomes, f.outcome)
	}
	c.Of = append(c.Of, at)
	c.Estimate, c.SE = append(c.Estimate, f.estimate...), append(c.SE, f.se...)
}

// fitOne fits a model to a response, of all rows of the truth.
func fitOne(base *design.Design, y []float64, model StudyModel) fitted {
	d := *base
	d.Y = make([]float64, len(base.Rows))
	for i, row := range base.Rows {
		d.Y[i] = y[row]
	}
	f := fitted{outcome: StudyOutcome{Codes: []string{}}, estimate: make([]float64, len(d.XNames)), se: make([]float64, len(d.XNames))}
	for i := range f.estimate {
		f.estimate[i], f.se[i] = math.NaN(), math.NaN()
	}
	m, err := lmm.FitDesign(&d, &lmm.Options{ML: model.ML, Optimizer: model.Optimizer})
	if err != nil {
		f.outcome.Failed = err.Error()
		return f
	}
	report, err := Run(m, &Options{Starts: -1})
	if err != nil {
		f.outcome.Failed = err.Error()
		return f
	}
	f.outcome.Convergence, f.outcome.Place = report.Verdict.Convergence.String(), report.Verdict.Place.String()
	f.names = map[string]string{}
	for _, x := range report.Findings {
		f.names[x.Code] = x.Name
		if !slices.Contains(f.outcome.Codes, x.Code) {
			f.outcome.Codes = append(f.outcome.Codes, x.Code)
		}
	}
	at := 0
	for _, c := range m.FixedEffects() {
		if !slices.Contains(d.XNames, c.Name) {
			continue
		}
		f.estimate[at], f.se[at] = c.Estimate, c.SE
		at++
	}
	return f
}

// Data draws data set r of the study again: the rows of the table with the
// response drawn.
//
// Errors: as Study.
func (r *StudyResult) Data(tab *table.Table, replicate int) (*table.Table, error) {
	if tab == nil || replicate < 0 {
		return nil, fmt.Errorf("data set %d of a study needs its table and a number from 0", replicate)
	}
	src, err := newTruthSource(tab, r.Truth)
	if err != nil {
		return nil, err
	}
	y := src.draw(rand.New(rand.NewPCG(r.Seed, uint64(replicate))))
	return src.table.With(table.NewFloats(src.response, y))
}

// responseName is the response of a formula that is a column; ok is false for an
// expression.
func responseName(f *formula.Formula) (name string, ok bool) {
	name = f.Response.String()
	return name, !strings.ContainsAny(name, "()+-*/^ ")
}
