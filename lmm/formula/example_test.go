package formula_test

import (
	"fmt"

	"github.com/golmm/golmm/lmm/formula"
)

// What do a slash and a star stand for?
func ExampleParse() {
	f, err := formula.Parse("yield ~ nitro*Variety + (1 | Block/Variety)")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Expanded())
	for _, r := range f.Random {
		fmt.Println(r.GroupName)
	}
	// Output:
	// yield ~ nitro + Variety + nitro:Variety + (1 | Variety:Block) + (1 | Block)
	// Variety:Block
	// Block
}

// Where is the mistake?
func ExampleSyntaxError() {
	_, err := formula.Parse("Reaction ~ lgo(Days) + (Days | Subject)")
	fmt.Println(err)
	// Output:
	// formula: unknown function lgo; did you mean log?
	//   Reaction ~ lgo(Days) + (Days | Subject)
	//              ^
}
