package lmm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// predictors are the columns whose unit a formula may not depend on.
var predictors = map[string][]string{
	"BodyWeight": {"Time"}, "Contraception": {"age"}, "Exam": {"standLRT", "schavg"}, "Glucose": {"Time"}, "Oats": {"nitro"},
	"Orthodont_x": {"age", "agec", "nsex", "nsexage"}, "Pixel": {"day"}, "RatPupWeight": {"Lsize"}, "ScotsSec": {"verbal"},
	"cake": {"temp"}, "grouseticks": {"cHEIGHT"}, "sleepstudy": {"Days"}, "sleepstudy_wo": {"Days", "DaysBig"},
}

// change is a change of a table that leaves the model what it is.
type change struct {
	tab    *table.Table
	factor float64 // by which the response is multiplied
	perm   []int   // row i of tab is row perm[i] of the original
	src    string  // another spelling of the formula; "" for the same
}

// base is a reference fit and what it is compared with.
type base struct {
	reference.Fit
	tab *table.Table
	m   *lmm.Model
}

func (b *base) options() *lmm.Options {
	return &lmm.Options{ML: !b.REML, Weights: b.Weights, Offset: b.Offset, Contrasts: b.Contrasts}
}

// frame is the design of the formula and a table.
func (b *base) frame(t *testing.T, tab *table.Table) *design.Design {
	t.Helper()
	f, err := formula.Parse(b.Formula)
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, &design.Options{Weights: b.Weights, Offset: b.Offset, Contrasts: b.Contrasts})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// logDet is log |X'X|: the REML criterion moves with it when the columns of X
// are replaced by others that span the same space.
func (b *base) logDet(t *testing.T, tab *table.Table) float64 {
	t.Helper()
	d := b.frame(t, tab)
	var qr mat.QR
	qr.Factorize(mat.NewDense(d.X.Rows, d.X.Cols, d.X.Data))
	var r mat.Dense
	qr.RTo(&r)
	var sum float64
	for i := range d.X.Cols {
		sum += 2 * math.Log(math.Abs(r.At(i, i)))
	}
	return sum
}

// check fits to the changed table and compares.
func (b *base) check(t *testing.T, what string, c change) {
	t.Helper()
	src := b.Formula
	if c.src != "" {
		src = c.src
	}
	m, err := lmm.Fit(src, c.tab, b.options())
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	want := b.m.Criterion()
	nu := float64(b.NObs)
	if b.REML {
		want += b.logDet(t, c.tab) - b.logDet(t, b.tab)
		nu -= float64(len(b.Beta))
	}
	want += 2 * nu * math.Log(c.factor)
	// Rounding: n log r2, r2 good to some 100 eps; 1.6e-10 was seen.
	if d := math.Abs(m.Criterion() - want); d > 1e-9*math.Max(1, float64(b.NObs)/1000) {
		t.Errorf("%s: criterion is %.10f, want %.10f, %.2g apart", what, m.Criterion(), want, d)
	}
	v, was := m.Verdict(), b.m.Verdict()
	if v.Convergence != was.Convergence || v.Place != was.Place {
		t.Errorf("%s: verdict %+v, was %+v", what, v, was)
	}
	// A decrement of 1e-12 would be 1e-6 standard errors; Newton's last step
	// leaves less.
	fitted, before := m.Fitted(), b.m.Fitted()
	for i := range fitted {
		j := i
		if c.perm != nil {
			j = c.perm[i]
		}
		if d := math.Abs(fitted[i]/c.factor - before[j]); d > 1e-7*b.Sigma {
			t.Errorf("%s: fitted value of row %d is %.12g, was %.12g", what, i, fitted[i]/c.factor, before[j])
			return
		}
	}
}

// shaped are models without a reference: compound symmetry, reduced rank and
// the diagonal by name, in the interior and on the boundary.
var shaped = []struct{ data, formula string }{
	{"Machines", "score ~ Machine + cs(0 + Machine | Worker)"},
	{"fm08_rats", "cc ~ pair + cs(0 + pair | rat)"},
	{"Machines", "score ~ Machine + rr(0 + Machine | Worker, 2)"},
	{"fm08_rats", "cc ~ pair + rr(0 + pair | rat, 2)"},
	{"sleepstudy", "Reaction ~ Days + rr(Days | Subject, 1)"},
	{"BodyWeight", "weight ~ Time * Diet + rr(Time | Rat, 1)"},
	{"sleepstudy", "Reaction ~ Days + diag(Days | Subject)"},
}

// bases holds the reference fits of up to 5000 rows, and fits of the models of
// shaped.
func bases(t *testing.T) []*base {
	var out []*base
	for _, ref := range gaussian(t) {
		if ref.NObs > 5000 {
			continue
		}
		m, tab := fitReference(t, ref.Formula, ref.Data, &lmm.Options{ML: !ref.REML, Weights: ref.Weights, Offset: ref.Offset, Contrasts: ref.Contrasts})
		b := &base{Fit: ref, tab: tab, m: m}
		b.tab = tab.Take(b.frame(t, tab).Rows) // complete rows, those of Fitted
		out = append(out, b)
	}
	for _, s := range shaped {
		m, tab := fitReference(t, s.formula, s.data, nil)
		if m.Verdict().Convergence != certify.Converged {
			t.Fatalf("%s: %+v", s.formula, m.Verdict())
		}
		ref := reference.Fit{ID: s.data + " " + s.formula, Data: s.data, Formula: s.formula, REML: true, NObs: m.NObs(), Sigma: m.Sigma(), Beta: make([]float64, len(m.Vcov()))}
		out = append(out, &base{Fit: ref, tab: tab, m: m})
	}
	return out
}

// powers are the units tried; all of them for data that take no time.
func (b *base) powers() []int {
	if b.NObs > 500 || testing.Short() {
		return []int{-6, 3}
	}
	return []int{-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6}
}

func scaled(t *testing.T, tab *table.Table, name string, by float64) *table.Table {
	x := column(t, tab, name)
	for i := range x {
		x[i] *= by
	}
	return with(t, tab, table.NewFloats(name, x))
}

func TestRowOrderDoesNotMatter(t *testing.T) {
	for _, b := range bases(t) {
		t.Run(b.ID, func(t *testing.T) {
			t.Parallel()
			perm := rand.New(rand.NewPCG(4, 2)).Perm(b.tab.Rows())
			b.check(t, "rows permuted", change{tab: b.tab.Take(perm), factor: 1, perm: perm})
		})
	}
}

func TestOrderOfLevelsDoesNotMatter(t *testing.T) {
	for _, b := range bases(t) {
		if strings.Contains(b.Formula, "Machine ||") {
			continue // independent indicators: the coding is the model
		}
		t.Run(b.ID, func(t *testing.T) {
			t.Parallel()
			tab := b.tab
			for _, c := range tab.Columns() {
				if !c.Kind().Categorical() || len(c.Levels()) < 2 {
					continue
				}
				levels := slices.Clone(c.Levels())
				slices.Reverse(levels)
				var err error
				if c.Kind() == table.Ordered {
					c, err = c.AsOrdered(levels)
				} else {
					c, err = c.WithLevels(levels)
				}
				if err != nil {
					t.Fatal(err)
				}
				tab = with(t, tab, c)
			}
			b.check(t, "levels reversed", change{tab: tab, factor: 1})
		})
	}
}

func TestUnitOfTheResponseDoesNotMatter(t *testing.T) {
	for _, b := range bases(t) {
		name := b.m.ResponseName()
		if b.tab.Column(name) == nil {
			continue // log(Reaction), as.integer(use == "Y")
		}
		t.Run(b.ID, func(t *testing.T) {
			t.Parallel()
			for _, k := range b.powers() {
				by := math.Pow10(k)
				tab := scaled(t, b.tab, name, by)
				if tab.Column("off") != nil {
					tab = scaled(t, tab, "off", by)
				}
				b.check(t, fmt.Sprintf("y times 1e%d", k), change{tab: tab, factor: by})
			}
		})
	}
}

func TestUnitsOfPredictorsDoNotMatter(t *testing.T) {
	for _, b := range bases(t) {
		t.Run(b.ID, func(t *testing.T) {
			t.Parallel()
			for _, name := range predictors[b.Data] {
				if !mentions(b.Formula, name) {
					continue
				}
				for _, k := range b.powers() {
					by := math.Pow10(k)
					b.check(t, fmt.Sprintf("%s times 1e%d", name, k), change{tab: scaled(t, b.tab, name, by), factor: 1})
				}
			}
		})
	}
}

// A common factor of all weights is a part of sigma^2.
func TestUnitOfTheWeightsDoesNotMatter(t *testing.T) {
	for _, b := range bases(t) {
		if b.Weights == "" {
			continue
		}
		for _, by := range []float64{1e-4, 7, 1e5} {
			b.check(t, fmt.Sprintf("%s, weights times %g", b.ID, by), change{tab: scaled(t, b.tab, b.Weights, by), factor: 1})
		}
	}
}

// Where all lower powers of a predictor are in X, and in Z with a full
// covariance matrix, its origin is free.
func TestOriginOfPredictorsDoesNotMatter(t *testing.T) {
	for _, b := range bases(t) {
		if strings.Contains(b.Formula, "||") || strings.Contains(b.Formula, "0 +") || strings.Contains(b.Formula, "diag(") {
			continue
		}
		t.Run(b.ID, func(t *testing.T) {
			t.Parallel()
			for _, name := range predictors[b.Data] {
				if !mentions(b.Formula, name) {
					continue
				}
				for _, by := range []float64{-9, 1000} {
					x := column(t, b.tab, name)
					for i := range x {
						x[i] += by
					}
					b.check(t, fmt.Sprintf("%s + %g", name, by), change{tab: with(t, b.tab, table.NewFloats(name, x)), factor: 1})
				}
			}
		})
	}
}

// The terms of a model form a set. Those of (1 | a/b) are written out.
func TestOrderOfRandomTermsDoesNotMatter(t *testing.T) {
	for _, b := range bases(t) {
		terms := b.frame(t, b.tab).Terms
		if len(terms) < 2 {
			continue
		}
		t.Run(b.ID, func(t *testing.T) {
			t.Parallel()
			src := make([]string, len(terms))
			for i, term := range terms {
				src[i] = term.Src
			}
			fixed := b.Formula[:strings.LastIndex(b.Formula[:strings.Index(b.Formula, "|")], "(")]
			for range src {
				src = append(src[1:], src[0]) // every term comes first once
				b.check(t, "rotated", change{tab: b.tab, factor: 1, src: fixed + strings.Join(src, " + ")})
			}
			slices.Reverse(src)
			b.check(t, "reversed", change{tab: b.tab, factor: 1, src: fixed + strings.Join(src, " + ")})
		})
	}
}

// With independent columns the origin is a part of the model.
func TestOriginMattersToIndependentColumns(t *testing.T) {
	_, tab := fitReference(t, "Reaction ~ Days + (1 | Subject)", "sleepstudy", nil)
	days := column(t, tab, "Days")
	for i := range days {
		days[i] -= 9
	}
	at0 := fitTable(t, "Reaction ~ Days + (Days || Subject)", tab, nil)
	at9 := fitTable(t, "Reaction ~ Days + (Days || Subject)", with(t, tab, table.NewFloats("Days", days)), nil)
	// lme4 1.1-31, two digits
	if math.Abs(at0.LogLik()+871.83) > 0.005 || math.Abs(at9.LogLik()+883.43) > 0.005 {
		t.Errorf("log likelihoods %.4f and %.4f", at0.LogLik(), at9.LogLik())
	}
}

// mentions says whether a name is a word of the formula.
func mentions(src, name string) bool {
	word := func(r rune) bool {
		return r == '_' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return slices.Contains(strings.FieldsFunc(src, func(r rune) bool { return !word(r) }), name)
}
