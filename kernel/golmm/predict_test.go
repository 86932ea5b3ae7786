package main

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
)

// Rows of another file: a known level, a new one, a missing predictor.
func TestPredict(t *testing.T) {
	const src = "Reaction ~ Days + (Days | Subject)"
	file := filepath.Join(t.TempDir(), "new.csv")
	if err := os.WriteFile(file, []byte("Days,Subject\n2,308\n2,999\n,308\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := golmm(t, "", "predict", "--factor", "Subject", "--level", "0.9", src, "sleepstudy", file)
	if code != exitDone || !strings.Contains(errs, "level of Subject was not in the fit") || !strings.Contains(errs, "a predictor is missing: 1 of 3 rows, the first is row 3") {
		t.Fatalf("exit %d, %s", code, errs)
	}
	lines, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(lines) != 4 || lines[0][6] != "response_upper" || lines[3][1] != "" {
		t.Fatalf("%v in\n%s", err, out)
	}
	m := fittedHere(t, src, "sleepstudy", nil)
	b := m.FixedEffects()
	number := func(row, column int) float64 {
		v, err := strconv.ParseFloat(lines[row][column], 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if got, want := number(2, 1), b[0].Estimate+2*b[1].Estimate; math.Abs(got-want) > 1e-9*want {
		t.Errorf("a new level has %v, want %v", got, want)
	}
	for row := 1; row <= 2; row++ {
		// 1.6449 is the normal quantile of 0.95.
		if got := (number(row, 4) - number(row, 3)) / (2 * number(row, 2)); math.Abs(got-1.6448536) > 1e-6 {
			t.Errorf("row %d: half the interval is %v standard errors", row, got)
		}
		if !(number(row, 5) < number(row, 3) && number(row, 6) > number(row, 4)) {
			t.Errorf("the interval of a response is not the wider: %v", lines[row])
		}
	}
}

// A new response of a generalised model has an interval, by infer.NewResponses.
func TestPredictGeneralised(t *testing.T) {
	const src = "TICKS ~ YEAR + cHEIGHT + (1 | BROOD)"
	code, out, errs := golmm(t, "", "predict", "--json", "--population", "--family", "poisson", src, "grouseticks")
	if code != exitDone || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	var rows []predicted
	if err := json.Unmarshal([]byte(out), &rows); err != nil {
		t.Fatal(err)
	}
	m := fittedHere(t, src, "grouseticks", &lmm.Options{Family: "poisson"})
	want, err := infer.NewResponses(m, nil, &infer.ResponseOptions{Population: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(want.Rows) {
		t.Fatalf("%d rows, want %d", len(rows), len(want.Rows))
	}
	for i, r := range rows {
		if w := want.Rows[i]; r.Row != i+1 || *r.ResponseLower != w.Lower || *r.ResponseUpper != w.Upper || !(*r.Lower < *r.Mean && *r.Mean < *r.Upper) {
			t.Fatalf("row %d: %+v, want %+v", i, r, w)
		}
	}
}

func TestPredictRefuses(t *testing.T) {
	if code, _, errs := golmm(t, "", "predict", "--level", "95", "Yield ~ 1 + (1 | Batch)", "Dyestuff"); code != exitError || !strings.Contains(errs, "0.95") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if code, _, errs := golmm(t, "", "predict", "Yield ~ 1 + (1 | Batch)", "Dyestuff", "sleepstudy"); code != exitError || !strings.Contains(errs, "Batch") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func fittedHere(t *testing.T, src, data string, opt *lmm.Options) *lmm.Model {
	t.Helper()
	tab, err := datasets.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(src, tab, opt)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
