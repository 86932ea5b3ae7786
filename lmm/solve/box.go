package solve

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// box has the coordinates of general-purpose optimisers: the lower triangle of
// Lambda of a full block, column by column (the first columns of one of reduced
// rank), the standard deviations along the axes of others, the parameters of a
// free block, each in units of its block,
//
//	Lambda = sum_i x_i L_i.
//
// The usual bounds are 0 for the diagonal and for standard deviations (Bates,
// Maechler, Bolker and Walker 2015, sec. 3.5). They choose among the factors of
// one Psi, and make false minima where a diagonal entry is 0.
type box struct {
	blocks []cone.Block
	dirs   []cone.Direction // L_i
	lower  []float64        // 0 or -Inf
}

func newBox(blocks []cone.Block) *box {
	b := &box{blocks: blocks}
	for i, blk := range blocks {
		k := blk.K
		switch {
		case blk.Shape == cone.Diagonal || blk.Shape == cone.Free:
			lower := 0.0
			if blk.Shape == cone.Free {
				lower = math.Inf(-1)
			}
			for r := range k {
				b.add(i, lower, func(row, col int) bool { return row == r && col == r })
			}
		case blk.Shape == cone.CompSymm:
			b.add(i, 0, func(row, col int) bool { return true })
			for j := range b.dirs[len(b.dirs)-1].L {
				b.dirs[len(b.dirs)-1].L[j] /= float64(k)
			}
			if k > 1 {
				b.add(i, 0, func(row, col int) bool { return row == col })
				for j := range b.dirs[len(b.dirs)-1].L {
					b.dirs[len(b.dirs)-1].L[j] -= blk.Unit / float64(k)
				}
			}
		default:
			columns := k
			if blk.Shape == cone.ReducedRank {
				columns = min(k, blk.Rank)
			}
			for c := range columns {
				for r := c; r < k; r++ {
					lower := math.Inf(-1)
					if r == c {
						lower = 0
					}
					b.add(i, lower, func(row, col int) bool { return row == r && col == c })
				}
			}
		}
	}
	return b
}

// add adds a direction with the unit of its block at the entries chosen.
func (b *box) add(block int, lower float64, chosen func(row, col int) bool) {
	k := b.blocks[block].K
	l := make([]float64, k*k)
	for i := range l {
		if chosen(i/k, i%k) {
			l[i] = b.blocks[block].Unit
		}
	}
	b.dirs, b.lower = append(b.dirs, cone.Direction{Block: block, L: l}), append(b.lower, lower)
}

// vector returns the coordinates of Psi at a point, within the bounds.
func (b *box) vector(p cone.Point) []float64 {
	centre := cone.NewChart(b.blocks, p).Centre
	for i, blk := range b.blocks {
		if blk.Shape == cone.Full || blk.Shape == cone.ReducedRank {
			dense.LowerFactor(centre[i], blk.K)
		}
	}
	x := make([]float64, len(b.dirs))
	for a, d := range b.dirs {
		// The directions of a block are orthogonal.
		var s, size float64
		for i, v := range d.L {
			s += v * centre[d.Block][i]
			size += v * v
		}
		x[a] = s / size
	}
	return x
}

// point returns the point of the coordinates x.
func (b *box) point(x []float64) cone.Point {
	p := cone.Identity(b.blocks, 0)
	for a, d := range b.dirs {
		for i, v := range d.L {
			p[d.Block][i] += x[a] * v
		}
	}
	return p
}

// gradient sets g to df/dx, g_a = 2 tr(G L_a Lambda'), at the point p.
func (b *box) gradient(g []float64, grad [][]float64, p cone.Point) {
	c := cone.Chart{Blocks: b.blocks, Dirs: b.dirs}
	c.Gradient(g, grad, p)
}
