package notebooks_test

import (
	"fmt"
	"strings"
	"testing"
)

// check00 holds what the quick start shows against lmm.Fit.
func check00(t *testing.T, p *page) {
	sleep := fit(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	dyes := fit(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2")

	p.expect(t, "data", "text/plain", "Reaction", "249.6")
	p.expect(t, "data", "text/html", "<table", "Subject")
	for _, mime := range []string{"text/plain", "text/html"} {
		p.expect(t, "fit", mime, "Days", "(Intercept)", "Subject", "Residual",
			fmt.Sprintf("%.3f", sleep.Criterion()))
	}
	p.expect(t, "fit", "text/html", "<table")
	p.expect(t, "plot", "text/html", `<svg xmlns="http://www.w3.org/2000/svg"`, "ms per day")
	p.expect(t, "plot", "image/svg+xml", "Conditional modes of Subject")
	p.expect(t, "plot", "text/plain", "ordered by Days")
	if n := strings.Count(p.cells["plot"].all(t, "image/svg+xml"), "<circle"); n != 36 {
		t.Errorf("the caterpillar has %d points, want 18 in each of 2 panels", n)
	}

	var numbers []string
	for _, c := range sleep.FixedEffects() {
		numbers = append(numbers, fmt.Sprintf("%8.3f  SE %.3f", c.Estimate, c.SE))
	}
	numbers = append(numbers, fmt.Sprintf("%8.3f", sleep.Sigma()), "converged, interior")
	p.expect(t, "numbers", "text/plain", numbers...)

	p.expect(t, "boundary", "text/plain", "boundary", "All modes of Batch are 0", fmt.Sprintf("%.3f", dyes.Criterion()))
	p.expect(t, "error", "text/plain", "Dayz", "Days", "^")
}
