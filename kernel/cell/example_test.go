package cell_test

import (
	"fmt"
	"strings"

	"github.com/golmm/golmm/kernel/cell"
)

// What does GoNB get for a cell?
func ExampleSession_Prepare() {
	s := cell.NewSession(cell.Options{})
	c := s.Prepare(1, "x := 2.0\nmath.Sqrt(x)\nvar kept = 3")
	fmt.Print(c.Code)
	// Output:
	// import ("math"; "github.com/golmm/golmm/kernel/nb")
	// var kept = 3
	// func main() {
	// x := 2.0
	// nb.Show(math.Sqrt(x))
	// }
}

// What does a user read when a cell is no Go?
func ExampleFailure() {
	s := cell.NewSession(cell.Options{})
	c := s.Prepare(3, "x := 3\nfmt.Println(x")
	fmt.Println(strings.Join(c.Failure.Traceback, "\n"))
	// Output:
	// SyntaxError: this ( is never closed
	//   cell [3], line 2
	//     fmt.Println(x
	//                ^
}

// When does Enter run a cell, and how is the next line indented?
func ExampleIsComplete() {
	for _, src := range []string{"x := 3", "for i := range 3 {", "x = = 3"} {
		status, indent := cell.IsComplete(src)
		fmt.Printf("%s %q\n", status, indent)
	}
	// Output:
	// complete ""
	// incomplete "\t"
	// invalid ""
}
