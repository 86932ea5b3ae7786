package separation_test

import (
	"fmt"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/separation"
	"github.com/golmm/golmm/lmm/table"
)

// Why does the standard error of dose explode?
func ExampleFind() {
	tab, _ := table.New(
		table.NewFloats("dose", []float64{1, 2, 3, 4, 5, 6, 7, 8}),
		table.NewFloats("died", []float64{0, 0, 0, 0, 1, 1, 1, 1}))
	f, _ := formula.Parse("died ~ dose")
	d, _ := design.Build(f, tab, &design.Options{FixedOnly: true})
	r, err := separation.Find(d, "binomial", "logit")
	fmt.Println(r.Separated(), r.Complete, r.Params(), err)
	fmt.Println(r.Sentence())
	// Output:
	// true true [(Intercept) dose] <nil>
	// died is 0 wherever dose is 4 or less and 1 wherever it is 5 or more.
}
