package table

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"
)

// Whatever the bytes, reading ends with a *CSVError or a table that reads back
// as itself when it is written with encoding/csv.
func FuzzReadCSV(f *testing.F) {
	for _, w := range wrongFiles {
		if len(w.text) < 1000 {
			f.Add([]byte(w.text))
		}
	}
	for _, text := range []string{
		"y,x,g\n1.50,2,\"a\"\nNA,007,b\n", "a;b\n1,5;T\n", "x\ty\r\n1\t\r\n", "\xef\xbb\xbfx\n1e5\n\"2\"\nz\n",
		"\"\",x\n1,TRUE\n2,F\n", "x\r1\r2\r", "x,y\n\" a \"\"b\"\"\n\", c \n", "x\n9223372036854775808\n-9223372036854775808\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tab, err := ReadCSV(strings.NewReader(string(data)), nil)
		if err != nil {
			var e *CSVError
			if !errors.As(err, &e) || e.Msg == "" || e.Line < 0 || e.Column < 0 {
				t.Fatalf("%#v", err)
			}
			return
		}
		again, err := ReadCSV(strings.NewReader(write(tab)), &CSVOptions{Delimiter: ',', Kinds: allText(tab)})
		if err != nil {
			t.Fatalf("%v in\n%s", err, write(tab))
		}
		if again.Rows() != tab.Rows() || len(tab.Columns()) != len(again.Columns()) {
			t.Fatalf("%d rows, %d columns become %d and %d", tab.Rows(), len(tab.Columns()), again.Rows(), len(again.Columns()))
		}
		for j, c := range tab.Columns() {
			for i := range c.Len() {
				if got := again.Columns()[j].Text(i); got != c.Text(i) {
					t.Fatalf("column %d, row %d: %q becomes %q", j+1, i+1, c.Text(i), got)
				}
			}
		}
	})
}

// write quotes every field.
func write(tab *Table) string {
	quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	var b strings.Builder
	for j, name := range tab.Names() {
		if j > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quote(name))
	}
	b.WriteByte('\n')
	for i := range tab.Rows() {
		for j, c := range tab.Columns() {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quote(c.Text(i)))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func allText(tab *Table) map[string]Kind {
	kinds := map[string]Kind{}
	for _, name := range tab.Names() {
		kinds[name] = Text
	}
	return kinds
}

// Where encoding/csv reads a text, the fields are the same.
func TestLikeEncodingCSV(t *testing.T) {
	for _, text := range []string{
		"a,b\n1,\"x,y\"\n\"q\"\"r\",\n", "a,b\r\n\"1\r\n2\",3\r\n", "a\n\"\"\n", "a,b\n\"x\"\"\",\"\"\"\"\n",
	} {
		want, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[string]Kind{}
		for _, name := range want[0] {
			kinds[name] = Text
		}
		tab := read(t, text, &CSVOptions{Kinds: kinds})
		for i, row := range want[1:] {
			for j, field := range row {
				if got := tab.Columns()[j].Text(i); got != field {
					t.Errorf("%q: row %d, column %d is %q, want %q", text, i+1, j+1, got, field)
				}
			}
		}
	}
}
