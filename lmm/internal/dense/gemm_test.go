package dense

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

func general(r *rand.Rand, rows, cols, stride int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: stride, Data: random(r, rows*stride)}
}

// Shapes around the edges of tiles, strips and runs, against gonum's product;
// the error of a sum of k terms is below k eps.
func TestGemm(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var g Gemm
	for _, n := range []int{1, 3, 4, 5, 64, 67} {
		for _, k := range []int{1, 37, 256, 257, 600} {
			for _, m := range []int{1, 11, 12, 13, 191, 193, 400} {
				a, b, c := general(r, n, k, k+3), general(r, k, m, m+1), general(r, n, m, m+2)
				want := blas64.General{Rows: n, Cols: m, Stride: c.Stride, Data: append([]float64(nil), c.Data...)}
				blas64.Gemm(blas.NoTrans, blas.NoTrans, -1.5, a, b, 1, want)
				g.Add(-1.5, a, b, c)
				if d := maxDiff(c.Data, want.Data); d > 1e-15*float64(k+8)*10 {
					t.Errorf("%d x %d x %d: off by %g", n, k, m, d)
				}
			}
		}
	}
}

func TestGemmIsTheSameOnAnyNumberOfProcessors(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	a, b := general(r, 64, 500, 500), general(r, 500, 700, 700)
	var first []float64
	for _, n := range []int{1, 2, 3, 8} {
		before := runtime.GOMAXPROCS(n)
		c := blas64.General{Rows: 64, Cols: 700, Stride: 700, Data: make([]float64, 64*700)}
		new(Gemm).Add(1, a, b, c)
		runtime.GOMAXPROCS(before)
		if first == nil {
			first = c.Data
		}
		for i, v := range c.Data {
			if v != first[i] {
				t.Fatalf("%d processors: entry %d differs", n, i)
			}
		}
	}
}

func BenchmarkGemm(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, k := range []int{64, 1100} {
		x, y, z := general(r, 64, k, k), general(r, k, 1100, 1100), general(r, 64, 1100, 1100)
		b.Run(fmt.Sprint(k), func(b *testing.B) {
			var g Gemm
			b.ReportAllocs()
			for b.Loop() {
				g.Add(1, x, y, z)
			}
			b.ReportMetric(2*64*float64(k)*1100*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
		b.Run(fmt.Sprint(k, "/gonum"), func(b *testing.B) {
			for b.Loop() {
				blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, x, y, 1, z)
			}
			b.ReportMetric(2*64*float64(k)*1100*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
