package table_test

import (
	"fmt"
	"strings"

	"github.com/golmm/golmm/lmm/table"
)

// Why is my response not a number?
func ExampleReadCSV() {
	file := "Reaction,Days,Subject\n249.56,0,\"308\"\n258.70,1,\"308\"\n250.80,2,\"308\"\nn/a,3,\"308\"\n"
	tab, err := table.ReadCSV(strings.NewReader(file), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tab.Column("Reaction").Kind(), tab.Notes())

	tab, err = table.ReadCSV(strings.NewReader(file), &table.CSVOptions{Missing: []string{"n/a"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(tab)
	// Output:
	// text [column Reaction: text, because of "n/a" among its numbers (first in line 5); if that stands for a missing value, name it in CSVOptions.Missing]
	// 4 rows, 3 columns
	//          Reaction     Days  Subject
	//             float  integer  text
	// missing         1        0  0
	//       1    249.56        0  308
	//       2     258.7        1  308
	//       3     250.8        2  308
	//       4        NA        3  308
}

// What does the reader say about a file that is not right?
func ExampleCSVError() {
	_, err := table.ReadCSV(strings.NewReader("y,x\n1,2\n3\n"), nil)
	fmt.Println(err)
	// Output: CSV:3:2: 1 field, but the header names 2 columns; try: check for a missing delimiter or a line break inside a field
}

// How do I make a table of my own numbers?
func ExampleNew() {
	tab, err := table.New(
		table.NewColumn("y", []float64{4.1, 5.2, 3.9}),
		table.NewColumn("dose", []string{"low", "high", "low"}),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	dose, err := tab.Column("dose").AsOrdered([]string{"low", "high"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if tab, err = tab.With(dose); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(tab)
	// Output:
	// 3 rows, 2 columns
	//        y  dose
	//    float  ordered 2
	// 1    4.1  low
	// 2    5.2  high
	// 3    3.9  low
}

// How do I leave out the first two days?
func ExampleTable_Where() {
	tab, err := table.New(table.NewColumn("Days", []int{0, 1, 2, 3}), table.NewColumn("Reaction", []float64{250, 259, 251, 321}))
	if err != nil {
		fmt.Println(err)
		return
	}
	later, err := tab.Where(func(r table.Row) bool { return r.Float("Days") >= 2 })
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(later.Rows(), later.Column("Reaction").Floats())
	// Output: 2 [251 321]
}

// Which column did I mean?
func ExampleTable_Lookup() {
	tab, err := table.New(table.NewColumn("Days", []int{0, 1}), table.NewColumn("Reaction", []float64{250, 259}))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = tab.Lookup("reaction")
	fmt.Println(err)
	// Output: there is no column "reaction"; did you mean "Reaction"? The columns are Days, Reaction
}
