package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

// measured is a table of 8 groups with a measure y, a covariate x, an answer b and a
// count n.
func measured() string {
	rng := rand.New(rand.NewPCG(3, 1))
	var s strings.Builder
	s.WriteString("g,x,y,b,n\n")
	for i := range 48 {
		fmt.Fprintf(&s, "%c,%.4f,%.4f,%d,%d\n", 'a'+i/6, rng.Float64(), 3+rng.NormFloat64()+float64(i/6%3), rng.IntN(2), rng.IntN(9))
	}
	return s.String()
}

// unkind matches what no message to a person may hold.
var unkind = regexp.MustCompile(`\bNaN\b|[+-]Inf|goroutine|panic|%!|1\.8e\+308`)

// A file that cannot be a table of a model ends with code 1 and a message that says
// what was seen, and nothing on stdout.
func TestHostileFiles(t *testing.T) {
	good := measured()
	var sixteen []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + good)) {
		sixteen = append(sixteen, byte(u), byte(u>>8))
	}
	lines := strings.SplitAfter(good, "\n")
	column := func(replace string) string { // y of every row
		return regexp.MustCompile(`(?m)^(\w,[^,]+),[^,\n]+`).ReplaceAllString(strings.Join(lines[1:], ""), "$1,"+replace)
	}
	for _, c := range []struct{ name, text, says string }{
		{"short row", good + "a,1\n", "2 fields, but the header names 5"},
		{"long row", good + "a,1,2,3,4,5,6\n", "7 fields, but the header names 5"},
		{"open quote", good + "\"a,1,2,3,4\n", "the quote that opens here is not closed"},
		{"stray quote", good + "a\"b,1,2,3,4\n", "a quote (\") inside a field"},
		{"UTF-16", string(sixteen), "UTF-16"},
		{"Latin-1", good + "M\xfcller,1,2,3,4\n", "is not UTF-8"},
		{"zero byte", good + "a,\x00,2,3,4\n", "a zero byte"},
		{"empty", "", "the file is empty"},
		{"blank lines", "\n\n\n", "the file is empty"},
		{"header", "g,x,y,b,n\n", "no data below it"},
		{"a name twice", "g,x,x,b,n\na,1,2,3,4\n", `both named "x"`},
		{"no name", "g,x,,b,n\na,1,2,3,4\n", "has no name"},
		{"spaces", strings.ReplaceAll(good, ",", " "), "a single column"},
		{"decimal commas", strings.ReplaceAll(strings.ReplaceAll(good, ",", ";"), ".", ","), "--decimal ,"},
		{"one row", lines[0] + lines[1], "in the only row used: there is nothing to explain"},
		{"two rows", lines[0] + lines[1] + lines[2], "2 rows cannot estimate"},
		{"one group", regexp.MustCompile(`(?m)^\w,`).ReplaceAllString(lines[0], "g,") + regexp.MustCompile(`(?m)^\w,`).ReplaceAllString(strings.Join(lines[1:], ""), "a,"), "only the level a"},
		{"nothing but missing", lines[0] + column("NA"), "y is missing in 48"},
		{"no variation", lines[0] + column("5"), "y is 5 in all 48 rows"},
		{"words", lines[0] + column("much"), "y is text"},
		{"infinite", good + "a,1,Inf,1,1\n", "infinite in row 49"},
		{"beyond a float", good + "a,1,1e999,1,1\n", "beyond the largest"},
		{"a huge field", good + strings.Repeat("a", 2<<20) + ",1,2,3,4\n", "more than 1 MiB"},
		{"a workbook", "PK\x03\x04" + strings.Repeat("\x00", 100), "zip archive"},
		{"half a gzip", "\x1f\x8b\x08\x00\x00", "gzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "a.csv")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, from := range []string{file, "-"} {
				code, stdout, stderr := golmm(t, c.text, "fit", "y ~ x + (1 | g)", from)
				if code != exitError || stdout != "" || !strings.Contains(stderr, c.says) || unkind.MatchString(strings.ReplaceAll(stderr, "1.8e308", "")) {
					t.Errorf("from %s: exit code %d, stdout %q, want %q in\n%s", from, code, stdout, c.says, stderr)
				}
			}
		})
	}
}

// Files that look odd and are none.
func TestHarmlessFiles(t *testing.T) {
	good := measured()
	want := fit(t, good, "y ~ x + (1 | g)", "-")
	for name, text := range map[string]string{
		"byte-order mark": "\ufeff" + good,
		"CRLF":            strings.ReplaceAll(good, "\n", "\r\n"),
		"CR":              strings.ReplaceAll(good, "\n", "\r"),
		"semicolons":      strings.ReplaceAll(good, ",", ";"),
		"tabs":            strings.ReplaceAll(good, ",", "\t"),
		"no last newline": strings.TrimSuffix(good, "\n"),
	} {
		if got := fit(t, text, "y ~ x + (1 | g)", "-"); got.Criterion != want.Criterion {
			t.Errorf("%s: criterion %g, want %g", name, got.Criterion, want.Criterion)
		}
	}
	comma := strings.ReplaceAll(strings.ReplaceAll(good, ",", ";"), ".", ",")
	if got := fit(t, comma, "--decimal", ",", "y ~ x + (1 | g)", "-"); got.Criterion != want.Criterion {
		t.Errorf("decimal commas: criterion %g, want %g", got.Criterion, want.Criterion)
	}
	if got := fit(t, good+"a,0.5,-99,1,1\n", "--missing", "-99", "y ~ x + (1 | g)", "-"); got.Criterion != want.Criterion || got.NObs != 48 {
		t.Errorf("a code for missing values: criterion %g of %d rows, want %g of 48", got.Criterion, got.NObs, want.Criterion)
	}
}

// Numbers whose squares are none are fitted, and a finding says what is lost.
func TestExtremeUnits(t *testing.T) {
	for _, formula := range []string{"I(y * 1e306) ~ x + (1 | g)", "I(y * 1e-300) ~ x + (1 | g)", "y ~ I(x * 1e300) + (1 | g)"} {
		code, stdout, stderr := golmm(t, measured(), "fit", formula, "-")
		if code != exitDone || stderr != "" || unkind.MatchString(stdout) {
			t.Errorf("%s: exit code %d, %s\n%s", formula, code, stderr, stdout)
		}
		contains(t, stdout, "Choose another unit for I(", "SCALE.")
	}
}

// Places that cannot be read or written.
func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"fit", sleepFormula, dir}, "this is a folder"},
		{[]string{"fit", sleepFormula, filepath.Join(dir, "no", "file.csv")}, "there is no folder"},
		{[]string{"fit", sleepFormula, "sleepstdy"}, "did you mean the data set sleepstudy?"},
		{[]string{"plot", "caterpillar", sleepFormula, "sleepstudy", "-o", filepath.Join(dir, "no", "x.svg")}, "there is no folder"},
		{[]string{"plot", "caterpillar", sleepFormula, "sleepstudy", "-o", dir}, ".svg, .png or .pdf"},
		{[]string{"run", "a.ipynb", "-o", filepath.Join(dir, "no", "x.ipynb")}, "there is no folder"},
		{[]string{"study", "-n", "2", "--continue", filepath.Join(dir, "none.json")}, "none.json"},
	} {
		code, stdout, stderr := golmm(t, "", c.args...)
		if code != exitError || stdout != "" || !strings.Contains(stderr, c.says) || !strings.HasPrefix(stderr, "golmm "+c.args[0]+": ") {
			t.Errorf("golmm %q: exit code %d, stdout %q, want %q in %s", c.args, code, stdout, c.says, stderr)
		}
	}
}

// What is wrong with the options of a generalised model.
func TestHostileFamilies(t *testing.T) {
	for _, c := range []struct {
		flags, formula string
		code           int
		says           string
	}{
		{"--family binomial --agq -5", "b ~ x + (1 | g)", exitUsage, "want a number of nodes such as 9, or auto"},
		{"--family binomial --agq 1e9", "b ~ x + (1 | g)", exitUsage, "want a number of nodes"},
		{"--family binomial --agq 1000000000", "b ~ x + (1 | g)", exitError, "Use fewer nodes"},
		{"--agq 9", "y ~ x + (1 | g)", exitError, "--agq goes with --family"},
		{"--family binomial --agq 9", "b ~ x + (1 | g) + (1 | n)", exitError, "one grouping factor"},
		{"--family unknown", "b ~ x + (1 | g)", exitError, "Known: "},
		{"--family Binomial", "b ~ x + (1 | g)", exitError, `Did you mean "binomial"`},
		{"--family binomial --link sqrt", "b ~ x + (1 | g)", exitError, "logit, probit, cloglog"},
		{"--family gamma --link probit", "y ~ x + (1 | g)", exitError, "log, inverse, identity"},
		{"--family gaussian --link log", "y ~ x + (1 | g)", exitError, "identity link"},
		{"--family poisson", "I(-n) ~ x + (1 | g)", exitError, "needs counts, 0 or more"},
		{"--family gamma", "n ~ x + (1 | g)", exitError, "above 0"},
		{"--family binomial", "n ~ x + (1 | g)", exitError, "0 or 1, or a proportion"},
		{"--family binomial", "cbind(b, -n) ~ x + (1 | g)", exitError, "a count is not negative"},
		{"--family binomial", "cbind(b) ~ x + (1 | g)", exitError, "failures"},
		{"--family binomial", "cbind(b, n, x) ~ x + (1 | g)", exitError, "too many arguments"},
		{"--family binomial", "cbind(b, g) ~ x + (1 | g)", exitError, "g is text"},
		{"--family binomial", "cbind(n, n) ~ x + (1 | g)", exitError, "n stands for the successes and for the failures"},
		{"--family binomial", "cbind(b * 0, n) ~ x + (1 | g)", exitError, "without a success"},
		{"--family poisson", "cbind(b, n) ~ x + (1 | g)", exitError, "belongs to the binomial family"},
		{"", "cbind(b, n) ~ x + (1 | g)", exitError, "a Gaussian model cannot have"},
		{"--family binomial --weights g", "b ~ x + (1 | g)", exitError, "holds text where numbers are needed"},
		{"--family binomial --weights nn", "b ~ x + (1 | g)", exitError, "did you mean n?"},
		{"--family poisson --offset g", "n ~ x + (1 | g)", exitError, "holds text where numbers are needed"},
		{"--family poisson", "n ~ x + offset(g) + (1 | g)", exitError, "an offset is a number"},
		{"--family poisson --residual ar1(n|g)", "n ~ x + (1 | g)", exitError, "has no residuals with a structure"},
		{"--family poisson --unbounded", "n ~ x + (1 | g)", exitError, "variances below 0 belong to a linear model"},
		{"--family poisson --ddf kenward-roger", "n ~ x + (1 | g)", exitError, "not computed for the poisson family"},
	} {
		args := append(append([]string{"fit"}, strings.Fields(c.flags)...), c.formula, "-")
		code, stdout, stderr := golmm(t, measured(), args...)
		if code != c.code || stdout != "" || !strings.Contains(stderr, c.says) || unkind.MatchString(stderr) {
			t.Errorf("golmm %q: exit code %d, want %d; stdout %q; want %q in\n%s", args, code, c.code, stdout, c.says, stderr)
		}
	}
}

// mistakes are command lines whose fault is said before anything is computed.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ args, says string }{
		{"ift", "did you mean fit?"},
		{"fit --jsn y sleepstudy", "there is no flag --jsn; did you mean --json?"},
		{"fit --nonsense y sleepstudy", "there is no flag --nonsense\n"},
		{"fit y sleepstudy --weights", "--weights needs a value"},
		{"fit --seed -1 y sleepstudy", `--seed "-1": want a whole number from 0`},
		{"fit --json=perhaps y sleepstudy", "want true or false"},
		{"fit --bootstrap 0 y sleepstudy", "want a whole number from 1"},
		{"fit --bootstrap 99999999999999999999 y sleepstudy", "want a whole number from 1"},
		{"fit --decimal ; y sleepstudy", "want . or ,"},
		{"plot --page 0 trellis y sleepstudy", "want a whole number from 1"},
		{"plot --replicates -4 trellis y sleepstudy", "want a whole number from 1"},
		{"plot --width NaN trellis y sleepstudy", "want millimetres"},
		{"allfit --starts -1 y sleepstudy", "want a whole number from 1"},
		{"diagnose --ladder sideways y sleepstudy", "a ladder goes down or up"},
		{"diagnose --ladder up --alpha NaN y sleepstudy", "want a number between 0 and 1"},
		{"diagnose --alpha 0.1 y sleepstudy", "which is missing"},
		{"diagnose --before --theta 1,0,1 y sleepstudy", "different questions"},
		{"diagnose --ladder up --try y sleepstudy", "--ladder has none"},
		{"study --groups 999999999999", "want a whole number from 1"},
		{"study --sd much", "want a number"},
		{"run --timeout soon a.ipynb", "want a time such as 90s"},
	} {
		code, stdout, stderr := golmm(t, "", strings.Fields(c.args)...)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, c.says) {
			t.Errorf("golmm %s: exit code %d, stdout %q, want %q in\n%s", c.args, code, stdout, c.says, stderr)
		}
	}
}

// Whatever the fit came to, the result is JSON, and its keys are these, in this order.
func TestKeys(t *testing.T) {
	linear := "formula reml family link criterion logLik AIC BIC npar nobs ngroups theta theta_names sigma beta beta_names beta_se vcov aliased varcorr ranef verdict findings evaluations"
	general := strings.NewReplacer(" criterion", " nAGQ criterion", " aliased", " vcov_rx aliased").Replace(linear)
	shaped := strings.Replace(general, " criterion", " shape criterion", 1)
	for _, c := range []struct{ flags, formula, keys string }{
		{"", "y ~ x + (1 | g)", linear},
		{"--ml", "y ~ x + (x | g)", linear},
		{"--residual varident(b)", "y ~ x + (1 | g)", strings.Replace(linear, " verdict", " residual verdict", 1)},
		{"--family gaussian --link identity", "y ~ x + (1 | g)", linear},
		{"--family binomial", "b ~ x + (1 | g)", general},
		{"--family binomial --link probit --agq 9", "b ~ x + (1 | g)", general},
		{"--family binomial --link cloglog --agq 0", "b ~ x + (1 | g)", general},
		{"--family poisson --agq auto", "n ~ x + (1 | g)", general},
		{"--family poisson --link sqrt", "n ~ x + (1 | g) + (1 | b)", general},
		{"--family negbinomial", "n ~ x + (1 | g)", shaped},
		{"--family gamma --link inverse", "y ~ x + (1 | g)", shaped},
		{"--family poisson", "I(n * 1e300) ~ x + (1 | g)", general}, // has no criterion
	} {
		for _, command := range []string{"fit", "diagnose"} {
			args := append(append([]string{command, "--json"}, strings.Fields(c.flags)...), c.formula, "-")
			code, stdout, stderr := golmm(t, measured(), args...)
			if code != exitDone || stderr != "" || !json.Valid([]byte(stdout)) {
				t.Errorf("golmm %q: exit code %d, %s, valid JSON: %v", args, code, stderr, json.Valid([]byte(stdout)))
			}
			if keys := topKeys(t, stdout); command == "fit" && keys != c.keys {
				t.Errorf("golmm %q has the keys\n%s, want\n%s", args, keys, c.keys)
			}
		}
	}
}

// topKeys lists the keys of a JSON object as they stand.
func topKeys(t *testing.T, text string) string {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, fmt.Sprint(key))
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Join(keys, " ")
}
