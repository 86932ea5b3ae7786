package covstruct

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/nearest"
)

// Spec is a structure as it was written.
type Spec struct {
	Src string
	// Kind is the correlation: "id", "cs", "ar", "car1", "exp", "gau", "ma1",
	// "arma", "toep" or "corr".
	Kind string
	// Time is the column of times or occasions, "" for the order of the rows.
	Time string
	// Subject are the columns whose combination is the subject; none where only
	// variance functions are given.
	Subject []string
	// Order is that of an autoregression, or the number of lags of toep, 0 for
	// all.
	Order  int
	Nugget bool
	// ByOccasion says that each occasion has a variance of its own.
	ByOccasion bool
	Variances  []VarianceSpec
	// Free are the grouping factors of variances that may be negative, each the
	// columns whose combination is a level.
	Free [][]string
}

// VarianceSpec is a variance function: "varident", "varpower" or "varexp" of a
// column, or, with Column "", of the fitted values.
type VarianceSpec struct{ Kind, Column string }

// UsesFitted says that the variance depends on the fitted values.
func (s *Spec) UsesFitted() bool {
	return slices.ContainsFunc(s.Variances, func(v VarianceSpec) bool { return v.Column == "" })
}

// Columns are the columns that the structure reads.
func (s *Spec) Columns() []string {
	all := slices.Clone(s.Subject)
	if s.Time != "" {
		all = append(all, s.Time)
	}
	for _, v := range s.Variances {
		if v.Column != "" {
			all = append(all, v.Column)
		}
	}
	for _, columns := range s.Free {
		all = append(all, columns...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// kinds are the names of correlations and what they stand for.
var kinds = map[string]Spec{
	"id": {Kind: "id"}, "cs": {Kind: "cs"}, "ar1": {Kind: "ar", Order: 1}, "ar": {Kind: "ar"}, "car1": {Kind: "car1"},
	"exp": {Kind: "exp"}, "gau": {Kind: "gau"}, "ma1": {Kind: "ma1"}, "arma": {Kind: "arma"}, "toep": {Kind: "toep"},
	"corr": {Kind: "corr"}, "un": {Kind: "corr", ByOccasion: true}, "csh": {Kind: "cs", ByOccasion: true},
	"ar1h": {Kind: "ar", Order: 1, ByOccasion: true}, "toeph": {Kind: "toep", ByOccasion: true},
}

var variances = []string{"varident", "varpower", "varexp"}

func names() []string {
	all := append(slices.Clone(variances), "free")
	for k := range kinds {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// SpecError says what is wrong with a structure as written; Off is a byte
// offset into Src.
type SpecError struct {
	Src string
	Off int
	Msg string
}

// Error returns the message and the structure with a caret under the place.
func (e *SpecError) Error() string {
	return "residual: " + e.Msg + "\n" + formula.Caret(e.Src, e.Off)
}

// Parse reads a structure. The error is a *SpecError.
func Parse(src string) (*Spec, error) {
	p := &parser{src: src}
	s, err := p.spec()
	if err != nil {
		return nil, err
	}
	s.Src = src
	return s, nil
}

type parser struct {
	src string
	at  int
}

func (p *parser) fail(off int, format string, args ...any) error {
	return &SpecError{Src: p.src, Off: off, Msg: fmt.Sprintf(format, args...)}
}

func (p *parser) spec() (*Spec, error) {
	if !utf8.ValidString(p.src) {
		return nil, p.fail(0, "this is not text in UTF-8")
	}
	var out *Spec
	var vars []VarianceSpec
	var free [][]string
	for {
		p.space()
		off := p.at
		name, err := p.word("the name of a structure, as in ar1(time | subject)")
		if err != nil {
			return nil, err
		}
		if name == "free" {
			columns, err := p.free()
			if err != nil {
				return nil, err
			}
			free = append(free, columns)
			p.space()
			if p.at == len(p.src) {
				break
			}
			if err := p.expect('+'); err != nil {
				return nil, err
			}
			continue
		}
		if free != nil {
			return nil, p.fail(off, "%s stands after free: what follows + is free(1 | group) again, and the structure comes first", name)
		}
		kind, ok := kinds[name]
		isVar := slices.Contains(variances, name)
		switch {
		case !ok && !isVar:
			if near := nearest.Name(name, names()); near != "" {
				return nil, p.fail(off, "there is no structure %s; did you mean %s?", name, near)
			}
			return nil, p.fail(off, "there is no structure %s; there are %s", name, strings.Join(names(), ", "))
		case ok && out != nil:
			return nil, p.fail(off, "a second correlation, %s: residuals have one, times variance functions", name)
		}
		switch {
		case name == "id" && !p.sees('('):
			out = &kind
		case isVar:
			v, err := p.variance(name)
			if err != nil {
				return nil, err
			}
			vars = append(vars, v)
		default:
			if err := p.correlation(&kind, name); err != nil {
				return nil, err
			}
			out = &kind
		}
		p.space()
		if p.at == len(p.src) {
			break
		}
		if p.accept('+') {
			if next := strings.TrimLeftFunc(p.src[p.at:], unicode.IsSpace); !strings.HasPrefix(next, "free") {
				return nil, p.fail(p.at, "after + comes free(1 | group), a variance that may be negative; structures are multiplied, *")
			}
			continue
		}
		if err := p.expect('*'); err != nil {
			return nil, err
		}
	}
	if out == nil {
		out = &Spec{Kind: "id"}
	}
	out.Variances, out.Free = vars, free
	if len(out.Subject) == 0 && len(free) > 0 {
		// Rows of one level belong together; those of the coarsest factor.
		out.Subject = slices.MinFunc(free, func(a, b []string) int { return len(a) - len(b) })
	}
	return out, nil
}

// free reads "(1 | a:b)".
func (p *parser) free() ([]string, error) {
	if err := p.expect('('); err != nil {
		return nil, err
	}
	off := p.at
	if one, err := p.word("1"); err != nil || one != "1" {
		return nil, p.fail(off, "free takes an intercept alone, free(1 | group): a covariance matrix of slopes without bounds has no notation")
	}
	if err := p.expect('|'); err != nil {
		return nil, err
	}
	columns, err := p.columns("the column of groups")
	if err != nil {
		return nil, err
	}
	return columns, p.expect(')')
}

// columns reads "a:b".
func (p *parser) columns(what string) ([]string, error) {
	var out []string
	for {
		w, err := p.word(what)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
		if !p.accept(':') {
			return out, nil
		}
	}
}

// variance reads "(column)".
func (p *parser) variance(name string) (VarianceSpec, error) {
	v := VarianceSpec{Kind: name}
	if err := p.expect('('); err != nil {
		return v, err
	}
	var err error
	if v.Column, err = p.word("the column of " + name); err != nil {
		return v, err
	}
	if v.Column == "fitted" && p.src[p.at-1] != '`' && name != "varident" {
		v.Column = ""
	}
	return v, p.expect(')')
}

// correlation reads "(time | subject, option)".
func (p *parser) correlation(s *Spec, name string) error {
	if err := p.expect('('); err != nil {
		return err
	}
	time, err := p.word("a column of times, or 1")
	if err != nil {
		return err
	}
	if time != "1" {
		s.Time = time
	}
	if err := p.expect('|'); err != nil {
		return err
	}
	if s.Subject, err = p.columns("the column of subjects"); err != nil {
		return err
	}
	for p.accept(',') {
		p.space()
		off := p.at
		w, err := p.word("an option")
		if err != nil {
			return err
		}
		n, bad := strconv.Atoi(w)
		switch {
		case w == "nugget" && (s.Kind == "exp" || s.Kind == "gau"):
			s.Nugget = true
		case bad == nil && n >= 1 && (s.Kind == "toep" || name == "ar"):
			s.Order = n
		default:
			return p.fail(off, "%s has no option %s; exp and gau take nugget, ar an order, toep a number of lags", name, w)
		}
	}
	if s.Kind == "ar" && s.Order == 0 {
		return p.fail(p.at, "ar needs an order, as in ar(%s | %s, 2)", time, strings.Join(s.Subject, ":"))
	}
	return p.expect(')')
}

func (p *parser) space() {
	for p.at < len(p.src) {
		r, n := utf8.DecodeRuneInString(p.src[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += n
	}
}

// sees says that the next sign is c.
func (p *parser) sees(c byte) bool {
	p.space()
	return p.at < len(p.src) && p.src[p.at] == c
}

// accept steps over the next sign if it is c.
func (p *parser) accept(c byte) bool {
	if !p.sees(c) {
		return false
	}
	p.at++
	return true
}

func (p *parser) expect(c byte) error {
	if p.accept(c) {
		return nil
	}
	if p.at == len(p.src) {
		return p.fail(p.at, "%q is missing at the end", string(c))
	}
	r, _ := utf8.DecodeRuneInString(p.src[p.at:])
	return p.fail(p.at, "%q where %q is expected", string(r), string(c))
}

// word reads a name, in back-ticks where it has other signs than letters,
// digits, dots and underscores.
func (p *parser) word(what string) (string, error) {
	p.space()
	if p.accept('`') {
		end := strings.IndexByte(p.src[p.at:], '`')
		if end <= 0 {
			return "", p.fail(p.at, "the back-tick is not closed")
		}
		w := p.src[p.at : p.at+end]
		p.at += end + 1
		return w, nil
	}
	from := p.at
	for p.at < len(p.src) {
		r, n := utf8.DecodeRuneInString(p.src[p.at:])
		if r != '.' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		p.at += n
	}
	if p.at == from {
		return "", p.fail(from, "%s is missing here", what)
	}
	return p.src[from:p.at], nil
}
