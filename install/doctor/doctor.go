package doctor

import (
	"context"
	"errors"
	"time"

	"github.com/golmm/golmm/install/setup"
	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/lmm/version"
)

// Status is what a check came to.
type Status string

// The statuses of a check. A note is worth knowing, cells run all the same.
const (
	OK      Status = "ok"
	Note    Status = "note"
	Problem Status = "problem"
)

// Check is one thing that was looked at.
type Check struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
	Seen   string `json:"seen"`
	Remedy string `json:"remedy,omitempty"` // a line, "" where Status is OK
}

// Folder is a place that golmm, or what it starts, writes to.
type Folder struct {
	Path string `json:"path"`
	What string `json:"what"`
}

// Report is what Examine found.
type Report struct {
	Version     string     `json:"version"` // of this program
	Checks      []Check    `json:"checks"`
	Environment []Variable `json:"environment"`
	Folders     []Folder   `json:"folders"`
}

// Broken tells whether something that cells need does not work.
func (r *Report) Broken() bool { return r.count(Problem) > 0 }

func (r *Report) count(s Status) int {
	n := 0
	for _, c := range r.Checks {
		if c.Status == s {
			n++
		}
	}
	return n
}

// Options choose what Examine looks at.
type Options struct {
	// Prefix is that of the installation. "": the one that this program belongs to, or
	// else the latest of the user's own.
	Prefix string
	// Quick leaves out the checks that build cells.
	Quick bool
	// BuildLimit is how long the checks that build cells may take; 0: 10 minutes.
	BuildLimit time.Duration
}

// Remedies that serve several checks.
const (
	reinstall = "`go run ./install` in a clone of golmm."
	getGo     = "Install Go from https://go.dev/dl/ and put its bin folder on PATH."
)

// examination is one run of Examine.
type examination struct {
	opt    Options
	home   *gonb.Home // nil if nothing is installed
	layout setup.Layout
	report Report
}

// Examine looks at everything in turn. A check that does not apply, since what it needs
// is missing, is left out: the reason stands in an earlier line.
func Examine(ctx context.Context, opt Options) *Report {
	if opt.BuildLimit == 0 {
		opt.BuildLimit = 10 * time.Minute
	}
	x := &examination{opt: opt, report: Report{Version: version.Golmm}}
	x.installation()
	goWorks := x.goCommand(ctx)
	if x.home != nil {
		x.tools()
		x.source()
	}
	x.jupyter(ctx)
	temporary := x.temporary(ctx)
	x.memory(ctx)
	x.results()
	x.environment()
	if !opt.Quick && x.home != nil && goWorks && temporary && x.home.Check(ctx) == nil && x.buildCache(ctx) {
		x.cell(ctx)
	}
	x.folders()
	return &x.report
}

func (x *examination) add(name string, status Status, seen, remedy string) {
	x.report.Checks = append(x.report.Checks, Check{Name: name, Status: status, Seen: seen, Remedy: remedy})
}

func (x *examination) ok(name, seen string)              { x.add(name, OK, seen, "") }
func (x *examination) note(name, seen, remedy string)    { x.add(name, Note, seen, remedy) }
func (x *examination) problem(name, seen, remedy string) { x.add(name, Problem, seen, remedy) }

// installation finds the installation to look at.
func (x *examination) installation() {
	const name = "installation"
	var layoutErr error
	x.layout, layoutErr = setup.NewLayout(x.opt.Prefix)
	home, err := gonb.Find()
	if x.opt.Prefix != "" || err != nil {
		if layoutErr != nil {
			x.failed(name, layoutErr)
			return
		}
		if latest, latestErr := setup.Latest(x.layout); latestErr == nil || err == nil || x.opt.Prefix != "" {
			home, err = latest, latestErr
		}
	}
	switch {
	case err != nil && !isGiven(gonb.HomeVariable):
		x.problem(name, "no golmm is installed in "+x.layout.Root, reinstall)
	case err != nil:
		x.failed(name, err)
	case home.Manifest.Version != version.Golmm:
		x.home = home
		x.problem(name, home.Dir+" is golmm "+home.Manifest.Version+", this program is "+version.Golmm, reinstall)
	default:
		x.home = home
		x.ok(name, home.Dir)
	}
}

// failed adds a problem from an error that carries its own remedy, where it does.
func (x *examination) failed(name string, err error) {
	seen, remedy := explain(err)
	x.problem(name, seen, remedy)
}

// explain splits an error into what was seen and what to do.
func explain(err error) (seen, remedy string) {
	var s *setup.Error
	var h *gonb.HomeError
	switch {
	case errors.As(err, &s):
		seen, remedy = oneLine(s.Seen+" "+s.Meaning), s.Try
	case errors.As(err, &h):
		remedy = h.Try
		bare := *h
		bare.Try = ""
		seen = oneLine(bare.Error())
	default:
		seen = oneLine(err.Error())
	}
	if remedy == "" {
		remedy = reinstall
	}
	return seen, oneLine(remedy)
}
