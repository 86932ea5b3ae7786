package main

import (
	"regexp"
	"strings"
	"testing"
)

// ofGo matches the names of the library, which nobody types at a command line.
var ofGo = regexp.MustCompile(`Options\b|Quadrature|Family\b|Replicates|\b(?:infer|diagnose|lmm|plots|gee|table|nb)\.[A-Z]|plots: |At: |CriterionSlices`)

// What the library says of its options is said here of flags and commands.
func TestErrorsSpeakOfFlags(t *testing.T) {
	for _, c := range []struct{ args, says string }{
		{"fit;--agq;9;Yield ~ 1 + (1 | Batch);Dyestuff", "--agq goes with --family"},
		{"fit;--link;log;Yield ~ 1 + (1 | Batch);Dyestuff", "name it by --family"},
		{"fit;cbind(incidence, size) ~ period + (1 | herd);cbpp", "give --family binomial"},
		{"fit;--family;binomial;--agq;9;r2 ~ btype + (1 | id) + (1 | item);VerbAgg", "Laplace's approximation, --agq 1"},
		{"fit;--ml;--ddf;kenward-roger;Yield ~ 1 + (1 | Batch);Dyestuff", "leave out --ml, or take --ddf satterthwaite"},
		{"fit;--unbounded;" + sleepFormula + ";sleepstudy", "`golmm diagnose` tells"},
		{"fit;--unbounded;--tests;Yield ~ 1 + (1 | Batch);Dyestuff2", "`golmm compare --bootstrap N` tests it"},
		{"fit;--family;poisson;--robust;CR2;TICKS ~ YEAR + (1 | BROOD);grouseticks", "`golmm gee` has them"},
		{"gee;Reaction ~ Days;sleepstudy", "the column that tells them apart by --subject"},
		{"gee;--subject;Subject;" + sleepFormula + ";sleepstudy", "name the subjects by --subject"},
		{"gee;--subject;Subject;--correlation;given;Reaction ~ Days;sleepstudy", "the command line does not"},
		{"plot;trellis;--page;9;" + sleepFormula + ";sleepstudy", "--page 9: the pages of this figure are 1"},
		{"plot;trellis;--order;no;" + sleepFormula + ";sleepstudy", `--order "no": this figure can be ordered by slope, intercept`},
		{"plot;trellis;--level;no;" + sleepFormula + ";sleepstudy", `--level "no": the model has 308`},
		{"plot;coefficients;--param;no;" + sleepFormula + ";sleepstudy", `--param "no": the model has (Intercept), Days`},
		{"plot;spaghetti;Yield ~ 1 + (1 | Batch);Dyestuff", "name a column of the file by --x"},
		{"plot;contours;Yield ~ 1 + (1 | Batch);Dyestuff", "`golmm plot slices` draws"},
		{"plot;slices;--residual;ar1(Days | Subject);Reaction ~ Days + (1 | Subject);sleepstudy", "`golmm plot profile-zeta` draws"},
		{"plot;profile-pairs;--param;sigma;--param;Days;" + sleepFormula + ";sleepstudy", "give --ml to see them together"},
		{"plot;means;--x;nitro;yield ~ nitro + (1 | Block);Oats", "`golmm plot predictions --x nitro` draws the means"},
		{"plot;influence;--family;poisson;TICKS ~ YEAR + (1 | INDEX);grouseticks", "--group asks for them"},
	} {
		code, stdout, stderr := golmm(t, "", strings.Split(c.args, ";")...)
		if code != exitError || stdout != "" || !strings.Contains(stderr, c.says) || ofGo.MatchString(stderr) {
			t.Errorf("%s: exit code %d, stdout %q, want %q in\n%s", c.args, code, stdout, c.says, stderr)
		}
	}
	for text, says := range map[string]string{
		"y,g\n1,a\n" + strings.Repeat("2.5,b\n", 6) + "\"2,5\",b\n":        "give --decimal ,",
		"y,g\n1,a\n" + strings.Repeat("2.5,b\n3,c\n4,d\n", 6) + "gone,b\n": "name it by --missing",
		"SQLite format 3\x00": "export the table as CSV",
	} {
		code, _, stderr := golmm(t, text, "fit", "y ~ 1 + (1 | g)", "-")
		if code != exitError || !strings.Contains(stderr, says) || ofGo.MatchString(stderr) {
			t.Errorf("%q: exit code %d, want %q in\n%s", text, code, says, stderr)
		}
	}
}
