package infer

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// The derivatives of every chart against differences of the criterion, away from
// the optimum: those of first order everywhere, those of second order where one
// grouping factor makes them exact.
func TestChartDerivatives(t *testing.T) {
	for _, c := range []struct {
		data, formula, residual string
		exact                   bool
	}{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)", "", true},
		{"sleepstudy", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", "", true},
		{"Machines", "score ~ Machine + (Machine | Worker)", "", true},
		{"Machines", "score ~ Machine + cs(Machine | Worker)", "", true},
		{"Machines", "score ~ Machine + rr(Machine | Worker, 2)", "", true},
		{"Machines", "score ~ Machine + diag(Machine | Worker)", "", true},
		{"Pastes", "strength ~ 1 + (1 | batch/cask)", "", false},
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)", "exp(Days | Subject, nugget) * varexp(Days)", true},
		{"fm15_genetic", "y ~ trait - 1 + (trait - 1 | family)", "un(trait | ind)", true},
		{"Orthodont", "distance ~ age * Sex + (1 | Subject)", "ar1(age | Subject) * varident(Sex)", true},
		{"Pastes", "strength ~ 1", "free(1 | batch:cask) + free(1 | batch)", true},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(c.formula, tab, &lmm.Options{Residual: c.residual})
		if err != nil {
			t.Fatal(err)
		}
		land, ok := newLandscape(m)
		if !ok {
			t.Fatal("no landscape")
		}
		over := land.overSigma()
		for _, p := range parametersOf(m) {
			if p.kind == StandardDeviation {
				checkDerivatives(t, c.formula+": theta of "+p.name, over.sdChart(p.block, p.i), c.exact)
			}
			var ch *chart
			switch p.kind {
			case StandardDeviation:
				ch = land.sdChart(p.block, p.i)
			case Correlation:
				ch = land.correlationChart(p.block, p.i, p.j)
			case ResidualSD:
				ch = land.sigmaChart()
			case FreeVariance:
				ch = land.varianceChart(p.i)
			default:
				continue
			}
			if ch == nil {
				t.Errorf("%s: no chart of %s", c.formula, p.name)
				continue
			}
			if f := ch.evaluate(ch.x, ch.start, false).f; math.Abs(f-m.Criterion()) > 1e-8 {
				t.Errorf("%s: the chart of %s starts at %v, the fit has %v", c.formula, p.name, f, m.Criterion())
			}
			if v := ch.coord(ch.value(ch.x)); math.Abs(v-ch.x) > 1e-7*math.Max(1, math.Abs(ch.x)) {
				t.Errorf("%s: %s: x %v, back %v", c.formula, p.name, ch.x, v)
			}
			checkDerivatives(t, c.formula+": "+p.name, ch, c.exact)
		}
	}
}

func checkDerivatives(t *testing.T, name string, ch *chart, exact bool) {
	t.Helper()
	n := len(ch.start)
	u := append([]float64(nil), ch.start...)
	for i := range u {
		u[i] += 0.1 * math.Sin(float64(3*i+1))
	}
	x := ch.x + 0.05*ch.size
	if ch.upper < math.Inf(1) {
		x = ch.x - 0.05
	}
	at := func(i int, h float64) jet {
		v, y := append([]float64(nil), u...), x
		if i == n {
			y += h * ch.size
		} else {
			v[i] += h
		}
		return ch.evaluate(y, v, true)
	}
	here := at(0, 0)
	const h = 1e-5
	for i := range n + 1 {
		unit := 1.0
		if i == n {
			unit = ch.size
		}
		plus, minus := at(i, h), at(i, -h)
		// Central differences: h^2 and rounding / h, both below 1e-6 of a
		// curvature of the order of the number of rows.
		if d := (plus.f - minus.f) / (2 * h * unit); math.Abs(d-here.g[i])*unit > 2e-4 {
			t.Errorf("%s: derivative %d is %v, difference %v", name, i, here.g[i], d)
		}
		for j := range n + 1 {
			if !exact {
				continue
			}
			size := math.Sqrt(math.Abs(here.h.At(i, i)*here.h.At(j, j))) + 1
			if d := (plus.g[j] - minus.g[j]) / (2 * h * unit); math.Abs(d-here.h.At(i, j)) > 1e-5*size {
				t.Errorf("%s: second derivative %d, %d is %v, difference %v", name, i, j, here.h.At(i, j), d)
			}
		}
	}
}
