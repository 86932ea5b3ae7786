package dense

import (
	"runtime"
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

const (
	tileRows   = 4
	tileCols   = 12
	deep       = 256           // terms of a sum that are packed together
	strip      = 16 * tileCols // columns that are packed together: deep x strip fits the second-level cache
	worthwhile = 1 << 15       // products, from which packing pays
	parallel   = 1 << 20       // products, from which a second processor pays
)

// Gemm multiplies large matrices. It keeps workspace: it is not safe for
// concurrent use. The result does not depend on the number of processors.
//
// Matrices are packed into panels that stay in the caches while tiles of the
// result stay in registers (Goto and van de Geijn 2008). Where the processor
// lacks the instructions of the kernel, gonum multiplies.
type Gemm struct {
	a []float64   // packed: for each run of deep, for each tile of rows, deep x tileRows
	b [][]float64 // of each worker: for each tile of columns, deep x tileCols
}

// Add adds alpha A B to C; A is n x k, B k x m and C n x m.
func (g *Gemm) Add(alpha float64, a, b, c blas64.General) {
	if a.Rows != c.Rows || a.Cols != b.Rows || b.Cols != c.Cols {
		panic("dense: shapes of a product do not match")
	}
	if size := a.Rows * a.Cols * b.Cols; !hasKernel || size < worthwhile {
		if size > 0 {
			blas64.Gemm(blas.NoTrans, blas.NoTrans, alpha, a, b, 1, c)
		}
		return
	}
	g.pack(alpha, a)
	strips := (c.Cols + strip - 1) / strip
	workers := 1
	if a.Rows*a.Cols*b.Cols >= parallel {
		workers = min(runtime.GOMAXPROCS(0), strips)
	}
	for len(g.b) < workers {
		g.b = append(g.b, make([]float64, deep*strip))
	}
	var done sync.WaitGroup
	for w := 1; w < workers; w++ {
		done.Go(func() { g.strips(w, workers, a, b, c) })
	}
	g.strips(0, workers, a, b, c)
	done.Wait()
}

// pack copies alpha A; rows that fill up the last tile are zero.
func (g *Gemm) pack(alpha float64, a blas64.General) {
	tiles := (a.Rows + tileRows - 1) / tileRows
	if need := tiles * tileRows * a.Cols; len(g.a) < need {
		g.a = make([]float64, need)
	}
	at := 0
	for from := 0; from < a.Cols; from += deep {
		depth := min(deep, a.Cols-from)
		for t := range tiles {
			to := g.a[at : at+depth*tileRows]
			for r := range tileRows {
				if i := t*tileRows + r; i < a.Rows {
					for l, v := range a.Data[i*a.Stride+from:][:depth] {
						to[l*tileRows+r] = alpha * v
					}
					continue
				}
				for l := range depth {
					to[l*tileRows+r] = 0
				}
			}
			at += depth * tileRows
		}
	}
}

// strips multiplies every workers-th strip of columns, from the first-th on.
func (g *Gemm) strips(first, workers int, a, b, c blas64.General) {
	packed := g.b[first]
	var edge [tileRows * tileCols]float64
	tiles := (a.Rows + tileRows - 1) / tileRows
	for col := first * strip; col < c.Cols; col += workers * strip {
		width := min(strip, c.Cols-col)
		at := 0
		for from := 0; from < a.Cols; from += deep {
			depth := min(deep, a.Cols-from)
			packColumns(packed, b, from, depth, col, width)
			for j := 0; j < width; j += tileCols {
				bj := &packed[j*depth]
				for t := range tiles {
					row, at := t*tileRows, at+t*depth*tileRows
					if row+tileRows <= c.Rows && j+tileCols <= width {
						kernel(depth, &g.a[at], bj, &c.Data[row*c.Stride+col+j], c.Stride)
						continue
					}
					clear(edge[:])
					kernel(depth, &g.a[at], bj, &edge[0], tileCols)
					for r := 0; r < min(tileRows, c.Rows-row); r++ {
						out := c.Data[(row+r)*c.Stride+col+j:]
						for i := 0; i < min(tileCols, width-j); i++ {
							out[i] += edge[r*tileCols+i]
						}
					}
				}
			}
			at += tiles * depth * tileRows
		}
	}
}

// packColumns copies depth rows and width columns of B; columns that fill up
// the last tile are zero.
func packColumns(to []float64, b blas64.General, from, depth, col, width int) {
	for j := 0; j < width; j += tileCols {
		n := min(tileCols, width-j)
		for l := range depth {
			row := to[(j*depth + l*tileCols):][:tileCols]
			copy(row, b.Data[(from+l)*b.Stride+col+j:][:n])
			clear(row[n:])
		}
	}
}
