package plots

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// manyRows has residuals without a model.
type manyRows struct{ fitted, residuals []float64 }

func (manyRows) Formula() string                        { return "y ~ x + (1 | g)" }
func (manyRows) ResponseName() string                   { return "y" }
func (m manyRows) Fitted() []float64                    { return m.fitted }
func (m manyRows) Residuals(lmm.ResidualKind) []float64 { return m.residuals }

// A constant variance gives a level curve at the median of sqrt(|Z|), and many
// points a file under 1 MB.
func TestScaleLocationOfManyRows(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	n := 60_000
	m := manyRows{make([]float64, n), make([]float64, n)}
	for i := range n {
		m.fitted[i], m.residuals[i] = r.Float64(), r.NormFloat64()
	}
	f := ScaleLocation(m)
	svg := svgOf(t, f)
	if len(svg) > 1<<20 || !strings.Contains(f.Caption(), "are drawn once") {
		t.Errorf("%d bytes: %s", len(svg), f.Caption())
	}
	for _, e := range parse(t, svg).all("path") {
		if e.attr("stroke-width") != "2" {
			continue
		}
		_, y := readCurve(t, f, 0, e.attr("d"))
		for _, v := range y {
			// The smoother is robust: near the middle of the points, whose mean is 0.822.
			if math.Abs(v-medianRoot) > 0.02 {
				t.Errorf("the curve is at %v, want %v", v, medianRoot)
			}
		}
	}
}

func TestScaleLocation(t *testing.T) {
	goldenSVG(t, ScaleLocation(fitted(t, sleepFormula, "sleepstudy")), "scalelocation")
	if ScaleLocation(manyRows{[]float64{1}, []float64{math.NaN()}}).Err() == nil || ScaleLocation(manyRows{[]float64{1}, nil}).Err() == nil {
		t.Error("no error without residuals")
	}
}

// The disc of a row is the median of its level, the bar its quartiles, and rows
// are ordered by the range.
func TestResidualsByGroupDrawsTheQuartiles(t *testing.T) {
	m := fitted(t, sleepFormula, "sleepstudy")
	f := ResidualsByGroup(m)
	term := m.Frame().Terms[0]
	r := m.Residuals(lmm.StandardisedResidual)
	last := 0.0
	for i, g := range parse(t, svgOf(t, f)).all("g") {
		level, _, _ := strings.Cut(g.all("title")[0].Text, ":")
		var values []float64
		for k, l := range term.Level {
			if term.Levels[l] == level {
				values = append(values, r[k])
			}
		}
		slices.Sort(values)
		dot := g.all("circle")[0]
		x, y := f.dataAt(0, dot.number(t, "cx"), dot.number(t, "cy"))
		if want := quantile(values, 0.5); !same(x, want, f.closeX(0)) || !same(y, float64(i), f.closeY(0)) {
			t.Errorf("%s: the median is at %v, row %v; want %v, %d", level, x, y, want, i)
		}
		for _, p := range g.all("path") {
			if p.attr("stroke-width") == "2.5" {
				v := pathEnds(t, p.attr("d"))
				lo, _ := f.dataAt(0, v[0], v[1])
				hi, _ := f.dataAt(0, v[2], v[3])
				if !same(lo, quantile(values, 0.25), f.closeX(0)) || !same(hi, quantile(values, 0.75), f.closeX(0)) {
					t.Errorf("%s: quartiles %v and %v", level, lo, hi)
				}
				if hi-lo < last-2*f.closeX(0) {
					t.Errorf("%s is not wider than the row before", level)
				}
				last = hi - lo
			}
		}
	}
	goldenSVG(t, f, "residualsbygroup")
	if n := len(drawn(t, ResidualsByGroup(m, Options{Levels: []string{"308", "309"}, LevelOrder: true}))); n != 2 {
		t.Errorf("%d rows of 2 levels", n)
	}
	for _, o := range []Options{{Group: "what"}, {Levels: []string{"what"}}, {OrderBy: "what"}, {Page: 2}} {
		if ResidualsByGroup(m, o).Err() == nil {
			t.Errorf("no error for %+v", o)
		}
	}
}

// Rows of very many points are thinned.
func TestGroupStripsAreThinned(t *testing.T) {
	p := newPlot()
	p.X.Min, p.X.Max = -4, 4
	r := rand.New(rand.NewPCG(13, 14))
	values := make([]float64, 100_000)
	for i := range values {
		values[i] = r.NormFloat64()
	}
	if n := len(groupStrips{thin: true}.points(values, p)); n > latticeX || n < latticeX/2 {
		t.Errorf("%d points are left", n)
	}
	if n := len(groupStrips{}.points(values, p)); n != len(values) {
		t.Errorf("%d points are left without thinning", n)
	}
}

// The correlogram of residuals that follow an autoregression is its powers.
func TestCorrelogram(t *testing.T) {
	m := fitted(t, sleepFormula, "sleepstudy")
	days, err := columnValues(m, "Days")
	if err != nil {
		t.Fatal(err)
	}
	classes, all := lagClasses(days, &m.Frame().Terms[0])
	if len(classes) != 9 || !all {
		t.Fatalf("%d classes of distance", len(classes))
	}
	for i, c := range classes {
		if c.distance != float64(i+1) || len(c.pairs) != 18*(9-i) {
			t.Errorf("class %d: distance %v, %d pairs", i, c.distance, len(c.pairs))
		}
	}
	// Rows of a subject alternate in sign: the correlation is (-1)^lag.
	r := make([]float64, len(days))
	for i, d := range days {
		r[i] = 1 - 2*math.Mod(d, 2)
	}
	for i, v := range correlogram(r, classes)[:9] {
		if want := 1 - 2*math.Mod(float64(i+1), 2); math.Abs(v-want) > 1e-12 {
			t.Errorf("correlation %v at distance %d, want %v", v, i+1, want)
		}
	}
	if v := correlogram(r, classes)[9]; v != 2 {
		t.Errorf("semivariogram %v, want 2", v)
	}
}

func TestResidualACFDrawsTheCorrelogram(t *testing.T) {
	m := fitted(t, sleepFormula, "sleepstudy")
	f := ResidualACF(m, Options{Replicates: 79, Seed: 3})
	days, err := columnValues(m, "Days")
	if err != nil {
		t.Fatal(err)
	}
	classes, _ := lagClasses(days, &m.Frame().Terms[0])
	want := correlogram(m.Residuals(lmm.StandardisedResidual), classes)
	marks := drawn(t, f)
	if len(marks) != 18 {
		t.Fatalf("%d points", len(marks))
	}
	for i, v := range marks {
		if !same(v.y, want[i], f.closeY(v.panel)) || !same(v.x, float64(i%9+1), f.closeX(v.panel)) {
			t.Errorf("%s is drawn at %v, %v; want %v", v.tip, v.x, v.y, want[i])
		}
	}
	goldenSVG(t, f, "acf")
	if a, b := svgOf(t, ResidualACF(m, Options{Replicates: 79, Seed: 3})), svgOf(t, f); a != b {
		t.Error("the seed does not fix the picture")
	}
	if ResidualACF(fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff")).Err() == nil {
		t.Error("no error without time")
	}
}

// Many distances are put into classes with about as many pairs.
func TestLagClassesOfManyDistances(t *testing.T) {
	m := fitted(t, sleepFormula, "sleepstudy")
	r := rand.New(rand.NewPCG(7, 8))
	times := make([]float64, m.NObs())
	for i := range times {
		times[i] = r.Float64()
	}
	classes, _ := lagClasses(times, &m.Frame().Terms[0])
	total := 0
	for i, c := range classes {
		total += len(c.pairs)
		if i > 0 && c.distance <= classes[i-1].distance {
			t.Error("distances do not grow")
		}
		if want := 18 * 45 / 12; math.Abs(float64(len(c.pairs)-want)) > 2 {
			t.Errorf("class %d has %d pairs, want %d", i, len(c.pairs), want)
		}
	}
	if len(classes) != 12 || total != 18*45 {
		t.Errorf("%d classes, %d pairs", len(classes), total)
	}
}

func scaledOf(t testing.TB, m *lmm.Model) *infer.Scaled {
	t.Helper()
	s, err := infer.ScaledResiduals(m, &infer.ScaledOptions{Simulations: 100, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The points on the left are the ordered residuals at (i - 1/2) / n.
func TestSimulatedResidualsDrawsTheShares(t *testing.T) {
	m := fitted(t, sleepFormula, "sleepstudy")
	s := scaledOf(t, m)
	f := SimulatedResiduals(m, s)
	want := ordered(s.Residuals)
	for _, e := range parse(t, svgOf(t, f)).all("path") {
		d := e.attr("d")
		if e.attr("stroke-linecap") != "round" || strings.Count(d, "h0") != len(want) {
			continue
		}
		v := numeral.FindAllString(strings.ReplaceAll(d, "h0", " "), -1)
		if f.panelAt(parsed(v[0]), parsed(v[1])) != 0 {
			continue
		}
		for i := range want {
			x, y := f.dataAt(0, parsed(v[2*i]), parsed(v[2*i+1]))
			if !same(x, (float64(i)+0.5)/180, f.closeX(0)) || !same(y, want[i], f.closeY(0)) {
				t.Fatalf("point %d is at %v, %v; want %v", i, x, y, want[i])
			}
		}
	}
	goldenSVG(t, f, "simulated")
	for _, bad := range []*Figure{SimulatedResiduals(m, nil), SimulatedResiduals(m, &infer.Scaled{Residuals: []float64{1}})} {
		if bad.Err() == nil {
			t.Error("no error")
		}
	}
}

// Running quartiles of uniform values stay near 1/4, 1/2, 3/4; ties share a rank.
func TestRunningQuartiles(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	x, y := make([]float64, 20000), make([]float64, 20000)
	for i := range x {
		x[i], y[i] = r.Float64(), r.Float64()
	}
	_, q := runningQuartiles(x, y)
	for k, want := range []float64{0.25, 0.5, 0.75} {
		for _, v := range q[k] {
			// Four standard errors of a quantile of 4000.
			if math.Abs(v-want) > 0.032 {
				t.Errorf("quartile %v, want %v", v, want)
			}
		}
	}
	if got := sharesOfRanks([]float64{3, 1, 3, 2}); !slices.Equal(got, []float64{0.75, 0.125, 0.75, 0.375}) {
		t.Errorf("ranks %v", got)
	}
}

func influenceOf(t testing.TB, m *lmm.Model, group string) *infer.InfluenceTable {
	t.Helper()
	v, err := infer.Influence(m, &infer.InfluenceOptions{Group: group})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestInfluenceDrawsTheUnits(t *testing.T) {
	m := fitted(t, sleepFormula, "sleepstudy")
	v := influenceOf(t, m, "Subject")
	f := Influence(v)
	marks := drawn(t, f)
	if len(marks) != 3*len(v.Units) {
		t.Fatalf("%d marks of %d units", len(marks), len(v.Units))
	}
	for k, q := range influenceMeasures {
		for _, u := range v.Units {
			got := tipped(t, marks, k, u.Label+", "+q.name)
			if !same(got.x, q.of(u), f.closeX(k)) {
				t.Errorf("%s of %s is drawn at %v, want %v", q.name, u.Label, got.x, q.of(u))
			}
		}
	}
	for i := 1; i < len(v.Units); i++ {
		if marks[i].x > marks[i-1].x+2*f.closeX(0) {
			t.Error("the largest distance is not on top")
		}
	}
	goldenSVG(t, f, "influence")

	rows := influenceOf(t, m, "")
	f = Influence(rows)
	for _, got := range drawn(t, f) {
		name, _, _ := strings.Cut(strings.TrimPrefix(got.tip, "row "), ",")
		for i, u := range rows.Units {
			if u.Label == name && (!same(got.x, float64(i+1), f.closeX(got.panel)) || !same(got.y, influenceMeasures[got.panel].of(u), f.closeY(got.panel))) {
				t.Errorf("%s is drawn at %v, %v", got.tip, got.x, got.y)
			}
		}
	}
	goldenSVG(t, f, "influencerows")
}

// A unit without a distance is said; many rows fit on a page of 1 MB.
func TestInfluenceAwkward(t *testing.T) {
	nan := math.NaN()
	one := &infer.InfluenceTable{Group: "g", Units: []infer.Unit{{Label: "a", Cook: nan, Leverage: 1, CovRatio: nan, Reason: "without it there is no slope"}, {Label: "b", Cook: 0.1, Leverage: 1, CovRatio: 1}}}
	f := Influence(one)
	svg := svgOf(t, f)
	if strings.Count(svg, ">not applicable</text>") != 2 || strings.Contains(svg, "NaN") || !strings.Contains(f.Caption(), "1 of 2 have no distance") {
		t.Error(f.Caption())
	}
	many := &infer.InfluenceTable{}
	r := rand.New(rand.NewPCG(11, 12))
	for range 100_000 {
		many.Units = append(many.Units, infer.Unit{Label: "1", Cook: r.ExpFloat64(), Leverage: r.Float64(), CovRatio: r.Float64()})
	}
	if svg := svgOf(t, Influence(many)); len(svg) > 1<<20 {
		t.Errorf("%d bytes", len(svg))
	}
	for _, bad := range []*Figure{Influence(nil), Influence(&infer.InfluenceTable{})} {
		if bad.Err() == nil {
			t.Error("no error")
		}
	}
}

// The page has all panels of a model over time, and says what it leaves out.
func TestCheckModel(t *testing.T) {
	f := CheckModel(fitted(t, sleepFormula, "sleepstudy"), Options{Seed: 1})
	if n := len(f.Plots()); n != 6 {
		t.Errorf("%d panels: %s", n, f.Caption())
	}
	goldenSVG(t, f, "checkmodel")
	goldenSVG(t, CheckModel(fitted(t, sleepFormula, "sleepstudy"), Options{Seed: 1, Theme: DarkTheme}), "checkmodel-dark")
	f = CheckModel(fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2"))
	if len(f.Plots()) != 5 || !strings.Contains(f.Caption(), "Left out: residuals and time") {
		t.Errorf("%d panels: %s", len(f.Plots()), f.Caption())
	}
}
