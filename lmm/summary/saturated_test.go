package summary

import (
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/table"
)

// Where the residual variance goes to 0, rounding decides about the fixed effects,
// and none is printed.
func TestNoErrorLeft(t *testing.T) {
	y, x, g := make([]float64, 40), make([]float64, 40), make([]string, 40)
	for i := range y {
		y[i], x[i], g[i] = float64(i/8)*1.7+0.3, float64(i%8), string(rune('a'+i/8))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ x + (1 | g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := Of(m).Text()
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) == 6 && (f[0] == "x" || f[0] == "(Intercept)") && f[1] != "-" {
			t.Errorf("an estimate is printed: %s", line)
		}
	}
	if !strings.Contains(text, "NO FINITE MAXIMUM") || !strings.Contains(text, "(Intercept)") {
		t.Errorf("not the model that was meant:\n%s", text)
	}
}
