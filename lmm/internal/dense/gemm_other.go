//go:build !amd64

package dense

// hasKernel says that the processor has the instructions of kernel.
const hasKernel = false

func kernel(k int, a, b, c *float64, stride int) { panic("dense: no kernel for this processor") }
