package criterion_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/suffstat"
)

// The sensitivities from their definitions with n x n matrices, by levels and
// by elimination.
func TestSensitivityIsTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for i, m := range blockedModels {
		d, s := buildBlocked(t, m.data, m.formula)
		for name, at := range points(s.Blocks, r) {
			if name == "edge" && i%3 != 0 {
				continue // matrices of n x n for each pair: a third will do
			}
			inv := define(d, s, at, false).m
			def := define(d, s, at, true)
			n, p := d.X.Rows, d.X.Cols
			c := criterion.NewBlocked(s, true)
			checkSensitivity(t, m.name+", "+name+", eliminated", c.Sensitivity(at, 2), def, inv, whiteColumns(d.X.Data, s.R, c.Sensitivity(at, 0).Root, n, p), 1e-6)
			if i == 0 {
				one, err := suffstat.New(d)
				if err != nil {
					t.Fatal(err)
				}
				c := criterion.NewOneFactor(one, true)
				checkSensitivity(t, m.name+", "+name+", one factor", c.Sensitivity(at, 2), def, inv, whiteColumns(d.X.Data, one.R, c.Sensitivity(at, 0).Root, n, p), 1e-9)
			}
		}
	}
}

// whiteColumns returns X R^-1 L^-T.
func whiteColumns(x, r, l []float64, n, p int) *mat.Dense {
	var a, b mat.Dense
	_ = a.Solve(mat.NewDense(p, p, r).T(), mat.NewDense(n, p, x).T()) // (X R^-1)'
	_ = b.Solve(mat.NewDense(p, p, l), &a)
	return mat.DenseCopyOf(b.T())
}

// checkSensitivity compares within tol for what comes from differences and
// 1e-9 for the rest, of the largest entry of a matrix.
func checkSensitivity(t *testing.T, name string, got *criterion.Sensitivity, def *definition, inv, w *mat.Dense, tol float64) {
	t.Helper()
	n, p := w.Dims()
	vw := mat.NewDense(n, p, nil)
	vw.Mul(inv, w)
	var pd, dv []*mat.Dense
	for _, da := range def.da {
		a, b := new(mat.Dense), new(mat.Dense)
		a.Mul(def.p, da)
		b.Mul(da, vw)
		pd, dv = append(pd, a), append(dv, b)
	}
	for a, da := range def.da {
		var first mat.Dense
		first.Mul(vw.T(), dv[a])
		same(t, name+", First", got.First[a], first.RawMatrix().Data, 1e-9)
		var q mat.VecDense
		q.MulVec(da, def.py)
		same(t, name+", Quad", got.Quad[a:a+1], []float64{mat.Dot(&q, def.py)}, 1e-9)
		same(t, name+", Trace", got.Trace[a:a+1], []float64{mat.Trace(pd[a])}, 1e-9)
		for b := range def.da {
			var info float64
			for i := 0; i < n; i++ {
				info += mat.Dot(pd[a].RowView(i), pd[b].ColView(i))
			}
			size := math.Sqrt(got.Info[a*len(def.da)+a] * got.Info[b*len(def.da)+b])
			if v := got.Info[a*len(def.da)+b]; !(math.Abs(v-info) <= tol*size) {
				t.Errorf("%s: Info %d %d is %.12g, want %.12g", name, a, b, v, info)
			}
			if b > a {
				continue
			}
			var pb, second mat.Dense
			pb.Mul(def.p, dv[b])
			second.Mul(dv[a].T(), &pb)
			want := make([]float64, 0, p*p)
			for i := 0; i < p; i++ {
				for j := 0; j < p; j++ {
					want = append(want, (second.At(i, j)+second.At(j, i))/2)
				}
			}
			same(t, name+", Second", got.Second[a][b], want, 1e-8)
		}
	}
}

func TestSensitivityLeavesThePoint(t *testing.T) {
	_, s := buildBlocked(t, "Assay", "logDens ~ sample * dilut + (1 | Block) + (1 | Block:sample) + (1 | Block:dilut)")
	c := criterion.NewBlocked(s, true)
	at := cone.Identity(s.Blocks, 0.7)
	before := c.Value(at)
	c.Sensitivity(at, 2)
	if after := c.Value(at); after != before {
		t.Errorf("the criterion is %v after, %v before", after, before)
	}
}

// The modes of the columns of X from their definition: V^-1 X = X - Z Psi Z'V^-1
// X, and CondVar + B B' = Psi - Psi Z'PZ Psi.
func TestFixedModesAreTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for i, m := range blockedModels {
		d, s := buildBlocked(t, m.data, m.formula)
		for name, at := range points(s.Blocks, r) {
			inv := define(d, s, at, false).m
			c := criterion.NewBlocked(s, true)
			check := func(what string, sol *criterion.Solution, modes [][]float64, transform [][]float64, w *mat.Dense) {
				n, p := w.Dims()
				got := mat.DenseCopyOf(w)
				for f, fx := range sol.Effects {
					at := 0
					for _, term := range fx.Terms {
						k := s.Blocks[term].K
						var z mat.Dense
						z.Mul(mat.NewDense(n, k, d.Terms[term].Z.Data), mat.NewDense(k, k, transform[term]))
						for row := 0; row < n; row++ {
							level := int(d.Terms[term].Level[row])
							for q := 0; q < p; q++ {
								for j := 0; j < k; j++ {
									got.Set(row, q, got.At(row, q)-z.At(row, j)*modes[f][(level*fx.K+at+j)*p+q])
								}
							}
						}
						at += k
					}
				}
				var want mat.Dense
				want.Mul(inv, w)
				same(t, m.name+", "+name+", "+what, got.RawMatrix().Data, want.RawMatrix().Data, 1e-10)
			}
			n, p := d.X.Rows, d.X.Cols
			check("eliminated", c.Solve(at), c.FixedModes(at), s.T, whiteColumns(d.X.Data, s.R, c.Sensitivity(at, 0).Root, n, p))
			if i == 0 {
				one, err := suffstat.New(d)
				if err != nil {
					t.Fatal(err)
				}
				c := criterion.NewOneFactor(one, true)
				check("one factor", c.Solve(at), c.FixedModes(at), one.T, whiteColumns(d.X.Data, one.R, c.Sensitivity(at, 0).Root, n, p))
			}
		}
	}
}
