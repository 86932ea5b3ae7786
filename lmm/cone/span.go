package cone

// Span returns directions in which Psi can move, each as its entries at the
// positions of Pairs: every entry of a full or diagonal block, the axes of a
// block with compound symmetry, and the tangents at p of a block of reduced
// rank.
func Span(blocks []Block, p Point) [][]float64 {
	pairs := Pairs(blocks)
	var span [][]float64
	at := 0
	for b, blk := range blocks {
		n := len(Pairs(blocks[b : b+1]))
		switch blk.Shape {
		case CompSymm:
			for _, q := range blk.axes() {
				x := make([]float64, len(pairs))
				for i, pr := range pairs[at : at+n] {
					x[at+i] = q[pr.Row*blk.K+pr.Col]
				}
				span = append(span, x)
			}
		case ReducedRank:
			c := NewChart(blocks, p)
			for a, d := range c.Dirs {
				if d.Block == b && !d.Off {
					x := make([]float64, len(pairs))
					c.Vech(x, a)
					span = append(span, x)
				}
			}
		default:
			for i := range n {
				x := make([]float64, len(pairs))
				x[at+i] = 1
				span = append(span, x)
			}
		}
		at += n
	}
	return span
}
