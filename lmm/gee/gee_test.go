package gee

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// columns makes a table of columns of numbers.
func columns(t testing.TB, names string, cols ...[]float64) *table.Table {
	t.Helper()
	var list []*table.Column
	for i, name := range strings.Fields(names) {
		list = append(list, table.NewFloats(name, cols[i]))
	}
	tab, err := table.New(list...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func fit(t testing.TB, src string, tab *table.Table, opt Options) *Result {
	t.Helper()
	r, err := Fit(src, tab, &opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func data4(t testing.TB, name string) *table.Table {
	t.Helper()
	tab, err := reference.Table(name)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// same compares coefficients in standard errors, and the standard errors.
func same(t *testing.T, what string, a, b *Result, factor []float64) {
	t.Helper()
	for i := range a.Coefficients {
		x, y := a.Coefficients[i], b.Coefficients[i]
		f := 1.0
		if factor != nil {
			f = factor[i]
		}
		// Two solutions to 1e-9 standard errors each, and rounding of the columns.
		if math.Abs(x.Estimate-f*y.Estimate) > 1e-7*x.SE || math.Abs(x.SE/(f*y.SE)-1) > 1e-7 {
			t.Errorf("%s: %+v and %+v", what, x, y)
		}
	}
}

// The definitions with the matrices of each subject in full: H_ii, its inverse
// root by an eigendecomposition of the symmetric similar matrix.
func TestSandwichAgainstDefinition(t *testing.T) {
	tab := data4(t, "Orthodont")
	r := fit(t, "distance ~ age + Sex", tab, Options{Subject: "Subject", Correlation: "exchangeable"})
	dist, age := tab.Column("distance").Floats(), tab.Column("age").Floats()
	p, a := 3, r.Alpha[0]
	rows := map[string][]int{}
	for i := range dist {
		rows[tab.Column("Subject").Text(i)] = append(rows[tab.Column("Subject").Text(i)], i)
	}
	x := func(i int) []float64 {
		female := 0.0
		if tab.Column("Sex").Text(i) == "Female" {
			female = 1
		}
		return []float64{1, age[i], female}
	}
	bread := mat.NewDense(p, p, nil)
	type subject struct{ d, e, vInverse *mat.Dense }
	var subjects []subject
	for _, at := range rows {
		m := len(at)
		s := subject{mat.NewDense(m, p, nil), mat.NewDense(m, 1, nil), mat.NewDense(m, m, nil)}
		v := mat.NewDense(m, m, nil)
		for j, i := range at {
			s.d.SetRow(j, x(i))
			fitted := 0.0
			for k, c := range r.Coefficients {
				fitted += c.Estimate * x(i)[k]
			}
			s.e.Set(j, 0, dist[i]-fitted)
			for k := range m {
				v.Set(j, k, r.Scale*a)
			}
			v.Set(j, j, r.Scale)
		}
		if err := s.vInverse.Inverse(v); err != nil {
			t.Fatal(err)
		}
		var dv, m0 mat.Dense
		dv.Mul(s.d.T(), s.vInverse)
		m0.Mul(&dv, s.d)
		bread.Add(bread, &m0)
		subjects = append(subjects, s)
	}
	var inverse mat.Dense
	if err := inverse.Inverse(bread); err != nil {
		t.Fatal(err)
	}
	for kind, exponent := range map[Covariance]float64{Robust: 0, KauermannCarroll: -0.5, ManclDeRouen: -1} {
		meat := mat.NewDense(p, p, nil)
		for _, s := range subjects {
			var dv, h, hv mat.Dense
			dv.Mul(s.d.T(), s.vInverse)
			h.Mul(s.d, &inverse)
			hv.Mul(&h, &dv) // H_ii
			n, _ := hv.Dims()
			full := mat.NewDense(n, n, nil)
			for i := range n {
				full.Set(i, i, 1)
			}
			full.Sub(full, &hv)
			var eigen mat.Eigen // H_ii is not symmetric, but has real eigenvalues
			if !eigen.Factorize(full, mat.EigenRight) {
				t.Fatal("no eigenvalues")
			}
			var complexVectors mat.CDense
			eigen.VectorsTo(&complexVectors)
			vectors, power := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
			for i, l := range eigen.Values(nil) {
				power.Set(i, i, math.Pow(real(l), exponent))
				for j := range n {
					vectors.Set(j, i, real(complexVectors.At(j, i)))
				}
			}
			var back, f, e, u mat.Dense
			if err := back.Inverse(vectors); err != nil {
				t.Fatal(err)
			}
			f.Product(vectors, power, &back)
			e.Mul(&f, s.e)
			u.Mul(&dv, &e)
			var uu mat.Dense
			uu.Mul(&u, u.T())
			meat.Add(meat, &uu)
		}
		var v mat.Dense
		v.Product(&inverse, meat, &inverse)
		got := r.Vcov(kind)
		for i := range p {
			for j := range p {
				// 1e-8: a general eigendecomposition and two inverses.
				if math.Abs(got[i][j]-v.At(i, j)) > 1e-8*math.Sqrt(v.At(i, i)*v.At(j, j)) {
					t.Errorf("%s %d, %d: %g, want %g", kind, i, j, got[i][j], v.At(i, j))
				}
			}
		}
	}
	if kc, md := r.StandardErrors(KauermannCarroll), r.StandardErrors(ManclDeRouen); r.SE != KauermannCarroll || r.DF != 24 || !(kc[0] < md[0]) {
		t.Errorf("%s, %g degrees of freedom, %g and %g", r.SE, r.DF, kc[0], md[0])
	}
}

// The series of the corrections are those of the eigenvalues.
func TestSeries(t *testing.T) {
	g := []float64{4e-4, 1e-4, 1e-4, 3e-4}
	u := []float64{1, -2}
	got := make([]float64, 2)
	var e mat.EigenSym
	if !e.Factorize(symmetric(g, 2), true) {
		t.Fatal("no eigenvalues")
	}
	var v mat.Dense
	e.VectorsTo(&v)
	for kind, exponent := range map[Covariance]float64{KauermannCarroll: -0.5, ManclDeRouen: -1} {
		polynomial(got, series()[kind], g, u)
		for i := range got {
			want := 0.0
			for k, l := range e.Values(nil) {
				want += v.At(i, k) * math.Pow(1-l, exponent) * (v.At(0, k)*u[0] + v.At(1, k)*u[1])
			}
			if math.Abs(got[i]-want) > 1e-14 {
				t.Errorf("%s: %g, want %g", kind, got[i], want)
			}
		}
	}
}

// Order of rows, units and origin of predictors must not matter.
func TestInvariance(t *testing.T) {
	tab := data4(t, "grouseticks")
	opt := Options{Subject: "LOCATION", Family: "poisson", Correlation: "exchangeable"}
	r := fit(t, "TICKS ~ YEAR + cHEIGHT", tab, opt)
	rng := rand.New(rand.NewPCG(1, 2))
	same(t, "shuffled rows", fit(t, "TICKS ~ YEAR + cHEIGHT", tab.Take(rng.Perm(tab.Rows())), opt), r, nil)
	shift, scaled := make([]float64, tab.Rows()), make([]float64, tab.Rows())
	for i, h := range tab.Column("cHEIGHT").Floats() {
		shift[i], scaled[i] = h+1e5, h*1e6
	}
	for _, c := range [][]float64{shift, scaled} {
		with, err := tab.With(table.NewFloats("h", c))
		if err != nil {
			t.Fatal(err)
		}
		got := fit(t, "TICKS ~ YEAR + h", with, opt)
		f := 1.0
		if c[0] == scaled[0] {
			f = 1e-6
		}
		// The slope; the intercept moves with the origin. 1e-6: h + 1e5 has lost five digits.
		if x, y := got.Coefficients[3], r.Coefficients[3]; math.Abs(x.Estimate/(f*y.Estimate)-1) > 1e-6 || math.Abs(x.SE/(f*y.SE)-1) > 1e-6 {
			t.Errorf("%+v and %+v", x, y)
		}
	}
}

// With a Time the order of rows does not matter, and missing occasions count.
func TestTimeOrders(t *testing.T) {
	tab := data4(t, "sleepstudy")
	rng := rand.New(rand.NewPCG(3, 4))
	for _, corr := range []string{"ar1", "unstructured"} {
		opt := Options{Subject: "Subject", Time: "Days", Correlation: corr}
		some := tab
		if corr == "ar1" { // holes
			keep := make([]bool, tab.Rows())
			for i := range keep {
				keep[i] = i%7 != 3
			}
			some = tab.Mask(keep)
		}
		r := fit(t, "Reaction ~ Days", some, opt)
		same(t, corr, fit(t, "Reaction ~ Days", some.Take(rng.Perm(some.Rows())), opt), r, nil)
	}
}

// An AR(1) over half units is that over units with the root of alpha.
func TestUnequalTimes(t *testing.T) {
	tab := data4(t, "sleepstudy")
	half := make([]float64, tab.Rows())
	for i, d := range tab.Column("Days").Floats() {
		half[i] = d/2 + 0.25
	}
	with, err := tab.With(table.NewFloats("half", half))
	if err != nil {
		t.Fatal(err)
	}
	a := fit(t, "Reaction ~ Days", with, Options{Subject: "Subject", Time: "Days", Correlation: "ar1"})
	b := fit(t, "Reaction ~ Days", with, Options{Subject: "Subject", Time: "half", Correlation: "ar1"})
	same(t, "half units", a, b, nil)
	// 1e-8: the moment equation is solved to rounding in either unit.
	if math.Abs(b.Alpha[0]-a.Alpha[0]*a.Alpha[0]) > 1e-8 {
		t.Errorf("alpha %g and %g", a.Alpha[0], b.Alpha[0])
	}
}

// The sums by Fourier transforms are those of the pairs, holes included.
func TestLongSeries(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	e, time := []float64{}, []float64{}
	at := 5.0
	for range 600 {
		at += float64(1 + rng.IntN(3))
		e, time = append(e, rng.NormFloat64()), append(time, at)
	}
	span := int(time[len(time)-1] - time[0])
	want, got := make([]float64, span+1), make([]float64, span+1)
	for i := range e {
		for j := i + 1; j < len(e); j++ {
			want[int(time[j]-time[i])] += e[i] * e[j]
		}
	}
	addAutocorrelation(got, e, time)
	for g := range want {
		if math.Abs(got[g]-want[g]) > 1e-11*600 { // rounding of a transform of 600 terms
			t.Fatalf("gap %d: %g, want %g", g, got[g], want[g])
		}
	}
	// A known autocorrelation comes back: 4 series of 2,500 rows.
	var id, y []float64
	for s := range 4 {
		v := rng.NormFloat64()
		for range 2500 {
			v = 0.6*v + 0.8*rng.NormFloat64()
			id, y = append(id, float64(s)), append(y, v)
		}
	}
	r := fit(t, "y ~ 1", columns(t, "id y", id, y), Options{Subject: "id", Correlation: "ar1"})
	if math.Abs(r.Alpha[0]-0.6) > 0.03 { // sd about 0.008, all-pairs moments somewhat more
		t.Errorf("alpha %g", r.Alpha[0])
	}
}

// Counts are the same as their single trials: the sums of a subject agree.
func TestCountsAreTrials(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var id, x, yes, no, id1, x1, y1 []float64
	for s := range 40 {
		for range 3 {
			v, n := rng.NormFloat64(), 1+rng.IntN(8)
			k := 0
			for range n {
				y := 0.0
				if rng.Float64() < 1/(1+math.Exp(-0.5*v)) {
					y, k = 1, k+1
				}
				id1, x1, y1 = append(id1, float64(s)), append(x1, v), append(y1, y)
			}
			id, x, yes, no = append(id, float64(s)), append(x, v), append(yes, float64(k)), append(no, float64(n-k))
		}
	}
	opt := Options{Subject: "id", Family: "binomial", SE: Robust}
	a := fit(t, "cbind(yes, no) ~ x", columns(t, "id x yes no", id, x, yes, no), opt)
	b := fit(t, "y ~ x", columns(t, "id x y", id1, x1, y1), opt)
	same(t, "counts and trials", a, b, nil)
	if math.Abs(a.QuasiLik-b.QuasiLik) > 1e-8 {
		t.Errorf("Q %g and %g", a.QuasiLik, b.QuasiLik)
	}
}

// A correlation given as another estimates it gives the same.
func TestGivenCorrelation(t *testing.T) {
	tab := data4(t, "Orthodont")
	for _, corr := range []string{"exchangeable", "ar1", "unstructured"} {
		opt := Options{Subject: "Subject", Time: "age", Correlation: corr}
		r := fit(t, "distance ~ age * Sex", tab, opt)
		given, _ := r.Working()
		g := fit(t, "distance ~ age * Sex", tab, Options{Subject: "Subject", Time: "age", Given: given})
		same(t, corr, g, r, nil)
	}
}

// In pairs no exchangeable correlation can be below -1; in triples -1/2 is the
// bound, and the residuals of deviations from the mean of a triple reach it.
func TestExchangeableBelowItsBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var id, x, y []float64
	for s := range 30 {
		a, b := rng.NormFloat64(), rng.NormFloat64()
		for _, e := range []float64{a, b, -a - b} {
			id, x, y = append(id, float64(s)), append(x, rng.NormFloat64()), append(y, e)
		}
	}
	r := fit(t, "y ~ x", columns(t, "id x y", id, x, y), Options{Subject: "id", Correlation: "exchangeable"})
	if !r.Converged || r.Alpha[0] > -0.4 {
		t.Fatalf("converged %v, alpha %g", r.Converged, r.Alpha[0])
	}
	working, _ := r.Working()
	if low := r.smallestEigenvalue(); low < leastEigenvalue*(1-1e-9) || working[0][1] < -0.5 {
		t.Errorf("smallest eigenvalue %g of %v", low, working)
	}
	if r.Alpha[0] < -0.495 && (r.Pulled <= 0 || !has(r, "W1")) {
		t.Errorf("alpha %g, pulled %g, %+v", r.Alpha[0], r.Pulled, r.Findings)
	}
	// An unstructured estimate from few subjects with holes is often indefinite.
	var id2, t2, y2 []float64
	for s := range 8 {
		for k := range 6 {
			if rng.IntN(3) > 0 || s == 0 {
				id2, t2, y2 = append(id2, float64(s)), append(t2, float64(k)), append(y2, rng.NormFloat64())
			}
		}
	}
	u := fit(t, "y ~ 1", columns(t, "id t y", id2, t2, y2), Options{Subject: "id", Time: "t", Correlation: "unstructured"})
	if low := u.smallestEigenvalue(); low < leastEigenvalue*(1-1e-9) || u.Pulled > 0 != has(u, "W1") {
		t.Errorf("smallest eigenvalue %g, pulled %g", low, u.Pulled)
	}
}

func has(r *Result, code string) bool {
	for _, f := range r.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

func TestSeparation(t *testing.T) {
	var id, x, y []float64
	for i := range 60 {
		v := float64(i%6) - 2.5
		id, x = append(id, float64(i/6)), append(x, v)
		if v > 0 {
			y = append(y, 1)
		} else {
			y = append(y, 0)
		}
	}
	for _, link := range []string{"logit", "probit", "cloglog"} {
		r := fit(t, "y ~ x", columns(t, "id x y", id, x, y), Options{Subject: "id", Family: "binomial", Link: link, Correlation: "exchangeable"})
		if r.Converged || !has(r, "D7") || !math.IsNaN(r.Coefficients[1].Estimate) || !slices.Contains(r.Findings[0].Params, "x") || !strings.Contains(r.Document().Text(), "NO FINITE SOLUTION") {
			t.Errorf("%s: converged %v after %d, %+v", link, r.Converged, r.Iterations, r.Findings)
		}
	}
}

// Whatever the data, Fit returns: a result with its findings, or an error.
func TestHostileData(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	fitted := 0
	for range 300 {
		n, kind := 4+rng.IntN(40), rng.IntN(4)
		id, time, x, y := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range y {
			id[i], time[i] = float64(rng.IntN(1+n/2)), float64(rng.IntN(4))+0.5*float64(rng.IntN(2))
			x[i] = rng.NormFloat64() * math.Pow(10, float64(rng.IntN(12)-6))
			switch kind {
			case 0:
				y[i] = float64(rng.IntN(2))
			case 1:
				y[i] = math.Floor(math.Exp(3 * rng.NormFloat64()))
			case 2:
				y[i] = math.Exp(10 * rng.NormFloat64())
			default:
				y[i] = rng.NormFloat64() * 1e6
			}
		}
		tab := columns(t, "id t x y", id, time, x, y)
		for _, family := range familyNames() {
			for _, corr := range []string{"exchangeable", "ar1", "unstructured"} {
				opt := Options{Subject: "id", Family: family, Correlation: corr}
				if rng.IntN(2) == 0 {
					opt.Time = "t"
				}
				if rng.IntN(3) == 0 {
					opt.Link = linkNames()[rng.IntN(len(linkNames()))]
				}
				r, err := Fit("y ~ x", tab, &opt)
				if err != nil {
					continue
				}
				fitted++
				for _, c := range r.Coefficients {
					if r.Converged == math.IsNaN(c.Estimate) || math.IsInf(c.SE, 0) {
						t.Fatalf("%+v of %+v", c, r)
					}
				}
				if !r.Converged && !has(r, "C2") && !has(r, "D7") || r.Document().Text() == "" {
					t.Fatalf("not converged and not said: %+v", r)
				}
				if _, err := json.Marshal(r); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if fitted < 500 {
		t.Errorf("only %d were fitted", fitted)
	}
}

func TestErrors(t *testing.T) {
	tab := data4(t, "sleepstudy")
	for _, c := range []struct {
		formula string
		opt     Options
		words   string
	}{
		{"Reaction ~ Days", Options{}, "Options.Subject"},
		{"Reaction ~ Days", Options{Subject: "Subjct"}, "Subject"},
		{"Reaction ~ Days", Options{Subject: "Subject", Time: "Day"}, "Days"},
		{"Reaction ~ Days", Options{Subject: "Subject", Family: "binomial"}, "0 to 1"},
		{"Reaction ~ Days", Options{Subject: "Subject", Family: "normal"}, "gaussian"},
		{"Reaction ~ Days", Options{Subject: "Subject", Link: "logit"}, "probabilities"},
		{"Reaction ~ Days", Options{Subject: "Subject", Link: "loggit"}, "logit"},
		{"Reaction ~ Days", Options{Subject: "Subject", Correlation: "exchangable"}, "exchangeable"},
		{"Reaction ~ Days", Options{Subject: "Subject", SE: "robst"}, "robust"},
		{"Reaction ~ Days", Options{Subject: "Subject", Given: [][]float64{{1}}}, "10 occasions"},
		{"Reaction ~ Days + (1 | Subject)", Options{Subject: "Subject"}, "random term"},
		{"Reaction ~ Days", Options{Subject: "Days", Time: "Subject", Correlation: "given"}, "matrix"},
		{"Reaction ~ factor(Subject)", Options{Subject: "Subject"}, "18 subjects and 18 coefficients"},
		{"Reaction ~ Days", Options{Subject: "Subject", Given: func() [][]float64 {
			g := make([][]float64, 10)
			for i := range g {
				g[i] = make([]float64, 10)
				for j := range g[i] {
					g[i][j] = -0.5
				}
				g[i][i] = 1
			}
			return g
		}()}, "positive definite"},
		{"Reaction ~", Options{Subject: "Subject"}, "formula"},
	} {
		_, err := Fit(c.formula, tab, &c.opt)
		if err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s %+v: %v, want %q", c.formula, c.opt, err, c.words)
		}
	}
	twice := columns(t, "id t y", []float64{1, 1, 2, 2, 3}, []float64{1, 1, 1, 2, 1}, []float64{1, 2, 3, 4, 5})
	if _, err := Fit("y ~ 1", twice, &Options{Subject: "id", Time: "t"}); err == nil || !strings.Contains(err.Error(), "two rows at t = 1") {
		t.Errorf("duplicate times: %v", err)
	}
	apart := columns(t, "id t y", []float64{1, 1, 2, 2, 3, 4}, []float64{1, 2, 1, 3, 1, 2}, []float64{1, 2, 3, 4, 5, 7})
	if _, err := Fit("y ~ 1", apart, &Options{Subject: "id", Time: "t", Correlation: "unstructured"}); err == nil || !strings.Contains(err.Error(), "cannot be estimated") {
		t.Errorf("never together: %v", err)
	}
}

// Robust intervals cover under a wrong working correlation, and the corrected
// ones with few subjects.
func TestCoverage(t *testing.T) {
	const sets, subjects, m = 400, 20, 5
	rng := rand.New(rand.NewPCG(9, 10))
	covered := map[Covariance]int{}
	for range sets {
		var id, x, y []float64
		for s := range subjects {
			b, group := rng.NormFloat64(), float64(s%2)
			for range m {
				id, x, y = append(id, float64(s)), append(x, group), append(y, 1+0.5*group+b+rng.NormFloat64())
			}
		}
		tab := columns(t, "id x y", id, x, y)
		for _, kind := range []Covariance{Robust, KauermannCarroll, ManclDeRouen} {
			c := fit(t, "y ~ x", tab, Options{Subject: "id", SE: kind}).Coefficients[1]
			if c.Lower < 0.5 && 0.5 < c.Upper {
				covered[kind]++
			}
		}
	}
	// 95 % within 3.3 standard errors of 400 draws is 91.4 to 98.6 %. The plain
	// sandwich falls below the corrected ones by construction.
	for _, kind := range []Covariance{KauermannCarroll, ManclDeRouen} {
		if n := covered[kind]; n < 365 || n > 395 {
			t.Errorf("%s covers %d of %d", kind, n, sets)
		}
	}
	if covered[Robust] > covered[KauermannCarroll] || covered[KauermannCarroll] > covered[ManclDeRouen] {
		t.Errorf("%v", covered)
	}
}

func TestDocumentAndJSON(t *testing.T) {
	r := fit(t, "distance ~ age * Sex", data4(t, "Orthodont"), Options{Subject: "Subject", Time: "age", Correlation: "exchangeable"})
	text := r.Document().Text()
	for _, want := range []string{"EQUATIONS SOLVED", "exchangeable 0.618", "27", "age:Sex", "Kauermann and Carroll", "Mancl-DeRouen", "Working correlation"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, out := range []string{r.Document().HTML(), r.Document().Markdown(), r.Document().LaTeX()} {
		if out == "" {
			t.Error("an empty document")
		}
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back struct {
		Beta, SE  []float64
		SERobust  []float64 `json:"se_robust"`
		Kind      string    `json:"se_kind"`
		Converged bool
		QIC       float64
	}
	if err := json.Unmarshal(b, &back); err != nil || len(back.Beta) != 4 || back.Kind != "kauermann-carroll" || !back.Converged || back.SERobust[0] >= back.SE[0] {
		t.Errorf("%v, %+v", err, back)
	}
}

func BenchmarkGEE(b *testing.B) {
	for _, c := range []struct {
		family, correlation string
		subjects            int
	}{{"binomial", "exchangeable", 1000}, {"binomial", "exchangeable", 20000}, {"gaussian", "ar1", 1000}, {"poisson", "unstructured", 10000}} {
		const n = 100_000
		rng := rand.New(rand.NewPCG(1, 1))
		var id, x, z, y []float64
		m := n / c.subjects
		for s := range c.subjects {
			u := 0.3 * rng.NormFloat64()
			for range m {
				v, w := rng.NormFloat64(), rng.NormFloat64()
				eta := 0.3*v - 0.2*w + u
				id, x, z = append(id, float64(s)), append(x, v), append(z, w)
				switch c.family {
				case "binomial":
					k := 0.0
					if rng.Float64() < 1/(1+math.Exp(-eta)) {
						k = 1
					}
					y = append(y, k)
				case "poisson":
					y = append(y, math.Floor(rng.ExpFloat64()*math.Exp(eta)))
				default:
					y = append(y, eta+rng.NormFloat64())
				}
			}
		}
		tab := columns(b, "id x z y", id, x, z, y)
		b.Run(c.family+"/"+c.correlation, func(b *testing.B) {
			for b.Loop() {
				if r := fit(b, "y ~ x + z", tab, Options{Subject: "id", Family: c.family, Correlation: c.correlation}); !r.Converged {
					b.Fatal("not converged")
				}
			}
		})
	}
}
