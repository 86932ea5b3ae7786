package laplace_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/laplace"
)

// Off the face the slope where T is singular is that of the integral, from which
// the rule's own differs by its error.
func TestQuadratureGradient(t *testing.T) {
	for _, name := range family.Names() {
		for _, link := range family.Links(name) {
			if link != family.Links(name)[0] {
				continue // the links differ in Kernel alone, and with some nodes reach means that cannot be
			}
			for i, src := range []string{"y ~ x + (1 | g)", "y ~ x + (x | g)", "y ~ x + (1 | g) + (0 + x | g)"} {
				tab := simulated(t, name, link, uint64(i))
				opt := &design.Options{Offset: "off"}
				if name == "binomial" {
					opt.Weights = "w"
				}
				for nodes, off := range map[int]float64{3: 1e-2, 8: 1e-4} {
					if nodes == 8 && name != "negbinomial" {
						continue
					}
					t.Run(fmt.Sprint(name, link, src, nodes), func(t *testing.T) {
						o := objective(t, build(t, src, tab, opt), name, link, laplace.Settings{Nodes: nodes})
						p := point(o, rand.New(rand.NewPCG(3, 3)), 1)
						checkGradient(t, o, p, off)
						for b, blk := range o.Blocks() {
							if blk.Shape == cone.Free {
								continue
							}
							q := p.Clone()
							q[b] = make([]float64, len(q[b]))
							checkGradient(t, o, q, off)
							if blk.K > 1 {
								q = p.Clone()
								for r := range blk.K {
									q[b][r*blk.K+blk.K-1] = 0
								}
								checkGradient(t, o, q, off)
							}
						}
					})
				}
			}
		}
	}
}

// lme4 leaves constants out of the log-likelihood when it takes more than one node:
// its criterion is that above the saturated model, whose log-likelihood is added
// here.
func TestQuadratureReference(t *testing.T) {
	fits, err := reference.Fits()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range fits {
		nodes := settings(f.ID).Nodes
		if nodes < 2 {
			continue
		}
		seen++
		t.Run(f.ID, func(t *testing.T) {
			d := referenceDesign(t, f)
			o := objective(t, d, f.Family, link(f.ID), laplace.Settings{Nodes: nodes})
			fam := o.Family()
			var saturated float64
			for i, y := range d.Y {
				w := 1.0
				if d.Trials != nil {
					w = d.Trials[i]
				}
				saturated += fam.Constant(y, w, 1)
				if fam.Name() == "poisson" && y > 0 || y > 0 && y < 1 {
					l, _, _, _ := fam.Kernel(y, fam.Eta(y), 1)
					saturated += w * l
				}
			}
			compare(t, o, minimum(t, o), expected{f.Criterion - 2*saturated, f.Beta, sds(f)})
			// The criterion converges in the number of nodes.
			end := minimum(t, objective(t, d, f.Family, link(f.ID), laplace.Settings{Nodes: 50})).Derivs.F
			before := math.Inf(1)
			for _, n := range []int{3, 9, 20} {
				off := math.Abs(minimum(t, objective(t, d, f.Family, link(f.ID), laplace.Settings{Nodes: n})).Derivs.F - end)
				if off > before/5 && off > 1e-9 {
					t.Errorf("%d nodes: %g from 50 nodes, before %g", n, off, before)
				}
				before = off
			}
			if before > 1e-6 {
				t.Errorf("20 nodes: %g from 50 nodes", before)
			}
		})
	}
	if seen != 4 {
		t.Errorf("%d fits, expected 4", seen)
	}
}

func TestOneNodeIsLaplace(t *testing.T) {
	tab := simulated(t, "poisson", "log", 2)
	d := build(t, "y ~ x + (x | g)", tab, nil)
	a := objective(t, d, "poisson", "", laplace.Settings{})
	b := objective(t, d, "poisson", "", laplace.Settings{Nodes: 1})
	p := point(a, rand.New(rand.NewPCG(1, 1)), 1)
	if x, y := a.Value(p), b.Value(p); math.Abs(x-y) > 1e-10 {
		t.Errorf("%g and %g", x, y)
	}
}

// The integral over each group by the trapezoid rule, which for a smooth function
// that dies away errs less than rounding does.
func TestQuadratureIsTheIntegral(t *testing.T) {
	for _, name := range family.Names() {
		tab := simulated(t, name, "", 3)
		d := build(t, "y ~ x + (1 | g)", tab, nil)
		o := objective(t, d, name, "", laplace.Settings{Nodes: 40})
		p := point(o, rand.New(rand.NewPCG(1, 1)), 1.5)
		got := o.Value(p)
		sol := o.Solve(p)
		beta, sd := o.Coords().Beta(sol.Beta), p[0][0]*math.Abs(o.Coords().T[0][0])
		var want float64
		for j := range d.Terms[0].Levels {
			sum := 0.0
			var rows []int
			for i, l := range d.Terms[0].Level {
				if int(l) == j {
					rows = append(rows, i)
				}
			}
			const h = 0.01
			for u := -9.0; u <= 9; u += h {
				l := -u*u/2 - math.Log(2*math.Pi)/2
				for _, i := range rows {
					eta := sd * u
					for c, v := range d.X.Row(i) {
						eta += v * beta[c]
					}
					r, _, _, _ := o.Family().Row(d.Y[i], 1, eta, o.Shape(p))
					l += r
				}
				sum += h * math.Exp(l)
			}
			want -= 2 * math.Log(sum)
		}
		if math.Abs(got-want) > 1e-7*math.Abs(want) {
			t.Errorf("%s: %.10g, want %.10g", name, got, want)
		}
	}
}

// The same for vectors of random effects.
func TestQuadratureIsTheIntegralInTwoDimensions(t *testing.T) {
	tab := simulated(t, "binomial", "", 3)
	d := build(t, "y ~ x + (x | g)", tab, &design.Options{Weights: "w"})
	o := objective(t, d, "binomial", "", laplace.Settings{Nodes: 21})
	p := point(o, rand.New(rand.NewPCG(1, 1)), 1)
	got := o.Value(p)
	beta := o.Coords().Beta(o.Solve(p).Beta)
	var lambda [4]float64 // in the user's terms
	for i := range 2 {
		for j := range 2 {
			for l := range 2 {
				lambda[i*2+j] += o.Coords().T[0][i*2+l] * p[0][l*2+j]
			}
		}
	}
	var want float64
	for j := range d.Terms[0].Levels {
		var rows []int
		for i, l := range d.Terms[0].Level {
			if int(l) == j {
				rows = append(rows, i)
			}
		}
		sum := 0.0
		const h = 0.25
		for u := -7.0; u <= 7; u += h {
			for v := -7.0; v <= 7; v += h {
				l := -(u*u+v*v)/2 - math.Log(2*math.Pi)
				for _, i := range rows {
					z := d.Terms[0].Z.Row(i)
					eta := z[0]*(lambda[0]*u+lambda[1]*v) + z[1]*(lambda[2]*u+lambda[3]*v)
					for c, x := range d.X.Row(i) {
						eta += x * beta[c]
					}
					r, _, _, _ := o.Family().Row(d.Y[i], d.Weights[i], eta, 1)
					l += r
				}
				sum += h * h * math.Exp(l)
			}
		}
		want -= 2 * math.Log(sum)
	}
	if math.Abs(got-want) > 1e-6 {
		t.Errorf("%.10g, want %.10g", got, want)
	}
}
