package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// predicted is a row of the result: its mean with an interval, and one for a new
// response; nil for what there is not.
type predicted struct {
	Row           int      `json:"row"`
	Mean          *float64 `json:"mean"`
	SE            *float64 `json:"se"`
	Lower         *float64 `json:"lower"`
	Upper         *float64 `json:"upper"`
	ResponseLower *float64 `json:"response_lower"`
	ResponseUpper *float64 `json:"response_upper"`
}

// runPredict is `golmm predict [flags] FORMULA FILE [NEW]`. What is said of rows goes to
// stderr.
func runPredict(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("predict [flags] FORMULA FILE [NEW]")
	var model modelFlags
	var opt lmm.PredictOptions
	asJSON := u.Bool("json", false, "print the rows as JSON")
	u.BoolVar(&opt.Population, "population", false, "predict for levels that are not known, random effects at 0; a new response has their variance")
	u.Float64Var(&opt.Level, "level", 0.95, "`P` is the coverage of the intervals")
	model.define(u)
	rest, code, done := u.parse(args, 2, 3, stdout, stderr)
	if done {
		return code
	}
	m, err := model.fit(rest[0], rest[1], stdin)
	if err != nil {
		return u.fail(stderr, err)
	}
	var fresh *table.Table
	if len(rest) == 3 {
		if fresh, err = model.columns.read(rest[2], stdin); err != nil {
			return u.fail(stderr, err)
		}
	}
	rows, notes, err := predict(m, fresh, &opt)
	if err != nil {
		return u.fail(stderr, err)
	}
	for _, n := range notes {
		fmt.Fprintf(stderr, "%s: %s: %d of %d rows, the first is row %d\n", u.Name(), n.What, n.Rows, len(rows), n.First)
	}
	return u.written(stderr, func() error { return writePredicted(stdout, *asJSON, rows) })
}

// predict has the intervals of a new response from where the family has them.
func predict(m *lmm.Model, fresh *table.Table, opt *lmm.PredictOptions) ([]predicted, []lmm.RowNote, error) {
	p, err := m.Predict(fresh, opt)
	if err != nil {
		return nil, nil, err
	}
	notes := p.Notes
	if m.Family() != nil {
		r, err := infer.NewResponses(m, fresh, &infer.ResponseOptions{Population: opt.Population, Level: opt.Level})
		if err != nil {
			return nil, nil, err
		}
		notes = slices.DeleteFunc(notes, func(n lmm.RowNote) bool { return n.Response })
		for i, row := range r.Rows {
			p.Response.Lower[i], p.Response.Upper[i] = row.Lower, row.Upper
			if row.Reason != "" {
				notes = noted(notes, "no interval for a new response: "+row.Reason, i+1)
			}
		}
	}
	rows := make([]predicted, len(p.Mean))
	for i := range rows {
		number := func(v []float64) *float64 {
			if math.IsNaN(v[i]) || math.IsInf(v[i], 0) {
				return nil
			}
			return &v[i]
		}
		rows[i] = predicted{i + 1, number(p.Mean), number(p.SE), number(p.Confidence.Lower), number(p.Confidence.Upper), number(p.Response.Lower), number(p.Response.Upper)}
	}
	return rows, notes, nil
}

// noted counts one row more of what is said.
func noted(notes []lmm.RowNote, what string, row int) []lmm.RowNote {
	for i := range notes {
		if notes[i].What == what {
			notes[i].Rows++
			return notes
		}
	}
	return append(notes, lmm.RowNote{What: what, Rows: 1, First: row})
}

// writePredicted writes rows as CSV, an empty field where there is no number, or as JSON.
func writePredicted(w io.Writer, asJSON bool, rows []predicted) error {
	if asJSON {
		b, err := json.MarshalIndent(rows, "", "  ")
		if err == nil {
			_, err = fmt.Fprintf(w, "%s\n", b)
		}
		return err
	}
	out := csv.NewWriter(w)
	lines := [][]string{{"row", "mean", "se", "lower", "upper", "response_lower", "response_upper"}}
	for _, r := range rows {
		line := []string{strconv.Itoa(r.Row)}
		for _, v := range []*float64{r.Mean, r.SE, r.Lower, r.Upper, r.ResponseLower, r.ResponseUpper} {
			text := ""
			if v != nil {
				text = strconv.FormatFloat(*v, 'g', -1, 64)
			}
			line = append(line, text)
		}
		lines = append(lines, line)
	}
	return out.WriteAll(lines)
}
