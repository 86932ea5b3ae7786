package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/golmm/golmm/plots"
)

// said is an error in the words of the command line: the library names options of Go and
// functions, a person here has flags and commands.
func said(err error) string {
	text := err.Error()
	var option *plots.OptionError
	if errors.As(err, &option) {
		text = strings.Replace(text, option.Error(), optionSaid(option), 1)
	}
	text = strings.TrimPrefix(text, "plots: ") // the command says it
	for _, w := range words() {
		text = strings.ReplaceAll(text, w.library, w.here)
	}
	text = meansForm.ReplaceAllString(text, ": `golmm plot predictions --x $1` draws the means over it")
	return optionForm.ReplaceAllStringFunc(text, func(name string) string {
		return flagOf(strings.TrimPrefix(name, "Options."))
	})
}

// optionSaid is an option of a figure that names what is not there.
func optionSaid(e *plots.OptionError) string {
	known := strings.Join(e.Known, ", ")
	switch e.Option {
	case "Page":
		return fmt.Sprintf("--page %s: the pages of this figure are %s", e.Value, known)
	case "OrderBy":
		return fmt.Sprintf("--order %q: this figure can be ordered by %s", e.Value, known)
	}
	return fmt.Sprintf("%s %q: the model has %s", flagOf(e.Option), e.Value, known)
}

var (
	optionForm = regexp.MustCompile(`\bOptions\.[A-Z]\w*`)
	meansForm  = regexp.MustCompile(`: ask for its trend, or for means at values of it, At: \{"([^"]*)".*$`)
)

// flagOf is the flag that sets an option of the library.
func flagOf(option string) string {
	switch option {
	case "OrderBy":
		return "--order"
	case "Parameters":
		return "--param"
	case "Levels":
		return "--level"
	}
	return "--" + strings.ToLower(option)
}

type word struct{ library, here string }

// words are the phrases in which errors of the library speak of Go.
func words() []word {
	return []word{
		{"quadrature belongs to a Family", "--agq goes with --family"},
		{"Laplace's approximation, Quadrature 1", "Laplace's approximation, --agq 1"},
		{`set Family, to "binomial" or "poisson" say`, "name it by --family, binomial or poisson say"},
		{`set Family to "binomial"`, "give --family binomial"},
		{"fit it again with REML, or take Satterthwaite", "leave out --ml, or take --ddf satterthwaite"},
		{"fit by ML to see them together", "give --ml to see them together"},
		{"diagnose.Run tells", "`golmm diagnose` tells"},
		{"package gee has them for marginal models, and infer.Bootstrap with Kind Case makes no assumption on the distribution",
			"`golmm gee` has them for marginal models"},
		{"fit without the term and test it by infer.LRT with a bootstrap", "`golmm compare --bootstrap N` tests it against the formula without the term"},
		{"infer.ProfileAt has the profile", "`golmm plot profile-zeta` draws the profile"},
		{"CriterionSlices draws", "`golmm plot slices` draws"},
		{"that tells them apart as Options.Subject", "that tells them apart by --subject"},
		{"name the subjects as Options.Subject", "name the subjects by --subject"},
		{"needs a matrix in Options.Given", "needs a matrix, which the library takes and the command line does not"},
		{"name a column of the table with Options.", "name a column of the file by Options."},
		{"name others with Options.", "name others by Options."},
		{"set CSVOptions.Decimal to ',' (--decimal ,)", "give --decimal ,"},
		{"name it in CSVOptions.Missing", "name it by --missing"},
		{", or query it and use table.FromSQL", ""},
	}
}
