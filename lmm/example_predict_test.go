package lmm_test

import (
	"fmt"
	"log"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/table"
)

// How slow will subject 308 be after ten days without sleep, and how slow
// somebody who was not in the study?
func ExampleModel_Predict() {
	sleep, err := datasets.Load("sleepstudy")
	if err != nil {
		log.Fatal(err)
	}
	m, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", sleep, nil)
	if err != nil {
		log.Fatal(err)
	}
	rows, err := table.New(table.NewFloats("Days", []float64{10, 10}), table.NewTexts("Subject", []string{"308", "you"}))
	if err != nil {
		log.Fatal(err)
	}
	p, err := m.Predict(rows, nil)
	if err != nil {
		log.Fatal(err)
	}
	for i, who := range []string{"308", "you"} {
		fmt.Printf("%s: %.0f ms, a reaction between %.0f and %.0f\n", who, p.Mean[i], p.Response.Lower[i], p.Response.Upper[i])
	}
	for _, n := range p.Notes {
		fmt.Printf("row %d: %s\n", n.First, n.What)
	}
	// Output:
	// 308: 450 ms, a reaction between 391 and 509
	// you: 356 ms, a reaction between 214 and 498
	// row 2: the level of Subject was not in the fit: its random effects are taken as 0
}
