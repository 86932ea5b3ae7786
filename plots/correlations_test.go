package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/table"
)

// structured fits a model with a structure of the residuals.
func structured(t testing.TB, formula, dataset, residual string) *lmm.Model {
	t.Helper()
	tab, err := datasets.Load(dataset)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(formula, tab, &lmm.Options{Residual: residual})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCorrelationsGolden(t *testing.T) {
	units := Options{Units: DataUnits("Orthodont")}
	m := structured(t, "distance ~ age * Sex + (1 | Subject)", "Orthodont", "ar1(age | Subject)")
	goldenSVG(t, Correlations(m, units), "correlations")
	goldenSVG(t, Correlations(fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy"), Options{Theme: DarkTheme}), "correlations-dark")
	goldenSVG(t, Variogram(m, Options{Units: units.Units, Seed: 1, Replicates: 79}), "variogram")
	goldenSVG(t, structures(structured(t, "distance ~ age * Sex", "Orthodont", "cs(age | Subject)"), units), "structures")
}

// With a mean for each occasion, REML and complete data the unstructured
// covariance is that of the sample, divided by n - 1; so must be the moments, which
// give back what the means took.
func TestMomentsGiveBackWhatTheMeanTook(t *testing.T) {
	tab, err := datasets.Load("Orthodont")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("distance ~ factor(age)", tab, &lmm.Options{Residual: "un(age | Subject)"})
	if err != nil {
		t.Fatal(err)
	}
	q, err := newRepeated(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	parts, err := q.matrices()
	if err != nil || len(parts) != 2 {
		t.Fatal(len(parts), err)
	}
	want := m.ResidualMatrix()
	for a := range 4 {
		for _, x := range parts {
			if math.Abs(x.sd[a]/want.Most[a]-1) > 1e-6 { // where the fit stops
				t.Errorf("%s: sd %d is %v, want %v", x.name, a, x.sd[a], want.Most[a])
			}
			for b := range 4 {
				if math.Abs(x.corr[a][b]-want.Corr[a][b]) > 1e-6 || a != b && x.pairs[a][b] != 27 {
					t.Errorf("%s: correlation of %d and %d is %v of %d pairs, want %v of 27", x.name, a, b, x.corr[a][b], x.pairs[a][b], want.Corr[a][b])
				}
			}
		}
	}
}

// What a cell says is the number of its matrix; two panels without a structure or
// without random effects, three with both.
func TestCorrelationCells(t *testing.T) {
	m := structured(t, "distance ~ age + (1 | Subject)", "Orthodont", "ar1(age | Subject)")
	svg := svgOf(t, Correlations(m))
	rho := m.Residual().Params[0].Value
	between := m.VarCorr()[0].Cov[0][0]
	within := m.Sigma() * m.Sigma()
	for lag, pair := range map[float64]string{1: "10 and 12", 3: "8 and 14"} {
		r := math.Pow(rho, lag)
		v := (between + within*r) / (between + within)
		for _, want := range []string{
			fmt.Sprintf("residuals, fitted, %s: %s, 27 pairs", pair, typeset(number(r, 2))),
			fmt.Sprintf("responses, fitted, %s: %s, 27 pairs", pair, typeset(number(v, 2))),
		} {
			if !strings.Contains(svg, want) {
				t.Errorf("no cell says %q", want)
			}
		}
	}
	if n := len(Correlations(m).Plots()); n != 3 {
		t.Errorf("%d panels", n)
	}
	for _, m := range []*lmm.Model{
		structured(t, "distance ~ age", "Orthodont", "un(age | Subject)"), fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy"),
	} {
		if n := len(Correlations(m).Plots()); n != 2 {
			t.Errorf("%s: %d panels", described(m), n)
		}
	}
}

// A pair of occasions of fewer than three subjects has no correlation in the data,
// and many times make the order of the rows the occasions.
func TestCorrelationsOfFewPairs(t *testing.T) {
	m := structured(t, "distance ~ age", "Orthodont", "cs(age | Subject)")
	some, n := make([]bool, m.Frame().Table().Rows()), 0
	for i := range some { // two children are seen at 14
		some[i] = i%4 < 3 || n < 2
		if i%4 == 3 {
			n++
		}
	}
	m, err := lmm.Fit("distance ~ age", m.Frame().Table().Mask(some), &lmm.Options{Residual: "cs(age | Subject)"})
	if err != nil {
		t.Fatal(err)
	}
	f := Correlations(m)
	if !strings.Contains(f.Text(), "8, 14") || !strings.Contains(f.Caption(), "fewer than 3") || strings.Contains(f.Text(), "NaN") {
		t.Error(f.Text())
	}
	tab := m.Frame().Table()
	times := make([]float64, tab.Rows())
	for i := range times {
		times[i] = tab.Column("age").Float(i) + float64(i)/1000
	}
	if tab, err = tab.With(table.NewFloats("when", times)); err != nil {
		t.Fatal(err)
	}
	if m, err = lmm.Fit("distance ~ when + (1 | Subject)", tab, nil); err != nil {
		t.Fatal(err)
	}
	if f = Correlations(m); f.Err() != nil || !strings.Contains(f.Caption(), "by their order in when") {
		t.Errorf("%v: %s", f.Err(), f.Caption())
	}
}

// Normalised residuals of a model without random effects are those of the
// library; the semivariogram is the definition; the line is 1 - rho of compound
// symmetry, less what the mean takes.
func TestVariogramNumbers(t *testing.T) {
	m := structured(t, "distance ~ age * Sex", "Orthodont", "cs(age | Subject) * varident(Sex)")
	q, err := newRepeated(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range m.Residuals(lmm.NormalizedResidual) {
		if got := q.normalised()[i]; math.Abs(got-v) > 1e-9 {
			t.Fatalf("row %d: %v, want %v", i, got, v)
		}
	}
	classes, err := q.classes()
	if err != nil {
		t.Fatal(err)
	}
	v := &variogram{q: q, classes: classes}
	got, expected := v.statistics(q), v.expected()
	sds, raw := m.ResidualSDs(), m.Residuals(lmm.RawResidual)
	for c, lag := range []int{1, 2, 3} {
		var sum, n, fourth float64
		for i := range raw {
			if i%4+lag < 4 {
				d := raw[i]/sds[i] - raw[i+lag]/sds[i+lag]
				sum, fourth, n = sum+d*d/2, fourth+math.Sqrt(math.Abs(d)), n+1
			}
		}
		robust := math.Pow(fourth/n, 4) / (0.457 + 0.494/n) / 2
		if math.Abs(got[c]-sum/n) > 1e-10 || math.Abs(got[3+c]-robust) > 1e-10 {
			t.Errorf("lag %d: %v and %v, want %v and %v", lag, got[c], got[3+c], sum/n, robust)
		}
		// A line through 27 children takes a few per cent of the differences.
		if rho := m.Residual().Params[0].Value; !(expected[c] < 1-rho) || expected[c] < 0.9*(1-rho) {
			t.Errorf("lag %d: expected %v, 1 - rho is %v", lag, expected[c], 1-rho)
		}
	}
}

// The lines are the correlations of the structures.
func TestCorrelationsByLag(t *testing.T) {
	cs, ar := structured(t, "distance ~ age * Sex", "Orthodont", "cs(age | Subject)"), structured(t, "distance ~ age * Sex", "Orthodont", "ar1(age | Subject)")
	f := CorrelationsByLag([]*lmm.Model{cs, ar})
	if f.Err() != nil {
		t.Fatal(f.Err())
	}
	a, b := cs.Residual().Params[0].Value, ar.Residual().Params[0].Value
	for lag := 1; lag <= 3; lag++ {
		if want := fmt.Sprintf("%s  %s\n", number(a, 3), number(math.Pow(b, float64(lag)), 3)); !strings.Contains(f.Text(), want) {
			t.Errorf("no %q in\n%s", want, f.Text())
		}
	}
	if !strings.Contains(f.Caption(), "The lowest AIC is that of cs(age | Subject).") {
		t.Error(f.Caption())
	}
	other := structured(t, "distance ~ age", "Orthodont", "ar1(age | Subject)")
	if f = CorrelationsByLag([]*lmm.Model{cs, other}); !strings.Contains(f.Caption(), "AIC does not compare") {
		t.Error(f.Caption())
	}
}

func TestCorrelationsRefuse(t *testing.T) {
	var de *DataError
	var oe *OptionError
	tab := structured(t, "distance ~ age", "Orthodont", "cs(age | Subject)").Frame().Table()
	ends, err := tab.Where(func(r table.Row) bool { return r.Float("age") == 8 || r.Float("age") == 14 })
	if err != nil {
		t.Fatal(err)
	}
	twice, err := lmm.Fit("distance ~ age", ends, &lmm.Options{Residual: "cs(age | Subject)"})
	if err != nil {
		t.Fatal(err)
	}
	herds, err := datasets.Load("cbpp")
	if err != nil {
		t.Fatal(err)
	}
	counts, err := lmm.Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", herds, &lmm.Options{Family: "binomial"})
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"generalised":  Correlations(counts).Err(),
		"no means":     CorrelationsByLag([]*lmm.Model{counts}).Err(),
		"no models":    CorrelationsByLag(nil).Err(),
		"many models":  CorrelationsByLag(slices.Repeat([]*lmm.Model{structured(t, "distance ~ age", "Orthodont", "cs(age | Subject)")}, 9)).Err(),
		"other rows":   CorrelationsByLag([]*lmm.Model{structured(t, "distance ~ age", "Orthodont", "cs(age | Subject)"), fitted(t, "Reaction ~ Days + (1 | Subject)", "sleepstudy")}).Err(),
		"no subjects":  Correlations(structured(t, "distance ~ age", "Orthodont", "varident(Sex)")).Err(),
		"one distance": Variogram(twice).Err(),
	} {
		if !errors.As(err, &de) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Correlations(fitted(t, "Reaction ~ Days + (1 | Subject)", "sleepstudy"), Options{Group: "Who"}).Err(); !errors.As(err, &oe) {
		t.Errorf("an unknown group: %v", err)
	}
}

// Where cells have no room for numbers, a key says what the shades are.
func TestKeyOfShades(t *testing.T) {
	long := Correlations(structured(t, "weight ~ Time * Diet + (Time | Rat)", "BodyWeight", "exp(Time | Rat)"))
	short := Correlations(structured(t, "distance ~ age * Sex", "Orthodont", "cs(age | Subject)"))
	if len(long.keys) != 5 || len(short.keys) != 0 {
		t.Errorf("%d and %d keys", len(long.keys), len(short.keys))
	}
	for i, r := range []float64{1, 0.75, 0.5, 0.25, 0} {
		if got := long.keys[i].area; got != (heatmap{}).shade(r) {
			t.Errorf("key %d is %v", i, got)
		}
	}
}

// Levels of a factor have places, not distances in the unit of their names.
func TestDistanceInLevels(t *testing.T) {
	m := fitted(t, "angle ~ recipe * temperature + (1 | recipe:replicate)", "cake")
	f := Variogram(m, Options{Replicates: 1, Units: map[string]string{"temperature": "degree F"}})
	if x := f.Plots()[0].X.Label.Text; x != "distance in levels of temperature" {
		t.Error(x)
	}
}
