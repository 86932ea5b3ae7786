package design

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// load returns a data set of the reference fits.
func load(t testing.TB, name string) *table.Table {
	t.Helper()
	tab, err := reference.Table(name)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func build(t testing.TB, src string, tab *table.Table, opt *Options) *Design {
	t.Helper()
	f, err := formula.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Build(f, tab, opt)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Names, their order and the sizes of every reference fit are lme4's.
func TestReference(t *testing.T) {
	fits, err := reference.Fits()
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]*table.Table{}
	for _, fit := range fits {
		tab := tables[fit.Data]
		if tab == nil {
			tab = load(t, fit.Data)
			tables[fit.Data] = tab
		}
		t.Run(fit.ID, func(t *testing.T) {
			d := build(t, fit.Formula, tab, &Options{Weights: fit.Weights, Offset: fit.Offset,
				Contrasts: fit.Contrasts, BinaryResponse: fit.Family == "binomial"})
			if d.X.Rows != fit.NObs || len(d.Y) != fit.NObs || len(d.Rows) != fit.NObs {
				t.Errorf("%d rows, want %d", d.X.Rows, fit.NObs)
			}
			if diff := cmp.Diff(fit.BetaNames, d.XNames); diff != "" {
				t.Errorf("fixed effects (-lme4 +golmm)\n%s", diff)
			}
			if fit.ID == "Machines_dblbar_reml" {
				// lme4 keeps the correlations between the levels of a factor
				// behind ||; here they are independent columns.
				if diff := cmp.Diff([]string{"MachineA", "MachineB", "MachineC"}, d.Terms[0].Names); diff != "" || len(d.Terms) != 1 {
					t.Errorf("(f || g)\n%s", diff)
				}
				return
			}
			k := 0
			for _, term := range d.Terms {
				if want := fit.NGroups[term.Group]; len(term.Levels) != want {
					t.Errorf("%s has %d levels, want %d", term.Group, len(term.Levels), want)
				}
				if len(term.Level) != fit.NObs || term.Z.Rows != fit.NObs || term.Z.Cols != len(term.Names) {
					t.Errorf("%s: shapes", term.Group)
				}
				// lme4 lists independent columns as terms of their own, with
				// the same levels, named Subject, Subject.1, ...
				parts := [][]string{term.Names}
				if strings.Contains(term.Src, "||") {
					parts = nil
					for _, name := range term.Names {
						parts = append(parts, []string{name})
					}
				}
				for _, names := range parts {
					ref := fit.VarCorr[k]
					group, _, _ := strings.Cut(ref.Group, ".")
					if group != term.Group {
						t.Errorf("term %d groups by %s, want %s", k, term.Group, ref.Group)
					}
					if diff := cmp.Diff(ref.Terms, names); diff != "" {
						t.Errorf("%s: coefficients (-lme4 +golmm)\n%s", term.Group, diff)
					}
					k++
				}
			}
			if k != len(fit.VarCorr) {
				t.Errorf("%d terms, want %d", k, len(fit.VarCorr))
			}
			checkLevels(t, fit.Ranef, d)
		})
	}
}

// checkLevels compares the first levels of each grouping factor.
func checkLevels(t *testing.T, want []reference.Ranef, d *Design) {
	at := 0
	for i, term := range d.Terms {
		if i > 0 && term.Group == d.Terms[i-1].Group && len(want) < len(d.Terms) {
			continue // the modes of terms with the same factor stand together
		}
		if at < len(want) {
			first := term.Levels[:min(len(want[at].Levels), len(term.Levels))]
			if diff := cmp.Diff(want[at].Levels, first); diff != "" {
				t.Errorf("levels of %s (-lme4 +golmm)\n%s", term.Group, diff)
			}
		}
		at++
	}
}
