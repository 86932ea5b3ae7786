// Package family has the distributions of generalised linear mixed models, row
// by row: the log-likelihood as a function of the linear predictor, its
// derivatives, moments, distribution functions, simulated responses and checks
// of data.
//
// # Model
//
//	E(Y) = mu = h(eta),   log f(y) = w k(y, eta) + c(y, w)
//
//	binomial     y a proportion of w trials     Var(y) = mu (1 - mu) / w
//	poisson      y a count                      Var(y) = mu
//	negbinomial  y a count, shape = size        Var(y) = mu + mu^2 / size      (NB2)
//	gamma        y positive, shape              Var(y) = mu^2 / shape
//
// For the last three w is a case weight: a row that stands for w equal ones.
// The size of a negative binomial may be +Inf: that is the Poisson distribution.
//
// Derivatives are those of the log-likelihood itself, the observed information,
// which for a canonical link is the expected one. (McCullagh and Nelder 1989;
// Cameron and Trivedi 2013, sec. 3.3, for NB2.)
//
// Read family.go, link.go, row.go, then binomial.go, counts.go, gamma.go,
// shape.go; normal.go for the probit link; moments.go, simulate.go, cdf.go,
// check.go.
package family

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/nearest"
)

// Family is a distribution with a link. It is immutable.
type Family struct {
	dist distribution
	link link
}

type distribution int

const (
	binomial distribution = iota
	poisson
	negbinomial
	gamma
)

// kinds lists the names of the distributions and their links, the default first.
var kinds = [...]struct {
	name  string
	links []link
}{
	binomial:    {"binomial", []link{logit, probit, cloglog}},
	poisson:     {"poisson", []link{log, sqrt, identity}},
	negbinomial: {"negbinomial", []link{log, sqrt, identity}},
	gamma:       {"gamma", []link{log, inverse, identity}},
}

// Names lists the distributions.
func Names() []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = k.name
	}
	return out
}

// Links lists the links that a distribution may have, its default first; nil for
// a name that is not known.
func Links(name string) []string {
	i := slices.Index(Names(), name)
	if i < 0 {
		return nil
	}
	var out []string
	for _, l := range kinds[i].links {
		out = append(out, l.String())
	}
	return out
}

// New returns the family of a name and a link: "binomial" with "logit", "probit"
// or "cloglog"; "poisson" and "negbinomial" with "log", "sqrt" or "identity";
// "gamma" with "log", "inverse" or "identity". The link "" is the first of each.
// For gamma that is not glm()'s default, the inverse: under it a normal random
// effect makes some means negative, under the log it multiplies them. The
// identity is allowed, and has the same fault: where it gives a mean that
// cannot be, the log-likelihood is -Inf.
//
// The error is an *UnknownError.
func New(name, link string) (*Family, error) {
	i := slices.Index(Names(), name)
	if i < 0 {
		return nil, &UnknownError{Kind: "family", Name: name, Known: Names(), Nearest: nearest.Name(name, Names())}
	}
	if link == "" {
		return &Family{distribution(i), kinds[i].links[0]}, nil
	}
	links := Links(name)
	j := slices.Index(links, link)
	if j < 0 {
		return nil, &UnknownError{Kind: "link of the " + name + " family", Name: link, Known: links, Nearest: nearest.Name(link, links)}
	}
	return &Family{distribution(i), kinds[i].links[j]}, nil
}

// UnknownError says that there is no family, or no link of it, of a name.
type UnknownError struct {
	Kind, Name string
	Known      []string
	Nearest    string // what was probably meant, "" where nothing is near
}

func (e *UnknownError) Error() string {
	meant := ""
	if e.Nearest != "" {
		meant = fmt.Sprintf(" Did you mean %q?", e.Nearest)
	}
	return fmt.Sprintf("there is no %s %q.%s Known: %s", e.Kind, e.Name, meant, strings.Join(e.Known, ", "))
}

// Name is that of the distribution.
func (f *Family) Name() string { return kinds[f.dist].name }

// Link is the name of the link.
func (f *Family) Link() string { return f.link.String() }

// Canonical says that the link is the canonical one: observed and expected
// information are the same. A negative binomial has none of these.
func (f *Family) Canonical() bool {
	switch f.dist {
	case binomial:
		return f.link == logit
	case poisson:
		return f.link == log
	case gamma:
		return f.link == inverse
	}
	return false
}

// HasShape says that the distribution has a parameter beside its mean: the size
// of a negative binomial, the shape of a gamma distribution.
func (f *Family) HasShape() bool { return f.dist == negbinomial || f.dist == gamma }

// Discrete says that responses are counts or proportions of counts.
func (f *Family) Discrete() bool { return f.dist != gamma }
