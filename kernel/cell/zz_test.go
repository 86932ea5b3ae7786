//go:build unix

package cell_test

import ("testing";"fmt";"os";"strings";"time")

func TestZZ(t *testing.T) {
	k := startKernel(t)
	b, _ := os.ReadFile("/tmp/h/kc-tmp/cells.txt")
	for _, src := range strings.Split(string(b), "\n----\n") {
		t0 := time.Now()
		out, failure := k.run(src)
		if len(out) > 900 { out = out[:900] + "..." }
		fmt.Printf("######## [%d] %.1fs\n%s\n>>>> out\n%s\n>>>> failure\n%s\n", k.number, time.Since(t0).Seconds(), src, out, failure)
	}
}
