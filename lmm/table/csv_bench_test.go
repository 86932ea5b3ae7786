package table

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// bigCSV is rows of a float with decimals, a whole number and a quoted label.
func bigCSV(rows int) []byte {
	rng := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	b.WriteString("y,day,g\n")
	for i := range rows {
		fmt.Fprintf(&b, "%.4f,%d,\"g%d\"\n", 250+50*rng.NormFloat64(), i%10, i/10)
	}
	return b.Bytes()
}

// The columns of the table are 8 + 8 + 4 bytes a row and the labels.
func BenchmarkReadCSVMillionRows(b *testing.B) {
	data := bigCSV(1_000_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadCSV(bytes.NewReader(data), nil); err != nil {
			b.Fatal(err)
		}
	}
}
