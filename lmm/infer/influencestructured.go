package infer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/design"
)

// removal prepares deletions of rows of a model whose residuals have a structure.
func removal(m *lmm.Model) *covstruct.Deletion {
	obj := m.Objective()
	return obj.Criterion.(*covstruct.Objective).Deletion(obj.Point)
}

// eachKept leaves out each unit with the covariance of the rows kept: the
// parameters of a structure mean something else in fewer rows, those of the rows
// themselves do not.
func (f *fixed) eachKept(out []Unit, level []int32, labels []string) error {
	d := removal(f.m)
	if d == nil {
		return fmt.Errorf("influence is not defined: the criterion of %q cannot be computed", f.m.Formula())
	}
	nu := float64(f.co.N)
	if f.m.REML() {
		nu -= float64(f.p)
	}
	basis := make([][]float64, f.p) // row j: the white coordinates of coefficient j
	for j := range basis {
		l := make([]float64, f.p)
		l[j] = 1
		basis[j] = f.white(l)
	}
	for i, rows := range rowsOf(level, len(labels)) {
		u := &out[i]
		u.Label = labels[i]
		x := d.Rows(rows)
		left := nu - float64(len(rows))
		if x == nil || left <= 0 {
			u.fail(f.p, "without it some coefficients cannot be estimated")
			continue
		}
		y := f.co.YScale
		s2 := (nu*f.sigma2 - y*y*x.Quad) / left
		if !(s2 > 0) {
			u.fail(f.p, "without it no error is left")
			continue
		}
		u.Sigma = math.Sqrt(s2) * f.m.Sigma() / math.Sqrt(f.sigma2)
		v := mat.NewSymDense(f.p, slices.Clone(x.Add))
		for j := range f.p {
			v.SetSym(j, j, v.At(j, j)+1)
		}
		var chol mat.Cholesky
		u.CovRatio = math.NaN()
		if chol.Factorize(v) {
			u.CovRatio = math.Pow(s2/f.sigma2, float64(f.p)) * chol.Det()
		}
		u.Cook = y * y * dot(x.Move, x.Move) / (f.sigma2 * float64(f.p))
		for j, b := range basis {
			move := y * dot(b, x.Move)
			u.DFBETA = append(u.DFBETA, move)
			u.Beta = append(u.Beta, f.beta[j]-move)
			u.DFBETAS = append(u.DFBETAS, move/math.Sqrt(s2*(dot(b, b)+bilinear(b, x.Add, b))))
		}
	}
	return nil
}

// rowsOf lists the rows of each of n units.
func rowsOf(level []int32, n int) [][]int {
	out := make([][]int, n)
	for i, l := range level {
		if l >= 0 {
			out[l] = append(out[l], i)
		}
	}
	return out
}

// unitsOf is units with the subjects of a structure of the residuals.
func unitsOf(m *lmm.Model, group string) (level []int32, labels []string, err error) {
	subject := subjectOf(m)
	if subject == "" || group != subject {
		return units(m.Frame(), group)
	}
	level, labels = subjectLevels(m.Frame(), specOf(m).Subject)
	return level, labels, nil
}

// subjectOf names the subjects of the residuals, "child" or "family:child"; ""
// where there are none.
func subjectOf(m *lmm.Model) string {
	if m.Residual() == nil {
		return ""
	}
	return strings.Join(specOf(m).Subject, ":")
}

// subjectLevels numbers the combinations of the levels of columns in order of
// appearance.
func subjectLevels(d *design.Design, columns []string) (level []int32, labels []string) {
	index := map[string]int32{}
	for _, r := range d.Rows {
		var parts []string
		for _, c := range columns {
			parts = append(parts, d.Table().Column(c).Text(r))
		}
		key := strings.Join(parts, "\x00")
		j, ok := index[key]
		if !ok {
			j = int32(len(labels))
			index[key] = j
			labels = append(labels, strings.Join(parts, ":"))
		}
		level = append(level, j)
	}
	return level, labels
}

// outlyingSubjects are the subjects of a model without random effects.
func outlyingSubjects(m *lmm.Model) ([]GroupOutlier, error) {
	group := subjectOf(m)
	if group == "" {
		return nil, fmt.Errorf("outlying groups are not defined: the rows of %q are independent; lmm.NormalizedResidual shows outlying rows", m.Formula())
	}
	d, obj := removal(m), m.Objective()
	if d == nil {
		return nil, fmt.Errorf("outlying groups are not defined: the criterion of %q cannot be computed", m.Formula())
	}
	sigma2 := obj.Solve(obj.Point).Sigma2
	level, labels := subjectLevels(m.Frame(), specOf(m).Subject)
	var out []GroupOutlier
	for i, rows := range rowsOf(level, len(labels)) {
		// A subject on which a coefficient depends alone has a residual of its own
		// in some directions only, and is not judged.
		if x := d.Rows(rows); x != nil {
			q := x.Quad / sigma2
			out = append(out, GroupOutlier{Group: group, Level: labels[i], Distance: q, DF: len(rows),
				P: mathext.GammaIncRegComp(float64(len(rows))/2, q/2)})
		}
	}
	holm(out)
	return out, nil
}
