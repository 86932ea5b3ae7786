package infer_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/table"
)

// Tiny and degenerate data, far from what theory needs: whatever comes out is a
// number, or NaN with a reason, or an error; never a panic, nor NaN in print.
func TestTinyData(t *testing.T) {
	formulas := []string{"y ~ x + (1 | g)", "y ~ 0 + (1 | g)", "y ~ x + (x | g)", "y ~ 1 + (1 | g) + (1 | h)", "y ~ x + (x || g)", "y ~ 1 + (1 | g/h)", "y ~ 0 + x + (0 + x | g)"}
	for r := range 30 {
		rng := rand.New(rand.NewPCG(17, uint64(r)))
		n := 3 + rng.IntN(9)
		var x, y []float64
		var g, h []string
		for i := range n {
			x, y = append(x, float64(rng.IntN(3))), append(y, math.Round(4*rng.NormFloat64()))
			g, h = append(g, fmt.Sprint("g", i%(2+r%3))), append(h, fmt.Sprint("h", rng.IntN(3)))
		}
		tab, err := table.New(table.NewFloats("x", x), table.NewFloats("y", y), table.NewTexts("g", g), table.NewTexts("h", h))
		if err != nil {
			t.Fatal(err)
		}
		var models []*lmm.Model
		for _, f := range formulas {
			if m, err := lmm.Fit(f, tab, nil); err == nil {
				models = append(models, m)
			}
		}
		for _, m := range models {
			checkTiny(t, fmt.Sprintf("set %d, %s", r, m.Formula()), m)
		}
		if len(models) > 1 {
			if c, err := infer.Compare(models, &infer.CompareOptions{Test: infer.LRTOptions{Draws: 50}}); err == nil {
				checkPrinted(t, fmt.Sprint("set ", r), c, c.Document())
			}
		}
	}
}

func checkTiny(t *testing.T, name string, m *lmm.Model) {
	t.Helper()
	if p, err := infer.Profile(m, nil); err == nil {
		for _, c := range p.Curves {
			for _, l := range []infer.Limit{c.Lower, c.Upper} {
				if math.IsInf(l.Value, 0) || math.IsNaN(l.Value) && l.Reason == "" {
					t.Errorf("%s: limit %+v of %s", name, l, c.Name)
				}
			}
			if c.Lower.Value > c.Upper.Value || c.Estimate < c.Lower.Value || c.Estimate > c.Upper.Value {
				t.Errorf("%s: %s is %v from %v to %v", name, c.Name, c.Estimate, c.Lower.Value, c.Upper.Value)
			}
		}
		checkPrinted(t, name, p, p.Document())
	}
	for _, method := range []infer.VarianceMethod{infer.ByWald, infer.ByBootstrap} {
		if v, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: method, Replicates: 3}); err == nil {
			checkPrinted(t, name, v, v.Document())
		}
	}
	if tests, err := infer.DropRandom(m, &infer.LRTOptions{Draws: 50}); err == nil {
		checkPrinted(t, name, tests, infer.TestsDocument(tests))
	}
	if r, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 3, Kind: infer.Residual}); err == nil {
		checkPrinted(t, name, r, r.Document())
	}
	if p, err := infer.Report(m, nil); err == nil {
		checkPrinted(t, name, p, p.Document())
	}
}

func checkPrinted(t *testing.T, name string, result any, doc *report.Doc) {
	t.Helper()
	text := doc.Text()
	if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Errorf("%s:\n%s", name, text)
	}
	if _, err := json.Marshal(result); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}
