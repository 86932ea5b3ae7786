// Command golmm fits mixed models, runs notebooks and is the program that Jupyter
// starts as a kernel. `golmm help` lists its commands.
//
// Results go to stdout, errors to stderr. The exit code is 0 if done, 1 after an
// error and 2 where the command line is at fault.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/golmm/golmm/lmm/nearest"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit codes.
const (
	exitDone  = 0
	exitError = 1
	exitUsage = 2
)

// command is a subcommand of golmm.
type command struct {
	name    string
	summary string
	run     func(args []string, stdin io.Reader, stdout, stderr io.Writer) int
}

// commands lists the subcommands in the order of the help.
func commands() []command {
	return []command{
		{"fit", "fit a model to a file of data and print its summary", runFit},
		{"compare", "compare models of the same data: likelihood ratios, AIC, BIC", runCompare},
		{"gee", "fit a population-averaged model by estimating equations", runGEE},
		{"diagnose", "say what happened to a fit, why, and what each way out does", runDiagnose},
		{"allfit", "fit by all optimizers from several starts and compare where they end", runAllFit},
		{"predict", "predict the rows of a file, with intervals, as CSV", runPredict},
		{"study", "draw data from a known truth, fit models, count what is said of them", runStudy},
		{"plot", "draw a figure of a model as SVG, PNG or PDF", runPlot},
		{"explain", "say what the messages of other programs mean, and what to check", runExplain},
		{"run", "execute notebooks and write them, or a report", runNotebooks},
		{"doctor", "look at the installation and the machine; say what is wrong", runDoctor},
		{"cache", "list what was kept of long computations, or clear it", runCache},
		{"kernel", "be the kernel of a notebook; Jupyter starts it", runKernel},
		{"uninstall", "remove golmm", runUninstall},
		{"version", "print the version and where it is installed", runVersion},
		{"help", "print this, or `golmm help COMMAND`", runHelp},
	}
}

// meant asks for the command that was probably meant.
func meant(name string) string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	if near := nearest.Name(name, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		writeHelp(stderr)
		return exitUsage
	}
	name := args[0]
	if name == "-h" || name == "-help" || name == "--help" {
		name = "help"
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(args[1:], stdin, stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "golmm: there is no command %q%s\n", name, meant(name))
	writeHelp(stderr)
	return exitUsage
}
