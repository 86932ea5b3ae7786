package design_test

import (
	"fmt"
	"strings"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// Which columns does a model with a factor have, and how are they called?
func ExampleBuild() {
	tab, err := table.ReadCSV(strings.NewReader(`size,age,sex,child
10,1,f,a
12,2,f,a
13,3,f,a
11,1,m,b
14,2,m,b
16,3,m,b
`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := formula.Parse("size ~ age*sex + (age | child)")
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := design.Build(f, tab, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Join(d.XNames, ", "))
	fmt.Println(d.X.Row(5))
	fmt.Println(d.Terms[0].Group, d.Terms[0].Levels, strings.Join(d.Terms[0].Names, ", "))
	// Output:
	// (Intercept), age, sexm, age:sexm
	// [1 3 1 3]
	// child [a b] (Intercept), age
}
