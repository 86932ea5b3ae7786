package infer_test

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/infer"
)

type profileFixture struct {
	Formula, Data    string
	CI50, CI95, CI99 *struct {
		Parm         []string
		Lower, Upper []*float64
	}
	Curves map[string]map[string]json.RawMessage
}

// The curves of lme4's profile(), which uses ML: zeta at its own points, and the
// other parameters there.
func TestProfileAgainstLme4(t *testing.T) {
	files, err := filepath.Glob("testdata/profile_*.json")
	if err != nil || len(files) < 9 {
		t.Fatalf("%d fixtures, %v", len(files), err)
	}
	for _, file := range files {
		var f profileFixture
		fixture(t, filepath.Base(file), &f)
		m := fitted(t, f.Formula, data(t, f.Data), true)
		names := infer.ProfileParameters(m)
		if len(names) != len(f.Curves) {
			t.Errorf("%s: parameters %q, lme4 has %d", file, names, len(f.Curves))
		}
		for name, curve := range f.Curves {
			column := func(key string) (x []float64) {
				if err := json.Unmarshal(curve[key], &x); err != nil {
					t.Fatalf("%s: %s of %s: %v", file, key, name, err)
				}
				return x
			}
			zeta, focal := column(".zeta"), column(name)
			points, err := infer.ProfileAt(m, name, focal)
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			columns := make([][]float64, len(names))
			for j, n := range names {
				columns[j] = column(n)
			}
			for i, p := range points {
				diff := math.Abs(p.Zeta) - math.Abs(zeta[i])
				// A smaller zeta is a better optimum of the other parameters.
				if diff > 2e-5 {
					t.Errorf("%s: zeta of %s = %g is %v, lme4 %v", file, name, p.Value, p.Zeta, zeta[i])
				}
				if diff < -1e-6 || p.Zeta*zeta[i] < 0 || math.Abs(zeta[i]) < 1e-4 {
					continue
				}
				for j, n := range names {
					want := columns[j][i]
					// lme4 stops within 1e-6 of the minimum: a thousandth of a
					// standard error. A correlation beside a variance of 0 is
					// anything.
					if size := math.Max(math.Abs(want), math.Abs(focal[i])*1e-3); !(math.Abs(p.Params[j]-want) <= 3e-3*size) && !plain(names, columns, i) {
						t.Errorf("%s: %s is %v where %s = %g, lme4 %v", file, n, p.Params[j], name, p.Value, want)
					}
				}
			}
		}
	}
}

// plain says that a standard deviation is 0 at a point, up to the optimiser of
// lme4, which stops within 1e-6 of the minimum.
func plain(names []string, columns [][]float64, i int) bool {
	for j, n := range names {
		if strings.HasPrefix(n, "sd_") && math.Abs(columns[j][i]) < 1e-2 {
			return true
		}
	}
	return false
}

// What every profile keeps: it starts at the estimate and the criterion of the
// fit, its limits have the zeta of the level, and units change it as they should.
func TestProfileProperties(t *testing.T) {
	const z = 1.959963984540054
	for _, c := range []struct{ data, formula string }{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)"},
		{"sleepstudy", "Reaction ~ Days + (Days || Subject)"},
		{"Pastes", "strength ~ 1 + (1 | batch/cask)"},
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)"},
		{"Machines", "score ~ Machine + cs(Machine | Worker)"},
	} {
		m := fitted(t, c.formula, data(t, c.data), false)
		p, err := infer.Profile(m, &infer.ProfileOptions{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		if !p.REML || len(p.Findings) > 0 {
			t.Errorf("%s: REML %v, %v", c.formula, p.REML, p.Findings)
		}
		values := m.Sigma()
		for _, curve := range p.Curves {
			if curve.Kind == infer.ResidualSD && !near(curve.Estimate, values, 1e-6) {
				t.Errorf("%s: sigma %v, fit %v", c.formula, curve.Estimate, values)
			}
			if curve.Reason != "" {
				if curve.Kind != infer.Correlation {
					t.Errorf("%s: %s: %s", c.formula, curve.Name, curve.Reason)
				}
				continue
			}
			for i, q := range curve.Points {
				if q.Value == curve.Estimate && curve.Kind != infer.FixedEffect && !near(q.Criterion, m.Criterion(), 1e-9) {
					t.Errorf("%s: the profile of %s starts at %v, the fit has %v", c.formula, curve.Name, q.Criterion, m.Criterion())
				}
				if i > 0 && (q.Value <= curve.Points[i-1].Value || q.Zeta < curve.Points[i-1].Zeta) {
					t.Errorf("%s: the curve of %s turns at %v", c.formula, curve.Name, q.Value)
				}
			}
			for sign, limit := range map[float64]infer.Limit{-1: curve.Lower, 1: curve.Upper} {
				if limit.Boundary {
					continue
				}
				at, err := infer.ProfileAt(m, curve.Name, []float64{limit.Value})
				if err != nil {
					t.Fatal(err)
				}
				if math.Abs(at[0].Zeta-sign*z) > 1e-6 {
					t.Errorf("%s: zeta of %s = %v is %v", c.formula, curve.Name, limit.Value, at[0].Zeta)
				}
			}
		}
	}
}

// A zero variance has the interval from 0 up, and says so; the correlation beside
// it has none.
func TestProfileOnTheBoundary(t *testing.T) {
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", data(t, "Dyestuff2"), false)
	p, err := infer.Profile(m, &infer.ProfileOptions{Params: []string{"sd_(Intercept)|Batch"}})
	if err != nil {
		t.Fatal(err)
	}
	c := p.Curves[0]
	if c.Estimate != 0 || c.Lower.Value != 0 || !c.Lower.Boundary || !(c.Upper.Value > 0) {
		t.Errorf("%+v", c)
	}
	f, err := infer.Profile(fitted(t, "distance ~ age + (age | Subject)", data(t, "data/Orthodont.csv"), true), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range f.Curves {
		for _, l := range []infer.Limit{c.Lower, c.Upper} {
			if math.IsNaN(l.Value) && l.Reason == "" || math.IsInf(l.Value, 0) {
				t.Errorf("%s: limit %+v", c.Name, l)
			}
			if c.Kind == infer.Correlation && math.Abs(l.Value) == 1 && !l.Boundary {
				t.Errorf("%s: limit %v without a word", c.Name, l.Value)
			}
		}
	}
}

func TestProfileUnits(t *testing.T) {
	tab := data(t, "sleepstudy")
	a, err := infer.Profile(fitted(t, "Reaction ~ Days + (Days | Subject)", tab, false), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := infer.Profile(fitted(t, "I(Reaction/1000) ~ I(Days*1e4) + (I(Days*1e4) | Subject)", tab, false), nil)
	if err != nil {
		t.Fatal(err)
	}
	factor := []float64{1e-3, 1, 1e-7, 1e-3, 1e-3, 1e-7}
	for i, f := range factor {
		for _, v := range [][2]float64{{a.Curves[i].Lower.Value, b.Curves[i].Lower.Value}, {a.Curves[i].Upper.Value, b.Curves[i].Upper.Value}} {
			if math.Abs(v[0]*f-v[1]) > 1e-6*math.Abs(v[1]) {
				t.Errorf("%s: limit %v, in other units %v", a.Curves[i].Name, v[0]*f, v[1])
			}
		}
	}
}

func TestProfileErrors(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", data(t, "sleepstudy"), false)
	for _, opt := range []*infer.ProfileOptions{{Level: 1}, {Level: -1}, {Level: math.NaN()}, {Params: []string{"sd"}}} {
		if _, err := infer.Profile(m, opt); err == nil {
			t.Errorf("%+v is no error", opt)
		}
	}
	for _, v := range []float64{-1, math.NaN()} {
		if _, err := infer.ProfileAt(m, "sd_Days|Subject", []float64{v}); err == nil {
			t.Errorf("a standard deviation of %v is no error", v)
		}
	}
}

func BenchmarkProfile(b *testing.B) {
	m := fitted(b, "Reaction ~ Days + (Days | Subject)", data(b, "sleepstudy"), true)
	for b.Loop() {
		if _, err := infer.Profile(m, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// A slice is nowhere below the profile, and touches it at the estimate.
func TestSlice(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", data(t, "sleepstudy"), true)
	p, err := infer.Profile(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Curves {
		values := []float64{c.Estimate, (c.Estimate + c.Lower.Value) / 2, c.Lower.Value, c.Upper.Value}
		slice, err := infer.Slice(m, c.Name, values)
		if err != nil {
			t.Fatal(err)
		}
		profile, err := infer.ProfileAt(m, c.Name, values)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range slice {
			if s.Criterion < profile[i].Criterion-1e-8 || i == 0 && !near(s.Criterion, m.Criterion(), 1e-10) {
				t.Errorf("%s = %v: slice %v, profile %v", c.Name, s.Value, s.Criterion, profile[i].Criterion)
			}
		}
	}
}

func TestProfileDocument(t *testing.T) {
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", data(t, "Dyestuff2"), false)
	p, err := infer.Profile(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := p.Document().Text()
	for _, want := range []string{"sd of (Intercept)", "the data do not exclude 0", "95 % interval"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
	b, err := json.Marshal(p)
	if err != nil || !strings.Contains(string(b), `"boundary":true`) {
		t.Errorf("%v: %.200s", err, b)
	}
}

// The profile of a standard deviation from the profiled criterion alone: with
// theta = sd / sigma, d = f(theta) + nu (log(sigma^2 / s2) + s2 / sigma^2 - 1) is
// minimised over a fine grid of sigma.
func TestProfileIsTheDefinition(t *testing.T) {
	for _, name := range []string{"Dyestuff", "Dyestuff2"} {
		for _, ml := range []bool{false, true} {
			m := fitted(t, "Yield ~ 1 + (1 | Batch)", data(t, name), ml)
			obj := m.Objective()
			nu := float64(m.NObs() - 1)
			if ml {
				nu++
			}
			definition := func(sd float64) float64 {
				best := math.Inf(1)
				for sigma := 0.5 * m.Sigma(); sigma < 2*m.Sigma(); sigma *= 1.0001 {
					p := obj.Point.Clone()
					p[0][0] = sd / sigma / obj.Coords.T[0][0]
					f := obj.Value(p) + obj.Shift()
					s2 := obj.Solve(p).Sigma2 * obj.Coords.YScale * obj.Coords.YScale
					best = math.Min(best, f+nu*(math.Log(sigma*sigma/s2)+s2/(sigma*sigma)-1))
				}
				return best
			}
			sds := []float64{0, 0.3 * m.Sigma(), 2 * m.Sigma()}
			points, err := infer.ProfileAt(m, "sd_(Intercept)|Batch", sds)
			if err != nil {
				t.Fatal(err)
			}
			for i, sd := range sds {
				// A step of the grid is 1e-4: its square times the curvature, about nu.
				if want := definition(sd); math.Abs(points[i].Criterion-want) > 1e-6 {
					t.Errorf("%s, ML %v: the profile at %v is %v, by its definition %v", name, ml, sd, points[i].Criterion, want)
				}
			}
		}
	}
}
