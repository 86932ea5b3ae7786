package plots

import (
	"maps"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/family"
)

// Options choose what a figure shows. The zero value draws all there is. Every
// figure reads Title, Width, Height, Theme, Labels and NoCaption; it says which
// of the others it reads, and these change nothing elsewhere.
type Options struct {
	// Title stands over the figure and names it; "" draws none and names it by
	// what it shows.
	Title string
	// Width and Height are those of the page; 0 fits it to the panels. A page
	// too small for its panels grows.
	Width, Height vg.Length
	// Theme is light, dark or, by default, what the page around the figure has.
	Theme Theme
	// Labels replace names of coefficients, columns, levels and models, by the
	// name in the model: {"(Intercept)": "mean on day 0"}.
	Labels map[string]string
	// Units are the units of the columns of the data, by name, for the axes:
	// {"Reaction": "ms", "Days": "day"}. Those of coefficients and parameters
	// follow: "ms per day"; Coefficients, which knows no columns, takes theirs.
	Units map[string]string
	// NoCaption leaves the caption off the picture; Caption still returns it.
	NoCaption bool

	// Group is the grouping factor to draw, such as "Subject"; "" draws all, or
	// the first.
	Group string
	// Levels are the levels of the grouping factor to draw; nil draws all.
	Levels []string
	// OrderBy is the coefficient or statistic by which rows or panels are
	// ordered, lowest first; "" is the default of the figure.
	OrderBy string
	// LevelOrder keeps the levels in the order of the factor instead.
	LevelOrder bool
	// Parameters are the names of the coefficients or parameters to draw, in
	// this order; nil draws all.
	Parameters []string
	// X is the column of the table on the x axis; "" is the first covariate
	// that varies within the levels of the grouping factor.
	X string
	// By is a factor among the fixed effects whose levels have a panel each; ""
	// is none.
	By string
	// Page is the page to draw of a figure that has several, from 1; 0 is the
	// first.
	Page int
	// Seed starts the random numbers of a figure that simulates.
	Seed uint64
	// Replicates is the number of simulations; 0 is the default of the figure.
	Replicates int
}

// Theme chooses the colours of a figure.
type Theme uint8

// The themes. PageTheme follows the page on which an SVG stands and is light
// in PNG and PDF.
const (
	PageTheme Theme = iota
	LightTheme
	DarkTheme
)

// Millimetres are a length of the page.
func Millimetres(v float64) vg.Length { return vg.Length(v) * vg.Millimeter }

// DataUnits are the units of the columns of a data set of package datasets, for
// Options.Units; nil for another name.
func DataUnits(dataset string) map[string]string {
	set, ok := datasets.Info(dataset)
	if !ok {
		return nil
	}
	units := make(map[string]string)
	for _, c := range set.Columns {
		if c.Unit != "" {
			units[c.Name] = c.Unit
		}
	}
	return units
}

// only is the options given, or the defaults.
func only(opts []Options) (Options, error) {
	switch len(opts) {
	case 0:
		return Options{}, nil
	case 1:
		return opts[0], nil
	}
	return Options{}, &DataError{Reason: "more than one Options was given; put the settings into one"}
}

// label is a name as the figure shows it, on one line.
func (o Options) label(name string) string {
	if l := o.Labels[name]; l != "" {
		return oneLine(l)
	}
	return oneLine(name)
}

// labels are names as the figure shows them.
func (o Options) labels(names []string) []string {
	if len(o.Labels) == 0 {
		return names
	}
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n
		if l := o.Labels[n]; l != "" {
			out[i] = l
		}
	}
	return out
}

// withUnit is a column's name on an axis, and its unit where that says more
// than the name: days are counted in days.
func (o Options) withUnit(column string) string {
	if u := o.Units[column]; u != "" && !strings.EqualFold(column, u) && !strings.EqualFold(column, u+"s") {
		return o.label(column) + ", " + oneLine(u)
	}
	return o.label(column)
}

// coefficientUnit is the unit of a coefficient of a model for the response:
// that of the response, for a covariate with a unit, alone or in an interaction,
// per that; "" where it is not known, as that of "I(x^2)".
func (o Options) coefficientUnit(response, name string) string {
	u := o.unitOf(response)
	if u == "" {
		return ""
	}
	for _, part := range strings.Split(name, ":") {
		x := o.Units[part]
		switch {
		case x != "":
			u += " per " + x
		case strings.Contains(part, "(") && part != "(Intercept)":
			return ""
		}
	}
	return oneLine(u)
}

// unitOf is the unit of a response as a model or its formula spells it:
// "y/n" and "y / n" are one.
func (o Options) unitOf(response string) string {
	if u := o.Units[response]; u != "" {
		return u
	}
	spaceless := func(s string) string { return strings.ReplaceAll(s, " ", "") }
	for name, u := range o.Units {
		if spaceless(name) == spaceless(response) {
			return u
		}
	}
	return ""
}

// onLink are the options for coefficients, modes and standard deviations of a
// model: those of a generalised one have the unit of its link, "logit per day".
func (o Options) onLink(m any, response string) Options {
	f := familyOf(m)
	if f == nil || f.Link() == "identity" {
		return o
	}
	units := maps.Clone(o.Units)
	if units == nil {
		units = make(map[string]string)
	}
	units[response] = f.Link()
	o.Units = units
	return o
}

// familyOf is the family of a generalised model, nil for others.
func familyOf(m any) *family.Family {
	if g, ok := m.(interface{ Family() *family.Family }); ok {
		return g.Family()
	}
	return nil
}

// coefficientUnits are the units of the fixed effects of a model, by name, for
// figures that know the estimates alone.
func (o Options) coefficientUnits(m *lmm.Model) map[string]string {
	units := make(map[string]string)
	o = o.onLink(m, m.ResponseName())
	for _, c := range m.FixedEffects() {
		if u := o.coefficientUnit(m.ResponseName(), c.Name); u != "" {
			units[c.Name] = u
		}
	}
	return units
}

// coefficientAxis is the name of an axis of a coefficient, with its unit.
func (o Options) coefficientAxis(response, name string) string {
	if u := o.coefficientUnit(response, name); u != "" {
		return o.label(name) + ", " + u
	}
	return o.label(name)
}

// parameterUnit is the unit of a parameter of a model: "sd_Days|Subject",
// "sigma" or a fixed effect; "" for a correlation and for others.
func (o Options) parameterUnit(formula, name string) string {
	if u := o.Units[name]; u != "" && strings.ContainsAny(name, "_|") {
		return oneLine(u)
	}
	left, _, _ := strings.Cut(formula, "~")
	response := strings.TrimSpace(left)
	sd, isSD := strings.CutPrefix(name, "sd_")
	switch {
	case isSD:
		name, _, _ = strings.Cut(sd, "|")
	case strings.Contains(name, "|"), ofStructure(name): // a correlation, an entry of theta
		return ""
	case name == "sigma":
		return oneLine(o.unitOf(response))
	}
	return o.coefficientUnit(response, name)
}

// ofStructure says that a parameter is one of the structure of the residuals, as
// package covstruct names them: a correlation, a ratio, a power.
func ofStructure(name string) bool {
	if slices.Contains([]string{"correlation", "range", "nugget", "autoregression", "moving average"}, name) {
		return true
	}
	return slices.ContainsFunc([]string{"correlation at ", "correlation of ", "sd of ", "variance of ", "power of ", "rate of "}, func(p string) bool {
		return strings.HasPrefix(name, p)
	})
}

// parameterAxis is the name of an axis of a parameter, with its unit.
func (o Options) parameterAxis(formula, name string) string {
	if u := o.parameterUnit(formula, name); u != "" {
		return o.label(name) + ", " + u
	}
	return o.label(name)
}
