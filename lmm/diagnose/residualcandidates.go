package diagnose

import (
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// mostUnstructured is the number of occasions up to which a structure with a
// variance or a correlation of each is tried.
const mostUnstructured = 8

// structures lists the models to try in place of a structure of the residuals:
// what is at its limit dropped, then other structures of the same rows.
func (s *subject) structures() []candidate {
	spec := s.spec()
	if spec == nil {
		return nil
	}
	var out []candidate
	seen := map[string]bool{described(s.d.Formula.Expanded(), written(spec)): true}
	add := func(what string, f *formula.Formula, residual string) {
		key := described(f.Expanded(), residual)
		if seen[key] || residual != "" && !s.binds(residual) {
			return
		}
		seen[key] = true
		out = append(out, candidate{what: what, formula: f, same: true, residual: residual})
	}
	f := s.d.Formula
	for i := range spec.Variances {
		less := *spec
		less.Variances = slices.Delete(slices.Clone(spec.Variances), i, i+1)
		add("drop "+varianceText(spec.Variances[i]), f, written(&less))
	}
	if spec.Nugget {
		less := *spec
		less.Nugget = false
		add("drop the nugget", f, written(&less))
	}
	if spec.ByOccasion {
		less := *spec
		less.ByOccasion = false
		add("one variance for all occasions", f, written(&less))
	}
	if len(spec.Subject) == 0 {
		return out
	}
	with := func(kind covstruct.Spec) string {
		kind.Time, kind.Subject, kind.Variances = spec.Time, spec.Subject, spec.Variances
		return written(&kind)
	}
	subject := quoted(spec.Subject)
	plain := covstruct.Spec{Kind: "id", Variances: spec.Variances}
	if intercept, err := formula.Parse(f.Expanded() + " + (1 | " + subject + ")"); err == nil && !s.grouped(strings.Join(spec.Subject, ":")) {
		residual := ""
		if len(spec.Variances) > 0 {
			residual = written(&plain)
		}
		what := "a random intercept of " + subject + " instead"
		if len(spec.Free) > 0 {
			what = "a random intercept of " + subject + ", its variance 0 or above"
		}
		add(what, intercept, residual)
	}
	m := 0
	if o := s.m.Occasions(); o != nil {
		m = len(o.Labels)
	}
	add("compound symmetry", f, with(covstruct.Spec{Kind: "cs"}))
	few := m <= mostUnstructured
	if m == 2 { // all correlations are one
		add("any covariance matrix of the occasions", f, with(covstruct.Spec{Kind: "corr", ByOccasion: true}))
		add("independent residuals", f, written(&plain))
		return out
	}
	add("a first-order autoregression", f, with(covstruct.Spec{Kind: "ar", Order: 1}))
	if ar := with(covstruct.Spec{Kind: "ar", Order: 1}); !s.binds(ar) { // in equal steps they are one
		add("an autoregression over any times", f, with(covstruct.Spec{Kind: "car1"}))
	}
	if spec.Kind != "corr" {
		add("an autoregression and errors of measurement", f, with(covstruct.Spec{Kind: "exp", Nugget: true}))
	}
	if few && !spec.UsesFitted() {
		add("compound symmetry, a variance of each occasion", f, with(covstruct.Spec{Kind: "cs", ByOccasion: true}))
		add("one correlation a lag", f, with(covstruct.Spec{Kind: "toep"}))
		if o := s.m.Occasions(); m*(m+1)/2 <= len(o.Subjects) {
			add("any covariance matrix of the occasions", f, with(covstruct.Spec{Kind: "corr", ByOccasion: true}))
		}
	}
	add("independent residuals", f, written(&plain))
	return out
}

// marginals lists structures of the rows in place of a term that is not identified
// for want of a second row of a level and value, or beside one on the boundary: a
// column of one row a level and value takes the part of time. B5 and B3 ask for
// them, and B2 where the column is a factor, as traits are: what its rows have in
// common otherwise goes into the term.
func (s *subject) marginals(codes map[string]bool) []candidate {
	if !codes["B5"] && !codes["B3"] && !codes["B2"] && !codes["I1"] || s.spec() != nil {
		return nil
	}
	var out []candidate
	for i := range s.d.Formula.Random {
		t := s.termOf(i)
		r := s.d.Formula.Random[i]
		if t < 0 || !s.deficient[t] && !s.hidden[t] || len(r.Terms) != 1 || len(r.Terms[0].Vars) != 1 {
			continue
		}
		column, ok := columnOf(r.Terms[0].Vars[0])
		if !ok || s.d.Table().Column(column) == nil {
			continue
		}
		subject, whole := s.unitOf(t, r, column)
		if subject == nil || s.hidden[t] && !(whole && s.manyColumns(t)) {
			continue
		}
		if !s.hidden[t] && !codes["B5"] && !codes["B3"] && (whole || s.d.Table().Column(column).Kind().Numeric()) {
			continue
		}
		f := s.d.Formula
		where := "in place of " + s.d.Terms[t].Src
		if whole {
			without := *f
			without.Random = slices.Delete(slices.Clone(f.Random), i, i+1)
			f = &without
		} else {
			where = "beside " + s.d.Terms[t].Src
		}
		spec := covstruct.Spec{Time: column, Subject: subject}
		add := func(what string, kind covstruct.Spec) {
			kind.Time, kind.Subject = spec.Time, spec.Subject
			if residual := written(&kind); s.binds(residual) {
				out = append(out, candidate{what: what + " " + where, formula: f, same: true, residual: residual})
			}
		}
		m, n := s.sizes(column, subject)
		if m <= mostUnstructured && m*(m+1)/2 <= n {
			add("any covariance matrix of the rows of "+strings.Join(subject, ":"), covstruct.Spec{Kind: "corr", ByOccasion: true})
		}
		if whole && m <= mostUnstructured {
			add("compound symmetry of rows, a variance of each "+column, covstruct.Spec{Kind: "cs", ByOccasion: true})
			add("correlations of rows next to each other", covstruct.Spec{Kind: "toep", Order: 2})
		}
		if s.d.Table().Column(column).Kind().Numeric() {
			add("a first-order autoregression of rows", covstruct.Spec{Kind: "ar", Order: 1})
		}
	}
	return out
}

// manyColumns says that a term has a column for each level of a factor.
func (s *subject) manyColumns(t int) bool {
	return s.d.Terms[t].Z.Cols > 2 && len(s.d.Y) <= len(s.d.Terms[t].Levels)*s.d.Terms[t].Z.Cols
}

// unitOf finds what has one row at each value of a column: the levels of the term
// (whole is then true: its rows can do without the term), or the levels of another
// column within them. nil where there is none.
func (s *subject) unitOf(t int, r formula.Random, column string) (subject []string, whole bool) {
	var group []string
	for _, v := range r.Group {
		name, ok := columnOf(v)
		if !ok {
			return nil, false
		}
		group = append(group, name)
	}
	if s.once(group, column) {
		return group, true
	}
	for _, c := range s.d.Table().Columns() {
		if !c.Kind().Numeric() && c.Name() != column && !slices.Contains(group, c.Name()) && s.once([]string{c.Name()}, column) && s.repeated(c.Name()) {
			return []string{c.Name()}, false
		}
	}
	for _, c := range s.d.Table().Columns() {
		if both := append(slices.Clone(group), c.Name()); !c.Kind().Numeric() && c.Name() != column && !slices.Contains(group, c.Name()) && s.once(both, column) {
			return both, false
		}
	}
	return nil, false
}

// once says that no combination of some columns has two rows at one value of
// another.
func (s *subject) once(columns []string, other string) bool {
	seen := map[string]bool{}
	for _, row := range s.d.Rows {
		var key strings.Builder
		for _, name := range append(slices.Clone(columns), other) {
			key.WriteString(s.d.Table().Column(name).Text(row))
			key.WriteByte(0)
		}
		if seen[key.String()] {
			return false
		}
		seen[key.String()] = true
	}
	return true
}

// repeated says that half of the values of a column have two rows or more.
func (s *subject) repeated(column string) bool {
	count := map[string]int{}
	for _, row := range s.d.Rows {
		count[s.d.Table().Column(column).Text(row)]++
	}
	return 2*len(count) <= len(s.d.Rows)
}

// sizes counts the values of a column, and the combinations of others.
func (s *subject) sizes(column string, subject []string) (occasions, subjects int) {
	a, b := map[string]bool{}, map[string]bool{}
	for _, row := range s.d.Rows {
		a[s.d.Table().Column(column).Text(row)] = true
		var key strings.Builder
		for _, name := range subject {
			key.WriteString(s.d.Table().Column(name).Text(row))
			key.WriteByte(0)
		}
		b[key.String()] = true
	}
	return len(a), len(b)
}

// columnOf is the column that a variable of a formula is, if it is one as it
// stands, bare or as a factor.
func columnOf(v formula.Node) (string, bool) {
	name := v.String()
	if inner, ok := strings.CutPrefix(name, "factor("); ok {
		name = strings.TrimSuffix(inner, ")")
	}
	name = strings.Trim(name, "`")
	return name, !strings.ContainsAny(name, "()+*/^ ")
}

// grouped says that a term of the fit has the grouping factor.
func (s *subject) grouped(group string) bool {
	return slices.ContainsFunc(s.d.Terms, func(t design.Term) bool { return t.Group == group })
}

// binds says that a structure can be applied to the rows of the fit.
func (s *subject) binds(residual string) bool {
	spec, err := covstruct.Parse(residual)
	if err != nil {
		return false
	}
	var fitted []float64
	if spec.UsesFitted() {
		fitted = s.m.Fitted()
	}
	_, err = covstruct.Bind(spec, s.d.Table(), s.d.Rows, fitted)
	return err == nil
}
