package dense

import "golang.org/x/sys/cpu"

// hasKernel says that the processor has the instructions of kernel.
var hasKernel = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// kernel adds the product of a 4 x k and a k x 12 matrix, packed by columns and
// by rows, to the 4 x 12 tile at c, its rows stride apart; k is at least 1.
//
//go:noescape
func kernel(k int, a, b, c *float64, stride int)
