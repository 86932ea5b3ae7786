package lmm_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// fitReference fits a formula to a reference table.
func fitReference(t testing.TB, src, data string, opt *lmm.Options) (*lmm.Model, *table.Table) {
	t.Helper()
	tab, err := reference.Table(data)
	if err != nil {
		t.Fatal(err)
	}
	return fitTable(t, src, tab, opt), tab
}

func fitTable(t testing.TB, src string, tab *table.Table, opt *lmm.Options) *lmm.Model {
	t.Helper()
	m, err := lmm.Fit(src, tab, opt)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func predict(t testing.TB, m *lmm.Model, tab *table.Table, opt *lmm.PredictOptions) *lmm.Prediction {
	t.Helper()
	p, err := m.Predict(tab, opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// near fails where two vectors differ by more than tol.
func near(t testing.TB, what string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tol) {
			t.Fatalf("%s: value %d is %.12g, want %.12g (tolerance %g)", what, i, got[i], want[i], tol)
		}
	}
}

func column(t testing.TB, tab *table.Table, name string) []float64 {
	t.Helper()
	c, err := tab.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return c.Floats()
}

func with(t testing.TB, tab *table.Table, cols ...*table.Column) *table.Table {
	t.Helper()
	for _, c := range cols {
		var err error
		if tab, err = tab.With(c); err != nil {
			t.Fatal(err)
		}
	}
	return tab
}

func TestFittedAgainstLme4(t *testing.T) {
	for _, ref := range oneFactor(t) {
		if notIdentifiable[ref.ID] != "" {
			continue
		}
		m, tab := fitReference(t, ref.Formula, ref.Data, &lmm.Options{ML: !ref.REML, Weights: ref.Weights, Offset: ref.Offset, Contrasts: ref.Contrasts})
		fitted := m.Fitted()
		// lme4's theta is as good as its last gradient: 1e-6 of sigma in the
		// fitted values, 1e-5 where theta lies on a ridge of the boundary.
		tol := 1e-6
		if ref.Singular {
			tol = 1e-5
		}
		near(t, ref.ID, fitted[:len(ref.Fitted)], ref.Fitted, tol*ref.Sigma)

		// The columns are made anew, with other rounding.
		near(t, ref.ID+" predicted", predict(t, m, tab, &lmm.PredictOptions{MeanOnly: true}).Mean, fitted, 1e-9*ref.Sigma)
	}
}

// lme4's hatvalues and rstudent of Reaction ~ Days + (Days | Subject) for the
// first rows of sleepstudy, and the trace of the hat matrix (lme4 1.1-31).
func TestLeverageAndResidualsAgainstLme4(t *testing.T) {
	m, tab := fitReference(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	h := m.Leverage()
	near(t, "leverage", h[:4], []float64{0.229303002393263, 0.169729254844895, 0.126823221343369, 0.100584901888685}, 1e-6)
	var trace float64
	for _, v := range h {
		trace += v
	}
	near(t, "trace", []float64{trace}, []float64{29.0220672577877}, 1e-5)
	near(t, "raw", m.Residuals(lmm.RawResidual)[:4], []float64{-4.1036710200797, -14.6252287562876, -42.1955864924956, 8.77735577129653}, 1e-5)
	near(t, "Pearson", m.Residuals(lmm.PearsonResidual)[:4], []float64{-0.160350913041524, -0.571480699363255, -1.64879221245734, 0.342975108172866}, 1e-6)
	near(t, "standardised", m.Residuals(lmm.StandardisedResidual)[:4], []float64{-0.182654175038327, -0.627179276359804, -1.76447227518366, 0.361645041548717}, 1e-6)

	raw := m.Residuals(lmm.RawResidual)
	for i, f := range m.Fitted() {
		raw[i] += f
	}
	near(t, "fitted + residual", raw, column(t, tab, "Reaction"), 1e-12)
}

// dense is the prediction error variance from the definition, with n x n
// matrices in the user's units: for rows (x, z spread over all levels),
// V = W^-1 + Z D Z', D = I (x) Psi,
//
//	sigma^2 [ (x - X'V^-1 Z D z)' K (x - X'V^-1 Z D z) + z'(D - D Z'V^-1 Z D) z ].
type dense struct{ x, z, d, w *mat.Dense }

func (m *dense) variances(t *testing.T, sigma float64, x, z *mat.Dense) []float64 {
	t.Helper()
	var zd, v, vi, dz, k, cond mat.Dense
	zd.Mul(m.z, m.d)
	v.Mul(&zd, m.z.T())
	v.Add(&v, m.w)
	if err := vi.Inverse(&v); err != nil {
		t.Fatal(err)
	}
	var vx, xvx mat.Dense
	vx.Mul(&vi, m.x)
	xvx.Mul(m.x.T(), &vx)
	if err := k.Inverse(&xvx); err != nil {
		t.Fatal(err)
	}
	var vzd mat.Dense
	vzd.Mul(&vi, &zd)
	cond.Mul(zd.T(), &vzd)
	cond.Sub(m.d, &cond)
	dz.Mul(vx.T(), &zd) // p x q
	rows, _ := x.Dims()
	out := make([]float64, rows)
	for i := range out {
		xi, zi := mat.NewVecDense(x.RawMatrix().Cols, x.RawRowView(i)), mat.NewVecDense(z.RawMatrix().Cols, z.RawRowView(i))
		var a mat.VecDense
		a.MulVec(&dz, zi)
		a.SubVec(xi, &a)
		out[i] = sigma * sigma * (mat.Inner(&a, &k, &a) + mat.Inner(zi, &cond, zi))
	}
	return out
}

// Two terms of one factor, weights, an offset: the standard errors at the rows
// of the fit, at other predictors and at a level that was not in the fit.
func TestPredictionErrorVarianceIsTheDenseOne(t *testing.T) {
	for _, src := range []string{
		"Reaction ~ Days + (Days | Subject)",
		"Reaction ~ Days + I(Days^2) + (1 | Subject) + (0 + Days | Subject)",
		"Reaction ~ Days + (1 | Subject)",
	} {
		m, tab := fitReference(t, src, "sleepstudy_wo", &lmm.Options{Weights: "w", Offset: "off"})
		days, w := column(t, tab, "Days"), column(t, tab, "w")
		subject, _ := tab.Lookup("Subject")
		levels := subject.Levels()
		n, q := tab.Rows(), 2*len(levels)+2 // with a level that has no rows
		quadratic, slope := strings.Contains(src, "^2"), strings.Contains(src, "Days |")
		p := 2
		if quadratic {
			p = 3
		}
		row := func(x, z []float64, day float64, level int) {
			x[0], x[1] = 1, day
			if quadratic {
				x[2] = day * day
			}
			z[2*level] = 1
			z[2*level+1] = day
		}
		d := &dense{x: mat.NewDense(n, p, nil), z: mat.NewDense(n, q, nil), d: mat.NewDense(q, q, nil), w: mat.NewDense(n, n, nil)}
		for i := range n {
			row(d.x.RawRowView(i), d.z.RawRowView(i), days[i], int(subject.Code(i)))
			d.w.Set(i, i, 1/w[i])
		}
		cov := mat.NewDense(2, 2, nil)
		at := 0
		for _, c := range m.VarCorr() {
			for r := range c.Cov {
				for s := range c.Cov {
					cov.Set(at+r, at+s, c.Cov[r][s]/(m.Sigma()*m.Sigma()))
				}
			}
			at += len(c.Cov)
		}
		if !slope && cov.At(1, 1) != 0 {
			t.Fatal("a slope where there is none")
		}
		for j := 0; j < q; j += 2 {
			d.d.Slice(j, j+2, j, j+2).(*mat.Dense).Copy(cov)
		}

		newDays := []float64{-3, 0, 4.5, 20, 4.5}
		newLevel := []int{0, 3, 17, 5, 18}
		names := append(slices.Clone(levels), "new")
		texts := make([]string, len(newDays))
		x, z := mat.NewDense(len(newDays), p, nil), mat.NewDense(len(newDays), q, nil)
		for i, day := range newDays {
			row(x.RawRowView(i), z.RawRowView(i), day, newLevel[i])
			texts[i] = names[newLevel[i]]
		}
		newTab, err := table.New(table.NewFloats("Days", newDays), table.NewTexts("Subject", texts),
			table.NewFloats("off", make([]float64, len(newDays))), table.NewFloats("w", []float64{1, 2, 0.5, 1, 4}))
		if err != nil {
			t.Fatal(err)
		}
		check := func(what string, p *lmm.Prediction, want []float64, w []float64) {
			for i, v := range want {
				// inverting V costs n eps times its condition, about 1e-11
				if relative(p.SE[i], math.Sqrt(v)) > 1e-8 {
					t.Errorf("%s, %s: SE of row %d is %.12g, want %.12g", src, what, i, p.SE[i], math.Sqrt(v))
				}
				half := 1.6448536269514722 * math.Sqrt(v+m.Sigma()*m.Sigma()/w[i])
				if relative(p.Response.Upper[i]-p.Mean[i], half) > 1e-8 || relative(p.Mean[i]-p.Response.Lower[i], half) > 1e-8 {
					t.Errorf("%s, %s: interval for a response in row %d is %g, %g around %g, want half width %g", src, what, i, p.Response.Lower[i], p.Response.Upper[i], p.Mean[i], half)
				}
				if half := 1.6448536269514722 * math.Sqrt(v); relative(p.Confidence.Upper[i]-p.Confidence.Lower[i], 2*half) > 1e-8 {
					t.Errorf("%s, %s: confidence interval of row %d", src, what, i)
				}
			}
		}
		opt := &lmm.PredictOptions{Level: 0.9}
		check("rows of the fit", predict(t, m, nil, opt), d.variances(t, m.Sigma(), d.x, d.z), w)
		check("new rows", predict(t, m, newTab, opt), d.variances(t, m.Sigma(), x, z), []float64{1, 2, 0.5, 1, 4})

		// x'beta has z = 0; a response of unknown groups has z'Sigma z too.
		pop := predict(t, m, newTab, &lmm.PredictOptions{Population: true, Level: 0.9})
		variance := d.variances(t, m.Sigma(), x, mat.NewDense(len(newDays), q, nil))
		for i := range newDays {
			zi := mat.NewVecDense(2, []float64{1, newDays[i]})
			s2 := m.Sigma() * m.Sigma()
			spread := variance[i] + s2*mat.Inner(zi, cov, zi) + s2/[]float64{1, 2, 0.5, 1, 4}[i]
			if relative(pop.SE[i], math.Sqrt(variance[i])) > 1e-8 || relative(pop.Response.Upper[i]-pop.Mean[i], 1.6448536269514722*math.Sqrt(spread)) > 1e-8 {
				t.Errorf("%s, population, row %d: SE %g, want %g; upper %g", src, i, pop.SE[i], math.Sqrt(variance[i]), pop.Response.Upper[i]-pop.Mean[i])
			}
		}
	}
}

// A predictor far from its origin costs no digits.
func TestStandardErrorsDoNotDependOnTheOrigin(t *testing.T) {
	m, tab := fitReference(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	want := predict(t, m, nil, nil).SE
	days := column(t, tab, "Days")
	for i := range days {
		days[i] += 1e6
	}
	far := with(t, tab, table.NewFloats("Days", days))
	m = fitTable(t, "Reaction ~ Days + (Days | Subject)", far, nil)
	// Adding 1e6 leaves 10 of the 16 digits of Lambda in the user's units.
	near(t, "SE", predict(t, m, nil, nil).SE, want, 1e-7)
}

func TestPredictSaysWhatIsMissing(t *testing.T) {
	m, _ := fitReference(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	newTab, err := table.New(table.NewFloats("Days", []float64{1, math.NaN(), 3, 3}), table.NewTexts("Subject", []string{"308", "308", "new", ""}))
	if err != nil {
		t.Fatal(err)
	}
	p := predict(t, m, newTab, nil)
	b := m.FixedEffects()
	mean := b[0].Estimate + 3*b[1].Estimate
	if math.IsNaN(p.Mean[0]) || !math.IsNaN(p.Mean[1]) || !math.IsNaN(p.SE[1]) || math.Abs(p.Mean[2]-mean) > 1e-9 || p.Mean[3] != p.Mean[2] || p.SE[3] != p.SE[2] {
		t.Errorf("means %v, SEs %v", p.Mean, p.SE)
	}
	want := []lmm.RowNote{
		{What: "no prediction: a predictor is missing", Rows: 1, First: 2},
		{What: "no prediction: a predictor of (Days | Subject) is missing", Rows: 1, First: 2},
		{What: "the level of Subject was not in the fit: its random effects are taken as 0", Rows: 2, First: 3},
	}
	if !slices.Equal(p.Notes, want) {
		t.Errorf("notes %+v", p.Notes)
	}
	if _, err := m.Predict(newTab, &lmm.PredictOptions{Level: 95}); err == nil || !strings.Contains(err.Error(), "0.95") {
		t.Errorf("level 95: %v", err)
	}
	if p := predict(t, m, newTab, &lmm.PredictOptions{MeanOnly: true}); p.SE != nil || p.Response.Lower != nil {
		t.Error("standard errors though only means were asked for")
	}
}

// Rows of a table that the fit dropped have a prediction; poly keeps its
// training values.
func TestPredictKeepsTheTrainingTransformations(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	y := column(t, tab, "Reaction")
	y[7] = math.NaN()
	tab = with(t, tab, table.NewFloats("Reaction", y))
	m := fitTable(t, "Reaction ~ poly(Days, 2) + (1 | Subject)", tab, nil)
	all := predict(t, m, tab, &lmm.PredictOptions{MeanOnly: true}).Mean
	if len(all) != 180 || m.NObs() != 179 || math.IsNaN(all[7]) {
		t.Fatalf("%d predictions for %d rows, %g", len(all), m.NObs(), all[7])
	}
	near(t, "complete rows", slices.Delete(slices.Clone(all), 7, 8), m.Fitted(), 1e-9)
	near(t, "some rows", predict(t, m, tab.Take([]int{100, 7}), &lmm.PredictOptions{MeanOnly: true}).Mean, []float64{all[100], all[7]}, 1e-9)
}

// Where the data cannot see sigma there is no conditional standard error.
func TestPredictWithoutIdentifiedSigma(t *testing.T) {
	tab := made(t, 12, 12, noise, func(i int) float64 { return float64(i % 5) })
	m := fitTable(t, "y ~ x + (1 | g)", tab, nil)
	p := predict(t, m, nil, nil)
	if !math.IsNaN(p.SE[0]) || len(p.Notes) != 1 || !strings.Contains(p.Notes[0].What, "residual variance is not identified") {
		t.Errorf("SE %g, notes %+v", p.SE[0], p.Notes)
	}
	p = predict(t, m, nil, &lmm.PredictOptions{Population: true})
	if math.IsNaN(p.SE[0]) || !math.IsNaN(p.Response.Lower[0]) {
		t.Errorf("population SE %g, response %g", p.SE[0], p.Response.Lower[0])
	}
	if h := m.Leverage()[0]; !math.IsNaN(h) {
		t.Errorf("leverage %g", h)
	}
}

// Two terms for one factor under two names share a variance that neither has
// alone: a level that was in the fit has its interval, a new one does not.
func TestPredictWithoutIdentifiedVariance(t *testing.T) {
	m, tab := fitReference(t, "Reaction ~ Days + (1 | Subject)", "sleepstudy", nil)
	subject := tab.Column("Subject")
	names := make([]string, tab.Rows())
	for i := range names {
		names[i] = "again " + subject.Text(i)
	}
	twice := with(t, tab, table.NewTexts("again", names))
	both := fitTable(t, "Reaction ~ Days + (1 | Subject) + (1 | again)", twice, nil)
	if v := both.Verdict(); v.Place != certify.NotIdentifiable {
		t.Fatalf("verdict %+v", v)
	}
	p, want := predict(t, both, nil, nil), predict(t, m, nil, nil)
	near(t, "SE", p.SE, want.SE, 1e-6)
	names[0] = "new"
	p = predict(t, both, with(t, tab, table.NewTexts("again", names)), nil)
	if !math.IsNaN(p.SE[0]) || math.IsNaN(p.SE[1]) || !strings.Contains(fmt.Sprint(p.Notes), "not identified") {
		t.Errorf("SE %g and %g, notes %+v", p.SE[0], p.SE[1], p.Notes)
	}
}

func TestUnknownResidualPanics(t *testing.T) {
	m, _ := fitReference(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff", nil)
	defer func() {
		if got := fmt.Sprint(recover()); got != "lmm: unknown kind of residual ResidualKind(7)" {
			t.Errorf("panic %q", got)
		}
	}()
	m.Residuals(7)
}
