package plots

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

func coefficientsOf(t testing.TB, m *lmm.Model) *infer.Estimates {
	t.Helper()
	e, err := infer.Coefficients(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

const (
	ratFormula   = "weight ~ Treatment * sex + Lsize + (1 | Litter)"
	sleepFormula = "Reaction ~ Days + (Days | Subject)"
)

// Points and bars are the estimates and their limits, rows in order.
func TestCoefficientsDrawsTheEstimates(t *testing.T) {
	e := coefficientsOf(t, fitted(t, ratFormula, "RatPupWeight"))
	f := Coefficients(e)
	marks := drawn(t, f)
	if len(marks) != len(e.Rows) {
		t.Fatalf("%d marks of %d coefficients", len(marks), len(e.Rows))
	}
	for i, r := range e.Rows {
		panel, row := 1, float64(i-1)
		if r.Name == "(Intercept)" {
			panel, row = 0, 0
		}
		m := tipped(t, marks, panel, r.Name)
		near := f.closeX(panel)
		if !same(m.x, r.Value, near) || !same(m.x0, r.Lower, near) || !same(m.x1, r.Upper, near) || !same(m.y, row, f.closeY(panel)) {
			t.Errorf("%s is drawn at %v, %v to %v, row %v; want %v, %v to %v, row %v", r.Name, m.x, m.x0, m.x1, m.y, r.Value, r.Lower, r.Upper, row)
		}
	}
	goldenSVG(t, f, "coefficients")
}

func TestCompareCoefficientsDrawsEachModel(t *testing.T) {
	models := []NamedEstimates{
		{"slopes", coefficientsOf(t, fitted(t, sleepFormula, "sleepstudy"))},
		{"intercepts", coefficientsOf(t, fitted(t, "Reaction ~ 1 + (1 | Subject)", "sleepstudy"))},
	}
	f := CompareCoefficients(models)
	marks := drawn(t, f)
	if len(f.Plots()) != 2 || len(marks) != 3 {
		t.Fatalf("%d marks in %d panels", len(marks), len(f.Plots()))
	}
	for i, model := range models {
		for k, r := range model.Estimates.Rows {
			m := tipped(t, marks, k, model.Name+", "+r.Name)
			near := f.closeX(k)
			if !same(m.x, r.Value, near) || !same(m.x0, r.Lower, near) || !same(m.x1, r.Upper, near) || !same(m.y, float64(i), f.closeY(k)) {
				t.Errorf("%s: %+v, want %v, %v to %v", m.tip, m, r.Value, r.Lower, r.Upper)
			}
		}
	}
	goldenSVG(t, f, "coefficients2")
}

// An estimate that does not exist is said, not drawn; scales are apart where
// the widths are; many rows have a page.
func TestCoefficientsAwkward(t *testing.T) {
	nan := math.NaN()
	e := &infer.Estimates{DF: infer.Normal, Level: 0.9, Rows: []infer.Estimate{
		{Name: "ein sehr langer Name, der nicht in die Spalte passt 学校の名前", Value: 1, Lower: 0.5, Upper: 1.5},
		{Name: "aliased", Value: nan, SE: nan, Lower: nan, Upper: nan, Reason: "it depends on others"},
		{Name: "bare", Value: 2, Lower: nan, Upper: nan, Reason: "no standard error"},
		{Name: "large", Value: 1e6, Lower: -1e6, Upper: 3e6},
	}}
	f := Coefficients(e)
	svg := svgOf(t, f)
	if n := strings.Count(svg, ">not applicable</text>"); n != 2 {
		t.Errorf("%d rows say that they have no interval, want 2", n)
	}
	for _, want := range []string{"…", "学校の名前", "90 % intervals", "variances taken as known"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	if strings.Contains(svg, "NaN") || len(f.Plots()) != 2 {
		t.Errorf("NaN, or %d scales", len(f.Plots()))
	}
	if !strings.Contains(f.Text(), "aliased: it depends on others") {
		t.Errorf("no reason:\n%s", f.Text())
	}
	e.Rows = e.Rows[1:2]
	svgOf(t, Coefficients(e))
	for range 200 {
		e.Rows = append(e.Rows, infer.Estimate{Name: "x", Value: 1, Lower: 0, Upper: 3})
	}
	f = Coefficients(e)
	svgOf(t, f)
	if _, h := f.Size(); h > maxPage+0.01 {
		t.Errorf("the page has %v", h)
	}
	for _, bad := range []*Figure{Coefficients(nil), Coefficients(&infer.Estimates{}), CompareCoefficients(nil), CompareCoefficients([]NamedEstimates{{"a", nil}})} {
		if bad.Err() == nil {
			t.Error("no error")
		}
	}
}

func TestMeansDrawsTheMeans(t *testing.T) {
	s, err := infer.MarginalMeans(fitted(t, ratFormula, "RatPupWeight"), &infer.MeansOptions{Of: []string{"Treatment"}, By: []string{"sex"}})
	if err != nil {
		t.Fatal(err)
	}
	f := Means(s)
	marks := drawn(t, f)
	if len(marks) != 6 || len(f.Plots()) != 2 || f.Plots()[0].X.Min != f.Plots()[1].X.Min {
		t.Fatalf("%d means in %d panels", len(marks), len(f.Plots()))
	}
	for _, r := range s.Rows {
		panel := 0
		if r.By[0] == f.Plots()[1].Title.Text {
			panel = 1
		}
		m := tipped(t, marks, panel, r.Of[0])
		near := f.closeX(panel)
		if !same(m.x, r.Value, near) || !same(m.x0, r.Lower, near) || !same(m.x1, r.Upper, near) {
			t.Errorf("%v is drawn at %v, %v to %v; want %v, %v to %v", r.Name, m.x, m.x0, m.x1, r.Value, r.Lower, r.Upper)
		}
	}
	goldenSVG(t, f, "means")
	d := Differences(s)
	marks = drawn(t, d)
	for _, r := range s.Pairs {
		panel := 0
		if r.By[0] == d.Plots()[1].Title.Text {
			panel = 1
		}
		m := tipped(t, marks, panel, r.Name)
		if near := d.closeX(panel); !same(m.x, r.Value, near) || !same(m.x0, r.Lower, near) || !same(m.x1, r.Upper, near) {
			t.Errorf("%s: %+v", r.Name, m)
		}
		if !strings.Contains(m.tip, pValue(r.PAdjusted)) {
			t.Errorf("%s: the tooltip lacks the p value: %s", r.Name, m.tip)
		}
	}
	if x := d.Plots()[0].X; x.Min > 0 || x.Max < 0 {
		t.Error("zero is not in view")
	}
	goldenSVG(t, d, "differences")
}

// A mean that cannot be estimated, one mean alone, and no means.
func TestMeansAwkward(t *testing.T) {
	nan := math.NaN()
	one := &infer.Means{Response: "y", Level: 0.95, DF: infer.Normal, Rows: []infer.Mean{{Estimate: infer.Estimate{Name: "all", Value: nan, Lower: nan, Upper: nan, Reason: "the cell is empty"}}}}
	f := Means(one)
	if svg := svgOf(t, f); !strings.Contains(svg, ">not applicable</text>") || !strings.Contains(f.Text(), "the cell is empty") {
		t.Error("a mean that does not exist is not said")
	}
	for _, bad := range []*Figure{Means(nil), Means(&infer.Means{}), Differences(nil), Differences(one), Means(one, Options{}, Options{})} {
		if bad.Err() == nil {
			t.Error("no error")
		}
	}
}

// The line of slopes is drawn where the means of the covariate's values are.
func TestPredictionsDrawsTheMeans(t *testing.T) {
	m := fitted(t, "distance ~ age * Sex + (age | Subject)", "Orthodont")
	f := Predictions(m, Options{X: "age", By: "Sex"})
	s, err := infer.MarginalMeans(m, &infer.MeansOptions{By: []string{"Sex", "age"}, At: map[string][]float64{"age": {8, 14}}})
	if err != nil {
		t.Fatal(err)
	}
	svg := svgOf(t, f)
	var lines [][]float64
	for _, e := range parse(t, svg).all("path") {
		if e.attr("stroke-width") == "2" {
			lines = append(lines, pathNumbers(t, e.attr("d")))
		}
	}
	if len(lines) != 2 || len(f.Plots()) != 2 {
		t.Fatalf("%d lines in %d panels", len(lines), len(f.Plots()))
	}
	for _, r := range s.Rows {
		panel, end := 0, 0
		if r.By[0] == f.Plots()[1].Title.Text {
			panel = 1
		}
		l := lines[panel]
		x := 8.0
		if r.By[1] == "14" {
			end, x = len(l)-2, 14
		}
		gx, gy := f.dataAt(panel, l[end], l[end+1])
		if !same(gx, x, f.closeX(panel)) || !same(gy, r.Value, f.closeY(panel)) {
			t.Errorf("%s: drawn at %v, %v, want %v, %v", r.Name, gx, gy, x, r.Value)
		}
	}
	if n := strings.Count(svg, "h0"); n != m.NObs() {
		t.Errorf("%d responses of %d", n, m.NObs())
	}
	goldenSVG(t, f, "predictions")
}

// Over a factor the means stand on their levels, responses beside them.
func TestPredictionsOverAFactor(t *testing.T) {
	m := fitted(t, ratFormula, "RatPupWeight")
	f := Predictions(m, Options{X: "Treatment", By: "sex"})
	s, err := infer.MarginalMeans(m, &infer.MeansOptions{Of: []string{"Treatment"}, By: []string{"sex"}})
	if err != nil {
		t.Fatal(err)
	}
	marks := drawn(t, f)
	for i, r := range s.Rows {
		panel := 0
		if r.By[0] == f.Plots()[1].Title.Text {
			panel = 1
		}
		v := tipped(t, marks, panel, r.Of[0])
		near := f.closeY(panel)
		if !same(v.y, r.Value, near) || !same(min(v.y0, v.y1), r.Lower, near) || !same(max(v.y0, v.y1), r.Upper, near) || !same(v.x, float64(i%3)+aside, f.closeX(panel)) {
			t.Errorf("%s: %+v, want %v, %v to %v", r.Name, v, r.Value, r.Lower, r.Upper)
		}
	}
	goldenSVG(t, f, "predictions2")
	for _, bad := range []*Figure{Predictions(m, Options{X: "nothing"}), Predictions(m, Options{X: "Litter"}), Predictions(m, Options{X: "Treatment", By: "weight"})} {
		if bad.Err() == nil {
			t.Error("no error")
		}
	}
}

// pathNumbers are the points of a polyline, H and V completed.
func pathNumbers(t testing.TB, d string) []float64 {
	t.Helper()
	var out []float64
	for _, s := range regexpCommands.FindAllStringSubmatch(d, -1) {
		var a, b float64
		switch n := numeral.FindAllString(s[2], -1); s[1] {
		case "H":
			a, b = parsed(n[0]), out[len(out)-1]
		case "V":
			a, b = out[len(out)-2], parsed(n[0])
		default:
			a, b = parsed(n[0]), parsed(n[1])
		}
		out = append(out, a, b)
	}
	return out
}
