package table

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func read(t *testing.T, text string, opt *CSVOptions) *Table {
	t.Helper()
	tab, err := ReadCSV(strings.NewReader(text), opt)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// texts returns the values of a column as text, NA where missing.
func texts(c *Column) []string {
	s := make([]string, c.Len())
	for i := range s {
		s[i] = "NA"
		if !c.Missing(i) {
			s[i] = c.Text(i)
		}
	}
	return s
}

// One column a case, its values on one line; a second column keeps files of
// quoted fields from being all quoted.
func TestKinds(t *testing.T) {
	for _, test := range []struct {
		name, fields string
		kind         Kind
		want         string
	}{
		{"whole numbers", "1 -2 +3 007", Int, "1 -2 3 7"},
		{"largest int64", "9223372036854775807 -9223372036854775807", Int, "9223372036854775807 -9223372036854775807"},
		{"too long for int64", "9223372036854775808 9223372036854775809 1", Text, "9223372036854775808 9223372036854775809 1"},
		{"long among decimals", "9223372036854775808 1.5", Float, "9.223372036854776e+18 1.5"},
		{"decimals", "1.50 .5 5. 1e3 1E-7 -0", Float, "1.5 0.5 5 1000 1e-07 0"},
		{"infinite", "Inf -Inf inf 1e308 +Infinity", Float, "Inf -Inf Inf 1e+308 Inf"},
		{"missing numbers", "NA 1 NaN nan 2", Int, "NA 1 NA NA 2"},
		{"missing before decimals", "NA 1 2.5", Float, "NA 1 2.5"},
		{"empty quoted is missing", `"" 1 2`, Int, "NA 1 2"},
		{"quoted numbers", `"308" "309" NA`, Text, "308 309 NA"},
		{"quoted and bare numbers", `"1.50" 2 "3"`, Float, "1.5 2 3"},
		{"number then text", "1.50 007 1e5 +2 -0 x", Text, "1.50 007 1e5 +2 -0 x"},
		{"quoted number, number, text", `"01" 2 x NA`, Text, "01 2 x NA"},
		{"text then number", "x 1.50", Text, "x 1.50"},
		{"booleans", "TRUE F NA true False", Bool, "TRUE FALSE NA TRUE FALSE"},
		{"T and F", "T F", Bool, "TRUE FALSE"},
		{"only F is a letter", "F F NA", Text, "F F NA"},
		{"only TRUE", "TRUE TRUE", Bool, "TRUE TRUE"},
		{"quoted booleans", `"TRUE" "FALSE"`, Text, "TRUE FALSE"},
		{"F and M", "F M F", Text, "F M F"},
		{"boolean and number", "TRUE 1", Text, "TRUE 1"},
		{"nothing but missing", "NA NA", Float, "NA NA"},
		{"hexadecimal is text", "0x10 1_000", Text, "0x10 1_000"},
		{"lone signs and marks", "- . + e5", Text, "- . + e5"},
		{"other alphabets", "Größe 数 é", Text, "Größe 数 é"},
	} {
		fields := strings.Fields(test.fields)
		tab := read(t, "x,id\n"+strings.Join(fields, ",1\n")+",1\n", nil)
		c := tab.Column("x")
		if c.Kind() != test.kind {
			t.Errorf("%s: kind %v, want %v", test.name, c.Kind(), test.kind)
		}
		if got := strings.Join(texts(c), " "); got != test.want {
			t.Errorf("%s: values %s, want %s", test.name, got, test.want)
		}
	}
}

func TestDialects(t *testing.T) {
	want := []string{"name", "x"}
	for _, test := range []struct{ name, text string }{
		{"plain", "name,x\nO'Hara,1.5\n\"b, c\",NA\n"},
		{"no final line end", "name,x\nO'Hara,1.5\n\"b, c\",NA"},
		{"CRLF", "name,x\r\nO'Hara,1.5\r\n\"b, c\",NA\r\n"},
		{"CR", "name,x\rO'Hara,1.5\r\"b, c\",NA\r"},
		{"byte-order mark", "\xef\xbb\xbfname,x\nO'Hara,1.5\n\"b, c\",NA\n"},
		{"semicolon", "name;x\nO'Hara;1.5\nb, c;NA\n"},
		{"tab", "name\tx\nO'Hara\t1.5\nb, c\t\n"},
		{"spaces", " name , x \n O'Hara , 1.5 \n \"b, c\" , NA \n"},
		{"blank lines", "\n\nname,x\n\nO'Hara,1.5\n  \n\"b, c\",NA\n\n"},
		{"R row numbers", "\"\",\"name\",\"x\"\n\"3\",\"O'Hara\",1.5\n\"7\",\"b, c\",NA\n"},
		{"pandas index", ",name,x\n0,O'Hara,1.5\n1,\"b, c\",\n"},
		{"all quoted", "\"name\",\"x\"\n\"O'Hara\",\"1.5\"\n\"b, c\",\"NA\"\n"},
		{"gzip", gzipped("name,x\nO'Hara,1.5\n\"b, c\",NA\n")},
	} {
		tab, err := ReadCSV(strings.NewReader(test.text), nil)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if !slices.Equal(tab.Names(), want) {
			t.Errorf("%s: columns %q, want %q", test.name, tab.Names(), want)
			continue
		}
		if got := texts(tab.Column("name")); !slices.Equal(got, []string{"O'Hara", "b, c"}) {
			t.Errorf("%s: name is %q", test.name, got)
		}
		if x := tab.Column("x"); x.Kind() != Float || x.Float(0) != 1.5 || !x.Missing(1) {
			t.Errorf("%s: x is %v %q", test.name, x.Kind(), texts(x))
		}
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func TestQuotes(t *testing.T) {
	tab := read(t, "a,b\n\"one\ntwo\r\nthree\",\"say \"\"hi\"\"\"\n\"\"\"\",x\n", nil)
	if got := tab.Column("a").Text(0); got != "one\ntwo\nthree" {
		t.Errorf("field of three lines: %q", got)
	}
	if got := tab.Column("b").Text(0); got != `say "hi"` {
		t.Errorf("doubled quotes: %q", got)
	}
	if got := tab.Column("a").Text(1); got != `"` {
		t.Errorf("a lone doubled quote: %q", got)
	}
}

func TestCSVOptions(t *testing.T) {
	tab := read(t, "1,5;-99;2\n2,5;3;10\n", &CSVOptions{
		Delimiter: ';', Decimal: ',', Missing: []string{"-99"},
		Names: []string{"x", "y", "g"}, Kinds: map[string]Kind{"g": Factor, "y": Float},
	})
	if x := tab.Column("x"); x.Kind() != Float || x.Float(0) != 1.5 {
		t.Errorf("decimal comma: %v %v", x.Kind(), x.Float(0))
	}
	if y := tab.Column("y"); y.Kind() != Float || !y.Missing(0) || y.Float(1) != 3 {
		t.Errorf("missing token: %v %v", y.Kind(), texts(y))
	}
	if g := tab.Column("g"); g.Kind() != Factor || !slices.Equal(g.Levels(), []string{"2", "10"}) {
		t.Errorf("levels of bare numbers: %v, want 2, 10", g.Levels())
	}
	tab = read(t, "a,b,c,d\n1,007,T,x\n2,08,F,\n", &CSVOptions{Kinds: map[string]Kind{"a": Ordered, "b": Text, "c": Bool, "d": Text}})
	if got := texts(tab.Column("b")); !slices.Equal(got, []string{"007", "08"}) {
		t.Errorf("text keeps the spelling: %q", got)
	}
	if k := tab.Column("a").Kind(); k != Ordered {
		t.Errorf("kind of a: %v", k)
	}
	for _, bad := range []*CSVOptions{
		{Delimiter: '"'}, {Decimal: ';'}, {Delimiter: ',', Decimal: ','}, {Names: []string{"a", "a"}}, {Names: []string{""}},
		{Kinds: map[string]Kind{"zz": Float}},
	} {
		if _, err := ReadCSV(strings.NewReader("a,b\n1,2\n"), bad); err == nil {
			t.Errorf("%+v: no error", *bad)
		}
	}
}

func TestNotes(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"x\n1\n2\n3\nn/a\n", `column x: text, because of "n/a" among its numbers (first in line 5); if that stands for a missing value, name it in CSVOptions.Missing`},
		{"x;y\n1,5;1\n2,5;2\n", `column x: text, because of "1,5" in line 2; if the comma is its decimal mark, set CSVOptions.Decimal to ',' (--decimal ,)`},
		{"x\n9223372036854775808\n", "column x: text, because it has whole numbers too long for 64 bits"},
		{"x,y\nNA,1\n", "column x: all values are missing"},
		{",y\n1,5\n2,6\n", "the first column has no name and holds row numbers; it was left out"},
		{"\"x\",\"y\"\n\"1\",\"a\"\n", "every field of the file is in quotes, so that those which are numbers were read as numbers"},
		{"x\na\nb\n1\n", ""},
		{"x\nA1\nB2\n", ""},
		{"\"x\",y\n\"1\",2\n", ""},
	} {
		if got := strings.Join(read(t, test.text, nil).Notes(), "; "); got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

// What encoding/csv writes comes back, whatever the texts are.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cols := rapid.IntRange(1, 3).Draw(t, "columns")
		cell := rapid.StringMatching(`x[a-z ,;"'\t\né]{0,6}x`)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, cols, cols), 1, 5).Draw(t, "rows")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Write([]string{"a", "b", "c"}[:cols])
		w.WriteAll(rows)
		tab, err := ReadCSV(&b, &CSVOptions{Delimiter: ','})
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, want := range row {
				if got := tab.Columns()[j].Text(i); got != want {
					t.Fatalf("row %d, column %d: %q, want %q", i, j, got, want)
				}
			}
		}
	})
}

// A column that turns to text in its last line has all numbers as written.
func TestSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[-+]?[0-9]{0,20}(\.[0-9]{0,19})?([eE][-+]?[0-9]{1,2})?|NA|-?Inf`)
		quoted := rapid.Bool()
		n := rapid.IntRange(1, 8).Draw(t, "n")
		var b strings.Builder
		want := make([]string, n+1)
		b.WriteString("x,y\n")
		for i := range n {
			want[i] = cell.Draw(t, "cell")
			if quoted.Draw(t, "quoted") {
				b.WriteString(`"` + want[i] + "\",0\n")
			} else {
				b.WriteString(want[i] + ",0\n")
			}
			if want[i] == "" {
				want[i] = "NA"
			}
		}
		want[n] = "end"
		b.WriteString("end,0\n")
		tab, err := ReadCSV(strings.NewReader(b.String()), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(tab.Column("x")); !slices.Equal(got, want) {
			t.Fatalf("read %q, want %q", got, want)
		}
	})
}

// A table of several chunks: nothing is lost at their seams.
func TestChunks(t *testing.T) {
	n := 2*chunkLen + 3
	var b strings.Builder
	b.WriteString("i,x,g,late\n")
	for i := range n {
		b.WriteString(formatFloat(float64(i)))
		b.WriteString(",0.5,g,1.50\n")
	}
	b.WriteString("1,2,h,end\n")
	tab := read(t, b.String(), nil)
	if tab.Rows() != n+1 {
		t.Fatalf("%d rows, want %d", tab.Rows(), n+1)
	}
	for i := range n {
		if tab.Column("i").Float(i) != float64(i) || tab.Column("late").Text(i) != "1.50" || tab.Column("x").Float(i) != 0.5 {
			t.Fatalf("row %d: %v %v %v", i, tab.Column("i").Float(i), tab.Column("late").Text(i), tab.Column("x").Float(i))
		}
	}
	if !math.IsNaN(tab.Column("g").Float(0)) || tab.Column("g").Text(n) != "h" {
		t.Errorf("text column: %q", tab.Column("g").Text(n))
	}
}
