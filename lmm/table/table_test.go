package table

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func mustTable(t *testing.T, cols ...*Column) *Table {
	t.Helper()
	tab, err := New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func TestNewErrors(t *testing.T) {
	a, b := NewColumn("a", []int{1, 2}), NewColumn("b", []int{1, 2, 3})
	for _, test := range []struct {
		cols []*Column
		want string
	}{
		{[]*Column{a, b}, "column b has 3 rows, column a has 2; all columns of a table are equally long"},
		{[]*Column{a, a}, `columns 1 and 2 are both named "a"`},
		{[]*Column{a, NewColumn("", []int{1, 2})}, "column 2 has no name"},
	} {
		if _, err := New(test.cols...); err == nil || err.Error() != test.want {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}

func TestTable(t *testing.T) {
	tab := mustTable(t, NewColumn("a", []int{1, 2}), NewColumn("b", []string{"x", "y"}))
	if tab.Rows() != 2 || !slices.Equal(tab.Names(), []string{"a", "b"}) || len(tab.Columns()) != 2 {
		t.Errorf("%d rows, columns %v", tab.Rows(), tab.Names())
	}
	if tab.Column("c") != nil || tab.Column("a").Float(1) != 2 {
		t.Error("Column")
	}
	more, err := tab.With(NewColumn("c", []bool{true, false}))
	if err != nil || !slices.Equal(more.Names(), []string{"a", "b", "c"}) {
		t.Errorf("With a new column: %v", err)
	}
	other, err := tab.With(NewColumn("a", []float64{5, 6}))
	if err != nil || !slices.Equal(other.Names(), []string{"a", "b"}) || other.Column("a").Float(0) != 5 || tab.Column("a").Float(0) != 1 {
		t.Errorf("With a replaced column: %v", err)
	}
	if _, err := tab.With(NewColumn("c", []int{1})); err == nil {
		t.Error("With a short column: no error")
	}
	some, err := more.Select("c", "a")
	if err != nil || !slices.Equal(some.Names(), []string{"c", "a"}) {
		t.Errorf("Select: %v", err)
	}
	if _, err := more.Select("a", "a"); err == nil {
		t.Error("Select of a column twice: no error")
	}
}

func TestUnknownColumn(t *testing.T) {
	tab := mustTable(t, NewColumn("Reaction", []int{1}), NewColumn("Days", []int{1}))
	_, err := tab.Lookup("reactoin")
	var e *UnknownColumn
	if !errors.As(err, &e) || e.Nearest != "Reaction" {
		t.Fatalf("%#v", err)
	}
	if want := `there is no column "reactoin"; did you mean "Reaction"? The columns are Reaction, Days`; err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err = tab.Select("Group"); err == nil || err.Error() != `there is no column "Group". The columns are Reaction, Days` {
		t.Error(err)
	}
}

func TestWhere(t *testing.T) {
	g, err := NewFactor("g", []int32{0, 1, 2, -1}, []string{"a", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	tab := mustTable(t, NewColumn("x", []float64{1, 2, 3, 4}), g, NewColumn("i", []int{1, 2, 3, 4}), NewColumn("s", []string{"p", "q", "r", "s"}))
	some, err := tab.Where(func(r Row) bool { return r.Float("x") > 1 && r.Text("g") != "b" && !r.Missing("g") })
	if err != nil || some.Rows() != 1 || some.Column("s").Text(0) != "r" || some.Column("i").Float(0) != 3 {
		t.Fatalf("%v, %v", some, err)
	}
	if levels := some.Column("g").Levels(); len(levels) != 3 {
		t.Errorf("levels %q: Where drops none", levels)
	}
	if odd, err := tab.Where(func(r Row) bool { return r.Index()%2 == 1 }); err != nil || odd.Rows() != 2 {
		t.Errorf("by index: %v", err)
	}
	for _, ask := range []func(Row) bool{
		func(r Row) bool { return r.Float("y") > 1 },
		func(r Row) bool { return r.Text("") == "" },
		func(r Row) bool { return r.Missing("h") },
	} {
		var e *UnknownColumn
		if _, err := tab.Where(ask); !errors.As(err, &e) {
			t.Errorf("an unknown name gives %v", err)
		}
	}
	if mask := tab.Mask([]bool{true, false, false, true}); !slices.Equal(texts(mask.Column("s")), []string{"p", "s"}) {
		t.Errorf("Mask: %q", texts(mask.Column("s")))
	}
	if twice := tab.Take([]int{3, 0, 3}); !slices.Equal(texts(twice.Column("s")), []string{"s", "p", "s"}) || !twice.Column("g").Missing(0) {
		t.Errorf("Take: %q", texts(twice.Column("s")))
	}
	for name, misuse := range map[string]func(){
		"table: mask of length 1 for 4 rows":   func() { tab.Mask([]bool{true}) },
		"table: row 4 of a table with 4 rows":  func() { tab.Take([]int{4}) },
		"table: row -1 of a table with 4 rows": func() { tab.Take([]int{-1}) },
	} {
		func() {
			defer func() {
				if got := recover(); got != name {
					t.Errorf("panics with %v, want %s", got, name)
				}
			}()
			misuse()
		}()
	}
}

func TestString(t *testing.T) {
	long := strings.Repeat("long ", 10)
	f, err := NewFactor("g", []int32{0, -1, 1}, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	tab := mustTable(t, NewColumn("y", []float64{1.0 / 3, 1234567.891, 2}), f, NewColumn("Grüße", []string{"ä", long, "two\nlines"}))
	for i := range 12 {
		if tab, err = tab.With(NewColumn(strings.Repeat("w", 8)+string(rune('a'+i)), []int{1, 2, 3})); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "print.txt", tab.String()+"\n"+mustTable(t).String()+"\n"+
		mustTable(t, NewColumn("x", make([]float64, 0))).String()+"\n"+
		read(t, "x,day\n1,1\n2,1\n.,2\n4,2\n5,2\n6,3\n7,3\n8,3\n9,4\n10,4\n11,4\n12,5\n", nil).String())
}
