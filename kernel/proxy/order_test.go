package proxy

import (
	"strings"
	"testing"
	"time"
)

// However the text is cut and whichever of the two ways is faster, what comes out is in
// the order of the cell.
func TestOrder(t *testing.T) {
	const text = "a\x1eb\x1eTOKone\x1ec\x1eTOKtwo\x1e\x1eTOKthree\x1ed\x1eTO\x1eTOK\x1ee"
	const want = "a\x1eb[one]c[two][three]d\x1eTO\x1eTOK\x1ee"
	for cut := range len(text) {
		for when := range 4 { // displays before, between and after the pieces, and in turns
			var out strings.Builder
			o := order{start: "TOK", text: func(s string) { out.WriteString(s) }}
			display := func(ids ...string) {
				for _, id := range ids {
					o.display(id, func() { out.WriteString("[" + id + "]") })
				}
			}
			if when == 0 {
				display("one", "two", "three")
			} else if when == 3 {
				display("three")
			}
			o.write(text[:cut])
			if when == 1 {
				display("one", "two", "three")
			}
			o.write(text[cut:])
			if when == 2 {
				display("one", "two", "three")
			} else if when == 3 {
				display("two", "one")
			}
			o.end()
			if out.String() != want {
				t.Fatalf("cut at %d, displays %d: %q, want %q", cut, when, out.String(), want)
			}
		}
	}
}

// What does not come is not waited for without end, and nothing is lost.
func TestOrderGivesUp(t *testing.T) {
	var out strings.Builder
	o := order{start: "TOK", text: func(s string) { out.WriteString(s) }}
	o.write("a\x1eTOKlost\x1eb")
	o.display("early", func() { out.WriteString("[early]") })
	o.tick()
	if out.String() != "a" {
		t.Errorf("at once %q", out.String())
	}
	o.since = time.Now().Add(-2 * markPatience)
	o.tick()
	o.write("c\x1eTOKearly\x1ed")
	o.end()
	if out.String() != "ab[early]cd" {
		t.Errorf("%q", out.String())
	}
	out.Reset()
	long := "\x1eTOK" + strings.Repeat("x", markLimit+1)
	o.write(long)
	if out.String() != long {
		t.Errorf("%q", out.String())
	}
	o.display("", func() { out.WriteString("[none]") })
	if !strings.HasSuffix(out.String(), "[none]") {
		t.Errorf("%q", out.String())
	}
}
