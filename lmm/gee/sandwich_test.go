package gee

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

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
