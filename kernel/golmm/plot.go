package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/plots"
)

// plotFlags are the flags of `golmm plot`.
type plotFlags struct {
	list   bool
	out    string
	model  modelFlags
	figure plots.Options
}

func (p *plotFlags) define(u *usage) {
	u.BoolVar(&p.list, "list", false, "print the kinds of figures, one a line")
	u.StringVar(&p.out, "o", "", "write `FIGURE`, .svg, .png or .pdf; without it the figure is told in words and numbers")
	p.model.define(u)
	u.StringVar(&p.figure.Title, "title", "", "`TEXT` over the figure")
	u.StringVar(&p.figure.Group, "group", "", "the grouping `FACTOR` to draw")
	u.StringVar(&p.figure.X, "x", "", "the `COL` on the x axis")
	u.StringVar(&p.figure.By, "by", "", "a panel for each level of the `FACTOR`")
	u.StringVar(&p.figure.OrderBy, "order", "", "order rows or panels by a `COEFFICIENT`")
	u.BoolVar(&p.figure.LevelOrder, "level-order", false, "keep levels in their order")
	u.Func("param", "draw the `PARAMETER` or coefficient; may be given many times", func(s string) error {
		p.figure.Parameters = append(p.figure.Parameters, s)
		return nil
	})
	u.Func("level", "draw the `LEVEL` of the grouping factor; may be given many times", func(s string) error {
		p.figure.Levels = append(p.figure.Levels, s)
		return nil
	})
	count(u, &p.figure.Page, "page", "the `PAGE` of a figure that has several")
	millimetres(u, "width", func(v float64) { p.figure.Width = plots.Millimetres(v) })
	millimetres(u, "height", func(v float64) { p.figure.Height = plots.Millimetres(v) })
	u.Func("theme", "`THEME` of colours: light or dark; an SVG follows the page around it without", func(s string) error {
		switch s {
		case "light":
			p.figure.Theme = plots.LightTheme
		case "dark":
			p.figure.Theme = plots.DarkTheme
		default:
			return errors.New("want light or dark")
		}
		return nil
	})
	u.BoolVar(&p.figure.NoCaption, "no-caption", false, "leave the caption off")
	count(u, &p.figure.Replicates, "replicates", "`N` simulations, for figures that simulate")
	u.Uint64Var(&p.figure.Seed, "seed", 0, "`SEED` of all draws")
}

// millimetres defines the flag of a length of the page.
func millimetres(u *usage, name string, set func(float64)) {
	u.Func(name, "`MM` of the page", func(s string) error {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !(v >= 20 && v <= 2000) {
			return errors.New("want millimetres from 20 to 2000")
		}
		set(v)
		return nil
	})
}

// runPlot is `golmm plot [flags] KIND FORMULA FILE` and `golmm plot --list`.
func runPlot(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("plot [flags] KIND FORMULA FILE")
	var p plotFlags
	p.define(u)
	rest, code, done := u.parse(args, 0, 3, stdout, stderr)
	switch {
	case done:
		return code
	case p.list && len(rest) == 0:
		return u.written(stderr, func() error { return listKinds(stdout) })
	case p.list:
		return u.misuse(stderr, fmt.Errorf("%q is too much", rest[0]))
	case len(rest) < 3:
		return u.misuse(stderr, errors.New("something is missing; `golmm plot --list` lists the kinds"))
	}
	f, err := p.draw(rest[0], rest[1], rest[2], stdin)
	if err != nil {
		return u.fail(stderr, err)
	}
	if p.out == "" {
		return u.written(stderr, func() error {
			_, err := io.WriteString(stdout, f.Text())
			return err
		})
	}
	if err := f.Save(p.out); err != nil {
		return u.fail(stderr, err)
	}
	if format, _ := plots.FormatOf(p.out); format != ".svg" {
		if missing := f.Missing(); missing != "" {
			fmt.Fprintf(stderr, "golmm plot: the fonts of %s lack %s: boxes stand for them; .svg has them\n", p.out, missing)
		}
	}
	return exitDone
}

func listKinds(w io.Writer) error {
	for _, k := range plots.Kinds() {
		if _, err := fmt.Fprintf(w, "%-20s %s\n", k.Name, k.Shows); err != nil {
			return err
		}
	}
	return nil
}

// checkFolder says that a file cannot be written because its folder is not there.
func checkFolder(path string) error {
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("%s cannot be written: there is no folder %s; make it, or choose another", path, dir)
	}
	return nil
}

// draw fits the model and draws the figure. What is wrong with the command line
// is said before anything is computed.
func (p *plotFlags) draw(kind, formula, file string, stdin io.Reader) (*plots.Figure, error) {
	k, err := plots.KindNamed(kind)
	if err != nil {
		return nil, err
	}
	if p.out != "" {
		if _, err := plots.FormatOf(p.out); err != nil {
			return nil, err
		}
		if err := checkFolder(p.out); err != nil {
			return nil, err
		}
	}
	m, err := p.model.fit(formula, file, stdin)
	if err != nil {
		return nil, err
	}
	if slices.Contains(datasets.Names(), file) {
		p.figure.Units = plots.DataUnits(file)
	}
	f := k.Draw(m, p.figure)
	return f, f.Err()
}
