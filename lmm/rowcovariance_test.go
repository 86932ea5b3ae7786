package lmm_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// The covariances of rows are those of the published structures: what
// ResidualCovariance says of a subject, z'Sigma z beside it, 0 between subjects, and
// the fit's own whitening makes residuals with them independent.
func TestRowCovariance(t *testing.T) {
	tab, err := reference.Table("Orthodont")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ formula, residual string }{
		{"distance ~ age + (age | Subject)", ""},
		{"distance ~ age", "un(age | Subject)"},
		{"distance ~ age + (1 | Subject)", "ar1(age | Subject) * varident(Sex)"},
	} {
		m, err := lmm.Fit(c.formula, tab, &lmm.Options{Residual: c.residual})
		if err != nil {
			t.Fatal(err)
		}
		cov := m.RowCovariance()
		sds := m.ResidualSDs()
		comp := m.VarCorr()
		d := m.Frame()
		for i := range 8 { // two subjects of four rows
			for j := range 8 {
				got := cov.Residual(i, j)
				if i == j && math.Abs(math.Sqrt(got)/sds[i]-1) > 1e-12 {
					t.Errorf("%s: row %d has sd %v, want %v", c.formula, i, math.Sqrt(got), sds[i])
				}
				if i/4 != j/4 && (got != 0 || cov.Marginal(i, j) != 0) {
					t.Errorf("%s: rows %d and %d of two subjects have covariance %v", c.formula, i, j, got)
				}
				if i/4 != j/4 {
					continue
				}
				if c.residual != "" {
					s, err := m.ResidualCovariance(m.Occasions().Subjects[i/4])
					if err != nil {
						t.Fatal(err)
					}
					if want := s.Cov[i%4][j%4]; math.Abs(got-want) > 1e-12*sds[i]*sds[j] {
						t.Errorf("%s: Cov(e_%d, e_%d) = %v, want %v", c.formula, i, j, got, want)
					}
				}
				want := got
				if len(comp) > 0 {
					zi, zj := d.Terms[0].Z.Row(i), d.Terms[0].Z.Row(j)
					for a := range zi {
						for b := range zj {
							want += zi[a] * comp[0].Cov[a][b] * zj[b]
						}
					}
				}
				if v := cov.Marginal(i, j); math.Abs(v-want) > 1e-10*math.Abs(want) {
					t.Errorf("%s: Cov(y_%d, y_%d) = %v, want %v", c.formula, i, j, v, want)
				}
			}
		}
	}
}

// Over occasions: correlations do not depend on a variance by sex, sds do; a pair
// of occasions that nobody has is not known.
func TestResidualMatrix(t *testing.T) {
	tab, err := reference.Table("Orthodont")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("distance ~ age * Sex", tab, &lmm.Options{Residual: "ar1(age | Subject) * varident(Sex)"})
	if err != nil {
		t.Fatal(err)
	}
	x := m.ResidualMatrix()
	rho, ratio := m.Residual().Params[0].Value, m.Residual().Params[1].Value
	for a := range 4 {
		if math.Abs(x.Least[a]/x.Most[a]-ratio) > 1e-12 || x.Occasions[a] != []string{"8", "10", "12", "14"}[a] {
			t.Errorf("occasion %s: sd %v to %v", x.Occasions[a], x.Least[a], x.Most[a])
		}
		for b := range 4 {
			if want := math.Pow(rho, math.Abs(float64(a-b))); math.Abs(x.Corr[a][b]-want) > 1e-12 || x.Subjects[a][b] != 27 {
				t.Errorf("correlation of %d and %d is %v of %d subjects, want %v of 27", a, b, x.Corr[a][b], x.Subjects[a][b], want)
			}
		}
	}
	// Each child at two neighbouring ages.
	half := tab.Mask(func() []bool {
		keep := make([]bool, tab.Rows())
		for i := range keep {
			keep[i] = i%4/2 == i/4%2
		}
		return keep
	}())
	if m, err = lmm.Fit("distance ~ age", half, &lmm.Options{Residual: "cs(age | Subject)"}); err != nil {
		t.Fatal(err)
	}
	x = m.ResidualMatrix()
	if !math.IsNaN(x.Corr[0][3]) || x.Subjects[0][3] != 0 || math.IsNaN(x.Corr[0][1]) || x.Subjects[0][1] == 0 {
		t.Errorf("%+v", x)
	}
	if m, err = lmm.Fit("distance ~ age", tab, &lmm.Options{Residual: "varident(Sex)"}); err != nil || m.ResidualMatrix() != nil {
		t.Errorf("a matrix without a correlation, %v", err)
	}
}
