package laplace_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/laplace"
	"github.com/golmm/golmm/lmm/table"
)

// simulated has groups g and h, crossed, g nested in s, covariates x and z, and a
// response of each family.
func simulated(t testing.TB, name, link string, seed uint64) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 4))
	fam, err := family.New(name, link)
	if err != nil {
		t.Fatal(err)
	}
	const n = 160
	var y, x, z, w, off []float64
	var g, h, s []string
	bg, bh, bx := draws(rng, 12), draws(rng, 5), draws(rng, 12)
	for i := range n {
		gi, hi := i%12, (i/12+rng.IntN(2))%5
		xi := rng.NormFloat64()
		eta := 0.3 + 0.4*xi + 0.6*bg[gi] + 0.5*bh[hi] + 0.4*bx[gi]*xi
		switch link {
		case "inverse", "identity", "sqrt":
			eta = 3 + 0.15*(eta-0.3)
		}
		wi := 1.0
		if name == "binomial" {
			wi = float64(1 + i%4)
		}
		x, z, w, off = append(x, xi), append(z, rng.NormFloat64()), append(w, wi), append(off, 0.1*rng.NormFloat64())
		g, h, s = append(g, fmt.Sprint("g", gi)), append(h, fmt.Sprint("h", hi)), append(s, fmt.Sprint("s", gi/4))
		y = append(y, fam.Simulate(rng, fam.Mean(eta), wi, 3))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z), table.NewFloats("w", w),
		table.NewFloats("off", off), table.NewTexts("g", g), table.NewTexts("h", h), table.NewTexts("s", s))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func draws(rng *rand.Rand, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = rng.NormFloat64()
	}
	return out
}

var structures = []string{
	"y ~ x + (1 | g)",
	"y ~ x + (x | g)",
	"y ~ x + (1 | g) + (0 + x | g)",
	"y ~ x + (x || h) + (1 | g)",
	"y ~ x + (x | g) + (1 | h)",
	"y ~ x + (x | h) + (z | g) + (1 | s)",
	"y ~ x + (1 | s/g) + (x | h)",
	"y ~ 0 + (x | g) + (1 | h)",
}

// each runs a test for families, links and structures.
func each(t *testing.T, test func(t *testing.T, o *laplace.Objective)) {
	for _, name := range family.Names() {
		for _, link := range family.Links(name) {
			for i, src := range structures {
				if i > 1 && link != "logit" && name != "negbinomial" {
					continue // the structures do not know the family
				}
				tab := simulated(t, name, link, uint64(i))
				opt := &design.Options{Offset: "off"}
				if name == "binomial" {
					opt.Weights = "w"
				}
				if src == "y ~ 0 + (x | g) + (1 | h)" && link != "logit" && link != "log" {
					continue // a mean of 0 in the middle
				}
				t.Run(name+"/"+link+"/"+src, func(t *testing.T) {
					test(t, objective(t, build(t, src, tab, opt), name, link, laplace.Settings{}))
				})
			}
		}
	}
}

// point draws Lambda of about a size in units.
func point(o *laplace.Objective, rng *rand.Rand, size float64) cone.Point {
	p := cone.Identity(o.Blocks(), 0)
	for b, blk := range o.Blocks() {
		for r := range blk.K {
			for c := range blk.K {
				if r == c || c < r && blk.Shape == cone.Full {
					p[b][r*blk.K+c] = size * blk.Unit * (0.3 + math.Abs(rng.NormFloat64()))
				}
			}
		}
		if blk.Shape == cone.Free {
			p[b][0] = 1
		}
	}
	return p
}

// The gradient along the directions of a chart, off the face of zeros as well,
// against differences of fourth order of the value. Their error is rounding,
// 1e-12 / h, and h^4.
func checkGradient(t *testing.T, o *laplace.Objective, p cone.Point, off float64) {
	t.Helper()
	chart := cone.NewChart(o.Blocks(), p)
	d := o.Gradient(chart.Centre)
	if math.IsInf(d.F, 1) {
		t.Fatalf("no value at %v: %s", p, o.Reason())
	}
	g := make([]float64, len(chart.Dirs))
	chart.Gradient(g, d.G, chart.Centre)
	steps := make([]float64, len(chart.Dirs))
	const h = 2e-3
	for a, dir := range chart.Dirs {
		value := func(t float64) float64 {
			steps[a] = t
			defer func() { steps[a] = 0 }()
			return o.Value(chart.Move(steps))
		}
		var got, want float64
		if dir.Off { // f is even there: the slope in Psi is half the second derivative
			got = chart.Second(a, a, d.G)
			h := h / math.Max(1, math.Sqrt(math.Abs(got))/50) // a step that does not leave the parabola
			want = (16*(value(h)+value(-h)) - (value(2*h) + value(-2*h)) - 30*d.F) / (12 * h * h)
			if math.Abs(got-want) > off*(1+math.Abs(want)) {
				t.Errorf("direction %d off the face: %.10g, want %.10g", a, got, want)
			}
			continue
		}
		got, want = g[a], (8*(value(h)-value(-h))-(value(2*h)-value(-2*h)))/(12*h)
		if math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
			t.Errorf("direction %d: %.10g, want %.10g", a, got, want)
		}
	}
}

func TestGradientIsThatOfTheValue(t *testing.T) {
	each(t, func(t *testing.T, o *laplace.Objective) {
		rng := rand.New(rand.NewPCG(3, 3))
		size := 1.0
		if o.Family().Link() == "identity" {
			size = 0.3 // further out means become negative
		}
		p := point(o, rng, size)
		checkGradient(t, o, p, 2e-5)
		// On the boundary: all zero, a term zero, the last column zero.
		checkGradient(t, o, cone.Identity(o.Blocks(), 0), 2e-5)
		for b, blk := range o.Blocks() {
			q := p.Clone()
			if blk.Shape != cone.Free {
				q[b] = make([]float64, len(q[b]))
			}
			checkGradient(t, o, q, 2e-5)
			if blk.K > 1 {
				q = p.Clone()
				for r := range blk.K {
					q[b][r*blk.K+blk.K-1] = 0
				}
				checkGradient(t, o, q, 2e-5)
			}
		}
	})
}

// From wherever mode and fixed effects were left, the value is the same.
func TestTheValueDoesNotDependOnThePath(t *testing.T) {
	for _, src := range []string{"y ~ x + (x | g)", "y ~ x + (x | h) + (z | g) + (1 | s)"} {
		for _, name := range family.Names() {
			tab := simulated(t, name, "", 9)
			o := objective(t, build(t, src, tab, nil), name, "", laplace.Settings{})
			rng := rand.New(rand.NewPCG(5, 5))
			p := point(o, rng, 1)
			want := o.Value(p)
			wantG := o.Gradient(p).G
			for range 20 {
				o.Value(point(o, rng, math.Exp(1.5*rng.NormFloat64())))
				if got := o.Value(p); !(math.Abs(got-want) <= 1e-8) {
					t.Errorf("%s %s: %.12g, before %.12g", name, src, got, want)
				}
			}
			for b, g := range o.Fork().Gradient(p).G {
				for i, v := range g {
					if math.Abs(v-wantG[b][i]) > 1e-7*(1+math.Abs(v)) {
						t.Errorf("%s %s: gradient %g, before %g", name, src, v, wantG[b][i])
					}
				}
			}
		}
	}
}
