package laplace_test

import (
	"testing"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/laplace"
	"github.com/golmm/golmm/lmm/table"
)

func build(t testing.TB, src string, tab *table.Table, opt *design.Options) *design.Design {
	t.Helper()
	f, err := formula.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	d, err := design.Build(f, tab, opt)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func objective(t testing.TB, d *design.Design, name, link string, set laplace.Settings) *laplace.Objective {
	t.Helper()
	fam, err := family.New(name, link)
	if err != nil {
		t.Fatal(err)
	}
	o, err := laplace.New(d, fam, set)
	if err != nil {
		t.Fatal(err)
	}
	return o
}
