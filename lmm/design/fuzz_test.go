package design

import (
	"errors"
	"testing"

	"github.com/golmm/golmm/lmm/formula"
)

// Whatever the formula, Build returns an *Error or matrices whose shapes agree,
// and NewData accepts the rows that Build used.
func FuzzBuild(f *testing.F) {
	for _, s := range []string{
		"score ~ days*sex + (days | subject)",
		"score ~ poly(days, 2):sex + ns(days, 2) + scale(days, FALSE, 2) + (1 | subject/sex)",
		"cbind(score, days) ~ I(sex == \"m\" & days > 1) + (sex || subject) + offset(log1p(days))",
		"log(negative) ~ factor(days, levels = c(0, 1, 2)) + as.integer(sex) + (!yes | subject:yes)",
		"score ~ 0 + ordered(days) + I(days %in% c(1, 2)) + cs(sex | subject) + rr(days + sex | sex, 2)",
		"score ~ log(days, 2) + I(even^odd) + I(\"a\" == sex) + (1 | factor(score) + days)",
		"score ~ center(TRUE) + poly(pi, 3) + factor(\"a\") + (1 | ordered(one))",
	} {
		f.Add(s)
	}
	tab := oddTable(f)
	f.Fuzz(func(t *testing.T, src string) {
		parsed, err := formula.Parse(src)
		if err != nil {
			return
		}
		d, err := Build(parsed, tab, &Options{BinaryResponse: true})
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%q: %T %v", src, err, err)
			}
			return
		}
		n := len(d.Rows)
		if len(d.Y) != n || d.X.Rows != n || len(d.X.Data) != n*len(d.XNames) || len(d.XNames)+len(d.Aliased) != len(d.FullNames) {
			t.Fatalf("%q: shapes of X and y", src)
		}
		for _, term := range d.Terms {
			if len(term.Level) != n || len(term.Z.Data) != n*len(term.Names) || len(term.Names) == 0 {
				t.Fatalf("%q: shapes of %s", src, term.Src)
			}
			for _, l := range term.Level {
				if l < 0 || int(l) >= len(term.Levels) {
					t.Fatalf("%q: level %d of %s", src, l, term.Src)
				}
			}
		}
		for _, x := range append(append([]float64{}, d.X.Data...), d.Y...) {
			if x-x != 0 {
				t.Fatalf("%q: %g among X and y", src, x)
			}
		}
		if len(d.Rows) == tab.Rows() {
			if _, err := d.NewData(tab); err != nil {
				t.Fatalf("%q: %v", src, err)
			}
		}
	})
}
