package infer

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// InfluenceOptions of Influence. The zero value, or nil, is the default of
// every field.
type InfluenceOptions struct {
	// Group names a grouping factor of the model, as in "Subject" or
	// "cask:batch", the subjects of its residuals, or a factor of the table: its
	// levels are left out one at a time. "" leaves out rows.
	Group string
	// Refit estimates the variances anew without each unit. The default keeps
	// the relative covariance of the rows and is exact for the fixed effects given
	// it (one step).
	Refit bool
	// Workers is the number of refits at a time; 0: one for each processor. It
	// does not change a bit of the result.
	Workers int
}

// InfluenceTable says what the fit would be without each row or group.
type InfluenceTable struct {
	Group string // "" for rows
	Refit bool
	Names []string // of the fixed effects, p
	Units []Unit
	// ComponentNames are those of Unit.Components.
	ComponentNames []string
}

// Unit is a row or a group that was left out.
type Unit struct {
	Label string // a level, or the number of the row in the table, from 1
	Rows  int
	// Leverage is the sum of the leverages of its rows: how many of the
	// effective parameters of the fitted values it takes up.
	Leverage float64
	// Beta are the fixed effects without it, p.
	Beta []float64
	// DFBETA is the estimate with it less that without; DFBETAS is that over
	// the standard error without it (Belsley, Kuh and Welsch 1980).
	DFBETA, DFBETAS []float64
	// Cook is DFBETA' Phi^-1 DFBETA / p, Phi the covariance of all fixed
	// effects with it (Cook 1977; Christensen, Pearson and Johnson 1992).
	Cook float64
	// Conditional is, for rows, the squared change of all fitted values, those
	// of the random effects included, over sigma^2 p if leverage and residual
	// were those of a linear model: h e^2 / ((1 - h)^2 sigma^2 p), lme4's
	// cooks.distance; NaN for groups and where residuals have a structure.
	Conditional float64
	// CovRatio is the determinant of the covariance of the fixed effects
	// without it over that with it.
	CovRatio float64
	Sigma    float64 // without it; 1 for a generalised model
	// Components, with Refit, are the variances, the covariances and the parameters
	// of the residuals, or the shape of the distribution, without it.
	Components []float64
	Reason     string // why numbers are NaN; "" otherwise
}

// Influence leaves out each row or group in turn. What changes is told for the
// fixed effects and, with Refit, the variances.
//
// Errors: a group that the model and its table do not have, a fit that has not
// converged or has no fixed effects.
func Influence(m *lmm.Model, opt *InfluenceOptions) (*InfluenceTable, error) {
	if opt == nil {
		opt = &InfluenceOptions{}
	}
	if m.Family() != nil && !opt.Refit {
		return nil, &FamilyError{What: "influence by one step", Family: m.Family().Name(), Instead: "set Refit: the model is fitted anew without each unit"}
	}
	f, err := newFixed(m, Normal)
	if err != nil {
		return nil, err
	}
	if reason := f.incomplete(); reason != "" {
		return nil, fmt.Errorf("influence is not defined: %s", reason)
	}
	if f.p == 0 {
		return nil, fmt.Errorf("influence is measured on the fixed effects, and %s has none", m.Formula())
	}
	d := m.Frame()
	out := &InfluenceTable{Group: opt.Group, Refit: opt.Refit, Names: slices.Clone(d.XNames)}
	if opt.Refit {
		out.ComponentNames = componentNames(m)
	}
	level, labels, err := unitsOf(m, opt.Group)
	if err != nil {
		return nil, err
	}
	out.Units = make([]Unit, len(labels))
	leverage, resid := m.Leverage(), m.Residuals(lmm.PearsonResidual)
	for i, l := range level {
		if l < 0 {
			continue
		}
		u := &out.Units[l]
		u.Rows++
		u.Leverage += leverage[i]
		u.Conditional = math.NaN()
		if h := leverage[i]; opt.Group == "" && m.Residual() == nil {
			u.Conditional = h * resid[i] * resid[i] / ((1 - h) * (1 - h) * float64(f.p))
		}
	}
	if m.Residual() != nil && !opt.Refit {
		return out, f.eachKept(out.Units, level, labels)
	}
	if opt.Group == "" && !opt.Refit {
		f.eachRow(out.Units, labels, leverage)
		return out, nil
	}
	lambda := userLambda(m.Objective())
	var logDet float64
	for i := 0; i < f.p; i++ { // of the covariance with all rows
		logDet += math.Log(f.sigma2) - 2*math.Log(f.root[i*f.p+i]*f.co.R[i*f.p+i])
	}
	each(opt.Workers, 0, len(labels), func(_, u int) {
		unit := &out.Units[u]
		unit.Label = labels[u]
		drop := make([]bool, len(level))
		for i, l := range level {
			drop[i] = int(l) == u
		}
		x := deleteRows(d, drop)
		res, reason := (*deleted)(nil), x.reason
		if reason == "" && opt.Refit {
			res, reason = x.refit(m)
		} else if reason == "" {
			res, reason = x.solve(m, lambda)
		}
		if res == nil {
			unit.fail(f.p, reason)
			return
		}
		unit.Beta, unit.Sigma, unit.Components = res.beta, math.Sqrt(res.sigma2), res.components
		unit.DFBETA, unit.DFBETAS = make([]float64, f.p), make([]float64, f.p)
		for j, b := range res.beta {
			unit.DFBETA[j] = f.beta[j] - b
			unit.DFBETAS[j] = unit.DFBETA[j] / res.se[j]
		}
		unit.Cook, unit.CovRatio = f.cook(unit.DFBETA), math.Exp(res.det-logDet)
		if slices.Contains(x.lost, true) {
			unit.Reason = "without it some coefficients cannot be estimated"
		}
	})
	return out, nil
}

func (u *Unit) fail(p int, reason string) {
	u.Reason = reason
	u.Beta = slices.Repeat([]float64{math.NaN()}, p)
	u.DFBETA, u.DFBETAS = slices.Clone(u.Beta), slices.Clone(u.Beta)
	u.Cook, u.CovRatio, u.Sigma = math.NaN(), math.NaN(), math.NaN()
}

// units returns the unit of each row, -1 for none, and the labels of the units.
func units(d *design.Design, group string) (level []int32, labels []string, err error) {
	if group == "" {
		level = make([]int32, len(d.Y))
		for i := range level {
			level[i] = int32(i)
			labels = append(labels, fmt.Sprint(d.Rows[i]+1))
		}
		return level, labels, nil
	}
	var known []string
	for t := range d.Terms {
		if d.Terms[t].Group == group {
			return d.Terms[t].Level, d.Terms[t].Levels, nil
		}
		if !slices.Contains(known, d.Terms[t].Group) {
			known = append(known, d.Terms[t].Group)
		}
	}
	c := d.Table().Column(group)
	if c == nil {
		return nil, nil, fmt.Errorf("there is no group %s: the grouping factors are %s, and a column of the table serves as well", group, list(known))
	}
	c = c.AsFactor()
	seen := map[int32]int32{}
	for _, r := range d.Rows {
		code := c.Code(r)
		if code < 0 {
			level = append(level, -1)
			continue
		}
		if _, ok := seen[code]; !ok {
			seen[code] = int32(len(labels))
			labels = append(labels, c.Levels()[code])
		}
		level = append(level, seen[code])
	}
	return level, labels, nil
}

// eachRow leaves out the rows by the update of one row: with g the row of
// V^-1 X L^-T and e that of Py, both of rows times the root of their weight,
//
//	beta^ - beta^_(i) = R^-1 L^-T g e / P_ii,  Var(beta^_(i)) = sigma^2_(i) R^-1 L^-T (I + g g' / P_ii) L^-1 R^-T,
//	sigma^2_(i) = (r2 - e^2 / P_ii) / (nu - 1),  P_ii = 1 - leverage
//
// (Christensen, Pearson and Johnson 1992, sec. 2).
func (f *fixed) eachRow(out []Unit, labels []string, leverage []float64) {
	m, d := f.m, f.m.Frame()
	obj := m.Objective()
	modes := f.crit.FixedModes(obj.Point)
	effects := obj.Criterion.Solve(obj.Point).Effects
	resid := m.Residuals(lmm.RawResidual)
	nu := float64(f.co.N)
	if m.REML() {
		nu -= float64(f.p)
	}
	// Column c of basis is R^-1 L^-T e_c, so that row j holds the weights of
	// coefficient j: its white coordinates.
	basis := make([][]float64, f.p)
	for j := range basis {
		l := make([]float64, f.p)
		l[j] = 1
		basis[j] = f.white(l)
	}
	for i := range out {
		u := &out[i]
		u.Label = labels[i]
		w := 1.0
		if d.Weights != nil {
			w = math.Sqrt(d.Weights[i])
		}
		g := f.white(d.X.Row(i))
		for n, fx := range effects {
			at := 0
			for _, t := range fx.Terms {
				k := d.Terms[t].Z.Cols
				level := int(d.Terms[t].Level[i])
				for c := 0; c < k; c++ {
					var z float64 // of Z T
					for r := 0; r <= c; r++ {
						z += d.Terms[t].Z.At(i, r) * f.co.T[t][r*k+c]
					}
					axpy(-z, modes[n][(level*fx.K+at+c)*f.p:][:f.p], g)
				}
				at += k
			}
		}
		scale(g, w)
		e, free := w*resid[i], 1-leverage[i]
		if math.IsNaN(free) {
			u.fail(f.p, "its leverage cannot be computed: there are too many random effects beside those of the largest factor")
			continue
		}
		if !(free > 1e-10) {
			u.fail(f.p, "its fitted value is its own response: without it some coefficients cannot be estimated")
			continue
		}
		s2 := (nu*f.sigma2 - e*e/free) / (nu - 1)
		if !(s2 > 0) {
			s2 = math.NaN()
		}
		gg := dot(g, g)
		u.Cook = gg * e * e / (free * free * f.sigma2 * float64(f.p))
		u.CovRatio = math.Pow(s2/f.sigma2, float64(f.p)) * (1 + gg/free)
		u.Sigma = math.Sqrt(s2)
		for j, b := range basis {
			move := dot(b, g) * e / free
			u.DFBETA = append(u.DFBETA, move)
			u.Beta = append(u.Beta, f.beta[j]-move)
			se := math.Sqrt(s2 * (dot(b, b) + dot(b, g)*dot(b, g)/free))
			u.DFBETAS = append(u.DFBETAS, move/se)
		}
	}
}

// cook is delta' Phi^-1 delta / p: Phi^-1 = R'L L'R / sigma^2.
func (f *fixed) cook(delta []float64) float64 {
	var s float64
	r := make([]float64, f.p)
	for i := range r {
		for j := i; j < f.p; j++ {
			r[i] += f.co.R[i*f.p+j] * delta[j]
		}
	}
	for c := range r {
		var v float64
		for i := c; i < f.p; i++ {
			v += f.root[i*f.p+c] * r[i]
		}
		s += v * v
	}
	return s / (f.sigma2 * float64(f.p))
}
